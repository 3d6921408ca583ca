import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { describe, expect, onTestFinished, test } from 'vitest';
import { sha256Hex } from '../../../src/main/workspace/ports/system-ports.ts';
import { exportBundle } from '../../../src/main/workspace/bundles/export-bundle.ts';
import {
  computeEngagementJsonSchema,
  engagementDocumentSchema,
} from '../../../src/shared/bundle/engagement-document.ts';
import { verifyBundle } from '../../../src/main/workspace/bundles/verify-bundle.ts';
import {
  createEngagementFixture,
  engagementId,
  type EngagementFixture,
} from '../../support/bundles/engagement-fixture.ts';
import { makeTemporaryFolder } from '../../support/bundles/temporary-folder.ts';

const run = promisify(execFile);

async function openFixture(): Promise<{ folder: string; fixture: EngagementFixture }> {
  const folder = await makeTemporaryFolder();
  const fixture = await createEngagementFixture(folder);
  onTestFinished(() => fixture.close());
  return { folder, fixture };
}

/** Unpacks with the system's own program: what a person without Stint would do. */
async function unpack(path: string, folder: string): Promise<string> {
  const target = join(folder, 'unpacked');
  await run('unzip', ['-q', path, '-d', target], { env: { ...process.env, LC_ALL: 'C.UTF-8' } });
  const [base, ...others] = await readdir(target);
  expect(others).toEqual([]);
  return join(target, base ?? '');
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}

