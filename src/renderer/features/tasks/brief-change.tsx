import { useMemo, useState } from 'react';
import type { Brief } from '../../../shared/contract/shapes.ts';
import { useAction } from '../../client/use-request.ts';
import { formatDateTime } from '../../format/date-time.ts';
import { formatPlural } from '../../format/numbers.ts';
import { useShortcut } from '../../frame/shortcuts.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { Notice } from '../../ui/notice.tsx';
import { Muted, Row } from '../../ui/stack.tsx';
import { computeCriteriaChanges, type CriterionChange } from './criteria-changes.ts';
import { takeDrawn } from '../comparison/take-drawn.ts';
import { computeLineDiff, type DiffLine, type DiffPiece } from '../comparison/text-diff.ts';
import { useTaskPatch, type TaskKey } from './use-task.ts';
import spokenStyles from '../../ui/spoken.module.css';
import styles from './brief-change.module.css';

/** Lines that stayed, shown on each side of a change so that its place can be recognised. */
const contextLines = 1;

export interface BriefChangeProps extends TaskKey {
  readonly seenBrief: Brief;
  readonly brief: Brief;
  readonly onSeen: () => void;
}

/** The brief is another one than the intern has seen: what changed, and one key to say "seen". */
export function BriefChange({ seatId, taskId, seenBrief, brief, onSeen }: BriefChangeProps) {
  const [isShown, setIsShown] = useState(true);
  const acknowledge = useAction('task.acknowledgeBrief', { failure: 'Not marked as seen' });
  const patch = useTaskPatch({ seatId, taskId });
  const markAsSeen = () => {
    patch((task) => ({ ...task, seenBrief: null, item: { ...task.item, hasUnseenBrief: false } }));
    acknowledge.mutate({ seatId, taskId, briefVersionId: brief.briefVersionId });
    onSeen();
  };
  useShortcut({ keys: ['B'], label: 'Mark the changed brief as seen', group: 'Task' }, markAsSeen);
  return (
    <section className={styles.change} aria-label="What changed in the brief">
      <Notice
        tone="accent"
        title="The brief changed"
        action={
          <Row gap={0.5}>
            <Button
              size="small"
              variant="quiet"
              aria-expanded={isShown}
              onPress={() => setIsShown(!isShown)}
            >
              {isShown ? 'Hide what changed' : 'Show what changed'}
            </Button>
            <Button size="small" keys={['B']} onPress={markAsSeen}>
              Mark as seen
            </Button>
          </Row>
        }
      >
        Version {brief.version} of {formatDateTime(brief.createdAt)}; you have seen version{' '}
        {seenBrief.version}.
      </Notice>
      {isShown ? <BriefDiff before={seenBrief} after={brief} /> : null}
    </section>
  );
}

export function BriefDiff({ before, after }: { readonly before: Brief; readonly after: Brief }) {
  const lines = useMemo(
    () => computeLineDiff(before.instructions, after.instructions),
    [before, after],
  );
  const criteria = useMemo(() => computeCriteriaChanges(before, after), [before, after]);
  // Empty lines part paragraphs and say nothing by themselves.
  const told = lines.filter(({ pieces }) => pieces.some(({ text }) => text.trim() !== ''));
  const hasChangedLines = told.some(({ kind }) => kind !== 'same');
  return (
    <div className={styles.diff}>
      {hasChangedLines ? <Lines told={told} /> : null}
      {hasChangedLines || criteria.length > 0 ? null : (
        <Muted>No words changed: empty lines did, or the order of the criteria.</Muted>
      )}
      {criteria.length === 0 ? null : (
        <>
          <h3 className={styles.part}>Acceptance criteria</h3>
          <ul className={styles.lines}>
            {criteria.map((change) => (
              <CriterionLine key={change.id} change={change} />
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

/** The changed lines with their neighbours; what lies between is left out, and said so. */
function Lines({ told }: { readonly told: readonly DiffLine[] }) {
  const near = told.map((_, index) =>
    told
      .slice(Math.max(0, index - contextLines), index + contextLines + 1)
      .some(({ kind }) => kind !== 'same'),
  );
  const shown = told.flatMap((line, index): readonly (DiffLine | 'gap')[] => {
    if (near[index] === true) return [line];
    return near[index - 1] === true || index === 0 ? ['gap'] : [];
  });
  const { drawn, left } = takeDrawn(shown, (line) => (line === 'gap' ? [] : [line]));
  return (
    <ul className={styles.lines}>
      {drawn.map((line, index) => {
        // The order of lines is their identity: a diff never changes under the reader.
        const key = `line-${index}`;
        return line === 'gap' ? (
          <li key={key} className={styles.gap} aria-label="Unchanged lines left out">
            …
          </li>
        ) : (
          <Line key={key} line={line} />
        );
      })}
      {left.length === 0 ? null : (
        <li className={styles.gap}>
          More differs from here on than can be shown: {formatPlural(left.length, 'line', 'lines')}
        </li>
      )}
    </ul>
  );
}

const signs = { same: ' ', added: '+', removed: '−', changed: '~' } as const;
const leads = { same: '', added: 'Added: ', removed: 'Removed: ', changed: 'Changed: ' } as const;

function Line({ line }: { readonly line: DiffLine }) {
  return (
    <li className={cx(styles.line, styles[line.kind])}>
      <span className={styles.sign} aria-hidden>
        {signs[line.kind]}
      </span>
      <span className={styles.lineText}>
        <span className={spokenStyles.spoken}>{leads[line.kind]}</span>
        <Pieces pieces={line.pieces} />
      </span>
    </li>
  );
}

function CriterionLine({ change }: { readonly change: CriterionChange }) {
  return (
    <li className={cx(styles.line, styles[change.kind])}>
      <span className={styles.sign} aria-hidden>
        {signs[change.kind]}
      </span>
      <span className={styles.lineText}>
        <span className={spokenStyles.spoken}>{leads[change.kind]}</span>
        <Pieces pieces={change.pieces} />
      </span>
    </li>
  );
}

function Pieces({ pieces }: { readonly pieces: readonly DiffPiece[] }) {
  return pieces.map(({ kind, text }, index) => {
    const key = `piece-${index}`;
    if (kind === 'added') return <ins key={key}>{text}</ins>;
    if (kind === 'removed') return <del key={key}>{text}</del>;
    return <span key={key}>{text}</span>;
  });
}
