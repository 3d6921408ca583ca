import {
  useLayoutEffect,
  useRef,
  useState,
  type FocusEvent,
  type KeyboardEvent,
  type ReactNode,
} from 'react';
import { flushSync } from 'react-dom';
import { VisuallyHidden } from 'react-aria-components';
import { ArrowDown, ArrowUp, GripVertical } from 'lucide-react';
import { isolate } from '../../../shared/domain/isolate.ts';
import { formatCount } from '../../format/numbers.ts';
import { IconButton } from '../../ui/button.tsx';
import { scaleWithText } from '../../ui/text-scale.ts';
import { useVisibleRows } from '../../ui/use-visible-rows.ts';
import { useDragToPlace } from './use-drag-to-place.ts';
import styles from './order-list.module.css';

export interface OrderedItem {
  readonly id: string;
  readonly title: string;
}

export interface OrderListProps {
  readonly label: string;
  readonly items: readonly OrderedItem[];
  /** Where the list opens. */
  readonly firstId: string;
  readonly renderItem: (item: OrderedItem) => ReactNode;
  readonly onMove: (id: string, to: number) => void;
}

/** What of a row has the focus, and keeps it when the row moves. */
type Part = 'place' | 'earlier' | 'later';

const pitchPx = scaleWithText(40);
const paddingPx = 4;

function findPart(target: EventTarget | null): Part {
  const part = target instanceof HTMLElement ? target.dataset['part'] : undefined;
  return part === 'earlier' || part === 'later' ? part : 'place';
}

/**
 * A list of which every row can be put in any place: held and drawn there, by its number, or step by step. Only the rows
 * that can be seen are in the document, and the one with the focus.
 */
