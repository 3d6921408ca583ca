import { afterEach, beforeEach, expect, test } from 'vitest';
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
  await seat.db
    .insertInto('historyEntries')
    .values(
      titles.map((title, index) => ({
        seq: index + 1,
        mutationId: `mutation-${index}`,
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
});
afterEach(() => workspace.close());

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
