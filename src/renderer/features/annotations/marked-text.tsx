import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import { createTextSelectors, maximumQuote } from '../../../shared/domain/text-selector.ts';
import { formatCount } from '../../format/numbers.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { computeSegments } from './mark-segments.ts';
import type { FileMarks } from './place-mark.ts';
import styles from './annotations.module.css';

interface Range {
  readonly start: number;
  readonly end: number;
}

export interface MarkedTextProps extends FileMarks {
  readonly label: string;
  readonly text: string;
}

/**
 * A text with the passages that something was said of. Where more can be said, it takes the caret, so that a passage
 * is chosen with the mouse or with the arrow keys; nothing can be typed into it.
 */
export function MarkedText({ label, text, marks, activeId, onActivate, onPlace }: MarkedTextProps) {
  const preRef = useRef<HTMLPreElement>(null);
  const [selected, setSelected] = useState<Range>();
  // A keyboard for another script writes before it can be refused: then the text is put up anew.
  const [edition, setEdition] = useState(0);
  const segments = useMemo(() => computeSegments(text, marks), [text, marks]);
  const canPlace = onPlace !== undefined;
  const isTooLong = selected !== undefined && selected.end - selected.start > maximumQuote;

  const place = () => {
    const range = findSelection(preRef.current) ?? selected;
    const selectors = range && createTextSelectors(text, range.start, range.end);
    if (selectors === undefined) return;
    setSelected(undefined);
    getSelection()?.removeAllRanges();
    onPlace?.(selectors);
  };
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.key === 'Escape') preRef.current?.blur();
    else if (event.key === 'Enter' && !event.isComposing) place();
    else return;
    event.preventDefault();
  });

  const onClick = useEffectEvent((event: MouseEvent) => {
    const mark = event.target instanceof Element ? event.target.closest('mark') : null;
    const id = mark?.dataset['marks']?.split(' ').at(-1);
    // What ends a selection is no choice of what lies under it.
    if (id !== undefined && getSelection()?.isCollapsed !== false) onActivate(id);
  });

  // By keyboard, marks are chosen in the list beside the text.
  useEffect(() => {
    const pre = preRef.current;
    const activate = (event: MouseEvent) => onClick(event);
    pre?.addEventListener('click', activate);
    return () => pre?.removeEventListener('click', activate);
  }, [edition]);

  useEffect(() => {
    const pre = preRef.current;
    if (pre === null || !canPlace) return;
    const refuse = (event: Event) => event.preventDefault();
    const renew = () => setEdition((before) => before + 1);
    const note = () => {
      const range = findSelection(pre);
      // A selection elsewhere, such as in the field of a comment, says nothing of this text.
      if (range !== undefined) setSelected(range.start === range.end ? undefined : range);
    };
    pre.addEventListener('beforeinput', refuse);
    pre.addEventListener('compositionend', renew);
    const answer = (event: KeyboardEvent) => onKey(event);
    pre.addEventListener('keydown', answer);
    document.addEventListener('selectionchange', note);
    return () => {
      pre.removeEventListener('beforeinput', refuse);
      pre.removeEventListener('compositionend', renew);
      pre.removeEventListener('keydown', answer);
      document.removeEventListener('selectionchange', note);
    };
  }, [canPlace, edition]);

  useEffect(() => {
    if (activeId === null) return;
    preRef.current
      ?.querySelector(`[data-marks~="${CSS.escape(activeId)}"]`)
      ?.scrollIntoView({ block: 'nearest' });
  }, [activeId]);

  return (
    <div className={styles.marked}>
      <div className={cx(styles.scroller)}>
        <pre
          key={edition}
          ref={preRef}
          className={cx(styles.text)}
          {...(canPlace
            ? ({
                tabIndex: 0,
                contentEditable: true,
                suppressContentEditableWarning: true,
                spellCheck: false,
                role: 'textbox',
                'aria-multiline': true,
                'aria-readonly': true,
              } as const)
            : { tabIndex: 0, role: 'document' })}
          aria-label={`Contents of ${label}`}
        >
          {segments.map((segment) =>
            segment.marks.length === 0 ? (
              segment.text
            ) : (
              <mark
                key={segment.start}
                className={cx(
                  styles.passage,
                  segment.marks.some(({ id }) => id === activeId) && styles.active,
                )}
                data-marks={segment.marks.map(({ id }) => id).join(' ')}
                data-numbers={segment.ending.map(({ number }) => number).join(' ') || undefined}
              >
                {segment.text}
              </mark>
            ),
          )}
        </pre>
      </div>
      {canPlace ? (
        <div className={styles.tools}>
          <Button
            size="small"
            keys={['Enter']}
            isDisabled={selected === undefined || isTooLong}
            onPress={place}
          >
            Comment on the passage
          </Button>
          <span className={styles.hint}>
            {selected === undefined
              ? 'Select a passage with the mouse, or with Shift and the arrow keys.'
              : isTooLong
                ? `Select less: a passage has at most ${formatCount(maximumQuote)} characters.`
                : ''}
          </span>
        </div>
      ) : null}
    </div>
  );
}

/** What is selected within an element, in code units of its text; undefined where the selection is elsewhere. */
function findSelection(element: HTMLElement | null): Range | undefined {
  const selection = getSelection();
  if (element === null || selection === null || selection.rangeCount === 0) return undefined;
  const range = selection.getRangeAt(0);
  if (!element.contains(range.commonAncestorContainer)) return undefined;
  const before = document.createRange();
  before.setStart(element, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const start = before.toString().length;
  return { start, end: start + range.toString().length };
}
