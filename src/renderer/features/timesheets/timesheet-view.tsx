import { useState } from 'react';
import { Check, Undo2 } from 'lucide-react';
import { Link } from 'wouter';
import type { Timesheet } from '../../../shared/contract/hours-requests.ts';
import type { TimeEntry } from '../../../shared/contract/shapes.ts';
import { useAction, useRequest } from '../../client/use-request.ts';
import { formatDateTime } from '../../format/date-time.ts';
import { formatDuration } from '../../format/duration.ts';
import { isolate, joinNames } from '../../../shared/domain/isolate.ts';
import { useShortcut } from '../../frame/shortcuts.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Row } from '../../ui/stack.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { showToast } from '../../ui/toast.tsx';
import { ChangeRequestDialog } from './change-request-dialog.tsx';
import {
  describeBudgetLevel,
  describeRounding,
  describeSubject,
  stateNames,
  stateTones,
} from './describe-timesheet.ts';
import { EntryHistoryDialog } from './entry-history-dialog.tsx';
import { ReturnDialog } from './return-dialog.tsx';
import { TimesheetTable } from './timesheet-table.tsx';
import styles from './timesheets.module.css';

export interface TimesheetViewProps {
  readonly seatId: string;
  readonly timesheetId: string;
  readonly isIntern: boolean;
}

/** One timesheet: what it holds, what speaks for or against it, and what can be done. */
export function TimesheetView({ seatId, timesheetId, isIntern }: TimesheetViewProps) {
  const sheet = useRequest('timesheet.get', { seatId, timesheetId });
  const [history, setHistory] = useState<TimeEntry>();
  const [changing, setChanging] = useState<TimeEntry>();
  if (sheet.isError)
    return <ErrorNotice error={sheet.error} onRetry={() => void sheet.refetch()} />;
  if (sheet.data === undefined) return <Skeleton lines={8} label="Adding up the timesheet" />;
  const { item, entries, standing } = sheet.data;
  return (
    <article className={styles.sheet}>
      <header className={styles.sheetHeader}>
        <h2>{describeSubject(item)}</h2>
        <Badge tone={stateTones[item.state]}>{stateNames[item.state]}</Badge>
      </header>
      <p className={styles.quiet}>
        {joinNames(item.internName, item.projectTitle)}. Handed in{' '}
        {formatDateTime(item.submittedAt)}.
      </p>
      <Facts sheet={sheet.data} />
      {item.note === '' ? null : <p className={styles.words}>{item.note}</p>}
      {item.decidedAt === null ? null : (
        <Notice
          tone={item.state === 'approved' ? 'positive' : 'warning'}
          title={`${stateNames[item.state]} by ${isolate(item.deciderName ?? '')}, ${formatDateTime(item.decidedAt)}`}
        >
          {item.decisionNote === '' ? undefined : item.decisionNote}
        </Notice>
      )}
      {item.overlapCount > 0 ? (
        <Notice
          tone="negative"
          title={
            item.overlapCount === 1
              ? 'One entry overlaps other time of the same person'
              : `${item.overlapCount} entries overlap other time of the same person`
          }
        >
          {isIntern
            ? 'It cannot be approved like this. Change one of them in Hours; the timesheet follows.'
            : 'It can be returned, and cannot be approved before the intern has resolved that.'}
        </Notice>
      ) : null}
      {standing.level === 'within' ? null : (
        <Notice tone="warning" title={describeBudgetLevel(standing)}>
          {formatDuration(standing.budget.workedSeconds * 1000)} of{' '}
          {formatDuration(standing.budget.budgetMinutes * 60_000)} in all. Nothing is blocked by
          that.
        </Notice>
      )}
      <TimesheetTable
        sheet={sheet.data}
        onShowHistory={setHistory}
        onChange={isIntern && item.state === 'approved' ? setChanging : undefined}
      />
      {isIntern ? (
        <OwnActions sheet={sheet.data} />
      ) : (
        <Decision key={timesheetId} sheet={sheet.data} />
      )}
      {history === undefined ? null : (
        <EntryHistoryDialog entry={history} onClose={() => setHistory(undefined)} />
      )}
      {changing === undefined ? null : (
        <ChangeRequestDialog entry={changing} onClose={() => setChanging(undefined)} />
      )}
      <p className={styles.quiet}>
        {entries.length === 1 ? 'One entry' : `${entries.length} entries`}. Times are those of the
        place where they were recorded.{' '}
        <Link href="/ledger">What is recorded, and who sees it</Link>
      </p>
    </article>
  );
}

