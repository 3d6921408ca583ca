import { afterEach, beforeEach, expect, test } from 'vitest';
import { listHistory } from '../../../../src/main/workspace/history/list-history.ts';
import { filterHistory } from '../../../../src/main/workspace/history/history-rows.ts';
import type { Seat } from '../../../../src/main/workspace/seats/seat.ts';
import { computeCanonicalJson } from '../../../../src/shared/canonical-json.ts';
import {
  addOrganization,
  openTestWorkspace,
  type TestWorkspace,
} from '../../../support/workspace/test-workspace.ts';

let workspace: TestWorkspace;
let seat: Seat;
beforeEach(async () => {
  workspace = await openTestWorkspace({ now: '2026-03-02T09:00:00.000Z' });
  seat = (await addOrganization(workspace)).owner;
  const titles = [
    'Fill price_list.csv, say "hi", 50% of Müller’s C:\\files',
    'ÄRGER in İZMİR, СКИДКА',
    'pricelist of Muller, 50 of them',
  ];
  await insertEntries(titles, 1);
});
afterEach(() => workspace.close());

async function insertEntries(titles: readonly string[], firstSeq: number): Promise<void> {
  await seat.db
    .insertInto('historyEntries')
    .values(
      titles.map((title, index) => ({
        seq: firstSeq + index,
        mutationId: `mutation-${firstSeq + index}`,
        name: 'task.assign',
        version: 1,
        actorMembershipId: seat.record.membershipId,
        deviceId: 'device',
        deviceName: 'Laptop',
        claimedAt: '2026-03-01T09:00:00.000Z',
        receivedAt: '2026-03-01T09:00:00.000Z',
        argsJson: computeCanonicalJson({ title }),
        argsHash: 'hash',
        hash: 'hash',
      })),
    )
    .execute();
}

test.for([
  ['PRICE', [1, 3]],
  ['price_list', [1]],
  ['say "HI"', [1]],
  ['50%', [1]],
  ['%', [1]],
  ['_', [1]],
  ['c:\\FILES', [1]],
  ['MÜLLER', [1]],
  ['muller', [3]],
  ['ärger', [2]],
  ['İzmİr', [2]],
  ['скидка', [2]],
  ['nothing', []],
] as const)('entries that hold %s, as it is written or in other letters', async ([text, found]) => {
  const rows = await filterHistory(seat, { text }, 'UTC').orderBy('seq').execute();
  expect(rows.map(({ seq }) => seq)).toEqual(found);
});

test('a long history is searched in pieces, between which others have a turn', async () => {
  for (let firstSeq = 10; firstSeq < 5010; firstSeq += 1000)
    await insertEntries(
      Array.from({ length: 1000 }, (_, index) => `Кафе ${firstSeq + index}`),
      firstSeq,
    );
  let turns = 0;
  let isOver = false;
  const takeTurn = () => {
    turns += 1;
    if (!isOver) setImmediate(takeTurn);
  };
  setImmediate(takeTurn);
  const search = (offset: number) =>
    listHistory(workspace.workspace, seat, { text: 'КАФЕ', offset, limit: 2 });
  const { total, entries } = await search(0);
  isOver = true;
  expect(total).toBe(5000);
  expect(entries.map(({ seq }) => seq)).toEqual([5009, 5008]);
  expect((await search(4999)).entries.map(({ seq }) => seq)).toEqual([10]);
  expect((await search(5000)).entries).toEqual([]);
  expect(turns).toBeGreaterThanOrEqual(5);
});
