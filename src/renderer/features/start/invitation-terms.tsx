import type { RequestOutput } from '../../../shared/contract/contract.ts';
import type { Role } from '../../../shared/domain/fields.ts';
import { formatDateTime, formatPlainDate, formatZoneCity } from '../../format/date-time.ts';
import { formatDuration } from '../../format/duration.ts';
import { formatMoney } from '../../format/money.ts';
import { formatPlural } from '../../format/numbers.ts';
import { describeMinutes, describeRounding } from '../projects/describe-project.ts';
import styles from './start.module.css';

type Invitation = RequestOutput<'setup.inspectInvitation'>;

const roleTexts: Record<Role, string> = {
  owner: 'Owner: everything, the organization included',
  manager: 'Manager: assigns, reviews, sees all projects',
  intern: 'Intern: works on the tasks of this project',
};

/** What the person who was invited agrees to by joining: all of it but the brief, which stands below. */
export function InvitationTerms({
  invitation,
  serverUrl,
}: Pick<Invitation, 'invitation' | 'serverUrl'>) {
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
          <dt>Grace after deadlines</dt>
          <dd>
            {agreement.graceMinutes === 0
              ? 'None'
              : `${describeMinutes(agreement.graceMinutes)}, for work finished in time that reaches the server later`}
          </dd>
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
                {agreement.rubric
                  .map(({ text, points }) => `${text} (${formatPlural(points, 'point', 'points')})`)
                  .join(', ')}
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
