import { useEffect, type RefObject } from 'react';

const focusable =
  'button:not([disabled]), a[href], input:not([disabled]), textarea:not([disabled]), select:not([disabled]), [tabindex]:not([tabindex="-1"])';

const listFocusable = (within: Element): HTMLElement[] => [
  ...(within.matches(focusable) ? [within as HTMLElement] : []),
  ...within.querySelectorAll<HTMLElement>(focusable),
];

/**
 * Where a line of a list takes itself away by its own button, or by a menu of it, the focus would fall to the document, and
 * Tab begin anew at the top of the window. It goes to the same button of the next line, of the one before where there is no
 * next one, then to what fills an empty list (`data-focus-when-empty` beside it), and else to the title of the article
 * (`data-article-title`) or of the page. What stood below a list and has brought the rest of it (`data-below-list`) leaves
 * the focus to that list. The same button is the one of the same `data-line-action`, since lines need not have equally many,
 * or the one in the same place. Whoever has moved on meanwhile is left alone.
 */
export function useKeptFocus(mainRef: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const main = mainRef.current;
    if (main === null) return undefined;
    let last: HTMLElement | undefined;
    const note = ({ target }: FocusEvent) => {
      last = target instanceof HTMLElement ? target : undefined;
    };
    const forget = ({ target, relatedTarget }: FocusEvent) => {
      if (relatedTarget !== null || !document.hasFocus()) return;
      // A click beside everything: what vanishes afterwards has not got the focus any more.
      queueMicrotask(() => {
        if (last === target && last?.isConnected === true) last = undefined;
      });
    };
    const observer = new MutationObserver((records) => {
      const lost = last;
      if (lost === undefined || lost.isConnected) return;
      const gone = records.find(({ removedNodes }) =>
        [...removedNodes].some((node) => node.contains(lost)),
      );
      if (gone === undefined) return;
      last = undefined;
      const line = [...gone.removedNodes].find((node) => node.contains(lost));
      const ordinal = line instanceof Element ? listFocusable(line).indexOf(lost) : 0;
      const neighbours = [gone.nextSibling, gone.previousSibling].filter(
        (each) => each?.nodeName === line?.nodeName,
      );
      const like: Lost = {
        action: lost.dataset['lineAction'],
        ordinal: Math.max(0, ordinal),
        beside: gone.target,
      };
      const isBelowList = line instanceof HTMLElement && line.dataset['belowList'] !== undefined;
      const list = isBelowList ? gone.previousSibling : null;
      // A menu that closes gives its own focus back first.
      requestAnimationFrame(() =>
        requestAnimationFrame(() => {
          if (list instanceof HTMLElement && list.isConnected) giveFocusToList(list);
          else giveFocus(main, neighbours, like);
        }),
      );
    });
    main.addEventListener('focusin', note);
    main.addEventListener('focusout', forget);
    observer.observe(main, { childList: true, subtree: true });
    return () => {
      observer.disconnect();
      main.removeEventListener('focusin', note);
      main.removeEventListener('focusout', forget);
    };
  }, [mainRef]);
}

interface Lost {
  readonly action: string | undefined;
  readonly ordinal: number;
  /** What held the line. */
  readonly beside: Node;
}

/** To its first line, or to the list itself where no line takes the focus. */
function giveFocusToList(list: HTMLElement): void {
  const { activeElement } = document;
  if (activeElement !== null && activeElement !== document.body) return;
  const first = listFocusable(list).find((each) => each.checkVisibility());
  if (first === undefined) list.tabIndex = -1;
  (first ?? list).focus();
}

function giveFocus(
  main: HTMLElement,
  neighbours: readonly (Node | null)[],
  { action, ordinal, beside }: Lost,
): void {
  const { activeElement } = document;
  if (activeElement !== null && activeElement !== document.body) return;
  for (const neighbour of neighbours) {
    if (!(neighbour instanceof Element) || !neighbour.isConnected) continue;
    const candidates = listFocusable(neighbour).filter((each) => each.checkVisibility());
    const candidate =
      candidates.find(({ dataset }) => action !== undefined && dataset['lineAction'] === action) ??
      candidates[ordinal] ??
      candidates[0];
    if (candidate === undefined) continue;
    candidate.focus();
    return;
  }
  const holder = beside instanceof Element && beside.isConnected ? beside : null;
  const filling = holder?.querySelector<HTMLElement>('[data-focus-when-empty]');
  if (filling instanceof HTMLElement) return filling.focus();
  const title =
    holder?.closest('article')?.querySelector<HTMLElement>('[data-article-title]') ??
    main.querySelector<HTMLElement>('[data-page-title]');
  title?.focus({ preventScroll: true });
}
