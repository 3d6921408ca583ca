import { useState } from 'react';
import { VisuallyHidden } from 'react-aria-components';
import { useSearchParams } from 'wouter';
import type { RequestOutput } from '../../../shared/contract/contract.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { describeFieldError } from '../../client/describe-error.ts';
import { useAction } from '../../client/use-request.ts';
import { Button } from '../../ui/button.tsx';
import { Markdown } from '../../ui/markdown.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { AccountFields, emptyAccountForm, toAccountChoice } from './account-fields.tsx';
import { FormError } from './form-error.tsx';
import { InvitationTerms } from './invitation-terms.tsx';
import { StartForm } from './start-form.tsx';
import { StartLayout } from './start-layout.tsx';
import { useOpenSeat } from './use-open-seat.ts';
import styles from './start.module.css';

type Invitation = RequestOutput<'setup.inspectInvitation'>;

/** The link comes typed or pasted, or in the address of this page (`/join?link=…`). */
export function JoinScreen() {
  const [parameters] = useSearchParams();
  const given = parameters.get('link') ?? '';
  // Another link begins anew.
  return <LinkScreen key={given} given={given} />;
}

function LinkScreen({ given }: { readonly given: string }) {
  const [link, setLink] = useState(given);
  const inspect = useAction('setup.inspectInvitation', { isInline: true });
  if (inspect.data !== undefined) return <AcceptScreen link={link} found={inspect.data} />;
  return (
    <StartLayout
      title="Join with an invitation"
      lead="Paste the link you were sent. Nothing is accepted yet: you see the terms first."
    >
      <StartForm error={inspect.error} onSubmit={() => inspect.mutate({ link })}>
        <FormError error={inspect.error} title="That invitation cannot be used" fields={['link']} />
        <TextField
          label="Invitation link"
          value={link}
          onChange={setLink}
          inputMode="url"
          isRequired
          error={describeFieldError(inspect.error, 'link')}
        />
        <div className={styles.actions}>
          <Button variant="primary" type="submit" isPending={inspect.isPending}>
            {inspect.isPending ? 'Looking…' : 'Show the invitation'}
          </Button>
        </div>
      </StartForm>
    </StartLayout>
  );
}

function AcceptScreen({ link, found }: { readonly link: string; readonly found: Invitation }) {
  const { invitation, serverUrl, agreementHash } = found;
  const { project } = invitation;
  const [account, setAccount] = useState({ ...emptyAccountForm, name: invitation.invitedName });
  const openSeat = useOpenSeat();
  const accept = useAction('setup.acceptInvitation', {
    isInline: true,
    onSuccess: ({ seatId }) => openSeat(seatId),
  });
  return (
    <StartLayout
      title={project?.title ?? invitation.organizationName}
      lead={`${isolate(invitation.invitedBy)} invites you to ${isolate(invitation.organizationName)}.`}
    >
      <InvitationTerms invitation={invitation} serverUrl={serverUrl} />
      {project === null || project.brief.trim() === '' ? null : (
        <section className={styles.brief} aria-labelledby="brief-title">
          <VisuallyHidden>
            <h2 id="brief-title">Brief</h2>
          </VisuallyHidden>
          <Markdown text={project.brief} isCompact />
        </section>
      )}
      <StartForm
        isBelowText
        error={accept.error}
        onSubmit={() => accept.mutate({ link, account: toAccountChoice(account), agreementHash })}
      >
        <FormError
          error={accept.error}
          title="You have not joined yet"
          fields={['account.name', 'account.email', 'account.password']}
        />
        <AccountFields value={account} onChange={setAccount} error={accept.error} />
        <div className={styles.actions}>
          <Button variant="primary" type="submit" isPending={accept.isPending}>
            {accept.isPending ? 'Joining…' : 'Accept the terms and join'}
          </Button>
        </div>
      </StartForm>
    </StartLayout>
  );
}
