import { expect, inject, test } from 'vitest';
import { runSoak } from '../soak/run-soak.ts';

test('SY-23, SY-6 four server processes on one PostgreSQL database, killed and cut off at random, lose nothing and do nothing twice', async () => {
  const postgres = inject('postgres');
  if (!('baseUrl' in postgres)) throw new Error(postgres.obstacle);
  const { violations, intents, applied } = await runSoak({
    durationMs: 12_000,
    seed: 20_260_302,
    storage: 'postgres',
    workspaceCount: 3,
    postgresUrl: postgres.baseUrl,
    say: () => undefined,
  });
  expect(violations).toEqual([]);
  expect(intents).toBeGreaterThan(10);
  expect(applied).toBeGreaterThan(10);
}, 300_000);
