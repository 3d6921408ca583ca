import { useState } from 'react';
import { Ellipsis, LogIn, LogOut } from 'lucide-react';
import { Link, useLocation } from 'wouter';
import type { Seat } from '../../../shared/contract/shapes.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { useConnection } from '../../client/connection.ts';
import { useAction } from '../../client/use-request.ts';
import { formatZoneCity } from '../../format/date-time.ts';
import { localZone } from '../../format/locale.ts';
import { useSeat, type AppState } from '../../frame/seat.tsx';
import { computeSyncHeadline } from '../../frame/sync-headline.ts';
import { setTheme, useTheme } from '../../frame/theme.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Page, Section } from '../../ui/panes.tsx';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { Row, Stack } from '../../ui/stack.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useSignInAgain } from '../start/use-sign-in-again.ts';
import { AccountSetting } from './account-setting.tsx';
import { CalendarSetting } from './calendar-setting.tsx';
import { CarryWorkSetting, CopiesLine } from './carry-work-setting.tsx';
import { FilesSetting } from './files-setting.tsx';
import { LeaveDialog } from './leave-dialog.tsx';
import { DevicesSetting } from './devices-setting.tsx';
import styles from './settings-screen.module.css';
import { useExportOwnData } from './use-export-own-data.ts';

export function SettingsScreen() {
  const { app, seats } = useSeat();
  return (
    <Page title="Settings" width="reading">
      <Section title="Appearance">
        <ThemeSetting />
      </Section>
      <Section title="This device">
        <DeviceSetting name={app.settings.deviceName} />
      </Section>
      <Section
        title="Organizations"
        actions={
          <Link href="/start" className={styles.link}>
            Add an organization
          </Link>
        }
      >
        <ul className={styles.seats}>
          {seats.map((seat) => (
            <SeatLine key={seat.seatId} seat={seat} />
          ))}
        </ul>
      </Section>
      <DevicesSetting seats={seats} />
      <FilesSetting settings={app.settings} />
      <CalendarSetting seats={seats} />
      <CarryWorkSetting />
      <CopiesLine />
      <AccountSetting seats={seats} />
      <Section title="About Stint">
        <About app={app} />
      </Section>
    </Page>
  );
}

function ThemeSetting() {
  const theme = useTheme();
  const save = useAction('settings.update');
  return (
    <RadioGroup
      label="Theme"
      isRow
      options={[
        { id: 'system', label: 'As the system' },
        { id: 'light', label: 'Light' },
        { id: 'dark', label: 'Dark' },
      ]}
      value={theme}
      onChange={(next) => {
        setTheme(next);
        save.mutate({ theme: next });
      }}
    />
  );
}

function DeviceSetting({ name }: { readonly name: string }) {
  const [typed, setTyped] = useState(name);
  const save = useAction('settings.update', { failure: 'The name was not changed' });
  const trimmed = typed.trim();
  return (
    <form
      className={styles.device}
      onSubmit={(event) => {
        event.preventDefault();
        if (trimmed !== '') save.mutate({ deviceName: trimmed });
      }}
    >
      <TextField
        label="Name of this device"
        value={typed}
        onChange={setTyped}
        description={`How it is called in the list of your devices. Its time zone is ${formatZoneCity(localZone)}.`}
      />
      {trimmed !== name && trimmed !== '' ? (
        <Button type="submit" isDisabled={save.isPending}>
          Save
        </Button>
      ) : null}
    </form>
  );
}

