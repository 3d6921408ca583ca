import { useId, useState } from 'react';
import { describeFieldError } from '../../client/describe-error.ts';
import { useAction, useRequest } from '../../client/use-request.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import styles from '../projects/form.module.css';
import { InvitationLink } from '../projects/invitation-link.tsx';
import { validities } from '../projects/invite-intern-dialog.tsx';

export interface InviteManagerDialogProps {
  readonly seatId: string;
  readonly onClose: () => void;
}

/** Only the owner can. Mount it to open it. */
export function InviteManagerDialog({ seatId, onClose }: InviteManagerDialogProps) {
  const [name, setName] = useState('');
  const [validDays, setValidDays] = useState<(typeof validities)[number]['id']>('14');
  const [wasTried, setWasTried] = useState(false);
  const formId = useId();
  const invite = useAction('people.inviteManager', { isInline: true });
  const made = invite.data;
  const people = useRequest('people.list', made === undefined ? undefined : { seatId });
  const isOnServer =
    people.data?.invitations.find(({ invitationId }) => invitationId === made?.invitationId)
      ?.isOnServer ?? false;

  if (made !== undefined) {
    return (
      <Dialog
        isOpen
        onOpenChange={onClose}
        title={`${name.trim()} is invited as a manager`}
        footer={
          <Button variant="primary" onPress={onClose}>
            Done
          </Button>
        }
      >
        <InvitationLink link={made.link} name={name.trim()} isOnServer={isOnServer} isFresh />
      </Dialog>
    );
  }
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title="Invite a manager"
      isForm
      size="small"
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form={formId} isDisabled={invite.isPending}>
            Make the link
          </Button>
        </>
      }
    >
      <p>A manager sees all projects, assigns tasks, reviews and exports, as you do.</p>
      <form
        id={formId}
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setWasTried(true);
          if (name.trim() === '' || invite.isPending) return;
          invite.mutate({ seatId, name: name.trim(), validDays: Number(validDays) });
        }}
      >
        <TextField
          label="Name"
          value={name}
          onChange={setName}
          maxLength={200}
          autoComplete="off"
          error={
            wasTried && name.trim() === ''
              ? 'Write whom you invite.'
              : describeFieldError(invite.error, 'name')
          }
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the first field of a dialog that was just opened.
          autoFocus
        />
        <Select
          label="The link works for"
          options={validities}
          value={validDays}
          onChange={setValidDays}
        />
        {invite.isError && invite.error.field === undefined ? (
          <ErrorNotice error={invite.error} title="Not invited" />
        ) : null}
      </form>
    </Dialog>
  );
}
