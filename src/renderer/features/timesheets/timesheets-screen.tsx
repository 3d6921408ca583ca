import { useCallback, useState } from 'react';
import { ClipboardCheck, Plus } from 'lucide-react';
import { useLocation, useParams } from 'wouter';
import type { TimesheetItem } from '../../../shared/contract/hours-requests.ts';
import { useRequest } from '../../client/use-request.ts';
import { isolate, joinNames } from '../../../shared/domain/isolate.ts';
import { localZone } from '../../format/locale.ts';
import { formatDuration } from '../../format/duration.ts';
import { useSeat } from '../../frame/seat.tsx';
import { useShortcut } from '../../frame/shortcuts.ts';
import { timesheetPath } from '../../routes.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Page, PaneHeader, Panes } from '../../ui/panes.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { VirtualList } from '../../ui/virtual-list.tsx';
import { ExchangeActions } from '../hours/exchange/exchange-actions.tsx';
import { computeMonday, computeMonthRange, getToday } from '../hours/week.ts';
import { BudgetStandings } from './budget-standings.tsx';
import { describeSubject, stateNames, stateTones } from './describe-timesheet.ts';
import { HandInDialog } from './hand-in-dialog.tsx';
import { TimeChanges } from './time-changes.tsx';
import { TimesheetView } from './timesheet-view.tsx';
import rowStyles from '../../ui/list-row.module.css';
import styles from './timesheets.module.css';

/** Hours that were handed in: for the intern to follow, for the employer to decide on. */
export function TimesheetsScreen() {
  const { seat, isIntern } = useSeat();
  const { seatId } = seat;
  const timesheetId = useParams<{ '*'?: string }>()['*'] || undefined;
  const [, navigate] = useLocation();
  const [isHandingIn, setIsHandingIn] = useState(false);
  const sheets = useRequest('timesheets.list', { seatId });
  const changes = useRequest('timeChanges.list', { seatId });
  const standings = useRequest('hours.budget', { seatId });
  const select = useCallback(
    (item: { readonly id: string }) => navigate(timesheetPath(item.id)),
    [navigate],
  );
  const handIn = () => setIsHandingIn(true);
  useShortcut({ keys: ['H'], label: 'Hand in hours', group: 'Timesheets' }, handIn, isIntern);

  if (sheets.isError)
    return <ErrorNotice error={sheets.error} onRetry={() => void sheets.refetch()} />;
  const dialog = isHandingIn ? (
    <HandInDialog
      seatId={seatId}
      onClose={() => setIsHandingIn(false)}
      onHandedIn={(id) => navigate(timesheetPath(id))}
    />
  ) : null;
  const isEmpty = sheets.data?.length === 0 && timesheetId === undefined;
  const ways = isIntern ? (
    <Button
      {...(isEmpty ? { variant: 'primary' } : { size: 'small' })}
      icon={<Plus />}
      keys={['H']}
      onPress={handIn}
    >
      Hand in hours
    </Button>
  ) : (
    <ExchangeActions
      canImport={false}
      isSmall={!isEmpty}
      seatId={seatId}
      engagements={(standings.data ?? []).map(({ engagementId, projectTitle, internName }) => ({
        engagementId,
        label: `${isolate(internName)}, ${isolate(projectTitle)}`,
      }))}
      {...computeMonthRange(computeMonday(getToday(localZone)))}
    />
  );
  const overview = (
    <>
      <BudgetStandings standings={standings.data ?? []} isIntern={isIntern} seatId={seatId} />
      <TimeChanges items={changes.data ?? []} isIntern={isIntern} />
    </>
  );
  if (isEmpty)
    return (
      <Page title="Timesheets" actions={ways}>
        {overview}
        <EmptyState title="No hours were handed in yet" icon={<ClipboardCheck />}>
          {isIntern
            ? 'Hand in the hours of some days, or of a task with its work. The employer approves them, or asks about single entries.'
            : 'Hours that interns hand in stand here, with everything that speaks for or against them.'}
        </EmptyState>
        {dialog}
      </Page>
    );
  return (
    <>
      <Panes
        listLabel="Timesheets"
        detailLabel="Timesheet"
        list={
          <>
            <PaneHeader title="Timesheets" actions={ways} />
            {sheets.data === undefined ? (
              <Skeleton lines={6} label="Fetching timesheets" />
            ) : (
              <div className={rowStyles.rows}>
                <VirtualList
                  label="Timesheets"
                  items={sheets.data.map((item) => ({ ...item, id: item.timesheetId }))}
                  getText={(item) =>
                    `${describeSubject(item)}, ${isolate(item.internName)}, ${stateNames[item.state]}`
                  }
                  renderItem={renderItem}
                  rowHeightPx={80}
                  selectedId={timesheetId ?? null}
                  onSelect={select}
                />
              </div>
            )}
          </>
        }
        detail={
          timesheetId === undefined ? undefined : (
            <TimesheetView
              key={timesheetId}
              seatId={seatId}
              timesheetId={timesheetId}
              isIntern={isIntern}
            />
          )
        }
        placeholder={<div className={styles.overview}>{overview}</div>}
      />
      {dialog}
    </>
  );
}

function renderItem(item: TimesheetItem) {
  return (
    <div className={rowStyles.row}>
      <span className={rowStyles.title}>{describeSubject(item)}</span>
      <span className={styles.line}>
        <span className={styles.name}>{joinNames(item.internName, item.projectTitle)}</span>
        <span className={styles.amount}>{formatDuration(item.exactSeconds * 1000)}</span>
      </span>
      <span className={styles.line}>
        <Badge tone={stateTones[item.state]}>{stateNames[item.state]}</Badge>
        {item.overlapCount > 0 ? <Badge tone="negative">Overlaps</Badge> : null}
      </span>
    </div>
  );
}
