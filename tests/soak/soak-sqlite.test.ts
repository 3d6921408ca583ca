import { expect, test } from 'vitest';
import { runSoak } from './run-soak.ts';

test('SY-1, SY-6 killed and cut off at random, a server on SQLite and its workspaces lose nothing and do nothing twice', async () => {
  const { violations, intents, applied } = await runSoak({
    durationMs: 12_000,
    seed: 20_260_301,
    storage: 'sqlite',
    workspaceCount: 3,
    say: () => undefined,
  });
  expect(violations).toEqual([]);
  expect(intents).toBeGreaterThan(10);
  expect(applied).toBeGreaterThan(10);
}, 300_000);
