import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, onTestFinished, test } from 'vitest';
import { writeArchive } from '../../../src/main/workspace/bundles/archive-writer.ts';
import { exportBundle } from '../../../src/main/workspace/bundles/export-bundle.ts';
import { createEngagementFixture, engagementId } from '../../support/bundles/engagement-fixture.ts';
import { hasProgram } from '../../support/bundles/find-program.ts';
import { readArchive } from '../../support/bundles/read-archive.ts';
import { makeTemporaryFolder } from '../../support/bundles/temporary-folder.ts';

const run = promisify(execFile);
const support = join(import.meta.dirname, '../../support/bundles');
const hasPython = hasProgram('python3', '--version');
const hasUnzip = hasProgram('unzip', '-v');

/** A bundle with what is hard to write down: names of every kind, an empty file, and one too large to be held. */
async function makeBundle(): Promise<string> {
  const fixture = await createEngagementFixture(await makeTemporaryFolder());
  onTestFinished(() => fixture.close());
  await fixture.addReference({ name: '100% & more.txt', content: 'reference' });
  await fixture.submit(1, [
    { name: 'Preisübersicht – März (final) #1.csv', content: 'a,b\r\n' },
    { name: '🌱 plan.pdf', content: '' },
    { name: 'large.bin', content: 'x'.repeat(9 * 1024 * 1024) },
  ]);
  await fixture.submit(2, [{ name: 'engagement.json', content: '{"not":"ours"}' }]);
  await fixture.addTime({
    id: 61,
    startedAt: '2026-03-08T09:00:00.000Z',
    endedAt: '2026-03-08T10:00:01.000Z',
    note: 'Read',
  });
  return (await exportBundle(fixture.workspace, fixture.seat, [engagementId])).path;
}

describe('a bundle, read by others', () => {
  test('is whole for unzip', async ({ skip }) => {
    skip(!hasUnzip, 'unzip is not on this machine');
    const path = await makeBundle();
    await run('unzip', ['-tqq', path]);
    const archive = await readFile(path);
    archive.writeUInt8(
      archive.readUInt8(archive.indexOf('a,b\r\n')) ^ 1,
      archive.indexOf('a,b\r\n'),
    );
    await writeFile(path, archive);
    await expect(run('unzip', ['-tqq', path])).rejects.toMatchObject({ code: 2 });
  });

  test('is a bag by the text of RFC 8493 and for zipfile, in Python', async ({ skip }) => {
    skip(!hasPython, 'Python is not on this machine');
    const path = await makeBundle();
    const { stdout } = await run('python3', [join(support, 'check_bag.py'), path]);
    expect(stdout.trim()).toBe('');
    const entries = [...(await readArchive(path))].map(([name, content]) => ({
      path: name,
      content: name.endsWith('/note.md') ? Buffer.from('another note\n') : content,
    }));
    const changed = `${path}.changed.zip`;
    await writeArchive(changed, entries, '2026-03-12');
    await expect(run('python3', [join(support, 'check_bag.py'), changed])).rejects.toMatchObject({
      stdout: expect.stringContaining('note.md is not what manifest-sha256.txt says'),
    });
  });

  test('is an RO-Crate 1.2 with every required entity, in Python', async ({ skip }) => {
    skip(!hasPython, 'Python is not on this machine');
    const path = await makeBundle();
    const { stdout } = await run('python3', [join(support, 'check_crate.py'), path]);
    expect(stdout.trim()).toBe('');
    const archive = await readFile(path);
    const at = archive.indexOf('"datePublished"');
    archive.write('"datePublishes"', at);
    await writeFile(path, archive);
    await expect(run('python3', [join(support, 'check_crate.py'), path])).rejects.toMatchObject({
      code: 1,
    });
  });

  test('says of places in its files what the W3C model says, and the places are there, in Python', async ({
    skip,
  }) => {
    skip(!hasPython, 'Python is not on this machine');
    const fixture = await createEngagementFixture(await makeTemporaryFolder());
    onTestFinished(() => fixture.close());
    const submissionId = await fixture.submit(1, [
      { name: 'Prices – März 🌱.md', content: '🌱 Twelve shops, *eleven* answers.\n' },
      { name: 'plan.png', content: 'a picture' },
      { name: 'report.pdf', content: 'pages' },
    ]);
    const { db } = fixture.seat;
    const { manifestJson } = await db
      .selectFrom('submissions')
      .select('manifestJson')
      .where('id', '=', submissionId)
      .executeTakeFirstOrThrow();
    const [text, picture, pages] = JSON.parse(manifestJson) as { attachmentId: string }[];
    const at = (
      number: number,
      file: { attachmentId: string } | undefined,
      selectors: readonly object[],
    ) => ({
      id: `00000000-0000-7000-8000-0000000009${number}`,
      kind: 'remark',
      criterionId: null,
      attachmentId: file?.attachmentId ?? null,
      selectors,
      text: `Remark ${number}`,
    });
    const comments = [
      at(10, text, [
        { type: 'TextQuoteSelector', exact: 'eleven', prefix: 'shops, *', suffix: '* answers' },
        // By code points, of which the seedling is one.
        { type: 'TextPositionSelector', start: 17, end: 23 },
      ]),
      at(11, picture, [
        {
          type: 'FragmentSelector',
          conformsTo: 'http://www.w3.org/TR/media-frags/',
          value: 'xywh=percent:10,20,30,40',
        },
      ]),
      at(12, picture, [
        {
          type: 'SvgSelector',
          value:
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><polygon points="1,1 9,1 9,9"/></svg>',
        },
      ]),
      at(13, pages, [
        {
          type: 'FragmentSelector',
          conformsTo: 'http://tools.ietf.org/rfc/rfc3778',
          value: 'page=2&viewrect=72,90,200,50',
        },
      ]),
      at(14, pages, []),
      at(15, undefined, []),
    ];
    const setComments = (changed: readonly object[]) =>
      db
        .updateTable('reviews')
        .set({ commentsJson: JSON.stringify(changed) })
        .where('submissionId', '=', submissionId)
        .execute();
    await setComments(comments);
    const check = async () => {
      const { path } = await exportBundle(fixture.workspace, fixture.seat, [engagementId]);
      return run('python3', [join(support, 'check_annotations.py'), path]);
    };
    expect(await check()).toEqual({ stdout: '', stderr: '6 annotations\n' });
    await setComments(
      JSON.parse(JSON.stringify(comments).replace('"start":17', '"start":16')) as object[],
    );
    await expect(check()).rejects.toMatchObject({
      stdout: expect.stringContaining("stands where 'eleven' is quoted"),
    });
  });

  test('has JSON that its JSON Schema describes, for a validator of its own', async () => {
    const entries = await readArchive(await makeBundle());
    const read = (name: string): unknown =>
      JSON.parse(
        [...entries].find(([path]) => path.endsWith(`/data/${name}`))?.[1].toString('utf8') ?? '',
      );
    const validate = new Ajv2020({
      strict: false,
      allErrors: true,
      validateFormats: false,
    }).compile(read('engagement.schema.json') as object);
    const document = read('engagement.json') as { tasks: { number: unknown }[] };
    expect(validate(document) ? [] : validate.errors).toEqual([]);
    for (const task of document.tasks) task.number = 'one';
    expect(validate(document)).toBe(false);
  });
});
