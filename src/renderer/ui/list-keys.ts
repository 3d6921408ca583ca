import { removeIsolates } from '../../shared/domain/isolate.ts';
export interface ListExtent {
  readonly count: number;
  /** How many rows one page moves. */
  readonly pageRows: number;
}

/** Where a key leads from the row at `index`; undefined where it leads nowhere. */
export function computeTarget(
  key: string,
  index: number,
  { count, pageRows }: ListExtent,
): number | undefined {
  const last = count - 1;
  switch (key) {
    case 'ArrowDown':
      return Math.min(index + 1, last);
    case 'ArrowUp':
      return Math.max(index - 1, 0);
    case 'PageDown':
      return Math.min(index + pageRows, last);
    case 'PageUp':
      return Math.max(index - pageRows, 0);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return undefined;
  }
}

const pauseMs = 700;

/** A search by typing the beginning of a row's name: what is typed without a pause belongs together. */
export function createTextFinder() {
  let typed = '';
  let typedAtMs = -Infinity;
  return (
    key: string,
    atMs: number,
    index: number,
    count: number,
    getText: (index: number) => string,
  ): number | undefined => {
    if (key.length !== 1) return undefined;
    const isGoingOn = atMs - typedAtMs < pauseMs && typed !== '';
    typed = (isGoingOn ? typed : '') + key.toLocaleLowerCase();
    typedAtMs = atMs;
    // A new search begins behind the row; one that goes on may still mean the same row.
    const from = isGoingOn ? index : index + 1;
    for (let step = 0; step < count; step += 1) {
      const at = (from + step) % count;
      if (removeIsolates(getText(at)).toLocaleLowerCase().startsWith(typed)) return at;
    }
    return undefined;
  };
}
