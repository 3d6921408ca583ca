import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startServer } from '../../../src/server/start-server.ts';
import {
  makeTemporaryFolder,
  openTestInstallation,
  settle,
} from '../../support/sync/test-installation.ts';
import { MovableClock } from '../../support/sync/movable-clock.ts';
import { loadExchanges, recordedVersions } from './recorded-traffic.ts';
import {
  listTableContents,
  loadFolderNotes,
  nameServer,
  type RestoredFolders,
  restoreFolders,
  type TableContents,
} from './restore-folders.ts';

/** What says how far a workspace is in step: a migration may have it begin anew, and drop what settled changes read. */
const bookkeeping: ReadonlySet<string> = new Set(['outboxTouches', 'scopeCursors', 'seatState']);

/** Every row is there as it was; of columns and tables that are new nothing is asked. */
function expectKept(before: TableContents, after: TableContents): void {
  for (const [table, rows] of Object.entries(before)) {
    if (bookkeeping.has(table)) continue;
    const columns = Object.keys(rows[0] ?? {});
    const write = (row: Readonly<Record<string, unknown>>): string =>
      JSON.stringify(columns.map((column) => row[column] ?? null));
    expect((after[table] ?? []).map(write).sort(), table).toEqual(rows.map(write).sort());
  }
}

describe.each(recordedVersions)('version %i', (version) => {
  /** Time goes on from where the recording ended, so that nothing in it has grown old. */
  function createClock(): MovableClock {
    const clock = new MovableClock();
    clock.pass(Date.parse(loadExchanges(version).at(-1)?.at ?? '') - Date.now());
    return clock;
  }

  async function restore(): Promise<RestoredFolders> {
    const { path: root, remove } = await makeTemporaryFolder();
    onTestFinished(remove);
    return restoreFolders(version, root);
  }

  test("SY-20 a server's folder of the older version opens, with every row as it was", async () => {
    const folders = await restore();
    const databasePath = path.join(folders.serverFolder, 'server.db');
    const before = listTableContents(databasePath);
    const server = await startServer({
      dataFolder: folders.serverFolder,
      logLevel: 'silent',
      ports: { clock: createClock() },
    });
    await server.close();
    expectKept(before, listTableContents(databasePath));
  });

  test('SY-20 a workspace of the older version opens, with every row as it was', async () => {
    const folders = await restore();
    const databasePaths = [
      path.join(folders.workspaceFolder, 'workspace.db'),
      folders.seatDatabase,
    ] as const;
    const before = databasePaths.map(listTableContents);
    const installation = await openTestInstallation(folders.workspaceFolder, createClock());
    await installation.close();
    for (const [index, databasePath] of databasePaths.entries())
      expectKept(before[index] ?? {}, listTableContents(databasePath));
  });

  test('SY-20 what an older version left unsent goes through, with its files, after the update', async () => {
    const folders = await restore();
    const { seatId } = loadFolderNotes(version);
    const unsent = listTableContents(folders.seatDatabase)['outboxStates']?.filter(
      ({ state }) => state === 'pending',
    );
    expect(unsent?.length).toBe(4);
    const server = await startServer({
      dataFolder: folders.serverFolder,
      logLevel: 'silent',
      ports: { clock: createClock() },
    });
    onTestFinished(() => server.close());
    nameServer(folders, server.url);
    const installation = await openTestInstallation(folders.workspaceFolder, createClock());
    onTestFinished(() => installation.close());
    installation.sync.start();
    await settle(installation);

    const seat = installation.seats.find(seatId);
    if (seat === undefined) throw new Error('the seat did not open');
    const states = await seat.db
      .selectFrom('outboxStates')
      .innerJoin('outbox', 'outbox.id', 'outboxStates.mutationId')
      .select(['outbox.name', 'outboxStates.state', 'outboxStates.message'])
      .orderBy('outbox.deviceSeq')
      .execute();
    expect(states.filter(({ state }) => state !== 'settled')).toEqual([]);
    const submissions = await seat.db
      .selectFrom('submissions')
      .select(['note', 'receivedAt', 'filesCompleteAt'])
      .where('note', '=', 'Written offline.')
      .execute();
    expect(submissions).toEqual([
      {
        note: 'Written offline.',
        receivedAt: expect.any(String) as string,
        filesCompleteAt: expect.any(String) as string,
      },
    ]);
  });
});
