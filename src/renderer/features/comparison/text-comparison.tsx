import { useMemo } from 'react';
import { formatCount, formatPlural } from '../../format/numbers.ts';
import { cx } from '../../ui/cx.ts';
import { computeRows, leaveOutSame, type NumberedLine } from './side-by-side.ts';
import { takeDrawn } from './take-drawn.ts';
import { computeLineDiff } from './text-diff.ts';
import spokenStyles from '../../ui/spoken.module.css';
import styles from './comparison.module.css';

export interface TextComparisonProps {
  readonly label: string;
  readonly before: string;
  readonly after: string;
  readonly beforeName: string;
  readonly afterName: string;
}

/** Two texts side by side, the words that changed told apart; what stayed is left out but for its edges. */
export function TextComparison({
  label,
  before,
  after,
  beforeName,
  afterName,
}: TextComparisonProps) {
  const { drawn: rows, left } = useMemo(
    () =>
      takeDrawn(leaveOutSame(computeRows(computeLineDiff(before, after))), (row) =>
        'skipped' in row ? [] : [row.before?.line, row.after?.line],
      ),
    [before, after],
  );
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keyboard (WCAG 2.1.1).
    <section className={styles.scroller} tabIndex={0} aria-label={`What changed in ${label}`}>
      <table className={styles.diff}>
        <colgroup>
          <col className={styles.numbers} />
          <col />
          <col className={styles.numbers} />
          <col />
        </colgroup>
        <thead>
          <tr>
            <th colSpan={2} scope="colgroup">
              {beforeName}
            </th>
            <th colSpan={2} scope="colgroup">
              {afterName}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => {
            // The order of lines is their identity: a diff never changes under the reader.
            const key = `row-${index}`;
            return 'skipped' in row ? (
              <tr key={key}>
                <td colSpan={4} className={styles.gap}>
                  {formatPlural(row.skipped, 'line', 'lines')} the same
                </td>
              </tr>
            ) : (
              <tr key={key}>
                <Side line={row.before} />
                <Side line={row.after} isAfter />
              </tr>
            );
          })}
          {left.length === 0 ? null : (
            <tr>
              <td colSpan={4} className={styles.gap}>
                More differs from here on than can be shown:{' '}
                {formatPlural(left.length, 'row', 'rows')}
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </section>
  );
}

const leads = { same: '', added: 'Added: ', removed: 'Removed: ' } as const;

interface SideProps {
  readonly line: NumberedLine | undefined;
  readonly isAfter?: boolean;
}

function Side({ line, isAfter = false }: SideProps) {
  if (line === undefined)
    return (
      <td colSpan={2} className={cx(styles.nothing, isAfter && styles.after)}>
        <span className={spokenStyles.spoken}>No line</span>
      </td>
    );
  const { kind, pieces } = line.line;
  return (
    <>
      <td className={cx(styles.lineNumber, styles[kind], isAfter && styles.after)}>
        {formatCount(line.number)}
      </td>
      <td className={cx(styles.code, styles[kind])}>
        <span className={spokenStyles.spoken}>{leads[kind]}</span>
        {pieces.map((piece, index) => {
          const key = `piece-${index}`;
          if (piece.kind === 'added') return <ins key={key}>{piece.text}</ins>;
          if (piece.kind === 'removed') return <del key={key}>{piece.text}</del>;
          return <span key={key}>{piece.text}</span>;
        })}
      </td>
    </>
  );
}
