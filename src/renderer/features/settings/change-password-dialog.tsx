import { useId, useState } from 'react';
import type { Seat } from '../../../shared/contract/shapes.ts';
import type { RequestError } from '../../client/carrier.ts';
import { describeFieldError } from '../../client/describe-error.ts';
import { useAction } from '../../client/use-request.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Stack } from '../../ui/stack.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useFocusAtFault } from '../../ui/use-focus-at-fault.ts';

export interface ChangePasswordDialogProps {
  readonly account: Pick<Seat, 'seatId' | 'email' | 'serverUrl'>;
  readonly onClose: () => void;
}

/** Replaces the password of an account on its server: with the one that is known, and only while the server answers. */
export function ChangePasswordDialog({ account, onClose }: ChangePasswordDialogProps) {
  const formId = useId();
  const [currentPassword, setCurrentPassword] = useState('');
  const [newPassword, setNewPassword] = useState('');
  const change = useAction('session.changePassword', {
    isInline: true,
    onSuccess: () => {
      onClose();
      showToast({
        title: `The password of ${account.email} is changed`,
        description: 'Your other devices are signed out, and keep what they have not sent',
      });
    },
  });
  const formRef = useFocusAtFault(change.error);
  const isMissing = currentPassword === '' || newPassword === '';
  return (
    <Dialog
      isOpen
      isForm
      onOpenChange={onClose}
      title="Change password"
      size="small"
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            variant="primary"
            type="submit"
            form={formId}
            isDisabled={isMissing}
            isPending={change.isPending}
          >
            Change password
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
          if (!isMissing) change.mutate({ seatId: account.seatId, currentPassword, newPassword });
        }}
      >
        <ChangePasswordFields
          account={account}
          error={change.error}
          currentPassword={currentPassword}
          newPassword={newPassword}
          onCurrentPassword={setCurrentPassword}
          onNewPassword={setNewPassword}
        />
      </form>
    </Dialog>
  );
}

export function ChangePasswordFields({
  account,
  error,
  currentPassword,
  newPassword,
  onCurrentPassword,
  onNewPassword,
}: {
  readonly account: Pick<Seat, 'email' | 'serverUrl'>;
  readonly error: RequestError | null;
  readonly currentPassword: string;
  readonly newPassword: string;
  readonly onCurrentPassword: (password: string) => void;
  readonly onNewPassword: (password: string) => void;
}) {
  const isWrong = error?.code === 'wrong_password';
  const isTooShort = describeFieldError(error, 'newPassword');
  return (
    <Stack gap={2}>
      <p>
        The password of {account.email} on {account.serverUrl}. Your other devices are signed out:
        they keep what they have not sent, and go on when you sign in there with the new password.
      </p>
      <TextField
        label="Current password"
        type="password"
        value={currentPassword}
        onChange={onCurrentPassword}
        autoComplete="current-password"
        isRequired
        error={isWrong ? 'This is not the current password. Nothing was changed.' : undefined}
      />
      <TextField
        label="New password"
        type="password"
        value={newPassword}
        onChange={onNewPassword}
        autoComplete="new-password"
        description="At least 10 characters."
        isRequired
        error={isTooShort}
      />
      {error === null || isWrong || isTooShort !== undefined ? null : <Failure error={error} />}
    </Stack>
  );
}

function Failure({ error }: { readonly error: RequestError }) {
  if (error.code !== 'server_unreachable')
    return <ErrorNotice error={error} title="The password is not changed" />;
  return (
    <Notice tone="negative" title="The server does not answer" isLive>
      A password is changed on the server, so this works only with a connection to it. If the
      connection broke just now, the new password may hold already: try again with the same two.
    </Notice>
  );
}
