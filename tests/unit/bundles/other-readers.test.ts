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
  test.skipIf(!hasUnzip)('is whole for unzip', async () => {
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

  test.skipIf(!hasPython)(
    'is a bag by the text of RFC 8493 and for zipfile, in Python',
    async () => {
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
    },
  );

  test.skipIf(!hasPython)('is an RO-Crate 1.2 with every required entity, in Python', async () => {
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
