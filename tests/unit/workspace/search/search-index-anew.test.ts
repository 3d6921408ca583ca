import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { seatMigrations } from '../../../../src/main/workspace/database/migration-lists.ts';
import { openDatabase } from '../../../../src/main/workspace/database/open-database.ts';
import type { SeatDatabase } from '../../../../src/main/workspace/database/seat-tables.ts';
import { createSearchTriggers } from '../../../../src/main/workspace/search/search-sources.ts';
import { makeTemporaryFolder } from '../../../support/sync/test-installation.ts';

test('an index of an earlier version is emptied, waits to be made anew, and leaves nothing to be read in the file', async () => {
  const { path: folder, remove } = await makeTemporaryFolder();
  onTestFinished(remove);
  const file = join(folder, 'seat.db');
  const { 'seat-0007-quick-search': _, ...earlier } = seatMigrations;
  const before = await openDatabase<SeatDatabase>(file, earlier);
  for (const statement of createSearchTriggers()) before.connection.exec(statement);
  before.connection.exec(`
    update "searchState" set "isBuilt" = 1;
    insert into "searchQueue" values ('memberships', 'queuedmember');
    insert into "searchDocuments" values (7, 'memberships', 'indexedmember');
    insert into "searchText" ("rowid", "title", "body") values (7, 'Zenobia Quist', 'zenobia@example.org');
  `);
  await before.close();
  expect((await readFile(file)).includes('Zenobia Quist')).toBe(true);

  const { connection, close } = await openDatabase<SeatDatabase>(file, seatMigrations);
  expect(connection.prepare('select * from "searchState"').all()).toEqual([
    { only: 1, isBuilt: 0 },
  ]);
  for (const table of ['searchQueue', 'searchDocuments', 'searchText'])
    expect(connection.prepare(`select * from "${table}"`).all(), table).toEqual([]);
  expect(connection.pragma('secure_delete', { simple: true })).toBe(0);
  // As the index is begun: there is none of them left.
  for (const statement of createSearchTriggers()) connection.exec(statement);
  await close();
  const bytes = await readFile(file);
  for (const word of ['Zenobia', 'zenobia', 'indexedmember', 'queuedmember'])
    expect(bytes.includes(word), word).toBe(false);
});
