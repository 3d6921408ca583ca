import { useState } from 'react';
import { Laptop } from 'lucide-react';
import type { RequestOutput } from '../../../shared/contract/contract.ts';
import type { Seat } from '../../../shared/contract/shapes.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { useAction, useRequest } from '../../client/use-request.ts';
import { formatDate, formatPlainDate } from '../../format/date-time.ts';
import { describeDevice } from '../../format/device-name.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Section } from '../../ui/panes.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { showToast } from '../../ui/toast.tsx';
import { listAccounts } from './list-accounts.ts';
import styles from './settings-screen.module.css';

type Device = RequestOutput<'session.devices'>[number];

/** Where each account is signed in, with a way to sign out there. */
export function DevicesSetting({ seats }: { readonly seats: readonly Seat[] }) {
  const accounts = listAccounts(seats);
  if (accounts.length === 0) return null;
  return (
    <Section title="Your devices">
      {accounts.map((seat) => (
        <AccountDevices key={seat.seatId} seat={seat} showsAccount={accounts.length > 1} />
      ))}
    </Section>
  );
}

function AccountDevices({
  seat,
  showsAccount,
}: {
  readonly seat: Seat;
  readonly showsAccount: boolean;
}) {
  const { seatId, email, serverUrl } = seat;
  const devices = useRequest('session.devices', { seatId });
  return (
    <div className={styles.account}>
      {showsAccount ? (
        <p className={styles.quiet}>
          {email} on {serverUrl}
        </p>
      ) : null}
      {devices.isError ? (
        <p className={styles.quiet}>
          The list comes from the server, which cannot be reached now.{' '}
          <Button size="small" variant="quiet" onPress={() => void devices.refetch()}>
            Try again
          </Button>
        </p>
      ) : devices.isPending ? (
        <Skeleton lines={2} label="Asking the server for your devices" />
      ) : (
        <ul className={styles.seats} aria-label="Your devices">
          {devices.data.map((device) => (
            <DeviceLine key={device.deviceId} seatId={seatId} device={device} />
          ))}
        </ul>
      )}
    </div>
  );
}

function DeviceLine({ seatId, device }: { readonly seatId: string; readonly device: Device }) {
  const { deviceId, isThisDevice, lastUsedOn, signedInAt, expiresAt } = device;
  const deviceName = describeDevice(device.deviceName);
  const [isAsking, setIsAsking] = useState(false);
  const signOut = useAction('session.signOutDevice', {
    failure: 'It is still signed in',
    onSuccess: () => showToast({ title: `Signed out on ${isolate(deviceName)}` }),
  });
  return (
    <li className={styles.seat}>
      <Laptop aria-hidden className={styles.deviceIcon} />
      <div className={styles.seatText}>
        <strong className={styles.deviceName}>
          <bdi>{deviceName}</bdi> {isThisDevice ? <Badge tone="accent">This device</Badge> : null}
        </strong>
        <span className={styles.quiet}>
          Last used {formatPlainDate(lastUsedOn)} · signed in {formatDate(signedInAt)}
        </span>
        <span className={styles.quiet}>
          Stays signed in until {formatDate(expiresAt)}, and longer when it is used
        </span>
      </div>
      {isThisDevice ? null : (
        <Button
          variant="quiet"
          aria-label={`Sign out there… ${isolate(deviceName)}`}
          isPending={signOut.isPending}
          onPress={() => setIsAsking(true)}
        >
          Sign out there…
        </Button>
      )}
      <Dialog
        isOpen={isAsking}
        onOpenChange={setIsAsking}
        title={`Sign out on ${isolate(deviceName)}?`}
        size="small"
        isAlert
        footer={
          <>
            <Button onPress={() => setIsAsking(false)}>Leave it signed in</Button>
            <Button
              variant="danger"
              onPress={() => {
                setIsAsking(false);
                signOut.mutate({ seatId, deviceId });
              }}
            >
              Sign out there
            </Button>
          </>
        }
      >
        <p>
          It gets nothing new from now on and sends nothing. What is on it stays on it, also what it
          has not sent yet; that goes when somebody signs in there again.
        </p>
      </Dialog>
    </li>
  );
}
