import { useQuery } from '@tanstack/react-query';
import type { FileItem } from '../../../shared/contract/shapes.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { formatBytes, formatCount, formatPlural } from '../../format/numbers.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { Markdown } from '../../ui/markdown.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { MarkedText } from '../annotations/marked-text.tsx';
import type { FileMarks } from '../annotations/place-mark.ts';
import styles from './file-preview.module.css';
import { parseDelimited } from './parse-delimited.ts';
import { readFileHead } from './read-file-head.ts';
import { useSourceChoice } from './use-source-choice.ts';

const headBytes = 512 * 1024;
const tableRows = 200;
/** A file can have a line of half a million commas: each would be a cell in every row. */
const tableColumns = 100;

export interface TextPreviewProps {
  readonly seatId: string;
  readonly file: FileItem;
  readonly kind: 'markdown' | 'table' | 'text';
  readonly places?: FileMarks | undefined;
}

/** The reading view, or the text as it is written; places are named in the latter. */
export function TextPreview({ seatId, file, kind, places }: TextPreviewProps) {
  const isPlain = kind === 'text';
  const [asksForSource, setAsksForSource] = useSourceChoice(places);
  const showsSource = isPlain || asksForSource;
  const head = useQuery({
    // Content never changes under its hash.
    queryKey: ['preview', file.sha256, headBytes],
    queryFn: () => readFileHead(seatId, file.attachmentId, file.sizeBytes, headBytes),
  });
  if (head.isPending) return <Skeleton lines={4} label={`Reading ${isolate(file.name)}`} />;
  // What was read stays there: another try that fails says nothing of it.
  if (head.isLoadingError) {
    return (
      <p className={styles.note}>
        This file could not be read just now. It is safe; save it to open it with another program.
      </p>
    );
  }
  const { text, isCut } = head.data;
  if (text.trim() === '') return <p className={styles.note}>This file is empty.</p>;
  return (
    <>
      {showsSource ? (
        places === undefined ? (
          <Scroller label={file.name} isReading>
            <pre className={styles.text}>{text}</pre>
          </Scroller>
        ) : (
          <MarkedText label={file.name} text={text.replaceAll('\r\n', '\n')} {...places} />
        )
      ) : kind === 'table' ? (
        <TablePreview text={text} isCut={isCut} file={file} />
      ) : (
        <Scroller label={file.name} isReading>
          <Markdown text={text} />
        </Scroller>
      )}
      {isCut && (showsSource || kind !== 'table') ? (
        <p className={styles.note}>
          The first {formatBytes(headBytes)} of {formatBytes(file.sizeBytes)}.
        </p>
      ) : null}
      {isPlain || places === undefined ? null : (
        <div>
          <Button size="small" variant="quiet" onPress={() => setAsksForSource(!asksForSource)}>
            {describeSwitch(showsSource, places)}
          </Button>
        </div>
      )}
    </>
  );
}

function describeSwitch(showsSource: boolean, { onPlace, marks }: FileMarks): string {
  if (showsSource) return 'Show it as it reads';
  if (onPlace !== undefined) return 'Comment on a passage';
  return marks.length === 0 ? 'Show it as it was written' : 'Show the passages commented on';
}

function TablePreview({
  text,
  isCut,
  file,
}: {
  readonly text: string;
  readonly isCut: boolean;
  readonly file: FileItem;
}) {
  const { header: all, rows } = parseDelimited(text, tableRows, isCut);
  const header = all.slice(0, tableColumns);
  const isWhole = !isCut && rows.length < tableRows;
  const columns =
    header.length === all.length
      ? formatPlural(all.length, 'column', 'columns')
      : `${formatCount(header.length)} of ${formatPlural(all.length, 'column', 'columns')}`;
  return (
    <>
      <Scroller label={file.name}>
        <table className={styles.table}>
          <thead>
            <tr>
              {header.map((name, index) => (
                <th key={index} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, rowIndex) => (
              <tr key={rowIndex}>
                {header.map((_, index) => (
                  <td key={index}>{row[index] ?? ''}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
      <p className={styles.note}>
        {isWhole
          ? `${formatPlural(rows.length, 'row', 'rows')}, ${columns}.`
          : `The first ${formatPlural(rows.length, 'row', 'rows')}, ${columns}. The whole file is ${formatBytes(file.sizeBytes)}.`}
      </p>
    </>
  );
}

function Scroller({
  label,
  isReading = false,
  children,
}: {
  readonly label: string;
  /** Lines of text: no wider than the eye can follow. */
  readonly isReading?: boolean;
  readonly children: React.ReactNode;
}) {
  return (
    <section
      className={cx(styles.scroller, isReading && styles.reading)}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keyboard (WCAG 2.1.1).
      tabIndex={0}
      aria-label={`Contents of ${label}`}
    >
      {children}
    </section>
  );
}
