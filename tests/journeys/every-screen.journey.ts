import { expect, type Page } from '@playwright/test';
import { lookWithAxe, type Findings } from '../support/journeys/accessibility.ts';
import { lookNarrow } from '../support/journeys/narrow-window.ts';
import { playDesk } from '../support/journeys/play-desk.ts';
import {
  firstScreens,
  hoursScreens,
  openSample,
  openScreen,
  sampleScreens,
} from '../support/journeys/sample-screens.ts';
import { test } from '../support/journeys/stage.ts';

test('axe finds nothing on any screen, in light, dark or forced colours; at 400 % nothing but tables and the calendar has to be scrolled in two directions', async ({
  stage,
}) => {
  test.setTimeout(900_000);
  const person = await stage.seat('first', { timeZone: 'Europe/Lisbon' });
  const findings: Findings = {};
  const look = async (name: string, page: Page) => {
    await lookWithAxe(page, name, findings);
    await lookNarrow(page, name, findings);
  };
  for (const screen of firstScreens) {
    await openScreen(person, screen, undefined);
    await look(screen.name, person.page);
  }
  await person.page.goto(person.origin);
  const ids = await openSample(person);
  for (const screen of [...sampleScreens, ...hoursScreens]) {
    await openScreen(person, screen, ids);
    await look(screen.name, person.page);
  }
  await playDesk(person, ids, (name, page) => lookWithAxe(page, name, findings));
  expect(findings).toEqual({});
  person.expectNoComplaints();
});
