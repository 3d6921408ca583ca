import type { Page } from '@playwright/test';

export type Act =
  | { readonly kind: 'click'; readonly selector: string }
  | { readonly kind: 'key'; readonly key: string }
  /** Replaces what stands in the field, as typing does. */
  | { readonly kind: 'type'; readonly selector: string; readonly text: string };

/**
 * Acts inside the page, and gives the milliseconds until a frame has been painted in which `shown` finds something. What
 * must be gone or different first is told by `differs`: the text of the first element found, which has to change.
 *
 * @throws Error when nothing of the kind is painted within 20 seconds.
 */
export async function measurePainted(
  page: Page,
  act: Act,
  { shown, differs = false }: { readonly shown: string; readonly differs?: boolean },
): Promise<number> {
  return page.evaluate(
    async ({ asked, selector, hasToDiffer }) => {
      const find = (wanted: string): HTMLElement => {
        const element = document.querySelector<HTMLElement>(wanted);
        if (element === null) throw new Error(`expected ${wanted} in the page`);
        return element;
      };
      // A view that is kept out of sight is in the document, and is not seen.
      const read = () => {
        const element = document.querySelector(selector);
        return element?.checkVisibility() === true ? element.textContent : null;
      };
      const before = hasToDiffer ? read() : null;
      const target = asked.kind === 'key' ? document.body : find(asked.selector);
      const startedMs = performance.now();
      if (asked.kind === 'click') target.click();
      else if (asked.kind === 'key')
        target.dispatchEvent(new KeyboardEvent('keydown', { key: asked.key, bubbles: true }));
      else if (target instanceof HTMLInputElement) {
        // React listens to the property itself; the prototype's setter is what a person's typing calls.
        const { set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value') ?? {};
        set?.call(target, asked.text);
        target.dispatchEvent(new InputEvent('input', { bubbles: true }));
      }
      await new Promise<void>((resolve, reject) => {
        // What a frame's callbacks find is painted with that frame; a message sent from them comes once it has been handed over.
        const afterThisFrame = () => {
          const { port1, port2 } = new MessageChannel();
          port1.addEventListener('message', () => resolve());
          port1.start();
          port2.postMessage(undefined);
        };
        const look = () => {
          const found = read();
          if (found !== null && found !== before) afterThisFrame();
          else if (performance.now() - startedMs <= 20_000) requestAnimationFrame(look);
          else
            reject(
              new Error(
                `expected ${selector}${hasToDiffer ? ' to change' : ''} within 20 s of ${JSON.stringify(asked)}`,
              ),
            );
        };
        requestAnimationFrame(look);
      });
      return performance.now() - startedMs;
    },
    { asked: act, selector: shown, hasToDiffer: differs },
  );
}
