import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import {
  playInternReads,
  playTenReviews,
  playTwoManagers,
  setUpReviewing,
} from '../support/journeys/play-reviews.ts';
import { test } from '../support/journeys/stage.ts';

const light = { colorScheme: 'light', forcedColors: 'none' } as const;
const dark = { colorScheme: 'dark', forcedColors: 'none' } as const;
const forced = { colorScheme: 'light', forcedColors: 'active' } as const;

/** What has colours of its own; everything else is made of parts that other screens have. */
const drawnOver = new Set(['review-claimed', 'review-annotations', 'review-comparison']);

test('two managers at one submission, ten submissions by the keyboard alone and offline, and what the intern sees of it', async ({
  stage,
}) => {
  test.setTimeout(600_000);
  const findings: Record<string, string[]> = {};
  const look = async (name: string, page: Page) => {
    for (const media of drawnOver.has(name) ? [light, dark, forced] : [light]) {
      await page.emulateMedia(media);
      const { violations } = await new AxeBuilder({ page }).analyze();
      const found = violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`),
      );
      if (found.length > 0) findings[`${name}, ${JSON.stringify(media)}`] = found;
    }
    await page.emulateMedia(light);
  };
  const reviewing = await setUpReviewing(stage);
  await test.step('two managers', () => playTwoManagers(reviewing, look));
  await test.step('ten submissions', () => playTenReviews(stage, reviewing, look));
  await test.step('the intern', () => playInternReads(reviewing, look));
  expect(findings).toEqual({});
  for (const person of [reviewing.ada, reviewing.bea, reviewing.ines]) person.expectNoComplaints();
});
