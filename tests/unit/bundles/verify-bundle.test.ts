import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { describe, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { computeBagEntries } from '../../../src/main/workspace/bundles/bag.ts';
import { writeArchive } from '../../../src/main/workspace/bundles/archive-writer.ts';
import { verifyBundle } from '../../../src/main/workspace/bundles/verify-bundle.ts';
import { makeTemporaryFolder } from '../../support/bundles/temporary-folder.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Writes a ZIP of these entries, in order, whatever their names; deflated, as most programs do. */
async function zip(
  entries: readonly (readonly [name: string, content: string])[],
): Promise<string> {
  const path = join(await makeTemporaryFolder(), 'bag.zip');
  const archive = new ZipFile();
  const done = finished(archive.outputStream.pipe(createWriteStream(path)));
  for (const [name, content] of entries)
    archive.addBuffer(Buffer.from(content), name, { compress: true });
  archive.end();
  await done;
  return path;
}

const declaration = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n';

/** A bag by hand, as another program would make it; `overrides` replace or add files of it. */
function bag(
  payload: Readonly<Record<string, string>>,
  overrides: Readonly<Record<string, string>> = {},
  without: readonly string[] = [],
): [string, string][] {
  const manifest = Object.entries(payload)
    .map(([path, content]) => `${sha256(content)}  data/${path}\n`)
    .join('');
  const files: Record<string, string> = {
    'bagit.txt': declaration,
    'manifest-sha256.txt': manifest,
    ...Object.fromEntries(Object.entries(payload).map(([path, text]) => [`data/${path}`, text])),
    ...overrides,
  };
  return Object.entries(files)
    .filter(([path]) => !without.includes(path))
    .map(([path, content]) => [`bag/${path}`, content]);
}

/** What Stint itself writes. */
async function writeOwnBundle(): Promise<string> {
  const path = join(await makeTemporaryFolder(), 'own.zip');
  const payload = [
    { path: 'a.txt', content: Buffer.from('alpha') },
    { path: 'b/c.txt', content: Buffer.from('gamma '.repeat(5000)) },
  ];
  await writeArchive(
    path,
    computeBagEntries('own', payload, [['Bag-Software-Agent', 'Stint']]),
    '2026-03-01',
  );
  return path;
}

describe('verification of a bag by hand', () => {
  test('finds it whole, with CRLF, upper case, tabs, asterisks, per cent signs, other Unicode forms and unlisted tag files', async () => {
    const manifest = [
      `${sha256('one').toUpperCase()}\t data/one.txt`,
      `${sha256('two')} *data/two.txt`,
      `${sha256('three')}  data/100%25 %0Asure.txt`,
      `${sha256('four')}  data/50% off.txt`,
      `${sha256('five')}  data/cafe\u0301.txt`,
    ].join('\r\n');
    const path = await zip([
      ['bag/bagit.txt', 'BagIt-Version: 0.97\r\nTag-File-Character-Encoding: utf-8\r\n'],
      ['bag/bag-info.txt', 'Contact-Name: Ada\n  Lovelace\nPayload-Oxum: 19.5\n'],
      ['bag/manifest-sha256.txt', manifest],
      ['bag/notes/readme.md', 'not listed anywhere'],
      ['bag/data/one.txt', 'one'],
      ['bag/data/two.txt', 'two'],
      ['bag/data/100% \nsure.txt', 'three'],
      ['bag/data/50% off.txt', 'four'],
      ['bag/data/caf\u00E9.txt', 'five'],
    ]);
    expect(await verifyBundle(path)).toEqual({
      isWhole: true,
      missing: [],
      changed: [],
      extra: [],
      problems: [],
      unlisted: ['notes/readme.md'],
      fileCount: 5,
      receipts: { valid: 0, redacted: [], keyIds: [] },
      sizeBytes: 19,
    });
  });

  test('names each file that is missing, changed or extra', async () => {
    const manifest = `${sha256('a')}  data/a.txt\n${sha256('b')}  data/b.txt\n`;
    const path = await zip(
      bag(
        { 'a.txt': 'a', 'c.txt': 'c' },
        {
          'data/a.txt': 'A',
          'manifest-sha256.txt': manifest,
        },
      ),
    );
    expect(await verifyBundle(path)).toMatchObject({
      isWhole: false,
      changed: ['data/a.txt'],
      missing: ['data/b.txt'],
      extra: ['data/c.txt'],
      problems: [],
    });
  });

  test('checks the tag files against the tag manifest', async () => {
    const files = bag({ 'a.txt': 'a' }, { 'bag-info.txt': 'Contact-Name: Ada\n' });
    const content = Object.fromEntries(files);
    const tagManifest = (info: string): string =>
      `${sha256(content['bag/manifest-sha256.txt'] ?? '')}  manifest-sha256.txt\n${sha256(info)}  bag-info.txt\n${sha256('x')}  gone.txt\n`;
    const path = await zip([
      ...files,
      ['bag/tagmanifest-sha256.txt', tagManifest('Contact-Name: Eve\n')],
    ]);
    expect(await verifyBundle(path)).toMatchObject({
      isWhole: false,
      changed: ['bag-info.txt'],
      missing: ['gone.txt'],
    });
  });

  const malformed: Record<string, [entries: [string, string][], code: string, message: RegExp]> = {
    'without bagit.txt': [bag({ a: 'a' }, {}, ['bagit.txt']), 'not_a_bag', /no bagit\.txt/],
    'packed from within its folder': [
      bag({ a: 'a' }).map(([name, content]) => [name.slice(4), content]),
      'not_a_bag',
      /one top folder/,
    ],
    'two in one archive': [
      [...bag({ a: 'a' }), ['other/bagit.txt', declaration]],
      'not_a_bag',
      /2 bags/,
    ],
    'of an unknown version': [
      bag({ a: 'a' }, { 'bagit.txt': declaration.replace('1.0', '2.0') }),
      'unknown_version',
      /2\.0/,
    ],
    'of an unknown encoding': [
      bag({ a: 'a' }, { 'bagit.txt': declaration.replace('UTF-8', 'EBCDIC-9') }),
      'unknown_encoding',
      /EBCDIC-9/,
    ],
    'with a bagit.txt that says nothing': [
      bag({ a: 'a' }, { 'bagit.txt': 'hello' }),
      'not_a_bag',
      /bagit\.txt does not say/,
    ],
    'without a manifest': [bag({ a: 'a' }, {}, ['manifest-sha256.txt']), 'no_manifest', /manifest/],
    'with a manifest of an unknown algorithm': [
      bag({ a: 'a' }, { 'manifest-whirlpool.txt': 'ab  data/a\n' }),
      'unknown_algorithm',
      /whirlpool/,
    ],
    'with a broken manifest line': [
      bag({ a: 'a' }, { 'manifest-sha256.txt': `${sha256('a')}  data/a\nhello there\n` }),
      'malformed_manifest',
      /line 2/,
    ],
    'with a manifest path that leads out': [
      bag(
        { a: 'a' },
        {
          'manifest-sha256.txt': `${sha256('a')}  data/a\n${sha256('b')}  data/../../b\n`,
        },
      ),
      'malformed_manifest',
      /leads out of the bag/,
    ],
    'with an absolute manifest path': [
      bag(
        { a: 'a' },
        {
          'manifest-sha256.txt': `${sha256('a')}  data/a\n${sha256('b')}  /etc/passwd\n`,
        },
      ),
      'malformed_manifest',
      /leads out of the bag/,
    ],
    'with a path listed twice': [
      bag({ a: 'a' }, { 'manifest-sha256.txt': `${sha256('a')}  data/a\n`.repeat(2) }),
      'malformed_manifest',
      /listed twice/,
    ],
    'whose Payload-Oxum is wrong': [
      bag({ a: 'a' }, { 'bag-info.txt': 'Payload-Oxum: 2.1\n' }),
      'payload_oxum',
      /says Payload-Oxum 2\.1 .* holds 1\.1/,
    ],
    'whose bag-info.txt is not one': [
      bag({ a: 'a' }, { 'bag-info.txt': 'no colon here\n' }),
      'malformed_bag_info',
      /line 1/,
    ],
    'with two entries of one name': [
      [...bag({ a: 'a' }), ['bag/data/a', 'b']],
      'duplicate_entry',
      /two entries named "bag\/data\/a"/,
    ],
    'with MD5 alone': [
      bag(
        { a: 'a' },
        {
          'manifest-md5.txt': `${createHash('md5').update('a').digest('hex')}  data/a\n`,
        },
        ['manifest-sha256.txt'],
      ),
      'weak_manifest',
      /MD5/,
    ],
    'whose second manifest leaves a file out': [
      bag(
        { a: 'a', b: 'b' },
        {
          'manifest-sha512.txt': `${createHash('sha512').update('a').digest('hex')}  data/a\n`,
        },
      ),
      'incomplete_manifest',
      /leaves out 1/,
    ],
  };
  test.each(Object.keys(malformed))('refuses one %s, and says why', async (title) => {
    const [entries, code, message] = malformed[title] ?? [[], '', /./];
    const verdict = await verifyBundle(await zip(entries));
    expect(verdict.isWhole).toBe(false);
    expect(verdict.problems.map((problem) => problem.code)).toEqual([code]);
    expect(verdict.problems[0]?.message).toMatch(message);
  });
});

describe('verification of an archive', () => {
  // A compressor makes a quarter of a megabyte of such a file, and its lines in a list would end the program.
  test.each([
    ['line ends', '\n', '', 0],
    [
      'lines that are malformed',
      'x\n',
      'manifest-sha256.txt, line 101: the lines from here on',
      101,
    ],
  ])(
    'lives through a manifest of nothing but %s',
    { timeout: 60_000 },
    async (_what, line, message, count) => {
      const path = await zip(
        bag({}, { 'manifest-sha256.txt': line.repeat((140 * 1024 * 1024) / line.length) }),
      );
      const { problems } = await verifyBundle(path);
      expect(problems).toHaveLength(count);
      expect(problems.at(-1)?.message ?? '').toContain(message);
    },
  );

  test('names the line of a manifest that is malformed, whatever ends the lines before it', async () => {
    const path = await zip(bag({}, { 'manifest-sha256.txt': '\r\n\n\r\rx\n\r\ny' }));
    const { problems } = await verifyBundle(path);
    expect(problems.map(({ message }) => message.slice(0, 28))).toEqual([
      'manifest-sha256.txt, line 5:',
      'manifest-sha256.txt, line 7:',
    ]);
  });

  test('reads no more names of files that are missing than somebody could look at', async () => {
    const lines = Array.from({ length: 150_000 }, (_, index) => `${'0'.repeat(64)} data/${index}`);
    const path = await zip(bag({}, { 'manifest-sha256.txt': lines.join('\n') }));
    const { missing, problems } = await verifyBundle(path);
    expect(missing.length).toBeLessThan(100_100);
    expect(problems.at(-1)?.message).toContain('far more is listed than the archive holds');
  });

  test.each([
    ['as long as no description is', 'a:\n'.repeat(2_000_000), 'too long'],
    ['with a line that never comes to its colon', `a${' '.repeat(1_000_000)}b`, 'line 1'],
    ['with another line separator after blanks', `a:${' '.repeat(1_000_000)}\u2028b`, ''],
    ['of malformed lines alone', 'x\n'.repeat(1_000_000), 'line 101'],
  ])('reads a bag-info.txt in a moment that is %s', async (_what, text, message) => {
    const { problems } = await verifyBundle(await zip(bag({}, { 'bag-info.txt': text })));
    expect(problems.at(-1)?.message ?? '').toContain(message);
  });

  test('names a file that is not a ZIP, or is cut short, at any length', async () => {
    const path = await writeOwnBundle();
    const whole = await readFile(path);
    for (const length of [0, 10, 1000, whole.byteLength - 100, whole.byteLength - 1]) {
      await writeFile(path, whole.subarray(0, length));
      const verdict = await verifyBundle(path);
      expect(verdict.isWhole, `${length} bytes`).toBe(false);
      expect(verdict.problems[0]?.code).toBe('not_a_zip');
    }
    await writeFile(path, 'hello'.repeat(1000));
    expect((await verifyBundle(path)).problems[0]?.message).toMatch(/not a whole ZIP/);
  });

  test('finds one changed bit anywhere in a file of the bag', async () => {
    const path = await writeOwnBundle();
    const whole = await readFile(path);
    const manifest = `${sha256('alpha')}  data/a.txt`;
    const unnoticed: string[] = [];
    for (const content of ['alpha', 'gamma '.repeat(5000), declaration, manifest]) {
      const start = whole.indexOf(content);
      expect(start).toBeGreaterThan(0);
      const step = Math.ceil(content.length / 40);
      for (let at = start; at < start + content.length; at += step) {
        const damaged = Buffer.from(whole);
        damaged[at] = (damaged[at] ?? 0) ^ 0x01;
        await writeFile(path, damaged);
        if ((await verifyBundle(path)).isWhole) unnoticed.push(`${content.slice(0, 20)} at ${at}`);
      }
    }
    expect(unnoticed).toEqual([]);
    await writeFile(path, whole);
    expect((await verifyBundle(path)).isWhole).toBe(true);
  });

  test.each([
    ['../evil.txt', '..'],
    ['/etc/evil.txt', 'absolute'],
    ['C:/evil.txt', 'with a drive'],
    ['bag\\evil.txt', 'with a backslash'],
  ])('names the entry "%s" (%s) and does not follow it', async (name) => {
    // yazl refuses such names, as it should: they are put into the bytes afterwards.
    const placeholder = 'x'.repeat(Buffer.byteLength(name));
    const path = await zip([...bag({ a: 'a' }), [placeholder, 'evil']]);
    const content = await readFile(path, 'latin1');
    expect(content.split(placeholder).length).toBe(3);
    await writeFile(path, content.replaceAll(placeholder, name), 'latin1');
    const verdict = await verifyBundle(path);
    expect(verdict.isWhole).toBe(false);
    expect(verdict.problems).toEqual([
      { code: 'unsafe_path', message: expect.stringContaining(name), path: name },
    ]);
  });

  test('names an entry whose two names differ, as a disguise', async () => {
    const path = await zip(bag({ 'aaaa.txt': 'a' }));
    const content = await readFile(path, 'latin1');
    await writeFile(path, content.replace('aaaa.txt', 'bbbb.txt'), 'latin1');
    const verdict = await verifyBundle(path);
    expect(verdict.problems.map(({ code }) => code)).toEqual(['two_names']);
  });

  test('names a symbolic link', async () => {
    const path = join(await makeTemporaryFolder(), 'link.zip');
    const archive = new ZipFile();
    const done = finished(archive.outputStream.pipe(createWriteStream(path)));
    for (const [name, content] of bag({ a: 'a' })) archive.addBuffer(Buffer.from(content), name);
    archive.addBuffer(Buffer.from('/etc/passwd'), 'bag/data/link', { mode: 0o120777 });
    archive.end();
    await done;
    const verdict = await verifyBundle(path);
    expect(verdict.problems.map(({ code }) => code)).toEqual(['not_a_file']);
  });

  test('finds what was added to, or taken from, one of our own, outside the payload too', async () => {
    const path = await writeOwnBundle();
    expect(await verifyBundle(path)).toMatchObject({ isWhole: true, fileCount: 2, problems: [] });
    const entries: [string, string][] = [];
    const text = await readFile(path, 'utf8');
    const info = /Bag-Software-Agent: Stint\nPayload-Oxum: \d+\.\d+\n/.exec(text)?.[0] ?? '';
    const manifest = `${sha256('alpha')}  data/a.txt\n${sha256('gamma '.repeat(5000))}  data/b/c.txt\n`;
    entries.push(
      ['own/bagit.txt', declaration],
      ['own/bag-info.txt', info],
      ['own/manifest-sha256.txt', manifest],
      ['own/data/a.txt', 'alpha'],
      ['own/data/b/c.txt', 'gamma '.repeat(5000)],
    );
    const tagManifest = ['bagit.txt', 'bag-info.txt', 'manifest-sha256.txt']
      .map((name) => `${sha256(Object.fromEntries(entries)[`own/${name}`] ?? '')}  ${name}\n`)
      .join('');
    const tag: [string, string] = ['own/tagmanifest-sha256.txt', tagManifest];
    expect((await verifyBundle(await zip([...entries, tag]))).isWhole).toBe(true);
    expect(await verifyBundle(await zip([...entries, tag, ['own/extra.html', '']]))).toMatchObject({
      isWhole: false,
      extra: ['extra.html'],
    });
    expect(await verifyBundle(await zip([...entries, tag, ['outside.txt', '']]))).toMatchObject({
      isWhole: false,
      extra: ['outside.txt'],
    });
    expect(await verifyBundle(await zip(entries))).toMatchObject({
      isWhole: false,
      missing: ['tagmanifest-sha256.txt'],
    });
  });

  test('says file_missing for a path where there is no file', async () => {
    const folder = await makeTemporaryFolder();
    await expect(verifyBundle(join(folder, 'none.zip'))).rejects.toMatchObject({
      code: 'file_missing',
    });
    await expect(verifyBundle(folder)).rejects.toMatchObject({ code: 'file_missing' });
  });
});
