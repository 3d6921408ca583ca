import { createWriteStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ZipFile } from 'yazl';
import { openArchive } from '../../../../src/main/workspace/bundles/verify/read-archive.ts';
import { rescueWorkspace } from '../../../../src/main/workspace/packs/rescue-workspace.ts';
import { createSystemPorts, sha256Hex } from '../../../../src/main/workspace/ports/system-ports.ts';
import { openTestEngine, type TestEngine } from '../../../support/workspace/test-engine.ts';
import {
  listRows,
  setUpTwoDevices,
  type TwoDevices,
  workOffline,
} from '../../../support/workspace/two-devices.ts';

async function open(folder: string, startsSync: boolean): Promise<TestEngine> {
  const engine = await openTestEngine(folder, { startsSync });
  onTestFinished(() => engine.close());
  return engine;
}

/** Exports what is unsent on a folder, without a network. */
async function exportPack(folder: string): Promise<string> {
  const engine = await open(folder, false);
  const { path } = await engine.ask('pack.export', {});
  await engine.close();
  return path;
}

async function importPack(engine: TestEngine, path: string) {
  const { stagedId } = await engine.ask('files.importPath', { path });
  return await engine.ask('pack.import', { stagedId });
}

async function synchronise(folder: string): Promise<void> {
  const engine = await open(folder, true);
  expect(await engine.settle(20_000)).toMatchObject({ isSettled: true, attentionCount: 0 });
  await engine.close();
}

/** How often the server has applied the work, and what it has of it. */
function readServer({ serverFolder }: TwoDevices) {
  const file = join(serverFolder, 'server.db');
  return {
    submissions: listRows(file, 'select "id" from "submissions"').map(({ id }) => id),
    entries: listRows(file, 'select "id" from "timeEntries"').map(({ id }) => id),
    complete: listRows(file, 'select "id" from "submissions" where "filesCompleteAt" is not null')
      .length,
    applied: listRows(
      file,
      `select count(*) as "count" from "mutationLog" where "name" in ('submission.create', 'time.add')`,
    )[0]?.['count'],
  };
}

const outboxCount = (folder: string, seatId: string): unknown =>
  listRows(
    join(folder, 'seats', seatId, 'seat.db'),
    'select count(*) as "count" from "outbox"',
  )[0]?.['count'];

