import { useMemo } from 'react';
import type { ImportRow } from '../../../../shared/contract/hours-exchange-requests.ts';
import { formatDateTime, formatEnd } from '../../../format/date-time.ts';
import { Badge } from '../../../ui/badge.tsx';
import { DataTable, type DataColumn } from '../../../ui/data-table.tsx';
import { Muted } from '../../../ui/stack.tsx';
import { isTaken } from './describe-import.ts';
import styles from './exchange.module.css';

type Item = ImportRow & { readonly id: string };

const states = {
  bad: { label: 'Cannot be read', tone: 'negative' },
  unmapped: { label: 'Needs a task', tone: 'warning' },
  asked: { label: 'The employer is asked', tone: 'accent' },
  new: { label: 'New', tone: 'positive' },
  duplicate: { label: 'Already here', tone: 'neutral' },
} as const;

const order = Object.keys(states);
/** What needs the person first; among what is new, that of which something is left out. */
const computeRank = ({ state, cutNote }: Item): number =>
  order.indexOf(state) - (isTaken(state) && cutNote !== null ? 0.5 : 0);
/** More than anybody reads in a dialog; the numbers above count them all. */
const mostRows = 100;

const capitalize = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const columns: readonly DataColumn<Item>[] = [
  { id: 'line', label: 'Line', render: ({ line }) => line },
  {
    id: 'what',
    label: 'What',
    isRowHeader: true,
    render: ({ project, note, problem, cutNote }) => (
      <span className={styles.what}>
        <span>{note === '' ? project : note}</span>
        {problem === null ? null : <span className={styles.problem}>{capitalize(problem)}</span>}
        {cutNote === null ? null : <span className={styles.problem}>{cutNote}</span>}
        {note === '' ? null : <Muted>{project}</Muted>}
      </span>
    ),
  },
  {
    id: 'when',
    label: 'When',
    render: ({ startedAt, endedAt }) =>
      startedAt === null || endedAt === null
        ? ''
        : `${formatDateTime(startedAt)} – ${formatEnd(startedAt, endedAt)}`,
  },
  {
    id: 'state',
    label: 'State',
    align: 'end',
    render: ({ state }) => <Badge tone={states[state].tone}>{states[state].label}</Badge>,
  },
];

export function ImportRows({ rows }: { readonly rows: readonly ImportRow[] }) {
  const items = useMemo(
    () =>
      rows
        .map((row, index) => ({ ...row, id: `${row.line}/${index}` }))
        .sort((left, right) => computeRank(left) - computeRank(right))
        .slice(0, mostRows),
    [rows],
  );
  return (
    <>
      <DataTable label="Rows of the file" columns={columns} items={items} />
      {rows.length > mostRows ? (
        <Muted>and {rows.length - mostRows} more rows, of the kinds that are counted above</Muted>
      ) : null}
    </>
  );
}
