import { useMemo } from 'react';
import { BookOpen, Copy, Download } from 'lucide-react';
import { hostPaths } from '../../../shared/contract/carriers.ts';
import type { RequestOutput } from '../../../shared/contract/contract.ts';
import { formatDateTime } from '../../format/date-time.ts';
import { formatBytes } from '../../format/numbers.ts';
import { IconButton } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { DataTable, type DataColumn } from '../../ui/data-table.tsx';
import { Muted } from '../../ui/stack.tsx';
import { useCopyText } from '../../ui/use-copy-text.tsx';
import styles from './bundles.module.css';

export interface RecordEntry {
  readonly id: string;
  readonly fileName: string;
  readonly about: string;
  readonly by: string;
  readonly exportedAt: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly isHere: boolean;
}

/**
 * The organization's record of exports, with those of this computer that are on none: made before there was one. One
 * that was written anew with the same bytes is one file, and stands there as often as it was exported.
 */
export function computeRecordEntries(
  records: RequestOutput<'bundles.records'>,
  { engagements, exported }: RequestOutput<'bundles.list'>,
): RecordEntry[] {
  const here = new Set(exported.map(({ fileName, sha256 }) => `${sha256} ${fileName}`));
  const recorded = new Set(records.map(({ fileName, sha256 }) => `${sha256} ${fileName}`));
  const entries = records.map((record) => ({
    id: record.exportId,
    fileName: record.fileName,
    about: [record.about, describeContents(record.contents)]
      .filter((text) => text !== '')
      .join(', '),
    by: record.exportedBy,
    exportedAt: record.exportedAt,
    sha256: record.sha256,
    sizeBytes: record.sizeBytes,
    isHere: here.has(`${record.sha256} ${record.fileName}`),
  }));
  const older = exported
    .filter(({ fileName, sha256 }) => !recorded.has(`${sha256} ${fileName}`))
    .map((file) => ({
      ...file,
      id: file.fileName,
      about:
        engagements.find(({ engagementId }) => engagementId === file.engagementId)?.intern.name ??
        '',
      by: 'On this computer',
      isHere: true,
    }));
  return [...entries, ...older].sort((a, b) => b.exportedAt.localeCompare(a.exportedAt));
}

function describeContents({
  revisions,
  hours,
  evaluations,
  namesRedacted,
}: RequestOutput<'bundles.records'>[number]['contents']): string {
  const chosen = {
    all: '',
    accepted: 'accepted revisions',
    newest: 'newest revisions',
    chosen: 'single revisions',
  } as const;
  return [
    chosen[revisions],
    hours ? '' : 'without hours',
    evaluations ? '' : 'without evaluations',
    namesRedacted ? 'names replaced' : '',
  ]
    .filter((text) => text !== '')
    .join(', ');
}

export interface BundleRecordsProps {
  readonly entries: readonly RecordEntry[];
  readonly onOpen: (fileName: string) => void;
}

/** What was exported, by whom, when, and with which hash. */
export function BundleRecords({ entries, onOpen }: BundleRecordsProps) {
  const { copyText, fallback } = useCopyText();
  const columns = useMemo<DataColumn<RecordEntry>[]>(
    () => [
      {
        id: 'name',
        label: 'Bundle',
        isRowHeader: true,
        compare: (a, b) => a.fileName.localeCompare(b.fileName),
        render: (entry) => (
          <>
            <span className={styles.file}>{entry.fileName}</span>
            {entry.about === '' ? null : <Muted>{entry.about}</Muted>}
          </>
        ),
      },
      {
        id: 'at',
        label: 'Exported',
        compare: (a, b) => a.exportedAt.localeCompare(b.exportedAt),
        render: (entry) => (
          <>
            <span className={cx(styles.one, styles.file)}>{formatDateTime(entry.exportedAt)}</span>
            <Muted>{entry.by}</Muted>
          </>
        ),
      },
      {
        id: 'hash',
        label: 'SHA-256',
        render: (entry) => (
          <span className={styles.hashCell}>
            <code className={styles.hash}>{entry.sha256.slice(0, 12)}…</code>
            <IconButton
              size="small"
              label={`Copy the hash of ${entry.fileName}`}
              icon={<Copy />}
              onPress={() => copyText(entry.sha256, 'Hash')}
            />
          </span>
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
        render: (entry) =>
          entry.isHere ? (
            <span className={styles.fileActions}>
              <IconButton
                label={`Read ${entry.fileName}`}
                icon={<BookOpen />}
                onPress={() => onOpen(entry.fileName)}
              />
              <a
                className={styles.save}
                href={hostPaths.exported(entry.fileName)}
                download={entry.fileName}
                aria-label={`Save ${entry.fileName}`}
              >
                <Download aria-hidden /> Save
              </a>
            </span>
          ) : (
            <Muted>On another computer</Muted>
          ),
      },
    ],
    [copyText, onOpen],
  );
  return (
    <>
      <DataTable label="Exported bundles" columns={columns} items={entries} />
      {fallback}
    </>
  );
}
