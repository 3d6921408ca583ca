import { useMemo, useState } from 'react';
import { Download, Package } from 'lucide-react';
import { Redirect } from 'wouter';
import { hostPaths } from '../../../shared/contract/carriers.ts';
import type { RequestOutput } from '../../../shared/contract/contract.ts';
import type { Engagement } from '../../../shared/contract/shapes.ts';
import { useRequest } from '../../client/use-request.ts';
import { useSeat } from '../../frame/seat.tsx';
import { formatDateTime } from '../../format/date-time.ts';
import { formatBytes } from '../../format/numbers.ts';
import { cx } from '../../ui/cx.ts';
import { DataTable, type DataColumn } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Page, Section } from '../../ui/panes.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Muted } from '../../ui/stack.tsx';
import { CompleteEngagementDialog } from '../projects/complete-engagement-dialog.tsx';
import { BundleEngagement } from './bundle-engagement.tsx';
import styles from './bundles.module.css';

type Exported = RequestOutput<'bundles.list'>['exported'][number];
interface Entry extends Exported {
  readonly id: string;
  readonly who: string;
}

const columns: readonly DataColumn<Entry>[] = [
  {
    id: 'name',
    label: 'Bundle',
    isRowHeader: true,
    compare: (a, b) => a.fileName.localeCompare(b.fileName),
    render: (entry) => (
      <>
        <span className={styles.file}>{entry.fileName}</span>
        {entry.who === '' ? null : <Muted>{entry.who}</Muted>}
      </>
    ),
  },
  {
    id: 'at',
    label: 'Exported',
    compare: (a, b) => a.exportedAt.localeCompare(b.exportedAt),
    render: (entry) => <span className={styles.one}>{formatDateTime(entry.exportedAt)}</span>,
  },
  {
    id: 'hash',
    label: 'SHA-256',
    render: (entry) => (
      <code className={cx(styles.hash, styles.one)} title={entry.sha256}>
        {entry.sha256.slice(0, 12)}…
      </code>
    ),
  },
  {
    id: 'size',
    label: 'Size',
    align: 'end',
    compare: (a, b) => a.sizeBytes - b.sizeBytes,
    render: (entry) => <span className={styles.one}>{formatBytes(entry.sizeBytes)}</span>,
  },
  {
    id: 'save',
    label: 'File',
    align: 'end',
    render: (entry) => (
      <a
        className={styles.save}
        href={hostPaths.exported(entry.fileName)}
        download={entry.fileName}
        aria-label={`Save ${entry.fileName}`}
      >
        <Download aria-hidden /> Save
      </a>
    ),
  },
];

/** The finished work, to pay from and to archive. */
export function BundlesScreen() {
  const { seat, isIntern } = useSeat();
  const { seatId } = seat;
  const [toComplete, setToComplete] = useState<Engagement | null>(null);
  const bundles = useRequest('bundles.list', isIntern ? undefined : { seatId });
  const data = bundles.data;
  const entries = useMemo<Entry[]>(
    () =>
      (data?.exported ?? []).map((each) => ({
        ...each,
        id: each.fileName,
        who:
          data?.engagements.find(({ engagementId }) => engagementId === each.engagementId)?.intern
            .name ?? '',
      })),
    [data],
  );
  if (isIntern) return <Redirect to="/" replace />;
  if (bundles.isError) {
    return <ErrorNotice error={bundles.error} onRetry={() => void bundles.refetch()} />;
  }
  if (data === undefined) return <Skeleton lines={8} label="Fetching the bundles" />;
  return (
    <Page title="Bundles">
      <p className={styles.lead}>
        A bundle is one ZIP file with everything of an engagement: a report to read, the brief and
        its versions, every submission with its files, notes, receipts and reviews, the timesheet as
        CSV, and all of it as JSON. It needs no Stint to be opened.
      </p>
      <Section title="Ready to export">
        {data.engagements.length === 0 ? (
          <EmptyState title="Nothing to export yet" icon={<Package />}>
            As soon as an intern has handed something in, the engagement stands here.
          </EmptyState>
        ) : (
          <ul className={styles.engagements}>
            {data.engagements.map((engagement) => (
              <li key={engagement.engagementId}>
                <BundleEngagement
                  engagement={engagement}
                  onComplete={() => setToComplete(engagement)}
                />
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section title="Exported on this computer">
        {entries.length === 0 ? (
          <Muted>Nothing yet.</Muted>
        ) : (
          <DataTable label="Exported bundles" columns={columns} items={entries} />
        )}
      </Section>
      <Section title="Check a bundle">
        <div className={styles.check}>
          <p>
            Anybody can check that a bundle is whole, without an account. Each file missing, changed
            or extra is named:
          </p>
          <pre className={styles.command}>stint verify bundle.zip</pre>
          <p>
            <Muted>
              It is a BagIt archive (RFC 8493): unpacked, its files can be checked with{' '}
              <code>sha256sum -c manifest-sha256.txt</code> as well.
            </Muted>
          </p>
        </div>
      </Section>
      {toComplete === null ? null : (
        <CompleteEngagementDialog engagement={toComplete} onClose={() => setToComplete(null)} />
      )}
    </Page>
  );
}
