import { expect, test } from 'vitest';
import { updateSearchIndex } from '../../../../src/main/workspace/search/search-index.ts';
import type { Seat } from '../../../../src/main/workspace/seats/seat.ts';
import { settle } from '../../../support/sync/test-installation.ts';
import { setUpPair } from '../../../support/sync/test-organization.ts';
import { setUpSyncScene } from '../../../support/sync/sync-scene.ts';

const scene = setUpSyncScene();

/** Whether the word stands in the index: in its texts, or among the words that it was taken apart into. */
function isKept({ opened: { connection } }: Seat, word: string): boolean {
  const texts = connection.prepare(`select * from "searchText_content"`).all();
  const blocks = connection.prepare(`select "block" from "searchText_data"`).all() as {
    block: Buffer;
  }[];
  return (
    JSON.stringify(texts).toLowerCase().includes(word) ||
    blocks.some(({ block }) => block.includes(Buffer.from(word)))
  );
}

test('a name that was erased is not kept in the index of words, though nobody looks for anything', async () => {
  const { employer, intern } = await setUpPair(scene.desk, scene.laptop, scene.server.url);
  const { membershipId } = intern.record;
  await intern.mutate(
    'member.updateProfile',
    { displayName: 'Zenobia Quist', timeZone: 'Europe/Lisbon' },
    { subject: '' },
  );
  await settle(scene.laptop);
  await settle(scene.desk);
  await updateSearchIndex(employer);
  expect(isKept(employer, 'zenobia')).toBe(true);

  await employer.mutate('member.remove', { membershipId, reason: null }, { subject: '' });
  await employer.mutate('member.erase', { membershipId }, { subject: '' });
  await settle(scene.desk);
  expect(isKept(employer, 'zenobia')).toBe(false);
  await updateSearchIndex(employer);
  const { connection } = employer.opened;
  connection.exec(`insert into "searchText" ("searchText") values ('integrity-check')`);
});
