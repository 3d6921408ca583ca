import { join } from 'node:path';
import { expect, test } from 'vitest';
import { seatMigrations } from '../../../../src/main/workspace/database/migration-lists.ts';
import { openDatabase } from '../../../../src/main/workspace/database/open-database.ts';
import type { SeatDatabase } from '../../../../src/main/workspace/database/seat-tables.ts';
import { Seat } from '../../../../src/main/workspace/seats/seat.ts';
import { applyBeneathForecasts } from '../../../../src/main/workspace/sync/forecasts.ts';
import { makeTemporaryFolder, ports, uuid } from '../../../support/sync/test-installation.ts';

test('SY-11 while much is replayed others have their turn, and none of them sees the middle of it', async () => {
  const temporary = await makeTemporaryFolder();
  const opened = await openDatabase<SeatDatabase>(join(temporary.path, 'seat.db'), seatMigrations);
  const record = {
    seatId: uuid(),
    accountKey: uuid(),
    accountId: uuid(),
    orgId: uuid(),
    membershipId: uuid(),
    role: 'owner' as const,
    organizationName: 'Acorn',
    email: 'ada@example.org',
    serverUrl: 'http://127.0.0.1:9',
    isSample: false,
  };
  const seat = new Seat(record, opened, ports, () => {});
  const count = 120;
  for (let index = 0; index < count; index += 1)
    await seat.mutate(
      'project.create',
      {
        projectId: uuid(),
        terms: {
          title: `Project ${index}`,
          brief: '',
          category: 'research',
          categoryName: null,
          hourBudgetMinutes: 600,
          pay: { kind: 'unpaid' },
          timeZone: 'Europe/Berlin',
          startsOn: '2026-01-01',
          endsOn: '2026-02-01',
          graceMinutes: 0,
          latePolicy: '',
          roundsIncluded: 1,
          rubric: [],
          rounding: null,
        },
      },
      { subject: 'Project' },
    );
  let turns = 0;
  const seen: Promise<number>[] = [];
  let isReplaying = true;
  const takeTurn = () => {
    if (!isReplaying) return;
    turns += 1;
    seen.push(
      seat.db
        .selectFrom('projects')
        .select('id')
        .execute()
        .then((rows) => rows.length),
    );
    setImmediate(takeTurn);
  };
  setImmediate(takeTurn);
  await seat.db.transaction().execute((tx) => applyBeneathForecasts(seat, tx, async () => {}));
  isReplaying = false;
  expect(turns).toBeGreaterThan(1);
  expect(new Set(await Promise.all(seen))).toEqual(new Set([count]));
  await seat.opened.close();
  await temporary.remove();
});
