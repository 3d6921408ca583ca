import { expect, type Page } from '@playwright/test';
import {
  firstScreens,
  hoursScreens,
  openSample,
  openScreen,
  sampleScreens,
} from '../support/journeys/sample-screens.ts';
import { test } from '../support/journeys/stage.ts';

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

test('at 400 % nothing but tables and the calendar has to be scrolled in two directions', async ({
  stage,
}) => {
  test.setTimeout(400_000);
  const person = await stage.seat('first', { timeZone: 'Europe/Lisbon' });
  const { page } = person;
  const found: Record<string, string[]> = {};
  const look = async (name: string) => {
    await page.setViewportSize(zoomed);
    const sideways = await listSidewaysScrolling(page);
    if (sideways.length > 0) found[name] = sideways;
    await page.setViewportSize(usual);
  };
  for (const screen of firstScreens) {
    await openScreen(person, screen, undefined);
    await look(screen.name);
  }
  await page.goto(person.origin);
  const ids = await openSample(person);
  for (const screen of [...sampleScreens, ...hoursScreens]) {
    await openScreen(person, screen, ids);
    await look(screen.name);
  }
  expect(found).toEqual({});
});
