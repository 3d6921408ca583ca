import { useState } from 'react';
import { VisuallyHidden } from 'react-aria-components';
import type { RequestOutput } from '../../../shared/contract/contract.ts';
import type { Role } from '../../../shared/domain/fields.ts';
import { describeFieldError } from '../../client/describe-error.ts';
import { useAction } from '../../client/use-request.ts';
import { formatDateTime, formatPlainDate, formatZoneCity } from '../../format/date-time.ts';
import { formatDuration } from '../../format/duration.ts';
import { formatMoney } from '../../format/money.ts';
import { formatPlural } from '../../format/numbers.ts';
import { Button } from '../../ui/button.tsx';
import { Markdown } from '../../ui/markdown.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { describeRounding } from '../projects/describe-project.ts';
import { AccountFields, emptyAccountForm, toAccountChoice } from './account-fields.tsx';
import { FormError } from './form-error.tsx';
import { StartForm } from './start-form.tsx';
import { StartLayout } from './start-layout.tsx';
import { useOpenSeat } from './use-open-seat.ts';
import styles from './start.module.css';

type Invitation = RequestOutput<'setup.inspectInvitation'>;

/** The link comes typed or pasted, or in the address of this page (`/join?link=…`). */
export function JoinScreen() {
  const [link, setLink] = useState(() => new URLSearchParams(location.search).get('link') ?? '');
  const inspect = useAction('setup.inspectInvitation', { isInline: true });
  if (inspect.data !== undefined) return <AcceptScreen link={link} found={inspect.data} />;
  return (
    <StartLayout
      title="Join with an invitation"
      lead="Paste the link you were sent. Nothing is accepted yet: you see the terms first."
    >
      <StartForm onSubmit={() => inspect.mutate({ link })}>
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
          <Button variant="primary" type="submit" isDisabled={inspect.isPending}>
            {inspect.isPending ? 'Looking…' : 'Show the invitation'}
          </Button>
        </div>
      </StartForm>
    </StartLayout>
  );
}

const roleTexts: Record<Role, string> = {
  owner: 'Owner: everything, the organization included',
  manager: 'Manager: assigns, reviews, sees all projects',
  intern: 'Intern: works on the tasks of this project',
};

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
      lead={`${invitation.invitedBy} invites you to ${invitation.organizationName}.`}
    >
      {project === null || project.brief.trim() === '' ? null : (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keyboard (WCAG 2.1.1).
        <section className={styles.brief} tabIndex={0} aria-labelledby="brief-title">
          <VisuallyHidden>
            <h2 id="brief-title">Brief</h2>
          </VisuallyHidden>
          <Markdown text={project.brief} isCompact />
        </section>
      )}
      <Terms invitation={invitation} serverUrl={serverUrl} />
      <StartForm
        onSubmit={() => accept.mutate({ link, account: toAccountChoice(account), agreementHash })}
      >
        <FormError
          error={accept.error}
          title="You have not joined yet"
          fields={['account.name', 'account.email', 'account.password']}
        />
        <AccountFields value={account} onChange={setAccount} error={accept.error} />
        <div className={styles.actions}>
          <Button variant="primary" type="submit" isDisabled={accept.isPending}>
            {accept.isPending ? 'Joining…' : 'Accept the terms and join'}
          </Button>
        </div>
      </StartForm>
    </StartLayout>
  );
}

function Terms({ invitation, serverUrl }: Pick<Invitation, 'invitation' | 'serverUrl'>) {
  const { project, agreement } = invitation;
  return (
    <dl className={styles.terms}>
      <dt>Organization</dt>
      <dd>{invitation.organizationName}</dd>
      <dt>Your role</dt>
      <dd>{roleTexts[invitation.role]}</dd>
      {project === null ? null : (
        <>
          <dt>Pay</dt>
          <dd>
            {project.pay.kind === 'fixed'
              ? `${formatMoney(project.pay.amountMinor, project.pay.currency)}, a fixed sum`
              : 'Unpaid'}
          </dd>
          <dt>Hours</dt>
          <dd>Up to {formatDuration(project.hourBudgetMinutes * 60_000)}</dd>
          <dt>Dates</dt>
          <dd>
            {formatPlainDate(project.startsOn)} to {formatPlainDate(project.endsOn)} (
            {formatZoneCity(project.timeZone)} time)
          </dd>
        </>
      )}
      {agreement === null ? null : (
        <>
          <dt>Changes included</dt>
          <dd>{formatPlural(agreement.roundsIncluded, 'round', 'rounds')} for each task</dd>
          {agreement.rounding === null ? null : (
            <>
              <dt>Hours are rounded</dt>
              <dd>{describeRounding(agreement.rounding)}</dd>
            </>
          )}
          {agreement.rubric.length === 0 ? null : (
            <>
              <dt>What is scored</dt>
              <dd>
                {agreement.rubric.map(({ text, points }) => `${text} (${points})`).join(', ')}
              </dd>
            </>
          )}
          {agreement.latePolicy.trim() === '' ? null : (
            <>
              <dt>When something is late</dt>
              <dd>{agreement.latePolicy}</dd>
            </>
          )}
        </>
      )}
      <dt>Server</dt>
      <dd>{serverUrl}</dd>
      <dt>Open until</dt>
      <dd>{formatDateTime(invitation.expiresAt)}</dd>
    </dl>
  );
}