export function OrderList({ label, items, firstId, renderItem, onMove }: OrderListProps) {
  const scrollerRef = useRef<HTMLDivElement>(null);
  const count = items.length;
  const { first, end, measure } = useVisibleRows(scrollerRef, { count, pitchPx, paddingPx });
  const [activeId, setActiveId] = useState(firstId);
  const [said, setSaid] = useState('');

  const reveal = (index: number) => {
    const scroller = scrollerRef.current;
    if (scroller === null) return;
    const topPx = paddingPx + index * pitchPx;
    if (topPx < scroller.scrollTop || topPx + pitchPx > scroller.scrollTop + scroller.clientHeight)
      scroller.scrollTop = topPx - (scroller.clientHeight - pitchPx) / 2;
  };
  const firstIndexRef = useRef(items.findIndex(({ id }) => id === firstId));
  useLayoutEffect(() => {
    reveal(firstIndexRef.current);
    measure();
  }, [measure]);

  const move = (from: number, to: number, part?: Part) => {
    const item = items[from];
    if (item === undefined || to < 0 || to >= count) return;
    flushSync(() => {
      onMove(item.id, to);
      setActiveId(item.id);
      setSaid(
        `“${isolate(item.title)}” is now task ${formatCount(to + 1)} of ${formatCount(count)}`,
      );
    });
    reveal(to);
    flushSync(measure);
    if (part === undefined) return;
    // At an end the button that led there is of no use any more.
    const left = part === 'earlier' && to === 0 ? 'later' : part;
    const next = left === 'later' && to === count - 1 ? 'earlier' : left;
    scrollerRef.current
      ?.querySelector<HTMLElement>(`[data-index="${to}"] [data-part="${next}"]`)
      ?.focus({ preventScroll: true });
  };
  const { drag, begin } = useDragToPlace(scrollerRef, {
    count,
    pitchPx,
    paddingPx,
    onDrop: (from, to) => move(from, to),
  });
  const onKeyDown = (event: KeyboardEvent) => {
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    const row = event.target instanceof Element ? event.target.closest('[data-index]') : null;
    const from = Number(row?.getAttribute('data-index') ?? Number.NaN);
    const targets: Record<string, number> = {
      ArrowUp: from - 1,
      ArrowDown: from + 1,
      Home: 0,
      End: count - 1,
    };
    const to = targets[event.key];
    if (to === undefined || Number.isNaN(from)) return;
    event.preventDefault();
    if (to !== from) move(from, to, findPart(event.target));
  };
  const onFocus = (event: FocusEvent) => {
    const row = event.target.closest('[data-index]');
    const item = items[Number(row?.getAttribute('data-index') ?? Number.NaN)];
    if (item !== undefined) setActiveId(item.id);
  };

  const rows = Array.from({ length: end - first }, (_, offset) => first + offset);
  const activeIndex = items.findIndex(({ id }) => id === activeId);
  if (activeIndex !== -1 && activeIndex < first) rows.unshift(activeIndex);
  else if (activeIndex >= end) rows.push(activeIndex);
  return (
    <>
      <div ref={scrollerRef} className={styles.scroller} onScroll={measure}>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the keys are those of the fields and buttons in it. */}
        <ol
          aria-label={label}
          className={styles.list}
          style={{ height: 2 * paddingPx + count * pitchPx }}
          onKeyDown={onKeyDown}
          onFocus={onFocus}
        >
          {rows.map((index) => {
            const item = items[index];
            if (item === undefined) return null;
            const { id, title } = item;
            return (
              <li
                key={id}
                data-index={index}
                data-held={drag?.from === index}
                aria-posinset={index + 1}
                aria-setsize={count}
                className={styles.row}
                style={{
                  transform: `translateY(${paddingPx + index * pitchPx}px)`,
                  height: pitchPx,
                }}
              >
                <span
                  className={styles.grip}
                  title="Hold to move"
                  onPointerDown={(event) => begin(event, index)}
                >
                  <GripVertical aria-hidden />
                </span>
                <PlaceField
                  key={index}
                  title={title}
                  index={index}
                  count={count}
                  onMove={(to, keepsFocus) => move(index, to, keepsFocus ? 'place' : undefined)}
                />
                <div className={styles.item} title={title}>
                  {renderItem(item)}
                </div>
                <IconButton
                  data-part="earlier"
                  label={`Earlier: ${isolate(title)}`}
                  icon={<ArrowUp />}
                  size="small"
                  isDisabled={index === 0}
                  onPress={() => move(index, index - 1, 'earlier')}
                />
                <IconButton
                  data-part="later"
                  label={`Later: ${isolate(title)}`}
                  icon={<ArrowDown />}
                  size="small"
                  isDisabled={index === count - 1}
                  onPress={() => move(index, index + 1, 'later')}
                />
              </li>
            );
          })}
          {drag === null ? null : (
            <li
              aria-hidden
              className={styles.gap}
              style={{ transform: `translateY(${paddingPx + drag.gap * pitchPx}px)` }}
            />
          )}
        </ol>
      </div>
      <VisuallyHidden elementType="output">{said}</VisuallyHidden>
    </>
  );
}

/** A row's number, which takes another one: Enter puts the row there. */
function PlaceField({
  title,
  index,
  count,
  onMove,
}: {
  readonly title: string;
  readonly index: number;
  readonly count: number;
  readonly onMove: (to: number, keepsFocus: boolean) => void;
}) {
  const [typed, setTyped] = useState<string>();
  const keep = (keepsFocus: boolean) => {
    setTyped(undefined);
    const place = Number(typed?.trim());
    if (typed === undefined || typed.trim() === '' || !Number.isInteger(place)) return;
    const to = Math.min(count, Math.max(1, place)) - 1;
    if (to !== index) onMove(to, keepsFocus);
  };
  return (
    <input
      data-part="place"
      className={styles.place}
      aria-label={`Place of ${isolate(title)}`}
      inputMode="numeric"
      autoComplete="off"
      style={{ width: `${String(count).length}ch` }}
      value={typed ?? String(index + 1)}
      onChange={(event) => setTyped(event.target.value)}
      onFocus={(event) => event.target.select()}
      onBlur={() => keep(false)}
      onKeyDown={(event) => {
        if (event.altKey || event.ctrlKey || event.metaKey) return;
        if (event.key === 'Enter') {
          // It is the row that is put somewhere; the form is kept by its button.
          event.preventDefault();
          keep(true);
        } else if (event.key === 'Escape' && typed !== undefined) {
          event.stopPropagation();
          setTyped(undefined);
        }
      }}
    />
  );
}
