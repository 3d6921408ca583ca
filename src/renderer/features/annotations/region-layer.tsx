import { useEffect, useRef, useState } from 'react';
import { SquareDashedMousePointer } from 'lucide-react';
import { computeFittingRegion, type Region } from '../../../shared/domain/region-selector.ts';
import { IconButton } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { markName, type PlaceMark } from './place-mark.ts';
import styles from './annotations.module.css';

export interface RegionMark {
  readonly mark: PlaceMark;
  /** The whole of it, where no part of it is named. */
  readonly region: Region;
}

export interface RegionLayerProps {
  /** "page 2", "the picture". */
  readonly subject: string;
  readonly regions: readonly RegionMark[];
  readonly activeId: string | null;
  readonly onActivate: (id: string) => void;
  /** Undefined where nothing can be said any more. */
  readonly onDraw?: ((region: Region) => void) | undefined;
}

/** Less than this, in hundredths, is a click that slipped. */
const leastDrawn = 1;
const inTheMiddle: Region = { x: 30, y: 35, width: 40, height: 30 };

const computeStyle = ({ x, y, width, height }: Region) => ({
  left: `${x}%`,
  top: `${y}%`,
  width: `${width}%`,
  height: `${height}%`,
});

/** Lies over a picture or a page: the regions that something was said of, and new ones by mouse or by keyboard. */
export function RegionLayer({ subject, regions, activeId, onActivate, onDraw }: RegionLayerProps) {
  const layerRef = useRef<HTMLDivElement>(null);
  const fromRef = useRef<{ x: number; y: number }>(undefined);
  const [drawn, setDrawn] = useState<Region>();
  const [framed, setFramed] = useState<Region>();

  const computePoint = (event: React.PointerEvent) => {
    const box = layerRef.current?.getBoundingClientRect();
    if (box === undefined) return { x: 0, y: 0 };
    const limit = (value: number) => Math.min(100, Math.max(0, value));
    return {
      x: limit(((event.clientX - box.left) * 100) / box.width),
      y: limit(((event.clientY - box.top) * 100) / box.height),
    };
  };
  const draw = (event: React.PointerEvent) => {
    const from = fromRef.current;
    if (from === undefined) return;
    const to = computePoint(event);
    setDrawn({
      x: Math.min(from.x, to.x),
      y: Math.min(from.y, to.y),
      width: Math.abs(to.x - from.x),
      height: Math.abs(to.y - from.y),
    });
  };
  const finish = () => {
    fromRef.current = undefined;
    setDrawn(undefined);
    if (drawn !== undefined && drawn.width >= leastDrawn && drawn.height >= leastDrawn)
      onDraw?.(drawn);
  };

  useEffect(() => {
    if (activeId !== null)
      layerRef.current
        ?.querySelector(`[data-mark="${CSS.escape(activeId)}"]`)
        ?.scrollIntoView({ block: 'nearest' });
  }, [activeId]);

  return (
    <div
      ref={layerRef}
      className={cx(styles.layer, onDraw !== undefined && styles.drawable)}
      onPointerDown={(event) => {
        // A finger scrolls; on buttons it is they that are meant.
        const isOnButton = event.target instanceof Element && event.target.closest('button');
        if (onDraw === undefined || event.button !== 0 || event.pointerType === 'touch') return;
        if (isOnButton !== null) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        fromRef.current = computePoint(event);
        setFramed(undefined);
      }}
      onPointerMove={draw}
      onPointerUp={finish}
      onPointerCancel={() => {
        fromRef.current = undefined;
        setDrawn(undefined);
      }}
    >
      {regions.map(({ mark, region }) => (
        <button
          key={mark.id}
          type="button"
          data-mark={mark.id}
          className={cx(styles.region, mark.id === activeId && styles.active)}
          style={computeStyle(region)}
          aria-label={`${markName(mark)}, on ${subject}`}
          aria-pressed={mark.id === activeId}
          onClick={() => onActivate(mark.id)}
        >
          <span className={styles.number}>{mark.number}</span>
        </button>
      ))}
      {drawn === undefined ? null : <div className={styles.drawn} style={computeStyle(drawn)} />}
      {framed === undefined || onDraw === undefined ? null : (
        <Frame
          region={framed}
          onChange={setFramed}
          onLeave={() => setFramed(undefined)}
          onDone={() => {
            setFramed(undefined);
            onDraw(framed);
          }}
        />
      )}
      {onDraw === undefined ? null : (
        <div className={styles.begin}>
          <IconButton
            label={`Mark a region of ${subject}`}
            icon={<SquareDashedMousePointer />}
            variant="secondary"
            size="small"
            onPress={() => setFramed(inTheMiddle)}
          />
        </div>
      )}
    </div>
  );
}

interface FrameProps {
  readonly region: Region;
  readonly onChange: (region: Region) => void;
  readonly onDone: () => void;
  readonly onLeave: () => void;
}

const steps: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** A region being placed with the keys: arrows move it, with Shift they change its size. */
function Frame({ region, onChange, onDone, onLeave }: FrameProps) {
  const [x, y, width, height] = [region.x, region.y, region.width, region.height].map(Math.round);
  return (
    <button
      type="button"
      // oxlint-disable-next-line jsx-a11y/no-autofocus -- the person has just asked for it, to move it.
      autoFocus
      className={styles.frame}
      style={computeStyle(region)}
      aria-label={`Region ${x} percent from the left, ${y} from the top, ${width} wide, ${height} high. Arrow keys move it, with Shift they change its size; Enter comments on it, Escape leaves.`}
      onClick={onDone}
      onKeyDown={(event) => {
        const step = steps[event.key];
        if (event.key === 'Escape') onLeave();
        else if (step !== undefined) {
          const [dx, dy] = step;
          onChange(
            computeFittingRegion(
              event.shiftKey
                ? { ...region, width: region.width + dx, height: region.height + dy }
                : { ...region, x: region.x + dx, y: region.y + dy },
            ),
          );
        } else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <span className={styles.frameHint} aria-hidden>
        ←↑→↓ move · Shift resizes · Enter
      </span>
    </button>
  );
}
