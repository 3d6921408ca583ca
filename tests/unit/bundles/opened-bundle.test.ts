import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { ZipFile } from 'yazl';
import { createFileResponse } from '../../../src/main/hosting/attachment-response.ts';
import { exportBundle } from '../../../src/main/workspace/bundles/export-bundle.ts';
import { OpenBundles } from '../../../src/main/workspace/bundles/opened/open-bundles.ts';
import type { Workspace } from '../../../src/main/workspace/engine/workspace.ts';
import type { EngineEvent } from '../../../src/shared/contract/events.ts';
import {
  createEngagementFixture,
  engagementId,
  fixedId,
  firstTaskId,
  internId,
  scope,
  type EngagementFixture,
} from '../../support/bundles/engagement-fixture.ts';
import { readArchive } from '../../support/bundles/read-archive.ts';
import { makeTemporaryFolder } from '../../support/bundles/temporary-folder.ts';

const content = 'name,price\nAldi,1.20\n';

async function exportOne(): Promise<{ fixture: EngagementFixture; path: string }> {
  const fixture = await createEngagementFixture(await makeTemporaryFolder());
  onTestFinished(() => fixture.close());
  await fixture.submit(1, [{ name: 'prices.csv', content }]);
  await fixture.insert('questions', {
    id: fixedId(71),
    scope,
    taskId: firstTaskId,
    text: 'Which *currency*?',
    askedBy: internId,
    claimedAt: '2026-03-10T10:00:00.000Z',
    createdAt: '2026-03-10T10:00:00.000Z',
  });
  const { path } = await exportBundle(fixture.workspace, fixture.seat, [engagementId]);
  return { fixture, path };
}

function openOn(fixture: EngagementFixture): { bundles: OpenBundles; events: EngineEvent[] } {
  const events: EngineEvent[] = [];
  const workspace = {
    ...fixture.workspace,
    emit: (event: EngineEvent) => events.push(event),
  } as unknown as Workspace;
  const bundles = new OpenBundles(workspace);
  onTestFinished(() => bundles.closeAll());
  return { bundles, events };
}

/** Packs texts as other programs do: compressed. */
async function pack(files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const path = join(await makeTemporaryFolder(), 'packed.zip');
  const zip = new ZipFile();
  for (const [name, each] of Object.entries(files)) zip.addBuffer(Buffer.from(each), name);
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
  return path;
}

async function repack(path: string, change: (files: Record<string, Buffer>) => void) {
  const files = Object.fromEntries(await readArchive(path));
  change(files);
  return pack(files);
}

const findJson = (files: Record<string, Buffer>): string =>
  Object.keys(files).find((name) => name.endsWith('/data/engagement.json')) ?? '';

