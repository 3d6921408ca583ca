import { useMemo, useState } from 'react';
import { Package, PackageOpen } from 'lucide-react';
import { FileTrigger } from 'react-aria-components';
import { Redirect } from 'wouter';
import type { Engagement } from '../../../shared/contract/shapes.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { useRequest } from '../../client/use-request.ts';
import { useSeat } from '../../frame/seat.tsx';
import { useShortcut } from '../../frame/shortcuts.ts';
import { formatPlural } from '../../format/numbers.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Page, Section } from '../../ui/panes.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Muted } from '../../ui/stack.tsx';
import { CompleteEngagementDialog } from '../projects/complete-engagement-dialog.tsx';
import { useOpenBundle } from '../opened-bundle/use-open-bundle.ts';
import { BundleEngagement } from './bundle-engagement.tsx';
import { BundleRecords, computeRecordEntries } from './bundle-records.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { RunningExports } from './running-exports.tsx';
import styles from './bundles.module.css';

/** The finished work, to pay from and to archive. */
export function BundlesScreen() {
  const { seat, isIntern } = useSeat();
  const { seatId } = seat;
  const [toComplete, setToComplete] = useState<Engagement | null>(null);
  const [toExport, setToExport] = useState<readonly string[] | null>(null);
  const { isOpening, openFile, openExported } = useOpenBundle();
  const bundles = useRequest('bundles.list', isIntern ? undefined : { seatId });
  const records = useRequest('bundles.records', isIntern ? undefined : { seatId });
  const jobs = useRequest('bundles.jobs', isIntern ? undefined : { seatId });
  const data = bundles.data;
  const entries = useMemo(
    () => (data === undefined ? [] : computeRecordEntries(records.data ?? [], data)),
    [data, records.data],
  );
  useShortcut({ keys: ['X'], label: 'Export a bundle', group: 'Bundles' }, () => setToExport([]));
  if (isIntern) return <Redirect to="/" replace />;
  if (bundles.isError) {
    return <ErrorNotice error={bundles.error} onRetry={() => void bundles.refetch()} />;
  }
  if (data === undefined) return <Skeleton lines={8} label="Fetching the bundles" />;
  return (
    <Page
      title="Bundles"
      actions={
        <>
          <FileTrigger
            acceptedFileTypes={['.zip']}
            onSelect={(list) => {
              const file = list?.item(0);
              if (file) openFile(file);
            }}
          >
            <Button icon={<PackageOpen />} isPending={isOpening}>
              {isOpening ? 'Opening…' : 'Open a bundle…'}
            </Button>
          </FileTrigger>
          <Button icon={<Package />} keys={['X']} onPress={() => setToExport([])}>
            Export several…
          </Button>
        </>
      }
    >
      <p className={styles.lead}>
        A bundle is one ZIP file with everything of an engagement: a report to read, as a page and
        as a PDF, the brief and its versions, every submission with its files, notes, receipts and
        reviews, the timesheet as CSV, and all of it as JSON. It opens without Stint.
      </p>
      {jobs.data === undefined || jobs.data.length === 0 ? null : (
        <RunningExports
          seatId={seatId}
          jobs={jobs.data}
          describe={(ids) => describeSubject(ids, data.engagements)}
        />
      )}
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
                  onExport={() => setToExport([engagement.engagementId])}
                />
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section title="What was exported">
        {entries.length === 0 ? (
          <Muted>Nothing yet.</Muted>
        ) : (
          <BundleRecords entries={entries} onOpen={openExported} />
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
      {toExport === null ? null : (
        <ExportDialog seatId={seatId} engagementIds={toExport} onClose={() => setToExport(null)} />
      )}
    </Page>
  );
}

function describeSubject(ids: readonly string[], engagements: readonly Engagement[]): string {
  const [id] = ids;
  const one = engagements.find(({ engagementId }) => engagementId === id);
  return ids.length === 1 && one !== undefined
    ? `the work of ${isolate(one.intern.name)}`
    : formatPlural(ids.length, 'engagement', 'engagements');
}
