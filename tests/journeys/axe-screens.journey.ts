import { expect } from '@playwright/test';
import { lookWithAxe, type Findings } from '../support/journeys/accessibility.ts';
import { playDesk } from '../support/journeys/play-desk.ts';
import {
  firstScreens,
  openSample,
  openScreen,
  sampleScreens,
} from '../support/journeys/sample-screens.ts';
import { test } from '../support/journeys/stage.ts';

test('axe finds nothing on any screen, in light, dark or forced colours', async ({ stage }) => {
  test.setTimeout(900_000);
  const person = await stage.seat('first', { timeZone: 'Europe/Lisbon' });
  const findings: Findings = {};
  for (const screen of firstScreens) {
    await openScreen(person, screen, undefined);
    await lookWithAxe(person.page, screen.name, findings);
  }
  await person.page.goto(person.origin);
  const ids = await openSample(person);
  for (const screen of sampleScreens) {
    await openScreen(person, screen, ids);
    await lookWithAxe(person.page, screen.name, findings);
  }
  await playDesk(person, ids, (name, page) => lookWithAxe(page, name, findings));
  expect(findings).toEqual({});
  person.expectNoComplaints();
});