describe('a bundle that is opened to be read', () => {
  test('says whose work it holds, and that it is whole once it was checked; a part of a file is read from within', async () => {
    const { fixture, path } = await exportOne();
    const { bundles, events } = openOn(fixture);
    const before = await readdir(fixture.workspace.exportsFolder);
    const bundleId = await bundles.open(path);
    expect(bundles.get(bundleId)).toMatchObject({
      engagements: [{ index: 0, internName: 'Inês Carvalho' }],
    });
    await vi.waitFor(() => expect(bundles.get(bundleId).check.kind).toBe('checked'));
    expect(bundles.get(bundleId).check).toMatchObject({ isWhole: true, problemCount: 0 });
    expect(events).toEqual([{ type: 'changed', seatId: bundleId, tables: ['openBundles'] }]);

    const document = await bundles.readEngagement(bundleId, 0);
    expect(document.tasks[0]?.questions).toMatchObject([
      { text: 'Which *currency*?', askedBy: 'Inês Carvalho', answers: [] },
    ]);
    const file = document.tasks[0]?.submissions[0]?.files[0];
    const found = bundles.findFile(bundleId, file?.attachmentId ?? '');
    if (found === undefined) throw new Error('the file is not found');
    const response = await createFileResponse(
      { ...found, isDownload: false },
      { method: 'GET', range: 'bytes=5-9', ifRange: undefined },
    );
    expect(response.status).toBe(206);
    expect(response.headers['content-range']).toBe(`bytes 5-9/${content.length}`);
    expect(await text(response.body as Readable)).toBe('price');
    const whole = await createFileResponse(
      { ...found, isDownload: true },
      { method: 'GET', range: undefined, ifRange: undefined },
    );
    expect(await text(whole.body as Readable)).toBe(content);
    expect(await readdir(fixture.workspace.exportsFolder)).toEqual(before);

    bundles.close(bundleId);
    expect(() => bundles.get(bundleId)).toThrow('not open any more');
    expect(bundles.findFile(bundleId, file?.attachmentId ?? '')).toBeUndefined();
  });

  test('is read no further once it is closed', async () => {
    const { fixture, path } = await exportOne();
    const { bundles, events } = openOn(fixture);
    bundles.close(await bundles.open(path));
    const bundleId = await bundles.open(path);
    await vi.waitFor(() => expect(bundles.get(bundleId).check.kind).toBe('checked'));
    expect(events).toEqual([{ type: 'changed', seatId: bundleId, tables: ['openBundles'] }]);
  });

  test('stays open until sixteen others were opened after it', async () => {
    const { fixture, path } = await exportOne();
    const { bundles } = openOn(fixture);
    const bundleIds: string[] = [];
    for (let count = 0; count < 16; count += 1) bundleIds.push(await bundles.open(path));
    expect(() => bundleIds.map((bundleId) => bundles.get(bundleId))).not.toThrow();
    await bundles.open(path);
    expect(() => bundles.get(bundleIds[0] ?? '')).toThrow('not open any more');
    expect(() => bundles.get(bundleIds[1] ?? '')).not.toThrow();
  });

  test('names what somebody changed in it', async () => {
    const { fixture, path } = await exportOne();
    const bytes = await readFile(path);
    bytes.write('9.20', bytes.indexOf('1.20'));
    await writeFile(path, bytes);
    const { bundles } = openOn(fixture);
    const bundleId = await bundles.open(path);
    await vi.waitFor(() => expect(bundles.get(bundleId).check.kind).toBe('checked'));
    const { check } = bundles.get(bundleId);
    expect(check).toMatchObject({ isWhole: false });
    expect(check.kind === 'checked' && check.changed.join(' ')).toContain('prices.csv');
  });

  test('packed anew by another program is read, but its files are not shown from within', async () => {
    const { fixture, path } = await exportOne();
    const { bundles } = openOn(fixture);
    const bundleId = await bundles.open(await repack(path, () => {}));
    const document = await bundles.readEngagement(bundleId, 0);
    const file = document.tasks[0]?.submissions[0]?.files[0];
    expect(() => bundles.findFile(bundleId, file?.attachmentId ?? '')).toThrow('unpack it');
  });

  test.each([
    [
      'no ZIP',
      async () => {
        const path = join(await makeTemporaryFolder(), 'a.zip');
        await writeFile(path, 'a letter');
        return path;
      },
      'this is not a whole ZIP archive',
    ],
    ['a ZIP, but no bag', () => pack({ 'a/b.txt': 'b' }), 'this is a ZIP, but not a bundle'],
    [
      'a bag of another program',
      () => pack({ 'a/bagit.txt': 'BagIt-Version: 1.0\n', 'a/data/b.txt': 'b' }),
      'no engagement.json is in it',
    ],
    [
      'data that are no JSON',
      () => pack({ 'a/bagit.txt': '', 'a/data/engagement.json': '{' }),
      'cannot be read',
    ],
    [
      'data of another shape',
      () =>
        pack({
          'a/bagit.txt': '',
          'a/data/engagement.json': '{"format":"stint-engagement","version":2}',
        }),
      'not as its format says',
    ],
    [
      'data of a newer program',
      () =>
        pack({
          'a/bagit.txt': '',
          'a/data/engagement.json': '{"format":"stint-engagement","version":3}',
        }),
      'a newer Stint made this bundle',
    ],
    [
      'data of more values than any work has',
      () =>
        pack({
          'a/bagit.txt': '',
          'a/padding': randomBytes(200_000),
          'a/data/engagement.json': `{"format":"stint-engagement","version":2,"tasks":[${'0,'.repeat(15_000_000)}0]}`,
        }),
      'it holds more than 1000000 values',
    ],
    [
      'data without an end to their depth',
      () =>
        pack({
          'a/bagit.txt': '',
          'a/data/engagement.json': `{"a":${'['.repeat(200)}"[[[\\"[[["${']'.repeat(200)}}`,
        }),
      'it is more than 100 levels deep',
    ],
    [
      'little that would become much',
      () =>
        pack({
          'a/bagit.txt': '',
          'a/data/engagement.json': '{}',
          'a/data/zeros': Buffer.alloc(20_000_000),
        }),
      'it is not opened',
    ],
  ])('is refused in words where it is %s', async (_what, make, message) => {
    const fixture = await createEngagementFixture(await makeTemporaryFolder());
    onTestFinished(() => fixture.close());
    const { bundles } = openOn(fixture);
    await expect(bundles.open(await make())).rejects.toThrow(message);
  });

  test('cannot lead out of the archive by the paths in its data', async () => {
    const { fixture, path } = await exportOne();
    const packed = await repack(path, (files) => {
      const name = findJson(files);
      const json = files[name]?.toString('utf8') ?? '';
      files[name] = Buffer.from(
        json.replaceAll(/"path": "[^"]*prices\.csv"/g, '"path": "../../../../etc/passwd"'),
      );
    });
    const { bundles } = openOn(fixture);
    const bundleId = await bundles.open(packed);
    const document = await bundles.readEngagement(bundleId, 0);
    const file = document.tasks[0]?.submissions[0]?.files[0];
    expect(file?.path).toBe('../../../../etc/passwd');
    expect(() => bundles.findFile(bundleId, file?.attachmentId ?? '')).toThrow(
      'this file is not in the bundle',
    );
  });
});