describe('change packs', () => {
  test('SY-6 work carried by file is shown, sent by the other computer, and applied once when the first comes back', async () => {
    const devices = await setUpTwoDevices();
    const work = await workOffline(devices.first, devices.task);
    const path = await exportPack(devices.first);
    const second = await open(devices.second, false);
    const { stagedId } = await second.ask('files.importPath', { path });
    const preview = await second.ask('pack.inspect', { stagedId });
    expect(preview).toMatchObject({
      seats: [{ organizationName: 'Acorn', changes: 2, known: 0, problem: null }],
      changes: [{ label: 'Submit work', isRefused: false }, { subject: 'Survey prices' }],
      files: 1,
      fileBytes: 13,
      missingFiles: [],
      problems: [],
    });
    expect(await second.ask('pack.import', { stagedId })).toEqual({
      imported: 2,
      known: 0,
      newFiles: 1,
      passedOver: [],
    });
    const [seat] = (await second.ask('app.state', {})).seats;
    const shown = await second.ask('task.get', {
      seatId: seat?.seatId ?? '',
      taskId: devices.task.taskId,
    });
    expect(JSON.stringify(shown)).toContain(work.submissionId);
    await second.close();

    await synchronise(devices.second);
    const once = {
      submissions: [work.submissionId],
      entries: [work.timeEntryId],
      complete: 1,
      applied: 2,
    };
    expect(readServer(devices)).toEqual(once);
    await synchronise(devices.first);
    await synchronise(devices.second);
    expect(readServer(devices)).toEqual(once);
  });

  test('SY-6 importing after the first computer has sent the same work changes nothing more', async () => {
    const devices = await setUpTwoDevices();
    const work = await workOffline(devices.first, devices.task);
    const path = await exportPack(devices.first);
    await synchronise(devices.first);
    const second = await open(devices.second, false);
    expect(await importPack(second, path)).toMatchObject({ imported: 2 });
    await second.close();
    await synchronise(devices.second);
    expect(readServer(devices)).toEqual({
      submissions: [work.submissionId],
      entries: [work.timeEntryId],
      complete: 1,
      applied: 2,
    });
  });

  test('SY-6 importing twice, and importing where the work was done, changes nothing more', async () => {
    const devices = await setUpTwoDevices();
    await workOffline(devices.first, devices.task);
    const path = await exportPack(devices.first);
    const second = await open(devices.second, false);
    await importPack(second, path);
    expect(await importPack(second, path)).toMatchObject({ imported: 0, known: 2, newFiles: 0 });
    await second.close();
    const first = await open(devices.first, false);
    expect(await importPack(first, path)).toMatchObject({ imported: 0, known: 2 });
    await first.close();
    for (const folder of [devices.first, devices.second, devices.first]) await synchronise(folder);
    expect(readServer(devices)).toMatchObject({ applied: 2, complete: 1 });
  });

  test('SY-22 a file that alone was not sent yet is brought to the server at once by whoever imports it', async () => {
    const devices = await setUpTwoDevices();
    await workOffline(devices.first, devices.task);
    await synchronise(devices.first);
    await synchronise(devices.second);
    const [seat] = listRows(join(devices.first, 'workspace.db'), 'select "seatId" from "seats"');
    const { DatabaseSync } = await import('node:sqlite');
    const database = new DatabaseSync(
      join(devices.first, 'seats', String(seat?.['seatId']), 'seat.db'),
    );
    database.exec('update "uploads" set "finishedAt" = null');
    database.close();
    const path = await exportPack(devices.first);
    const second = await open(devices.second, true);
    await second.settle(20_000);
    expect(await importPack(second, path)).toMatchObject({ imported: 0, known: 0 });
    const { seats } = await second.ask('app.state', {});
    const file = join(devices.second, 'seats', seats[0]?.seatId ?? '', 'seat.db');
    await expect
      .poll(() => listRows(file, 'select "finishedAt" is not null as "isSent" from "uploads"'), {
        timeout: 15_000,
      })
      .toEqual([{ isSent: 1 }]);
  });

  test('SY-7 what was refused comes with its reason, and is not sent by itself', async () => {
    const devices = await setUpTwoDevices();
    await workOffline(devices.first, devices.task);
    const engine = await open(devices.first, false);
    await engine.close();
    const seats = listRows(join(devices.first, 'workspace.db'), 'select "seatId" from "seats"');
    const { DatabaseSync } = await import('node:sqlite');
    const database = new DatabaseSync(
      join(devices.first, 'seats', String(seats[0]?.['seatId']), 'seat.db'),
    );
    database.exec(
      `update "outboxStates" set "state" = 'rejected', "code" = 'refused', "message" = 'not this way'
       where "mutationId" = (select "id" from "outbox" where "name" = 'time.add')`,
    );
    database.close();
    const second = await open(devices.second, false);
    await importPack(second, await exportPack(devices.first));
    const { changes } = await second.ask('sync.waiting', {});
    expect(changes.map(({ state, reason }) => ({ state, reason }))).toEqual([
      { state: 'refused', reason: 'not this way' },
      { state: 'waiting', reason: null },
    ]);
  });

  test('says whose work it is where nobody here can hand it in, and imports nothing', async () => {
    const devices = await setUpTwoDevices();
    await workOffline(devices.first, devices.task);
    const path = await exportPack(devices.first);
    const employer = await open(devices.employer, false);
    await expect(importPack(employer, path)).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining("nobody can hand in another person's work") as string,
    });
    const stranger = await open(join(devices.root, 'stranger'), false);
    await expect(importPack(stranger, path)).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('sign in with that account first') as string,
    });
  });

  test('say what they do not carry: a timer that runs, and what it asks', async () => {
    const devices = await setUpTwoDevices();
    const engine = await open(devices.first, false);
    const [seat] = (await engine.ask('app.state', {})).seats;
    const { seatId = '' } = seat ?? {};
    await engine.ask('timer.start', { seatId, taskId: devices.task.taskId });
    const runs =
      /^Acorn: the timer that was started on "Survey prices" at .* UTC runs: its time is/;
    await expect(engine.ask('pack.export', {})).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringMatching(/not in this file before it is stopped$/) as string,
    });
    await engine.close();
    const { DatabaseSync } = await import('node:sqlite');
    const database = new DatabaseSync(join(devices.first, 'seats', seatId, 'seat.db'));
    database.exec(
      `insert into "timerQuestions" ("questionId", "kind", "taskId", "timeEntryId", "note", "zone", "startedAt", "endedAt")
       select "timeEntryId", 'asleep', "taskId", "timeEntryId", '', 'Europe/Lisbon', '2026-03-02T09:00:00.000Z', '2026-03-02T10:00:00.000Z'
       from "timers"`,
    );
    database.close();
    await workOffline(devices.first, devices.task);
    const asks = /^Acorn: a question of the timer waits for an answer/;
    const said = [expect.stringMatching(runs), expect.stringMatching(asks)] as string[];
    const rescued = await rescueWorkspace({
      workspaceFolder: devices.first,
      to: join(devices.root, 'rescued.stintpack'),
      stintVersion: '0.0.0',
      ports: createSystemPorts(),
    });
    expect(rescued).toMatchObject({ changes: 2, problems: said });
    const again = await open(devices.first, false);
    const written = await again.ask('pack.export', {});
    expect(written).toMatchObject({ changes: 2, problems: said });
    await again.close();
    const second = await open(devices.second, false);
    const { stagedId } = await second.ask('files.importPath', { path: written.path });
    expect((await second.ask('pack.inspect', { stagedId })).problems).toEqual(said);
  });

  test('asked for several times at once are several files, each whole', async () => {
    const devices = await setUpTwoDevices();
    await workOffline(devices.first, devices.task);
    const first = await open(devices.first, false);
    const written = await Promise.all([1, 2, 3].map(() => first.ask('pack.export', {})));
    await first.close();
    expect(new Set(written.map(({ path }) => path)).size).toBe(3);
    const second = await open(devices.second, false);
    for (const { path } of written) {
      const { stagedId } = await second.ask('files.importPath', { path });
      expect(await second.ask('pack.inspect', { stagedId })).toMatchObject({ files: 1 });
    }
  });

  test('has nothing to carry where everything was sent', async () => {
    const devices = await setUpTwoDevices();
    const engine = await open(devices.first, false);
    await expect(engine.ask('pack.export', {})).rejects.toMatchObject({ code: 'not_found' });
  });

  test('refuses what is not whole, or not what it says, and leaves the outbox as it was', async () => {
    const devices = await setUpTwoDevices();
    const work = await workOffline(devices.first, devices.task);
    const entries = await unpack(await exportPack(devices.first));
    const second = await open(devices.second, false);
    const [seat] = (await second.ask('app.state', {})).seats;
    const before = outboxCount(devices.second, seat?.seatId ?? '');
    const head = JSON.parse(entries.get('pack.json')?.toString() ?? '') as {
      version: number;
      changes: { sha256: string; sizeBytes: number };
    };
    const lines = entries.get('changes.jsonl')?.toString() ?? '';
    const withLines = (text: string) =>
      new Map([
        ...entries,
        ['changes.jsonl', Buffer.from(text)],
        [
          'pack.json',
          Buffer.from(
            JSON.stringify({
              ...head,
              changes: {
                ...head.changes,
                sha256: sha256Hex(text),
                sizeBytes: Buffer.byteLength(text),
              },
            }),
          ),
        ],
      ]);
    const [one = '', other = ''] = lines.trimEnd().split('\n');
    const broken = JSON.parse(other) as { row: Record<string, unknown> };
    const row = Object.fromEntries(
      Object.entries({ ...broken.row, previousHash: 'a'.repeat(64) }).filter(
        ([name]) => name !== 'rowHash' && name !== 'anchorJson',
      ),
    );
    const { computeCanonicalJson } = await import('../../../../src/shared/canonical-json.ts');
    const chainless = {
      ...broken,
      row: { ...row, anchorJson: null, rowHash: sha256Hex(computeCanonicalJson(row)) },
    };
    const cases: readonly (readonly [string, Map<string, Buffer>, RegExp])[] = [
      [
        'newer',
        new Map([...entries, ['pack.json', Buffer.from(JSON.stringify({ ...head, version: 2 }))]]),
        /newer version of Stint \(format 2/,
      ],
      [
        'extra',
        new Map([...entries, ['files/../x', Buffer.from('x')]]),
        /unpacked outside|relative/,
      ],
      ['surplus', new Map([...entries, ['more.txt', Buffer.from('x')]]), /not in its pack.json/],
      [
        'content',
        new Map([...entries, [`files/${work.file.sha256}`, Buffer.from('fifty answerz')]]),
        /is not what its name says/,
      ],
      [
        'changed',
        new Map([...entries, ['changes.jsonl', Buffer.from(lines.replace('Asked', 'Bsked'))]]),
        /hash|changed/,
      ],
      ['row', withLines(lines.replace('Asked', 'Bsked')), /does not have the hash/],
      ['chain', withLines(`${one}\n${JSON.stringify(chainless)}\n`), /the chain is broken/],
      ['order', withLines(`${other}\n${one}\n`), /not in the order/],
      ['twice', withLines(`${one}\n${one}\n`), /in it twice|not in the order/],
      ['cut', withLines(lines.slice(0, -20)), /cut short|cannot be read/],
      [
        'count',
        new Map([
          ...entries,
          [
            'pack.json',
            Buffer.from(JSON.stringify({ ...head, changes: { ...head.changes, count: 1 } })),
          ],
        ]),
        /expected 1 change, found 2/,
      ],
      ['nothing', new Map([['pack.json', Buffer.from('{}')]]), /does not say that it is/],
    ];
    for (const [name, changed, message] of cases) {
      const path = join(devices.root, `${name}.stintpack`);
      await pack(path, changed);
      await expect(importPack(second, path), name).rejects.toThrow(message);
    }
    const bomb = join(devices.root, 'bomb.stintpack');
    await pack(bomb, new Map([...entries, ['files/zeros', Buffer.alloc(5_000_000)]]), true);
    await expect(importPack(second, bomb)).rejects.toThrow(/bytes unpack to/);
    const torn = join(devices.root, 'torn.stintpack');
    await writeFile(torn, (await readFile(bomb)).subarray(0, 200));
    await expect(importPack(second, torn)).rejects.toMatchObject({ code: 'bundle_malformed' });
    expect(outboxCount(devices.second, seat?.seatId ?? '')).toBe(before);
  });
});

async function unpack(path: string): Promise<Map<string, Buffer>> {
  const archive = await openArchive(path, (_code, message) => {
    throw new Error(message);
  });
  const entries = new Map<string, Buffer>();
  for (const file of archive?.files.values() ?? []) {
    const chunks: Buffer[] = [];
    for await (const chunk of file.read()) chunks.push(chunk);
    entries.set(file.name, Buffer.concat(chunks));
  }
  archive?.close();
  return entries;
}

async function pack(
  path: string,
  entries: ReadonlyMap<string, Buffer>,
  compress = false,
): Promise<void> {
  const zip = new ZipFile();
  // yazl refuses such a name itself; others do not.
  for (const [name, content] of entries)
    zip.addBuffer(content, name.replaceAll('../', 'xx/'), { compress });
  zip.end();
  const output = createWriteStream(path);
  zip.outputStream.pipe(output);
  await finished(output);
  const bytes = await readFile(path, 'latin1');
  await writeFile(path, bytes.replaceAll('files/xx/x', 'files/../x'), 'latin1');
}
