import type { Page } from '@playwright/test';
import type { Findings } from './accessibility.ts';

/** What is left of a window of 1280 by 1024 pixels at 400 %. */
const zoomed = { width: 320, height: 256 };
const usual = { width: 1440, height: 900 };

/**
 * What has to be scrolled sideways, and what lies beyond the window's edge. Tables, the calendar and what was typed
 * letter by letter need both directions, and scroll within themselves.
 */
async function listSidewaysScrolling(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const describe = (element: Element) =>
      `${element.tagName} ${element.className}, “${(element.textContent ?? '').slice(0, 40)}”`;
    const scrolls = (element: Element) =>
      ['auto', 'scroll'].includes(getComputedStyle(element).overflowX);
    const isTwoDimensional = (element: Element) =>
      element.matches('pre, :has(> table), [aria-label="The week as a calendar"] *');
    return [...document.querySelectorAll('html, body, body *')]
      .filter(
        (element) =>
          element.scrollWidth > element.clientWidth + 1 &&
          (element === document.documentElement || scrolls(element)) &&
          !isTwoDimensional(element),
      )
      .map(describe);
  });
}

/** Looks at what stands on the page as at 400 %, and adds what does not fit. */
export async function lookNarrow(page: Page, name: string, findings: Findings): Promise<void> {
  await page.setViewportSize(zoomed);
  const sideways = await listSidewaysScrolling(page);
  if (sideways.length > 0) findings[`${name}, at 400 %`] = sideways;
  await page.setViewportSize(usual);
}
