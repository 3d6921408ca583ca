import { useState } from 'react';
import type { ImportPreview } from '../../../shared/contract/import-requests.ts';
import { decodeText } from '../../client/decode-text.ts';
import { useAction } from '../../client/use-request.ts';
import { formatCount, formatPlural } from '../../format/numbers.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { DataTable, type DataColumn } from '../../ui/data-table.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { DualTime } from '../../ui/dual-time.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { FileDrop } from '../../ui/file-drop.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Muted } from '../../ui/stack.tsx';
import { TextArea } from '../../ui/text-field.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useCopyText } from '../../ui/use-copy-text.tsx';
import { describeMinutes } from './describe-project.ts';
import formStyles from './form.module.css';
import styles from './import-dialog.module.css';

type Kind = 'tasks' | 'interns';

const texts = {
  tasks: {
    title: 'Import tasks from a list',
    noun: ['task', 'tasks'],
    help: 'The first line names the columns: title and deadline, and if you like intern, instructions, criteria (with | between them), time and hours. A row without an intern is for everyone.',
    sample: 'title,intern,deadline,hours\nPrice survey,,2027-03-12,4',
  },
  interns: {
    title: 'Invite interns from a list',
    noun: ['intern', 'interns'],
    help: 'The first line names the columns: name, and if you like email. You get a link for each of them to send.',
    sample: 'name,email\nAda Lovelace,ada@example.org',
  },
} as const;

interface RowEntry {
  readonly id: string;
  readonly row: ImportPreview['rows'][number];
}

const states = {
  new: { label: 'Will be made', tone: 'positive' },
  there: { label: 'Already there', tone: 'neutral' },
  wrong: { label: 'Wrong', tone: 'negative' },
} as const;

const columns: readonly DataColumn<RowEntry>[] = [
  { id: 'line', label: 'Line', render: ({ row }) => row.line },
  {
    id: 'title',
    label: 'What',
    isRowHeader: true,
    render: ({ row }) => (row.title === '' ? <Muted>nothing</Muted> : row.title),
  },
  {
    id: 'details',
    label: 'Details',
    render: ({ row }) =>
      row.problems.length === 0 ? (
        <Details row={row} />
      ) : (
        <ul className={styles.problems}>
          {row.problems.map(({ column, message }) => (
            <li key={column}>
              <strong>{column}</strong>: {message}
            </li>
          ))}
        </ul>
      ),
  },
  {
    id: 'state',
    label: 'State',
    align: 'end',
    render: ({ row }) => <Badge tone={states[row.state].tone}>{states[row.state].label}</Badge>,
  },
];

/** For whom, until when on both clocks, and how long it may take. */
function Details({ row: { details, due, estimateMinutes } }: Pick<RowEntry, 'row'>) {
  return (
    <span className={styles.details}>
      {details.map((text) => (
        <span key={text}>{text}</span>
      ))}
      {due === undefined ? null : <DualTime instant={due.instant} zone={due.zone} />}
      {typeof estimateMinutes === 'number' ? <span>{describeMinutes(estimateMinutes)}</span> : null}
    </span>
  );
}

/** So many are named; all are marked in the table. */
const linesNamed = 8;

/** In a small window the table lies below the fold: where to look stands above it. */
function describeWrongLines(rows: ImportPreview['rows']): string {
  const lines = [
    ...new Set(rows.filter(({ state }) => state === 'wrong').map(({ line }) => line)),
  ].map(formatCount);
  if (lines.length === 1) return `It is on line ${lines.join()}.`;
  const named = lines.slice(0, linesNamed);
  return `They are on lines ${named.join(', ')}${lines.length > linesNamed ? ' and more' : ''}.`;
}

export interface ImportDialogProps {
  readonly seatId: string;
  readonly projectId: string;
  readonly kind: Kind;
  readonly onClose: () => void;
}

