import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { ChevronRight } from 'lucide-react';
import { hostPaths } from '../../../shared/contract/carriers.ts';
import type { FileItem, Submission } from '../../../shared/contract/shapes.ts';
import { computeReadableName } from '../../../shared/domain/hidden-characters.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { formatBytes } from '../../format/numbers.ts';
import { Badge } from '../../ui/badge.tsx';
import { FileName } from '../../ui/file-name.tsx';
import type { Tone } from '../../ui/notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { computePreviewKind } from '../review/preview-kind.ts';
import { readFileHead } from '../review/read-file-head.ts';
import { ImageComparison } from './image-comparison.tsx';
import { pairFiles, type FilePair } from './pair-files.ts';
import { TextComparison } from './text-comparison.tsx';
import styles from './comparison.module.css';

const headBytes = 512 * 1024;
/** As many comparisons stand open at first. */
const openAtFirst = 3;

export interface CompareRevisionsProps {
  readonly before: Submission;
  readonly after: Submission;
}

/** Two revisions of the same task side by side: the note, and what became of each file. */
export function CompareRevisions({ before, after }: CompareRevisionsProps) {
  const names = {
    beforeName: `Revision ${before.revision}`,
    afterName: `Revision ${after.revision}`,
  };
  const pairs = pairFiles(before.files, after.files);
  const isSameNote = before.note.trim() === after.note.trim();
  return (
    <div className={styles.comparison}>
      {isSameNote ? (
        <p className={styles.quiet}>The note is the same.</p>
      ) : (
        <section className={styles.part} aria-label="The note compared">
          <h4>Note</h4>
          <TextComparison label="the note" before={before.note} after={after.note} {...names} />
        </section>
      )}
      {pairs.length === 0 ? <p className={styles.quiet}>Neither has files.</p> : null}
      <ul className={styles.pairs} aria-label="Files compared">
        {pairs.map((pair, index) => (
          <li key={(pair.after ?? pair.before).attachmentId}>
            <Pair
              seatId={after.seatId}
              pair={pair}
              names={names}
              isOpenAtFirst={index < openAtFirst}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}

const kinds: Readonly<Record<FilePair<FileItem>['kind'], { label: string; tone: Tone }>> = {
  changed: { label: 'Changed', tone: 'accent' },
  added: { label: 'Added', tone: 'positive' },
  removed: { label: 'Removed', tone: 'negative' },
  renamed: { label: 'Another name', tone: 'neutral' },
  unchanged: { label: 'Unchanged', tone: 'neutral' },
};

interface PairProps {
  readonly seatId: string;
  readonly pair: FilePair<FileItem>;
  readonly names: { readonly beforeName: string; readonly afterName: string };
  readonly isOpenAtFirst: boolean;
}

function Pair({ seatId, pair, names, isOpenAtFirst }: PairProps) {
  const { kind, before, after } = pair;
  const [isOpen, setIsOpen] = useState(kind === 'changed' && isOpenAtFirst);
  const { label, tone } = kinds[kind];
  const line = (
    <>
      <span className={styles.name}>
        {kind === 'renamed' ? (
          <>
            <FileName name={before.name} /> → <FileName name={after.name} />
          </>
        ) : (
          <FileName name={(after ?? before).name} />
        )}
      </span>
      <Badge tone={tone}>{label}</Badge>
      <span className={styles.quiet}>{describeSizes(pair)}</span>
    </>
  );
  if (kind !== 'changed') return <div className={styles.pair}>{line}</div>;
  return (
    <details open={isOpen} onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary className={styles.pair}>
        <ChevronRight aria-hidden className={styles.chevron} />
        {line}
      </summary>
      {isOpen ? <Contents seatId={seatId} before={before} after={after} names={names} /> : null}
    </details>
  );
}

function describeSizes({ before, after }: FilePair<FileItem>): string {
  if (before === undefined) return formatBytes(after.sizeBytes);
  if (after === undefined || before.sizeBytes === after.sizeBytes)
    return formatBytes(before.sizeBytes);
  return `${formatBytes(before.sizeBytes)} → ${formatBytes(after.sizeBytes)}`;
}

interface ContentsProps extends Pick<PairProps, 'seatId' | 'names'> {
  readonly before: FileItem;
  readonly after: FileItem;
}

const textKinds = new Set(['markdown', 'table', 'text', 'page']);

function Contents({ seatId, before, after, names }: ContentsProps) {
  const kindOf = ({ mediaType, name }: FileItem) => computePreviewKind(mediaType, name);
  if (!before.isHere || !after.isHere)
    return (
      <p className={styles.quiet}>
        {before.isHere ? names.afterName : names.beforeName} is not on this computer yet; it comes
        by itself.
      </p>
    );
  if (kindOf(before) === 'image' && kindOf(after) === 'image')
    return (
      <ImageComparison
        label={computeReadableName(after.name)}
        before={hostPaths.file(seatId, before.attachmentId)}
        after={hostPaths.file(seatId, after.attachmentId)}
        {...names}
      />
    );
  if (textKinds.has(kindOf(before)) && textKinds.has(kindOf(after)))
    return <TextContents seatId={seatId} before={before} after={after} names={names} />;
  return (
    <p className={styles.quiet}>
      The contents differ. What differs in a file of this kind can be seen in its own program.
    </p>
  );
}

function TextContents({ seatId, before, after, names }: ContentsProps) {
  const texts = useQuery({
    // Contents never change under their hashes.
    queryKey: ['comparison', before.sha256, after.sha256],
    queryFn: async () =>
      Promise.all(
        [before, after].map(async (file) =>
          readFileHead(seatId, file.attachmentId, file.sizeBytes, headBytes),
        ),
      ),
  });
  if (texts.isPending) return <Skeleton lines={4} label={`Reading ${isolate(after.name)}`} />;
  const [left, right] = texts.data ?? [];
  if (left === undefined || right === undefined)
    return <p className={styles.quiet}>The files could not be read just now. They are safe.</p>;
  return (
    <>
      <TextComparison
        label={computeReadableName(after.name)}
        before={left.text}
        after={right.text}
        {...names}
      />
      {left.isCut || right.isCut ? (
        <p className={styles.quiet}>The first {formatBytes(headBytes)} of each are compared.</p>
      ) : null}
    </>
  );
}