describe('a bundle', () => {
  test('unpacks with unzip into one folder that sha256sum finds whole, with everything under human names', async () => {
    const { folder, fixture } = await openFixture();
    await fixture.addReference({ name: 'guide & brief.pdf', content: 'guide' });
    await fixture.submit(1, [
      { name: 'Preisübersicht – März.csv', content: 'a,b\r\n' },
      { name: '🌱 launch plan.pdf', content: 'plan' },
    ]);
    await fixture.submit(2, [
      { name: 'note.md', content: 'a deliverable that is called like ours' },
    ]);
    await fixture.addTime({
      id: 61,
      startedAt: '2026-03-08T09:00:00.000Z',
      endedAt: '2026-03-08T10:00:01.000Z',
      note: '=HYPERLINK("http://evil","x")',
    });

    const written = await exportBundle(fixture.workspace, fixture.seat, [engagementId]);

    expect(written.missing).toEqual([]);
    expect(written.fileName).toBe('spring-market-research-ines-carvalho-2026-03-12.zip');
    const archive = await readFile(written.path);
    expect(written.sizeBytes).toBe(archive.byteLength);
    expect(written.sha256).toBe(sha256Hex(archive));
    const bag = await unpack(written.path, folder);
    for (const manifest of ['manifest-sha256.txt', 'tagmanifest-sha256.txt'])
      await run('sha256sum', ['--check', '--strict', '--quiet', manifest], { cwd: bag });

    const task = 'data/tasks/01 Price survey_ what_where_ _b_';
    const files = await readdir(bag, { recursive: true, withFileTypes: true });
    const paths = files
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(bag.length + 1))
      .sort();
    expect(paths).toEqual(
      [
        'bag-info.txt',
        'bagit.txt',
        'manifest-sha256.txt',
        'tagmanifest-sha256.txt',
        'data/annotations.jsonld',
        'data/brief/project.md',
        'data/engagement.json',
        'data/engagement.schema.json',
        'data/references/guide & brief.pdf',
        'data/ro-crate-metadata.json',
        'data/report/index.html',
        'data/report/report.pdf',
        'data/timesheet.csv',
        `${task}/brief-v1.md`,
        `${task}/revision-1/files/Preisübersicht – März.csv`,
        `${task}/revision-1/files/🌱 launch plan.pdf`,
        `${task}/revision-1/note.md`,
        `${task}/revision-1/receipt.json`,
        `${task}/revision-1/review.md`,
        `${task}/revision-1/reviews.json`,
        `${task}/revision-2/files/note.md`,
        `${task}/revision-2/note.md`,
        `${task}/revision-2/receipt.json`,
        `${task}/revision-2/review.md`,
        `${task}/revision-2/reviews.json`,
      ].sort(),
    );
    expect(await readFile(join(bag, task, 'revision-2/note.md'), 'utf8')).toBe('Revision **2**\n');

    const info = await readFile(join(bag, 'bag-info.txt'), 'utf8');
    expect(info).toContain('Source-Organization: Talkorn Müslimanufaktur\n');
    expect(info).toContain('Bagging-Date: 2026-03-12\n');
    const manifestLines = (await readFile(join(bag, 'manifest-sha256.txt'), 'utf8')).split('\n');
    expect(manifestLines.length - 1).toBe(paths.length - 4);
    expect(info).toMatch(new RegExp(`^Payload-Oxum: \\d+\\.${paths.length - 4}$`, 'm'));

    const csv = await readFile(join(bag, 'data/timesheet.csv'), 'utf8');
    expect(csv.split('\r\n').slice(1)).toEqual([
      `2026-03-08,2026-03-08T09:00:00+00:00,2026-03-08T10:00:01+00:00,Europe/Lisbon,3601,1.0003,1,Price survey: what/where? <b>,timer,"'=HYPERLINK(""http://evil"",""x"")",2026-03-08T09:00:00.000Z,2026-03-08T10:00:01.000Z,00000000-0000-7000-8000-000000000061`,
      '',
    ]);

    const document = engagementDocumentSchema.parse(
      await readJson(join(bag, 'data/engagement.json')),
    );
    expect(document.tasks[0]?.state).toBe('accepted');
    expect(document.tasks[0]?.submissions[0]?.files.map(({ name, path }) => [name, path])).toEqual([
      ['Preisübersicht – März.csv', `${task.slice(5)}/revision-1/files/Preisübersicht – März.csv`],
      ['🌱 launch plan.pdf', `${task.slice(5)}/revision-1/files/🌱 launch plan.pdf`],
    ]);
    // The schema beside it is one that a reader without Stint can use.
    const schema = await readJson(join(bag, 'data/engagement.schema.json'));
    expect(schema).toEqual(JSON.parse(JSON.stringify(computeEngagementJsonSchema())));
    const readBack = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
    expect(readBack.safeParse(document).error?.issues ?? []).toEqual([]);
    expect(readBack.safeParse({ ...document, version: 3 }).success).toBe(false);

    expect(await verifyBundle(written.path)).toMatchObject({
      isWhole: true,
      problems: [],
      fileCount: paths.length - 4,
    });
  });

  test('has a report that opens by itself: no script, nothing from elsewhere, every link inside it works', async () => {
    const { folder, fixture } = await openFixture();
    await fixture.addReference({ name: 'a #1 & "b" 100%.txt', content: 'r' });
    await fixture.submit(1, [{ name: 'x<img src=y>.txt', content: 'first' }], {
      note: '<script>alert(1)</script> [go](javascript:alert(1)) [ok](https://example.org/)',
    });
    const { path } = await exportBundle(fixture.workspace, fixture.seat, [engagementId]);
    const bag = await unpack(path, folder);
    const html = await readFile(join(bag, 'data/report/index.html'), 'utf8');
    expect(html).not.toMatch(/<(?:script|img|iframe|link|object)\b/i);
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    const addresses = [...html.matchAll(/href="([^"]*)"/g)].map(([, address = '']) => address);
    const inside = addresses.filter((address) => address.startsWith('../'));
    expect(addresses.filter((address) => !address.startsWith('../'))).toEqual([
      'https://example.org/',
    ]);
    expect(inside.length).toBe(6);
    for (const address of inside) {
      const target = new URL(address, `file://${encodeURI(bag)}/data/report/index.html`);
      expect((await stat(target)).isFile(), address).toBe(true);
    }
  });

  test('is the same, byte by byte, in every time zone, in every language and on every computer', async () => {
    const folder = await makeTemporaryFolder();
    const program = join(import.meta.dirname, '../../support/bundles/print-bundle-hash.ts');
    const hashes = [];
    for (const [zone, language] of [
      ['Pacific/Kiritimati', 'tr_TR.UTF-8'],
      ['America/St_Johns', 'ar_EG.UTF-8'],
      ['UTC', 'C'],
    ] as const) {
      const { stdout } = await run(process.execPath, [program, join(folder, zone.slice(0, 3))], {
        env: { ...process.env, TZ: zone, LANG: language, LC_ALL: language },
      });
      hashes.push(stdout);
    }
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(hashes).size).toBe(1);
  });

  test('exported twice is one file; exported after more work it is another, and the first one stays', async () => {
    const { fixture } = await openFixture();
    await fixture.submit(1, [{ name: 'a.txt', content: 'a' }]);
    const first = await exportBundle(fixture.workspace, fixture.seat, [engagementId]);
    const again = await exportBundle(fixture.workspace, fixture.seat, [engagementId]);
    expect(again).toEqual(first);
    await fixture.addTime({
      id: 62,
      startedAt: '2026-03-09T09:00:00.000Z',
      endedAt: '2026-03-09T10:00:00.000Z',
      note: 'More',
    });
    const later = await exportBundle(fixture.workspace, fixture.seat, [engagementId]);
    expect(later.fileName).toBe('spring-market-research-ines-carvalho-2026-03-11 (2).zip');
    expect((await readdir(fixture.workspace.exportsFolder)).sort()).toEqual(
      [first.fileName, later.fileName].sort(),
    );
    expect(sha256Hex(await readFile(first.path))).toBe(first.sha256);
    const rows = await fixture.workspace.db.selectFrom('exports').selectAll().execute();
    expect(rows.map(({ sha256 }) => sha256).sort()).toEqual([first.sha256, later.sha256].sort());
  });

  test('fetches what is not on this computer, and names what cannot be had', async () => {
    const { folder, fixture } = await openFixture();
    await fixture.submit(
      1,
      [
        { name: 'on the server.txt', content: 'here it comes' },
        { name: 'nowhere.txt', content: 'lost' },
      ],
      { keepsContents: false },
    );
    fixture.onServer.set(sha256Hex('here it comes'), 'here it comes');
    const { path, missing } = await exportBundle(fixture.workspace, fixture.seat, [engagementId]);
    expect(fixture.fetched).toEqual([sha256Hex('here it comes'), sha256Hex('lost')]);
    expect(missing).toEqual([
      'tasks/01 Price survey_ what_where_ _b_/revision-1/files/nowhere.txt',
    ]);
    expect((await verifyBundle(path)).isWhole).toBe(true);
    const bag = await unpack(path, folder);
    const document = engagementDocumentSchema.parse(
      await readJson(join(bag, 'data/engagement.json')),
    );
    expect(document.missing).toEqual([
      {
        path: missing[0],
        name: 'nowhere.txt',
        sha256: sha256Hex('lost'),
        sizeBytes: 4,
        reason: 'not_on_the_server_yet',
      },
    ]);
    expect(await readFile(join(bag, 'data/report/index.html'), 'utf8')).toContain(
      'One file is not in this bundle',
    );
  });

  test('is not written when a file on this computer is not what was handed in', async () => {
    const { fixture } = await openFixture();
    await fixture.submit(1, [{ name: 'work.txt', content: 'original' }]);
    await writeFile(fixture.workspace.files.path(sha256Hex('original')), 'tampered');
    await expect(
      exportBundle(fixture.workspace, fixture.seat, [engagementId]),
    ).rejects.toMatchObject({
      code: 'hash_mismatch',
      message: expect.stringContaining('work.txt'),
    });
    expect(await readdir(fixture.workspace.exportsFolder)).toEqual([]);
    expect(await fixture.workspace.db.selectFrom('exports').selectAll().execute()).toEqual([]);
  });

  test('leaves no half file on a full disk (Linux: /dev/full)', async ({ skip }) => {
    skip(process.platform !== 'linux', '/dev/full is a device of Linux alone');
    const { fixture } = await openFixture();
    await fixture.submit(1, [{ name: 'work.txt', content: 'x'.repeat(1_000_000) }]);
    const folder = fixture.workspace.exportsFolder;
    await mkdir(folder, { recursive: true });
    // What is written here ends on a device that is always full.
    const part = join(folder, 'spring-market-research-ines-carvalho-2026-03-11.zip.part');
    await symlink('/dev/full', part);
    await expect(
      exportBundle(fixture.workspace, fixture.seat, [engagementId]),
    ).rejects.toMatchObject({ code: 'disk_full' });
    expect(await readdir(folder)).toEqual([]);
    await rm(part, { force: true });
    const { path } = await exportBundle(fixture.workspace, fixture.seat, [engagementId]);
    expect((await verifyBundle(path)).isWhole).toBe(true);
  });

  test('says not_found for an engagement that is not here', async () => {
    const { fixture } = await openFixture();
    await expect(
      exportBundle(fixture.workspace, fixture.seat, ['00000000-0000-7000-8000-00000000dead']),
    ).rejects.toMatchObject({ code: 'not_found' });
  });
});