/** A list that comes from a spreadsheet: first what it would make, row by row; then all of it or nothing. */
export function ImportDialog({ seatId, projectId, kind, onClose }: ImportDialogProps) {
  const {
    title,
    noun: [one, many],
    help,
    sample,
  } = texts[kind];
  const [csv, setCsv] = useState('');
  const preview = useAction('project.previewImport', { isInline: true });
  const run = useAction('project.import', {
    isInline: true,
    onSuccess: ({ made, alreadyThere, links }) => {
      if (links.length > 0) return;
      showToast({
        tone: 'positive',
        title: made === 0 ? 'Nothing was new' : `${formatPlural(made, one, many)} imported`,
        ...(alreadyThere === 0
          ? {}
          : { description: `${formatPlural(alreadyThere, 'was', 'were')} there before.` }),
      });
      onClose();
    },
  });
  const shown = preview.data;
  const look = (text: string) => {
    setCsv(text);
    run.reset();
    if (text.trim() === '') preview.reset();
    else preview.mutate({ seatId, projectId, kind, csv: text });
  };
  if (run.data !== undefined && run.data.links.length > 0)
    return <LinksDialog links={run.data.links} onClose={onClose} />;
  const count = (state: keyof typeof states) =>
    shown?.rows.filter((row) => row.state === state).length ?? 0;
  const isReady = shown?.problem === null && count('wrong') === 0 && count('new') > 0;
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title={title}
      size="large"
      isForm
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            variant="primary"
            isDisabled={!isReady || run.isPending || preview.isPending}
            onPress={() => run.mutate({ seatId, projectId, kind, csv })}
          >
            {isReady ? `Import ${formatPlural(count('new'), one, many)}` : 'Import'}
          </Button>
        </>
      }
    >
      <div className={formStyles.form}>
        <p>{help}</p>
        <FileDrop
          label="Choose a CSV file"
          hint="or drop it here"
          allowsMultiple={false}
          accept={['.csv', '.tsv', '.txt', 'text/csv']}
          onFiles={async ([file]) => {
            if (file !== undefined) look(decodeText(new Uint8Array(await file.arrayBuffer())));
          }}
        />
        <TextArea
          label="Or paste the rows"
          value={csv}
          onChange={look}
          rows={4}
          placeholder={sample}
        />
        {preview.error === null ? null : (
          <ErrorNotice error={preview.error} title="Not read. Nothing was imported." />
        )}
        {run.error === null ? null : <ErrorNotice error={run.error} title="Nothing was imported" />}
        {shown === undefined ? null : shown.problem !== null ? (
          <Notice tone="negative" title="The list cannot be read" isLive>
            {shown.problem.charAt(0).toUpperCase() + shown.problem.slice(1)}. Nothing was imported.
          </Notice>
        ) : (
          <>
            {count('wrong') > 0 ? (
              <Notice
                tone="warning"
                title={`${formatPlural(count('wrong'), 'row is', 'rows are')} wrong`}
                isLive
              >
                {describeWrongLines(shown.rows)} Correct the list and choose or paste it again.
                Until then nothing is imported.
              </Notice>
            ) : null}
            {shown.unknownColumns.length > 0 ? (
              <Muted>Columns that are left out: {shown.unknownColumns.join(', ')}</Muted>
            ) : null}
            <DataTable
              label="What would be made"
              columns={columns}
              items={shown.rows.map((row, index) => ({ id: `${row.line}/${index}`, row }))}
            />
          </>
        )}
      </div>
    </Dialog>
  );
}

function LinksDialog({
  links,
  onClose,
}: {
  readonly links: readonly { name: string; email: string | null; link: string }[];
  readonly onClose: () => void;
}) {
  const { copyText, fallback } = useCopyText();
  const all = links.map(({ name, email, link }) => [name, email ?? '', link].join('\t')).join('\n');
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title={`${formatPlural(links.length, 'intern is', 'interns are')} invited`}
      size="large"
      footer={
        <>
          <Button onPress={() => copyText(all, 'Links')}>Copy all, for a spreadsheet</Button>
          <Button variant="primary" onPress={onClose}>
            Done
          </Button>
        </>
      }
    >
      <p>
        Send each of them their own link. It works once, as soon as the invitation is on the server;
        the links stay under People, on this computer.
      </p>
      <ul className={styles.links}>
        {links.map(({ name, email, link }) => (
          <li key={link}>
            <strong>
              <bdi>{name}</bdi>
            </strong>{' '}
            {email === null ? null : <Muted>{email}</Muted>}
            <code>{link}</code>
          </li>
        ))}
      </ul>
      {fallback}
    </Dialog>
  );
}
