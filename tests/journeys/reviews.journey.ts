import { expect, type Page } from '@playwright/test';
import { lookWithAxe, type Findings } from '../support/journeys/accessibility.ts';
import { playManagersApart } from '../support/journeys/play-managers-apart.ts';
import {
  playInternReads,
  playTenReviews,
  playTwoManagers,
  setUpReviewing,
} from '../support/journeys/play-reviews.ts';
import { test } from '../support/journeys/stage.ts';

test('two managers at one submission, ten submissions by the keyboard alone and offline, and what the intern sees of it', async ({
  stage,
}) => {
  test.setTimeout(600_000);
  const findings: Findings = {};
  const look = (name: string, page: Page) => lookWithAxe(page, name, findings);
  const reviewing = await setUpReviewing(stage);
  await test.step('two managers', () => playTwoManagers(reviewing, look));
  await test.step('ten submissions', () => playTenReviews(stage, reviewing, look));
  await test.step('the intern', () => playInternReads(reviewing, look));
  await test.step('managers apart', () => playManagersApart(stage, reviewing, look));
  expect(findings).toEqual({});
  for (const person of [reviewing.ada, reviewing.bea, reviewing.ines]) person.expectNoComplaints();
});
