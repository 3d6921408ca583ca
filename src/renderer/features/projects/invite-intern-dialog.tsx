import { useId, useState } from 'react';
import { useLocation } from 'wouter';
import { isolate } from '../../../shared/domain/isolate.ts';
import { describeFieldError } from '../../client/describe-error.ts';
import { useAction, useRequest } from '../../client/use-request.ts';
import { engagementPath } from '../../routes.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { findEngagementOf } from './find-doubled.ts';
import { InvitationLink } from './invitation-link.tsx';
import styles from './form.module.css';

export const validities = [
  { id: '3', label: '3 days' },
  { id: '14', label: '2 weeks' },
  { id: '30', label: '30 days' },
  { id: '90', label: '90 days' },
] as const;

export interface InviteInternDialogProps {
  readonly seatId: string;
  readonly projectId: string;
  readonly projectTitle: string;
  readonly onClose: () => void;
}

/** Asks for a name, then shows the link to send. Mount it to open it. */
export function InviteInternDialog({
  seatId,
  projectId,
  projectTitle,
  onClose,
}: InviteInternDialogProps) {
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [validDays, setValidDays] = useState<(typeof validities)[number]['id']>('14');
  const [wasTried, setWasTried] = useState(false);
  const [, navigate] = useLocation();
  const formId = useId();
  const invite = useAction('people.inviteIntern', { isInline: true });
  const made = invite.data;
  const people = useRequest('people.list', { seatId });
  const there = findEngagementOf(
    { membershipId: null, name, email: email.trim() === '' ? null : email },
    projectId,
    people.data?.engagements ?? [],
  );
  const isOnServer =
    people.data?.invitations.find(({ invitationId }) => invitationId === made?.invitationId)
      ?.isOnServer ?? false;
  const hasNoName = wasTried && name.trim() === '';

  const submit = () => {
    setWasTried(true);
    if (name.trim() === '' || invite.isPending) return;
    invite.mutate({
      seatId,
      projectId,
      name: name.trim(),
      email: email.trim() === '' ? null : email.trim(),
      validDays: Number(validDays),
    });
  };

  if (made !== undefined) {
    return (
      <Dialog
        isOpen
        onOpenChange={onClose}
        title={`${name.trim()} is invited`}
        footer={
          <>
            <Button onPress={onClose}>Done</Button>
            <Button
              variant="primary"
              onPress={() => navigate(`${engagementPath(made.engagementId)}/assign`)}
            >
              Assign the first task
            </Button>
          </>
        }
      >
        <InvitationLink link={made.link} name={name.trim()} isOnServer={isOnServer} isFresh />
        <p>
          Tasks can be assigned now; {name.trim()} finds them on joining. The link stays under
          People, on this computer.
        </p>
      </Dialog>
    );
  }
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title="Invite an intern"
      isForm
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form={formId} isDisabled={invite.isPending}>
            Make the link
          </Button>
        </>
      }
    >
      <p>
        To “<bdi>{projectTitle}</bdi>”, on its terms of today. Later changes to the project do not
        change what was agreed with this person.
      </p>
      <form
        id={formId}
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <TextField
          label="Name"
          value={name}
          onChange={setName}
          maxLength={200}
          autoComplete="off"
          error={hasNoName ? 'Write whom you invite.' : describeFieldError(invite.error, 'name')}
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the first field of a dialog that was just opened.
          autoFocus
        />
        <div className={styles.pair}>
          <TextField
            label="E-mail"
            isOptional
            type="email"
            value={email}
            onChange={setEmail}
            autoComplete="off"
            description="Nothing is sent; it is for your own list."
            error={describeFieldError(invite.error, 'email')}
          />
          <Select
            label="The link works for"
            options={validities}
            value={validDays}
            onChange={setValidDays}
          />
        </div>
        {there === undefined ? null : (
          <Notice
            tone="warning"
            title={
              there.status === 'invited'
                ? `${isolate(there.intern.name)} is invited to this project already`
                : `${isolate(there.intern.name)} is on this project already`
            }
            isLive
          >
            Nobody can be on a project twice at a time:{' '}
            {there.status === 'invited'
              ? 'only one of the two invitations can be accepted'
              : 'this invitation could not be accepted'}
            . If this is somebody else, go on.
          </Notice>
        )}
        {invite.isError && invite.error.field === undefined ? (
          <ErrorNotice error={invite.error} title="Not invited" />
        ) : null}
      </form>
    </Dialog>
  );
}
