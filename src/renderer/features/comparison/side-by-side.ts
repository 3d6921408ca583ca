import type { DiffLine } from './text-diff.ts';

export interface NumberedLine {
  readonly number: number;
  readonly line: DiffLine;
}

/** One row of two columns; a side is undefined where nothing stands across from the other. */
export interface DiffRow {
  readonly before: NumberedLine | undefined;
  readonly after: NumberedLine | undefined;
}

/** Rows that stayed, in the place of which a gap is shown. */
export interface DiffGap {
  readonly skipped: number;
}

/** Lines that stayed, shown on each side of a change so that its place can be recognised. */
const contextRows = 3;

/** What was taken out across from what was put in at the same place. */
export function computeRows(lines: readonly DiffLine[]): DiffRow[] {
  const rows: DiffRow[] = [];
  let removed: NumberedLine[] = [];
  let added: NumberedLine[] = [];
  let beforeNumber = 0;
  let afterNumber = 0;
  const flush = () => {
    for (let index = 0; index < Math.max(removed.length, added.length); index += 1)
      rows.push({ before: removed[index], after: added[index] });
    removed = [];
    added = [];
  };
  for (const line of lines) {
    if (line.kind === 'removed') {
      beforeNumber += 1;
      removed.push({ number: beforeNumber, line });
    } else if (line.kind === 'added') {
      afterNumber += 1;
      added.push({ number: afterNumber, line });
    } else {
      flush();
      beforeNumber += 1;
      afterNumber += 1;
      rows.push({
        before: { number: beforeNumber, line },
        after: { number: afterNumber, line },
      });
    }
  }
  flush();
  return rows;
}

const isChanged = ({ before, after }: DiffRow): boolean =>
  before?.line.kind !== 'same' || after?.line.kind !== 'same';

/** The changed rows with their neighbours. */
export function leaveOutSame(rows: readonly DiffRow[]): (DiffRow | DiffGap)[] {
  const near = new Set<number>();
  for (const [index, row] of rows.entries())
    if (isChanged(row))
      for (let at = index - contextRows; at <= index + contextRows; at += 1) near.add(at);
  const shown: (DiffRow | DiffGap)[] = [];
  let skipped = 0;
  const close = () => {
    if (skipped > 0) shown.push({ skipped });
    skipped = 0;
  };
  for (const [index, row] of rows.entries()) {
    if (near.has(index)) {
      close();
      shown.push(row);
    } else skipped += 1;
  }
  close();
  return shown;
}
