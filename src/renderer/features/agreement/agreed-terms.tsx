import { isolate } from '../../../shared/domain/isolate.ts';
import { useRequest } from '../../client/use-request.ts';
import { formatDateTime, formatZoneCity } from '../../format/date-time.ts';
import { formatPlural } from '../../format/numbers.ts';
import { Markdown } from '../../ui/markdown.tsx';
import { Section } from '../../ui/panes.tsx';
import { Muted } from '../../ui/stack.tsx';
import {
  describeDates,
  describeMinutes,
  describePay,
  describeRounding,
} from '../projects/describe-project.ts';
import { Facts } from '../projects/facts.tsx';
import styles from './amendments.module.css';

/** The terms as they were offered and confirmed, word for word; amendments stand below them. */
export function AgreedTerms({
  seatId,
  engagementId,
  isIntern = false,
}: {
  readonly seatId: string;
  readonly engagementId: string;
  readonly isIntern?: boolean;
}) {
  const found = useRequest('engagement.agreement', { seatId, engagementId });
  if (found.data === undefined || found.data.agreement === null) return null;
  const intern = isIntern ? 'you' : 'the intern';
  const { agreement, offeredByName, offeredAt, confirmedAt, isConfirmedByHash } = found.data;
  return (
    <Section title="What was agreed">
      <p>
        <Muted>
          Offered{offeredByName === null ? '' : ` by ${isolate(offeredByName)}`},{' '}
          {formatDateTime(offeredAt)}.{' '}
          {confirmedAt === null
            ? `Not confirmed by ${intern} yet.`
            : `Confirmed by ${intern}, ${formatDateTime(confirmedAt)}${isConfirmedByHash ? ', in exactly these words' : ''}.`}
        </Muted>
      </p>
      <Facts
        facts={[
          { term: 'Pay', value: describePay(agreement.pay) },
          { term: 'Hours', value: `Up to ${describeMinutes(agreement.hourBudgetMinutes)}` },
          { term: 'Dates', value: describeDates(agreement) },
          { term: 'Time zone', value: formatZoneCity(agreement.timeZone) },
          {
            term: 'Changes included',
            value: `${formatPlural(agreement.roundsIncluded, 'round', 'rounds')} for each task`,
          },
          {
            term: 'Grace after deadlines',
            value: agreement.graceMinutes === 0 ? 'None' : describeMinutes(agreement.graceMinutes),
          },
          ...(agreement.rounding === null
            ? []
            : [{ term: 'Hours are rounded', value: describeRounding(agreement.rounding) }]),
        ]}
      />
      <details className={styles.words}>
        <summary>Brief, rubric and late policy as they were then</summary>
        {agreement.brief.trim() === '' ? null : <Markdown text={agreement.brief} isCompact />}
        {agreement.rubric.length === 0 ? null : (
          <ul>
            {agreement.rubric.map(({ id, text, points }) => (
              <li key={id}>
                {text}, {formatPlural(points, 'point', 'points')}
              </li>
            ))}
          </ul>
        )}
        {agreement.latePolicy.trim() === '' ? null : (
          <Markdown text={agreement.latePolicy} isCompact />
        )}
      </details>
    </Section>
  );
}
