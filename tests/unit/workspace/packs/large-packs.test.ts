import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { computeCanonicalJson } from '../../../../src/shared/canonical-json.ts';
import { writeArchive } from '../../../../src/main/workspace/bundles/archive-writer.ts';
import { FileFolder } from '../../../../src/main/workspace/files/file-folder.ts';
import { computeOutboxRowHash } from '../../../../src/main/workspace/packs/outbox-row-hash.ts';
import type { PackedRow } from '../../../../src/main/workspace/packs/pack-format.ts';
import {
  createReadSource,
  type PackSource,
} from '../../../../src/main/workspace/packs/pack-source.ts';
import { openPack } from '../../../../src/main/workspace/packs/read-pack.ts';
import { writePack } from '../../../../src/main/workspace/packs/write-pack.ts';
import { createSystemPorts, sha256Hex } from '../../../../src/main/workspace/ports/system-ports.ts';
import type { UnsentRow } from '../../../../src/main/workspace/database/read-unsent-rows.ts';
import { makeTemporaryFolder, uuid } from '../../../support/sync/test-installation.ts';

const identity = {
  seatId: uuid(),
  serverUrl: 'https://stint.example.org',
  accountId: uuid(),
  orgId: uuid(),
  membershipId: uuid(),
  email: 'ada@example.org',
  organizationName: 'Acorn',
  role: 'intern',
};

async function makeFolder(): Promise<string> {
  const { path, remove } = await makeTemporaryFolder();
  onTestFinished(remove);
  return path;
}

async function write(folder: string, source: PackSource) {
  const path = join(folder, 'work.stintpack');
  return await writePack({
    path,
    workFolder: folder,
    sources: [source],
    files: new FileFolder(join(folder, 'files'), createSystemPorts().randomness),
    createdAt: '2026-03-02T09:00:00.000Z',
    deviceName: 'old laptop',
    stintVersion: '1.0.0',
  });
}

function* makeRows(all: readonly { name: string; args: unknown }[]): Generator<UnsentRow> {
  let previousHash = '';
  for (const [index, { name, args }] of all.entries()) {
    const argsJson = computeCanonicalJson(args);
    const row: PackedRow = {
      deviceSeq: index + 1,
      id: uuid(),
      name,
      version: 1,
      argsJson,
      argsHash: sha256Hex(argsJson),
      previousHash,
      rowHash: '',
      claimedAt: '2026-03-02T09:00:00.000Z',
      bootId: 'boot',
      monotonicMs: index,
      baseSeq: 0,
      anchorJson: null,
    };
    const rowHash = computeOutboxRowHash(row, sha256Hex);
    previousHash = rowHash;
    yield {
      outbox: { ...row, rowHash },
      state: {
        state: 'pending',
        subject: 'Survey',
        code: null,
        message: null,
        field: null,
        answeredAt: null,
      },
      touches: [],
    };
  }
}

const computeSha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const listFiles = (count: number, name: (index: number) => string) =>
  Array.from({ length: count }, (_file, index) => ({
    sha256: computeSha256(String(index)),
    sizeBytes: index,
    name: name(index),
  }));

describe('large change packs', () => {
  test('that name thousands of files with long names are read as they were written', async () => {
    const folder = await makeFolder();
    const uploads = listFiles(8000, (index) => `${'réponse '.repeat(30)}${index}.txt`);
    const reading = { rows: [], uploads, problems: [], unrecorded: [] };
    const written = await write(folder, createReadSource(identity, reading, sha256Hex));
    const pack = await openPack(written.path, sha256Hex);
    onTestFinished(() => pack.close());
    expect(pack.head.seats[0]?.uploads).toEqual(uploads);
    expect(pack.head.missing).toHaveLength(8000);
  });

  test('of thousands of changes with long texts are read as they were written', async () => {
    const folder = await makeFolder();
    const note = 'word '.repeat(1500);
    const rows = [
      ...makeRows(
        Array.from({ length: 1000 }, () => ({ name: 'time.add', args: { id: uuid(), note } })),
      ),
    ];
    const reading = { rows, uploads: [], problems: [], unrecorded: [] };
    const written = await write(folder, createReadSource(identity, reading, sha256Hex));
    expect(written.changes).toBe(1000);
    const pack = await openPack(written.path, sha256Hex);
    onTestFinished(() => pack.close());
    let count = 0;
    for await (const { row } of pack.changes()) if (row.argsJson.includes(note)) count += 1;
    expect(count).toBe(1000);
  });

  test('carry a file whatever the length of its name, and a change whatever the length of what was said of it', async () => {
    const folder = await makeFolder();
    const name = `${'n'.repeat(1000)}.txt`;
    const [row] = makeRows([{ name: 'time.add', args: { id: uuid() } }]);
    if (row === undefined) throw new Error('expected a row');
    const state = { ...row.state, subject: 's'.repeat(5000), message: 'm'.repeat(9000) };
    const reading = {
      rows: [{ ...row, state }],
      uploads: listFiles(1, () => name),
      problems: [],
      unrecorded: [],
    };
    const written = await write(folder, createReadSource(identity, reading, sha256Hex));
    expect(written).toMatchObject({ changes: 1, problems: [] });
    const pack = await openPack(written.path, sha256Hex);
    onTestFinished(() => pack.close());
    expect(pack.head.seats[0]?.uploads[0]?.name.length).toBeGreaterThan(100);
  });

  test('of a database with damage everywhere say the first of it, and how much more there is', async () => {
    const folder = await makeFolder();
    const rows = [
      ...makeRows(Array.from({ length: 1202 }, () => ({ name: 'time.add', args: { id: uuid() } }))),
    ].map((row, index) =>
      index === 0 ? row : { ...row, outbox: { ...row.outbox, argsHash: 'damaged' } },
    );
    const reading = { rows, uploads: [], problems: [], unrecorded: [] };
    const written = await write(folder, createReadSource(identity, reading, sha256Hex));
    expect(written.changes).toBe(1);
    expect(written.problems).toHaveLength(1001);
    expect(written.problems.at(-1)).toBe('201 more of the kind');
  });

  test('are refused where their pack.json is deeper, or holds more, than any that is written', async () => {
    const folder = await makeFolder();
    const path = join(folder, 'hostile.stintpack');
    const cases: readonly (readonly [string, RegExp])[] = [
      ['['.repeat(1_000_000), /more than 100 levels deep/],
      [`[${'0,'.repeat(8_000_000)}0]`, /more than 8000000 values/],
      ['{"format"', /is not JSON/],
    ];
    for (const [content, message] of cases) {
      await writeArchive(
        path,
        [{ path: 'pack.json', content: Buffer.from(content) }],
        '2026-03-02',
      );
      await expect(openPack(path, sha256Hex)).rejects.toThrow(message);
    }
  });
});
