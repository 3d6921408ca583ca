import { memo, useCallback, useDeferredValue, useMemo, useState } from 'react';
import { FileDown, History, RefreshCw, ShieldCheck } from 'lucide-react';
import type { RequestOutput } from '../../../shared/contract/contract.ts';
import type { HistoryItem } from '../../../shared/contract/history-requests.ts';
import { useAction, useRequest } from '../../client/use-request.ts';
import { formatDateTime, formatRelative } from '../../format/date-time.ts';
import { describeDevice } from '../../format/device-name.ts';
import { formatCount } from '../../format/numbers.ts';
import { useSeat } from '../../frame/seat.tsx';
import { useShortcut } from '../../frame/shortcuts.ts';
import { Button } from '../../ui/button.tsx';
import { DataTable, type DataColumn } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Page } from '../../ui/panes.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Muted } from '../../ui/stack.tsx';
import { showToast } from '../../ui/toast.tsx';
import { downloadExport } from './download-export.ts';
import { HistoryFilter, type HistoryFilterValues, noFilter } from './history-filter.tsx';
import { useFetchedHistory } from './use-fetched-history.ts';
import styles from './history-screen.module.css';

const entriesPerPage = 50;

type Entry = HistoryItem & { readonly id: string };

const columns: readonly DataColumn<Entry>[] = [
  {
    id: 'act',
    label: 'What',
    isRowHeader: true,
    render: (entry) => (
      <span className={styles.act}>
        <span>{entry.label}</span>
        {entry.subject === '' ? null : <Muted>{entry.subject}</Muted>}
        {entry.isErased ? <Muted>Erased on the person’s request</Muted> : null}
      </span>
    ),
  },
  {
    id: 'who',
    label: 'Who',
    render: (entry) => (
      <span className={styles.act}>
        <span>{entry.personName}</span>
        <Muted>{entry.isByServer ? 'by the server' : describeDevice(entry.deviceName)}</Muted>
      </span>
    ),
  },
  {
    id: 'claimed',
    label: 'By the device’s clock',
    align: 'end',
    render: (entry) => <time dateTime={entry.claimedAt}>{formatDateTime(entry.claimedAt)}</time>,
  },
  {
    id: 'received',
    label: 'Received',
    align: 'end',
    render: (entry) =>
      entry.receivedAt === null ? (
        <Muted>on this computer</Muted>
      ) : (
        <time dateTime={entry.receivedAt}>{formatDateTime(entry.receivedAt)}</time>
      ),
  },
  {
    id: 'seq',
    label: 'Number',
    align: 'end',
    render: (entry) => entry.seq ?? '',
  },
];

function toRequest(seatId: string, values: HistoryFilterValues) {
  const filled = Object.entries(values).filter(([, value]) => value.trim() !== '');
  return { seatId, ...(Object.fromEntries(filled) as Partial<HistoryFilterValues>) };
}

const none: readonly never[] = [];

function listEntries(data: RequestOutput<'history.list'> | undefined): readonly Entry[] {
  if (data === undefined) return none;
  return [...data.unsent, ...data.entries].map((entry) => ({ ...entry, id: entry.mutationId }));
}

const Acts = memo(function Acts({ entries }: { readonly entries: readonly Entry[] }) {
  return <DataTable label="Acts" columns={columns} items={entries} showsAll />;
});

/** Every act in the organization; for interns, their own. */
export function HistoryScreen() {
  const { seat, isIntern } = useSeat();
  const { seatId } = seat;
  const [values, setValues] = useState(noFilter);
  const [pages, setPages] = useState(1);
  const settled = useDeferredValue(values);
  const fetching = useFetchedHistory(seatId);
  const request = toRequest(seatId, settled);
  const history = useRequest(
    'history.list',
    { ...request, limit: Math.min(1000, pages * entriesPerPage) },
    { keepsPrevious: true },
  );
  const check = useAction('history.check', {
    failure: 'The history could not be checked',
    onSuccess: ({ isWhole, entries, problem }) =>
      showToast(
        isWhole
          ? {
              title: 'Nothing was changed',
              description: `${formatCount(entries)} acts form one unbroken chain`,
            }
          : { title: 'The chain of acts is broken', description: problem ?? '', tone: 'negative' },
      ),
  });
  const exporting = useAction('history.export', {
    failure: 'Nothing was exported',
    onSuccess: ({ fileName, entries }) => {
      downloadExport(fileName);
      showToast({ title: `${formatCount(entries)} acts exported`, description: fileName });
    },
  });
  const refresh = () => fetching.mutate({ seatId });
  useShortcut({ keys: ['R'], label: 'Fetch what is new', group: 'History' }, refresh);
  const data = history.data;
  const entries = useMemo(() => listEntries(data), [data]);
  const filter = useCallback((next: HistoryFilterValues) => {
    setPages(1);
    setValues(next);
  }, []);

  return (
    <Page
      title="History"
      actions={
        <>
          <Button
            icon={<RefreshCw />}
            keys={['R']}
            isPending={fetching.isPending}
            onPress={refresh}
          >
            Fetch what is new
          </Button>
          {isIntern ? null : (
            <Button
              icon={<ShieldCheck />}
              isPending={check.isPending}
              onPress={() => check.mutate({ seatId })}
            >
              Check that nothing was changed
            </Button>
          )}
          <Button
            icon={<FileDown />}
            isPending={exporting.isPending}
            onPress={() => exporting.mutate(request)}
          >
            Export
          </Button>
        </>
      }
    >
      <p className={styles.lead}>
        {isIntern
          ? 'What you did in this organization, as its server keeps it.'
          : 'What everybody did in this organization, as its server keeps it. Each act carries the hash of all before it, so that nothing can be changed afterwards without being found.'}{' '}
        {(data?.fetchedAt ?? null) === null ? null : (
          <Muted>Fetched {formatRelative(data?.fetchedAt ?? '')}.</Muted>
        )}
      </p>
      {fetching.isError ? (
        <ErrorNotice
          error={fetching.error}
          title="What is new could not be fetched; what is here is shown"
          onRetry={refresh}
        />
      ) : null}
      <HistoryFilter
        values={values}
        onChange={filter}
        people={data?.people ?? none}
        kinds={data?.kinds ?? none}
      />
      {history.isError ? (
        <ErrorNotice error={history.error} onRetry={() => void history.refetch()} />
      ) : data === undefined || (entries.length === 0 && fetching.isPending) ? (
        <Skeleton lines={8} label="Reading the history" />
      ) : entries.length === 0 ? (
        <EmptyState title="No act fits" icon={<History />}>
          Clear the filter, or fetch what is new.
        </EmptyState>
      ) : (
        <>
          <Acts entries={entries} />
          <p className={styles.more}>
            <Muted>
              {formatCount(data.entries.length)} of {formatCount(data.total)}
            </Muted>
            {data.entries.length < data.total && pages * entriesPerPage < 1000 ? (
              <Button onPress={() => setPages(pages + 1)}>Show more</Button>
            ) : null}
          </p>
        </>
      )}
    </Page>
  );
}
