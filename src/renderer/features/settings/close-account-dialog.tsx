import { useId, useState } from 'react';
import { Download } from 'lucide-react';
import type { Seat } from '../../../shared/contract/shapes.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { useConnection } from '../../client/connection.ts';
import { useAction } from '../../client/use-request.ts';
import { computeSyncHeadline } from '../../frame/sync-headline.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Stack } from '../../ui/stack.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useFocusAtFault } from '../../ui/use-focus-at-fault.ts';
import styles from './settings-screen.module.css';
import { useExportOwnData } from './use-export-own-data.ts';

export interface CloseAccountDialogProps {
  readonly account: Seat;
  /** All of the account's. */
  readonly seats: readonly Seat[];
  readonly onClose: () => void;
}

/** What closing an account means, before it is done: what is unsent, what is left, what stays, what can be asked. */
export function CloseAccountDialog({ account, seats, onClose }: CloseAccountDialogProps) {
  const formId = useId();
  const [password, setPassword] = useState('');
  const [asksErasure, setAsksErasure] = useState(true);
  const connection = useConnection();
  const unsent = seats.filter(({ sync }) => sync.waitingChanges > 0 || sync.waitingBytes > 0);
  const close = useAction('session.closeAccount', {
    isInline: true,
    onSuccess: () => {
      onClose();
      showToast({
        title: `The account ${account.email} is closed`,
        description: 'What was not sent is kept on this computer, with export',
      });
    },
  });
  const formRef = useFocusAtFault(close.error);
  const isWrong = close.error?.code === 'wrong_password';
  return (
    <Dialog
      isOpen
      isForm
      isAlert
      onOpenChange={onClose}
      title={`Close the account ${account.email}?`}
      footer={
        <>
          <Button onPress={onClose}>Keep it</Button>
          <Button
            variant="danger"
            type="submit"
            form={formId}
            isDisabled={password === ''}
            isPending={close.isPending}
          >
            Close the account
          </Button>
        </>
      }
    >
      <form
        ref={formRef}
        id={formId}
        // What the server said of an earlier attempt holds back no other one.
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (password !== '') close.mutate({ seatId: account.seatId, password, asksErasure });
        }}
      >
        <Stack gap={2}>
          {unsent.length === 0 ? null : (
            <Notice tone="warning" title="Not everything is sent">
              {unsent
                .map(
                  ({ organizationName, sync }) =>
                    `${isolate(organizationName)}: ${computeSyncHeadline(sync, connection).text}`,
                )
                .join('. ')}
              . What is sent before counts; the rest stays on this computer, with export, and nobody
              else has it.
            </Notice>
          )}
          <p>
            Your name, address and password go from {account.serverUrl}, and all your devices are
            signed out. You leave every organization; engagements under way end. This cannot be
            undone: a new account, also with this address, begins with nothing.
          </p>
          {seats.some(({ role }) => role === 'owner') ? (
            <p>
              Where you are the last owner among others, somebody else has to be owner first. An
              organization in which you are alone stays on the server, and nobody gets into it any
              more.
            </p>
          ) : null}
          <p>
            What you handed in, wrote and decided, and the hours you worked, stay with the
            organizations, which need them as proof of the work and for their books. Take along what
            you want to keep:
          </p>
          <ul className={styles.seats}>
            {seats.map((seat) => (
              <ExportLine key={seat.seatId} seat={seat} />
            ))}
          </ul>
          <Checkbox
            isSelected={asksErasure}
            onChange={setAsksErasure}
            description="Their owners see that you ask. They take your name, address and drafts out; work, hours and pay stay under no name."
          >
            Ask the organizations to erase my data
          </Checkbox>
          <TextField
            label="Password"
            type="password"
            value={password}
            onChange={setPassword}
            autoComplete="current-password"
            description="So that nobody else closes it who comes by this computer"
            isRequired
            error={isWrong ? 'This is not the password. The account is as it was.' : undefined}
          />
          {close.isError && !isWrong ? (
            <ErrorNotice error={close.error} title="The account is not closed" />
          ) : null}
        </Stack>
      </form>
    </Dialog>
  );
}

function ExportLine({ seat }: { readonly seat: Seat }) {
  const exportData = useExportOwnData();
  return (
    <li className={styles.seat}>
      <div className={styles.seatText}>
        <strong>{seat.organizationName}</strong>
        <span className={styles.quiet}>
          <bdi>{seat.displayName}</bdi>, {seat.role}
        </span>
      </div>
      <Button
        size="small"
        icon={<Download />}
        aria-label={`Export my data in ${isolate(seat.organizationName)}`}
        isPending={exportData.isPending}
        onPress={() => exportData.mutate({ seatId: seat.seatId })}
      >
        Export my data
      </Button>
    </li>
  );
}