function Facts({ sheet: { item, standing } }: { readonly sheet: Timesheet }) {
  return (
    <dl className={styles.facts}>
      <div>
        <dt>Exact</dt>
        <dd>{formatDuration(item.exactSeconds * 1000)}</dd>
      </div>
      <div>
        <dt>Rounded</dt>
        <dd title={describeRounding(item.rounding)}>
          {item.rounding === null ? 'not rounded' : formatDuration(item.roundedSeconds * 1000)}
        </dd>
      </div>
      {item.coveredSeconds === item.exactSeconds ? null : (
        <div>
          <dt>Overlaps counted once</dt>
          <dd>{formatDuration(item.coveredSeconds * 1000)}</dd>
        </div>
      )}
      <div>
        <dt>Left of the agreed hours</dt>
        <dd>{formatDuration(standing.leftSeconds * 1000)}</dd>
      </div>
    </dl>
  );
}

function OwnActions({ sheet: { item } }: { readonly sheet: Timesheet }) {
  const { seatId, timesheetId } = item;
  const withdraw = useAction('timesheet.withdraw', { failure: 'Not taken back' });
  if (item.state !== 'submitted') return null;
  return (
    <Row>
      <Button
        icon={<Undo2 />}
        isDisabled={withdraw.isPending}
        onPress={() => withdraw.mutate({ seatId, timesheetId })}
      >
        Take it back
      </Button>
    </Row>
  );
}

/** The employer's. What is typed while returning stays when an entry changes; a refused approval was of what is gone. */
function Decision({ sheet }: { readonly sheet: Timesheet }) {
  const [isReturning, setIsReturning] = useState(false);
  return (
    <>
      <DecisionActions sheet={sheet} onReturn={() => setIsReturning(true)} />
      {isReturning && sheet.item.state === 'submitted' ? (
        <ReturnDialog sheet={sheet} onClose={() => setIsReturning(false)} />
      ) : null}
    </>
  );
}

/** Approve what is shown, return it with comments, or take an approval back. */
function DecisionActions({
  sheet,
  onReturn,
}: {
  readonly sheet: Timesheet;
  readonly onReturn: () => void;
}) {
  const { seatId, timesheetId, state, overlapCount } = sheet.item;
  const reopen = useAction('timesheet.reopen', { failure: 'Not opened again' });
  const decide = useAction('timesheet.decide', {
    isInline: true,
    onSuccess: () =>
      showToast({
        title: 'Hours approved',
        tone: 'positive',
        onUndo: () => reopen.mutate({ seatId, timesheetId, reason: 'Approved by mistake' }),
      }),
  });
  const isOpen = state === 'submitted';
  const canApprove = isOpen && overlapCount === 0 && !decide.isPending;
  const approve = () => {
    if (canApprove)
      decide.mutate({
        seatId,
        timesheetId,
        decision: 'approved',
        comments: [],
        contentHash: sheet.contentHash,
      });
  };
  useShortcut(
    { keys: ['A'], label: 'Approve the timesheet', group: 'Timesheets' },
    approve,
    canApprove,
  );
  useShortcut(
    { keys: ['R'], label: 'Return the timesheet', group: 'Timesheets' },
    onReturn,
    isOpen,
  );
  if (state === 'approved')
    return (
      <Row>
        <Button
          icon={<Undo2 />}
          isDisabled={reopen.isPending}
          onPress={() => reopen.mutate({ seatId, timesheetId })}
        >
          Take the approval back
        </Button>
      </Row>
    );
  if (!isOpen) return null;
  return (
    <>
      {decide.error === null || decide.variables?.contentHash !== sheet.contentHash ? null : (
        <ErrorNotice error={decide.error} title="Not approved; nothing was changed" />
      )}
      <Row>
        <Button
          variant="primary"
          icon={<Check />}
          keys={['A']}
          isDisabled={!canApprove}
          onPress={approve}
        >
          Approve {formatDuration(sheet.item.exactSeconds * 1000)}
        </Button>
        <Button icon={<Undo2 />} keys={['R']} onPress={onReturn}>
          Return with comments…
        </Button>
      </Row>
    </>
  );
}
