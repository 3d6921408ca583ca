import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import {
  firstScreens,
  hoursScreens,
  openSample,
  openScreen,
  type SampleIds,
  type SampleScreen,
  sampleScreens,
} from '../support/journeys/sample-screens.ts';
import { playDesk } from '../support/journeys/play-desk.ts';
import type { Person } from '../support/journeys/person.ts';
import { playManagersApart } from '../support/journeys/play-managers-apart.ts';
import {
  playInternReads,
  playTenReviews,
  playTwoManagers,
  setUpReviewing,
} from '../support/journeys/play-reviews.ts';
import { playSituations } from '../support/journeys/situations.ts';
import { test } from '../support/journeys/stage.ts';

const folder = path.join(import.meta.dirname, '..', '..', 'docs', 'screenshots');

interface Size {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly colorSchemes: readonly ('light' | 'dark')[];
  /** Undefined means every screen. */
  readonly screens?: readonly string[];
}

const sizes: readonly Size[] = [
  { name: '', width: 1440, height: 900, colorSchemes: ['light', 'dark'] },
  {
    name: '1024x640',
    width: 1024,
    height: 640,
    colorSchemes: ['light'],
    screens: [
      'today',
      'task',
      'hours',
      'hours-import',
      'review',
      'review-annotations',
      'review-comparison',
      'projects',
      'needs-attention',
      'held',
      'close-account',
      'leave-organization',
      'agreement',
      'evaluation',
      'import-tasks',
      'overview',
      'template-replaced',
      'brief-replaced',
    ],
  },
  {
    name: '2560x1440',
    width: 2560,
    height: 1440,
    colorSchemes: ['light'],
    screens: ['today', 'task', 'hours', 'review-annotations', 'overview', 'agreement'],
  },
];

async function shoot(person: Person, screen: SampleScreen, ids?: SampleIds): Promise<void> {
  await openScreen(person, screen, ids);
  await shootPage(screen.name, person.page);
}

async function shootPage(screenName: string, page: Page): Promise<void> {
  for (const { name, width, height, colorSchemes, screens } of sizes) {
    if (screens !== undefined && !screens.includes(screenName)) continue;
    await page.setViewportSize({ width, height });
    for (const colorScheme of colorSchemes) {
      await page.emulateMedia({ colorScheme });
      await page.waitForFunction(() =>
        [...document.images]
          .filter((image) => image.getBoundingClientRect().top < innerHeight)
          .every((image) => image.complete),
      );
      const file = [screenName, name, colorScheme].filter((part) => part !== '').join('-');
      await page.screenshot({
        path: path.join(folder, `${file}.png`),
        animations: 'disabled',
        caret: 'hide',
      });
    }
  }
  const [first] = sizes;
  if (first !== undefined) await page.setViewportSize(first);
  await page.emulateMedia({ colorScheme: 'light' });
}

test.describe.configure({ mode: 'serial' });

test('every screen of the sample, light and dark', async ({ stage }) => {
  test.setTimeout(300_000);
  await rm(folder, { recursive: true, force: true });
  const person = await stage.seat('sample', { timeZone: 'Europe/Lisbon' });
  for (const screen of firstScreens) await shoot(person, screen);
  await person.page.goto(person.origin);
  const ids = await openSample(person);
  for (const screen of sampleScreens) await shoot(person, screen, ids);
  for (const screen of hoursScreens) await shoot(person, screen, ids);

  // A computer that was switched off with the timer on: it asks what to make of the time since.
  const { internSeatId: seatId, runningTaskId: taskId } = ids;
  await person.ask('timer.start', { seatId, taskId, note: '' });
  await person.killHost();
  await person.startAgain(3 * 3_600_000);
  const { page } = person;
  await page.goto(person.origin);
  await page
    .getByRole('navigation', { name: 'Places' })
    .getByRole('button', { name: / Intern, /u })
    .click();
  await page.goto(`${person.origin}/today`);
  await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
  await shootPage('timer-question', page);
});

/** Of the desk's dialogs, those of which a picture says more than the others' do. */
const deskPictures: ReadonlySet<string> = new Set([
  'agreement',
  'asked',
  'change-brief',
  'complete-engagement',
  'evaluation',
  'evaluation-form',
  'import-tasks',
  'order-of-tasks',
]);

test('the employer’s desk, light and dark', async ({ stage }) => {
  test.setTimeout(300_000);
  const person = await stage.seat('desk', { timeZone: 'Europe/Lisbon' });
  const ids = await openSample(person);
  await playDesk(person, ids, async (name, page) => {
    if (deskPictures.has(name)) await shootPage(name, page);
  });
});

test('what an organization can get into, light and dark', async ({ stage }) => {
  test.setTimeout(400_000);
  await playSituations(stage, shootPage);
});

test('reviewing, light and dark', async ({ stage }) => {
  test.setTimeout(600_000);
  const reviewing = await setUpReviewing(stage);
  await playTwoManagers(reviewing, shootPage);
  await playTenReviews(stage, reviewing, shootPage);
  await playInternReads(reviewing, shootPage);
  await playManagersApart(stage, reviewing, shootPage);
});