function SeatLine({ seat }: { readonly seat: Seat }) {
  const { signInAgain, isPending } = useSignInAgain();
  const [isAsking, setIsAsking] = useState(false);
  const [isLeaving, setIsLeaving] = useState(false);
  const [, navigate] = useLocation();
  const exportData = useExportOwnData();
  const connection = useConnection();
  const signOut = useAction('session.signOut', { failure: 'You are still signed in' });
  const isOut = seat.sync.state === 'signed_out';
  const hasUnsent = seat.sync.waitingChanges > 0 || seat.sync.waitingBytes > 0;
  const leave = () => {
    setIsAsking(false);
    signOut.mutate({ seatId: seat.seatId });
  };
  return (
    <li className={styles.seat}>
      <Avatar name={seat.organizationName} sizePx={32} isSquare />
      <div className={styles.seatText}>
        <strong>{seat.organizationName}</strong>
        <span className={styles.quiet}>
          <bdi>{seat.displayName}</bdi>, {seat.role} · {seat.email}
        </span>
        <span className={styles.quiet}>
          {seat.isSample ? 'Sample on this computer' : seat.serverUrl} ·{' '}
          {seat.isAccountClosed
            ? 'The account is closed'
            : computeSyncHeadline(seat.sync, connection).text}
        </span>
      </div>
      <Menu
        label={`Your data in ${isolate(seat.organizationName)}`}
        trigger={
          <IconButton
            label={`Your data in ${isolate(seat.organizationName)}`}
            icon={<Ellipsis />}
          />
        }
        placement="bottom end"
        items={[
          {
            id: 'export',
            label: 'Export my data',
            description: 'All that is held about you here, with the files you gave',
            onAction: () => exportData.mutate({ seatId: seat.seatId }),
          },
          { id: 'history', label: 'What I did here', onAction: () => navigate('/history') },
          ...(seat.isAccountClosed
            ? []
            : [
                {
                  id: 'leave',
                  label: 'Leave the organization…',
                  isDanger: true,
                  onAction: () => setIsLeaving(true),
                },
              ]),
        ]}
      />
      {isLeaving ? (
        <LeaveDialog
          seat={seat}
          isExporting={exportData.isPending}
          onExport={() => exportData.mutate({ seatId: seat.seatId })}
          onClose={() => setIsLeaving(false)}
        />
      ) : null}
      {seat.isAccountClosed ? null : isOut ? (
        <Button icon={<LogIn />} isDisabled={isPending} onPress={() => signInAgain(seat)}>
          Sign in again
        </Button>
      ) : (
        <Button
          variant="quiet"
          icon={<LogOut />}
          isDisabled={signOut.isPending}
          onPress={() => (hasUnsent ? setIsAsking(true) : leave())}
        >
          Sign out
        </Button>
      )}
      <Dialog
        isOpen={isAsking}
        onOpenChange={setIsAsking}
        title="Sign out with unsent work?"
        size="small"
        isAlert
        footer={
          <>
            <Button onPress={() => setIsAsking(false)}>Stay signed in</Button>
            <Button variant="danger" onPress={leave}>
              Sign out
            </Button>
          </>
        }
      >
        <p>
          {computeSyncHeadline(seat.sync, connection).text}. It stays on this computer and is sent
          when you sign in again; until then, nobody else sees it.
        </p>
      </Dialog>
    </li>
  );
}

const hostNames: Record<AppState['host'], string> = {
  electron: 'desktop app',
  loopback: 'in the browser',
  command_line: 'command line',
};

function About({ app }: { readonly app: AppState }) {
  const install = useAction('app.installUpdate', { failure: 'Not updated' });
  const { update } = app;
  return (
    <Stack gap={1}>
      <p>
        Stint {app.version}, {hostNames[app.host]}
      </p>
      <Row isSpread>
        <span className={styles.quiet}>{describeUpdate(update)}</span>
        {update.state === 'ready' ? (
          <Button isDisabled={install.isPending} onPress={() => install.mutate({})}>
            Restart into {update.version ?? 'the update'}
          </Button>
        ) : null}
      </Row>
      <p className={styles.quiet}>
        Stint records no screen and no keys. When nobody was at the computer while a timer ran, it
        asks you, and tells nobody else. What you do not send stays on this computer.
      </p>
      <p>
        <Link href="/shortcuts">Keyboard shortcuts</Link>
      </p>
    </Stack>
  );
}

function describeUpdate({ state, version, message }: AppState['update']): string {
  switch (state) {
    case 'off':
      return 'Updates come with the program that started Stint.';
    case 'none':
      return 'This is the newest version.';
    case 'checking':
      return 'Looking for an update…';
    case 'available':
      return `Version ${version ?? ''} is there.`;
    case 'downloading':
      return `Version ${version ?? ''} is being downloaded.`;
    case 'ready':
      return 'An update is ready. A running timer or upload is never interrupted for it.';
    case 'failed':
      return `The last look for an update failed: ${message ?? 'no reason given'}.`;
  }
}
