import { useState } from 'react';
import { Link } from 'wouter';
import type { BudgetStanding } from '../../../shared/contract/hours-requests.ts';
import { useRequest } from '../../client/use-request.ts';
import { formatDuration } from '../../format/duration.ts';
import { joinNames } from '../../../shared/domain/isolate.ts';
import { useSeat } from '../../frame/seat.tsx';
import { agreementPath, engagementPath } from '../../routes.ts';
import { Button } from '../../ui/button.tsx';
import { Section } from '../../ui/panes.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { usePages } from '../../ui/use-pages.tsx';
import { AmendmentDialog } from '../agreement/amendment-dialog.tsx';
import { describeRate } from './describe-rate.ts';
import styles from './timesheets.module.css';

const tones = { within: 'accent', near: 'warning', over: 'negative' } as const;
/** What is asked for at first, beyond what was worked or is foreseen. */
const stepMinutes = 60;

function describe({ level, leftSeconds, projection }: BudgetStanding): string {
  const left =
    leftSeconds < 0
      ? `${formatDuration(-leftSeconds * 1000)} over what was agreed`
      : `${formatDuration(leftSeconds * 1000)} left`;
  const ahead =
    projection === null
      ? ''
      : `; ${formatDuration(projection.seconds * 1000)} in the end, by ${projection.basis === 'pace' ? 'the pace so far' : 'the estimates of what is open'}`;
  return `${left}${ahead}${level === 'near' ? '. 80 % or more are used.' : '.'}`;
}

export interface BudgetStandingsProps {
  readonly standings: readonly BudgetStanding[];
  readonly isIntern: boolean;
  readonly seatId: string;
}

/** Where each engagement stands against its hours: the same for both sides, but for what an hour comes to. */
export function BudgetStandings({ standings, isIntern, seatId }: BudgetStandingsProps) {
  const rates = useRequest('hours.effectiveRates', isIntern ? { seatId } : undefined);
  const [raised, setRaised] = useState<BudgetStanding>();
  const { shown, more } = usePages(standings);
  if (standings.length === 0) return null;
  return (
    <Section title="Hours and what was agreed">
      <ul className={styles.standings}>
        {shown.map((standing) => {
          const { engagementId, budget, level, projectTitle, internName } = standing;
          const rate = describeRate(rates.data?.find((each) => each.engagementId === engagementId));
          return (
            <li key={engagementId}>
              <ProgressBar
                label={isIntern ? projectTitle : joinNames(internName, projectTitle)}
                value={Math.min(budget.workedSeconds, budget.budgetMinutes * 60)}
                total={budget.budgetMinutes * 60}
                amount={`${formatDuration(budget.workedSeconds * 1000)} of ${formatDuration(budget.budgetMinutes * 60_000)}`}
                tone={tones[level]}
                detail={describe(standing)}
              />
              <div className={styles.standingFoot}>
                {rate === null ? null : <span>{rate}</span>}
                {isIntern ? (
                  <Button size="small" onPress={() => setRaised(standing)}>
                    Ask for more hours
                  </Button>
                ) : null}
                <Link
                  href={
                    isIntern ? agreementPath(seatId, engagementId) : engagementPath(engagementId)
                  }
                >
                  What was agreed
                </Link>
              </div>
            </li>
          );
        })}
      </ul>
      {more}
      {raised === undefined ? null : (
        <RaiseDialog standing={raised} onClose={() => setRaised(undefined)} />
      )}
    </Section>
  );
}

/** "This needs 6 more hours, because…": an amendment that the employer answers. */
export function RaiseDialog({
  standing,
  onClose,
}: {
  readonly standing: BudgetStanding;
  readonly onClose: () => void;
}) {
  const { seatId, engagementId, budget, projection } = standing;
  const { seat } = useSeatName(seatId);
  const today = useRequest('today.get', { seatId });
  const engagement = today.data?.engagements.find((each) => each.engagementId === engagementId);
  if (engagement === undefined) return null;
  const neededMinutes = Math.ceil((projection?.seconds ?? budget.workedSeconds) / 3600) * 60;
  return (
    <AmendmentDialog
      engagement={engagement}
      otherSide={seat}
      title="Ask for more hours"
      initial={{
        hourBudgetMinutes: Math.max(neededMinutes, budget.budgetMinutes + stepMinutes),
      }}
      onClose={onClose}
    />
  );
}

function useSeatName(seatId: string): { readonly seat: string } {
  const { seats } = useSeat();
  return { seat: seats.find((each) => each.seatId === seatId)?.organizationName ?? '' };
}
