import { expect } from '@playwright/test';
import { lookWithAxe, type Findings } from '../support/journeys/accessibility.ts';
import { playSituations } from '../support/journeys/situations.ts';
import { test } from '../support/journeys/stage.ts';

test('axe finds nothing where something has gone wrong, in light, dark or forced colours', async ({
  stage,
}) => {
  test.setTimeout(900_000);
  const findings: Findings = {};
  await playSituations(stage, (name, page) => lookWithAxe(page, name, findings));
  expect(findings).toEqual({});
});
