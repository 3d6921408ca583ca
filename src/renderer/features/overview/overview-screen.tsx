import { useMemo, useState } from 'react';
import { LayoutDashboard } from 'lucide-react';
import { Redirect, useLocation } from 'wouter';
import type { OverviewRow } from '../../../shared/contract/overview-requests.ts';
import { useRequest } from '../../client/use-request.ts';
import { formatCount, formatPercent } from '../../format/numbers.ts';
import { useSeat } from '../../frame/seat.tsx';
import { Button } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Later } from '../../ui/later.tsx';
import { Page } from '../../ui/panes.tsx';
import { Select } from '../../ui/select.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Muted } from '../../ui/stack.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { AskedOfEmployer } from '../asked/asked-of-employer.tsx';
import { OnTimeChart } from './on-time-chart.tsx';
import { type OverviewEntry, overviewColumns } from './overview-columns.tsx';
import styles from './overview-screen.module.css';

type Turn = 'any' | 'employer' | 'intern' | 'nobody';
type Status = 'active' | 'ended' | 'all';

interface Filter {
  readonly text: string;
  readonly projectId: string;
  readonly turn: Turn;
  readonly status: Status;
}

/** More than a window shows. */
const rowsFirst = 50;

const everything: Filter = { text: '', projectId: 'all', turn: 'any', status: 'active' };

function isShown(row: OverviewRow, { text, projectId, turn, status }: Filter): boolean {
  const isOver = row.status === 'completed' || row.status === 'withdrawn';
  if (status !== 'all' && isOver !== (status === 'ended')) return false;
  if (projectId !== 'all' && row.projectId !== projectId) return false;
  if (turn !== 'any' && (row.waiting?.forWhom ?? 'nobody') !== turn) return false;
  const words = text.toLocaleLowerCase().split(/\s+/u).filter(Boolean);
  const named = `${row.internName} ${row.projectTitle}`.toLocaleLowerCase();
  return words.every((word) => named.includes(word));
}

/** Each project and person at a glance: on time, inside the budget, waiting for whom and since when. */
export function OverviewScreen() {
  const { seat, isIntern } = useSeat();
  const [, navigate] = useLocation();
  const [filter, setFilter] = useState(everything);
  const [isBegun, setIsBegun] = useState(false);
  // The sums need all of them; what is looked at first does not wait for that.
  const overview = useRequest(
    'overview.get',
    isIntern || !isBegun ? undefined : { seatId: seat.seatId },
  );
  const isWhole = overview.data !== undefined;
  const first = useRequest(
    'overview.get',
    isIntern || isWhole ? undefined : { seatId: seat.seatId, first: rowsFirst },
  );
  if (!isBegun && (first.isSuccess || first.isError)) setIsBegun(true);
  const rows =
    overview.data?.rows ?? (first.data?.rows.length === 0 ? undefined : first.data?.rows);
  const projects = useMemo(
    () => [...new Map((rows ?? []).map((row) => [row.projectId, row.projectTitle]))],
    [rows],
  );
  const entries = useMemo<readonly OverviewEntry[]>(
    () =>
      (rows ?? [])
        .filter((row) => isShown(row, filter))
        .map((row) => ({ ...row, id: row.engagementId })),
    [rows, filter],
  );
  if (isIntern) return <Redirect to="/" replace />;
  const set = (changes: Partial<Filter>) => setFilter({ ...filter, ...changes });
  return (
    <Page title="Overview">
      {overview.isError ? (
        <ErrorNotice error={overview.error} onRetry={() => void overview.refetch()} />
      ) : rows === undefined ? (
        <Skeleton lines={8} label="Adding up the engagements" />
      ) : rows.length === 0 ? (
        <EmptyState
          title="Nobody works for you yet"
          icon={<LayoutDashboard />}
          action={
            <Button variant="primary" onPress={() => navigate('/projects')}>
              Go to the projects
            </Button>
          }
        >
          Write a project and invite an intern; then their work stands here at a glance.
        </EmptyState>
      ) : (
        <>
          <Summary rows={isWhole ? entries : undefined} />
          <AskedOfEmployer seatId={seat.seatId} />
          <search className={styles.filter}>
            <TextField
              label="Find"
              value={filter.text}
              onChange={(text) => set({ text })}
              placeholder="A name or a project"
            />
            <Select
              label="Project"
              options={[
                { id: 'all', label: 'All projects' },
                ...projects.map(([id, label]) => ({ id, label })),
              ]}
              value={filter.projectId}
              onChange={(projectId) => set({ projectId })}
            />
            <Select<Turn>
              label="Waiting for"
              options={[
                { id: 'any', label: 'All' },
                { id: 'employer', label: 'You' },
                { id: 'intern', label: 'The intern' },
                { id: 'nobody', label: 'Nobody' },
              ]}
              value={filter.turn}
              onChange={(turn) => set({ turn })}
            />
            <Select<Status>
              label="Engagements"
              options={[
                { id: 'active', label: 'Under way' },
                { id: 'ended', label: 'Ended' },
                { id: 'all', label: 'All' },
              ]}
              value={filter.status}
              onChange={(status) => set({ status })}
            />
          </search>
          <DataTable
            label="Engagements"
            columns={overviewColumns}
            items={entries}
            empty={
              isWhole ? (
                <Muted>No engagement fits.</Muted>
              ) : (
                <Skeleton lines={8} label="Looking for engagements" />
              )
            }
          />
          {isWhole ? (
            <Later>
              <OnTimeChart rows={entries} />
            </Later>
          ) : null}
        </>
      )}
    </Page>
  );
}

/** The four figures that say whether something has to be done today; without rows, while these are added up. */
function Summary({ rows }: { readonly rows: readonly OverviewRow[] | undefined }) {
  return (
    <dl className={styles.summary} aria-busy={rows === undefined}>
      {computeFigures(rows ?? []).map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{rows === undefined ? '…' : value}</dd>
        </div>
      ))}
    </dl>
  );
}

function computeFigures(
  rows: readonly OverviewRow[],
): readonly (readonly [label: string, value: string])[] {
  const sum = (pick: (row: OverviewRow) => number): number =>
    rows.reduce((total, row) => total + pick(row), 0);
  const judged = sum((row) => row.judgedCount);
  const waitingCount = rows.filter(({ waiting }) => waiting?.forWhom === 'employer').length;
  const overdueCount = sum((row) => row.overdueCount);
  return [
    [waitingCount === 1 ? 'waits for you' : 'wait for you', formatCount(waitingCount)],
    [overdueCount === 1 ? 'task overdue' : 'tasks overdue', formatCount(overdueCount)],
    ['on time', judged === 0 ? '–' : formatPercent(sum((row) => row.onTimeCount) / judged)],
    [
      'over their hours',
      formatCount(
        rows.filter(({ budget }) => budget.workedSeconds > budget.budgetMinutes * 60).length,
      ),
    ],
  ];
}
