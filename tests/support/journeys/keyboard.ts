import { expect, type Locator, type Page } from '@playwright/test';

const mostStops = 80;

/** Goes on with Tab until this has the focus. Every stop on the way shows that it has it. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let stop = 0; stop < mostStops; stop += 1) {
    await page.keyboard.press('Tab');
    // Behind the last thing on the page comes the browser itself, of which the page learns a moment later.
    await expect
      .poll(async () => ((await isOutside(page)) ? '' : describeInvisibleFocus(page)))
      .toBe('');
    if (await hasFocus(target)) return;
  }
  throw new Error(`${mostStops} times Tab did not lead to ${String(target)}`);
}

async function isOutside(page: Page): Promise<boolean> {
  return page.evaluate(() => document.activeElement === document.body);
}

async function hasFocus(target: Locator): Promise<boolean> {
  return (
    (await target.count()) > 0 &&
    target.first().evaluate((element) => element === document.activeElement)
  );
}

/**
 * The focus is somewhere, and shows: an outline or a ring on what has it, on what holds it (a field of
 * segments), or on the sign that stands for it (a checkbox).
 */
export async function expectVisibleFocus(page: Page): Promise<void> {
  await expect.poll(() => describeInvisibleFocus(page)).toBe('');
}

async function describeInvisibleFocus(page: Page): Promise<string> {
  return page.evaluate(() => {
    const focused = document.activeElement;
    if (focused === null || focused === document.body) return 'nothing has the focus';
    const shows = (element: Element): boolean => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
      return (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
    };
    const holders: Element[] = [];
    for (let each: Element | null = focused; each !== null && holders.length < 4;) {
      holders.push(each);
      each = each.parentElement;
    }
    const marked = focused.closest('[data-focus-visible], [data-focused]') ?? focused;
    const signs = [...marked.querySelectorAll('*')].slice(0, 20);
    if ([...holders, ...signs].some(shows)) return '';
    return `no focus shows on ${focused.outerHTML.slice(0, 300)}`;
  });
}
