import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { exportBundle } from '../../../src/main/workspace/bundles/export-bundle.ts';
import { computeMarkdownHtml } from '../../../src/main/workspace/bundles/report/markdown-to-html.ts';
import {
  boxNote,
  writeReportPdf,
} from '../../../src/main/workspace/bundles/report/pdf/write-report-pdf.ts';
import { verifyBundle } from '../../../src/main/workspace/bundles/verify-bundle.ts';
import { wholeBundle } from '../../../src/shared/domain/bundle-options.ts';
import { createEngagementFixture, engagementId } from '../../support/bundles/engagement-fixture.ts';
import { hasProgram } from '../../support/bundles/find-program.ts';
import { readArchive } from '../../support/bundles/read-archive.ts';
import { readPdf, type ReadPdf } from '../../support/bundles/read-pdf-text.ts';
import { makeTemporaryFolder } from '../../support/bundles/temporary-folder.ts';

const run = promisify(execFile);
const madeAt = '2026-03-12T10:00:00.000Z';

async function exportReport(
  options = wholeBundle,
): Promise<{ folder: string; bundle: string; html: string; path: string; pdf: ReadPdf }> {
  const folder = await makeTemporaryFolder();
  const fixture = await createEngagementFixture(folder);
  onTestFinished(() => fixture.close());
  await fixture.addReference({ name: 'guide #1 & brief.pdf', content: 'guide' });
  await fixture.submit(
    1,
    [
      { name: 'Preisübersicht – März.csv', content: 'a,b\r\n' },
      { name: 'launch plan.pdf', content: 'plan' },
    ],
    {
      note: 'By **Inês Carvalho**: see [the shop](https://example.org/a?b=1)\n\n3. third\n4. fourth',
    },
  );
  await fixture.addTime({
    id: 61,
    startedAt: '2026-03-08T09:00:00.000Z',
    endedAt: '2026-03-08T10:00:01.000Z',
    note: 'reading (a) \\ (b)',
  });
  const bundle = await exportBundle(fixture.workspace, fixture.seat, [engagementId], options);
  const entries = await readArchive(bundle.path);
  const find = (name: string) =>
    [...entries].find(([path]) => path.endsWith(`data/report/${name}`))?.[1] ?? Buffer.alloc(0);
  const path = join(folder, 'report.pdf');
  await writeFile(path, find('report.pdf'));
  const html = find('index.html').toString('utf8');
  return { folder, bundle: bundle.path, html, path, pdf: await readPdf(path) };
}

async function write(html: string): Promise<{ path: string; pdf: ReadPdf }> {
  const path = join(await makeTemporaryFolder(), 'report.pdf');
  writeReportPdf(makePage(html), madeAt, path);
  return { path, pdf: await readPdf(path) };
}

const makePage = (body: string): string =>
  `<!doctype html>\n<html lang="en">\n<head>\n<title>A &amp; B</title>\n</head>\n<body>\n<header>\n<h1>A</h1>\n</header>\n<main>\n${body}\n</main>\n</body>\n</html>\n`;

/** What a browser shows of a report's page: its words, the dots and the numbers of its lists. */
function readPageText(html: string): string {
  const body = html.slice(html.indexOf('<body>'));
  const lists: (number | undefined)[] = [];
  let text = '';
  for (const [, slash, tag, attributes = '', words] of body.matchAll(
    /<(\/?)([a-z0-9]+)([^>]*)>|([^<]+)/g,
  )) {
    if (words !== undefined) text += words;
    else if (slash === '/' && (tag === 'ul' || tag === 'ol')) lists.pop();
    else if (slash === '' && tag === 'ul') lists.push(undefined);
    else if (slash === '' && tag === 'ol')
      lists.push(Number(/start="(\d+)"/.exec(attributes)?.[1] ?? 1));
    else if (slash === '' && tag === 'li') {
      const next = lists.pop();
      text += next === undefined ? ' • ' : ` ${next}. `;
      lists.push(next === undefined ? undefined : next + 1);
    }
  }
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}

/** Where lines end is the paper's matter. */
const squeeze = (text: string): string => text.normalize('NFC').replaceAll(/\s+/g, '');

describe('the report of a bundle as a PDF', () => {
  test('says what the page says, word by word, in its order, with its links', async () => {
    const { bundle, html, pdf } = await exportReport();
    expect(squeeze(pdf.text)).toBe(squeeze(readPageText(html)));
    const addresses = [...html.matchAll(/<a href="([^"]*)"/g)].map(([, address = '']) => address);
    expect(addresses.length).toBeGreaterThan(5);
    // One that goes over the end of a line is two on paper.
    expect([...new Set(pdf.links)].sort()).toEqual([...new Set(addresses)].sort());
    expect((await verifyBundle(bundle)).problems).toEqual([]);
  });

  test('is tagged: title, language, headings, lists and tables with heads', async () => {
    const { pdf } = await exportReport();
    expect(pdf).toMatchObject({
      title: 'Spring market research – Inês Carvalho',
      language: 'en',
      isTagged: true,
    });
    for (const role of [
      'H1',
      'H2',
      'H3',
      'P',
      'L',
      'LI',
      'LBody',
      'Table',
      'TR',
      'TH',
      'TD',
      'Link',
    ])
      expect(pdf.roles).toContain(role);
    expect(pdf.roles.filter((role) => role === 'H1')).toHaveLength(1);
  });

  test('has no name where names were to be taken out, in its text or beside it', async () => {
    const named = await exportReport();
    expect(named.pdf.text).toContain('Inês Carvalho');
    const { path, pdf } = await exportReport({ ...wholeBundle, redactsNames: true });
    for (const name of ['Inês', 'Carvalho', 'Talia']) {
      expect(pdf.text).not.toContain(name);
      expect(pdf.title).not.toContain(name);
    }
    expect(pdf.text).toContain('Intern 1');
    // Bookmarks, metadata and texts of links are not compressed.
    expect((await readFile(path)).toString('latin1')).not.toContain('Carvalho');
  });

  test('has the same bytes for the same page, and no date but that of the data', async () => {
    const folder = await makeTemporaryFolder();
    const page = makePage('<h2>Brief</h2><p>Текст, Κείμενο, 文字</p>');
    const first = writeReportPdf(page, madeAt, join(folder, 'a.pdf'));
    expect(writeReportPdf(page, madeAt, join(folder, 'b.pdf'))).toEqual(first);
    const bytes = (await readFile(join(folder, 'a.pdf'))).toString('latin1');
    expect(bytes.match(/D:\d{14}/g)).toEqual(['D:20260312100000']);
    expect(bytes).not.toContain('/FlateDecode');
    const other = writeReportPdf(page.replace('Brief', 'Grief'), madeAt, join(folder, 'c.pdf'));
    expect(other.sha256).not.toBe(first.sha256);
  });

  test('keeps every script as text, and says what its boxes are where it has no letters for one', async () => {
    const names = 'Nguyễn Thị Hằng, Łukasz Żółć, Ελένη, Дмитро Ґалаґан';
    const known = await write(`<p>${names}</p>`);
    expect(known.pdf.text).toContain(names);
    expect(squeeze(known.pdf.text)).not.toContain(squeeze(boxNote));
    const { pdf } = await write('<p>山田太郎 and محمد علي and 🌱</p><p>x\u0007y</p>');
    expect(squeeze(pdf.text)).toContain(squeeze(boxNote));
    expect(pdf.text).toContain('山田太郎');
    expect(pdf.text).toContain('🌱');
    expect(pdf.text).toContain('محمد');
  });

  test('bears hostile texts: control characters, turned directions, endless words, ten thousand lines', async () => {
    const lines = Array.from({ length: 10_000 }, (_, number) => `line ${number}`);
    const cell = 'a cell that no page holds '.repeat(600);
    const markdown = [
      '\u0000\u0001\u001B[31m\uFFFE \uD800 \uDC00 \u200B\u200F\u2028 \u202Eevil\u202C ) \\ ( ',
      'w'.repeat(60_000),
      `| ${'head '.repeat(2000)} | b |\n|---|---|\n| ${cell} | b |`,
      `${'> '.repeat(200)}deep`,
      Array.from({ length: 60 }, (_, depth) => `${' '.repeat(depth * 2)}- ${depth}`).join('\n'),
      `\`\`\`\n${lines.join('\n')}\n\`\`\``,
    ].join('\n\n');
    const { pdf, path } = await write(computeMarkdownHtml(markdown, 2));
    expect(pdf.pageCount).toBeGreaterThan(200);
    const text = squeeze(pdf.text);
    // Not compared by the test's own words, which would print all of it.
    expect(text.includes(lines.map(squeeze).join(''))).toBe(true);
    expect(text.includes('w'.repeat(60_000))).toBe(true);
    // The cell beside it stands between two of its pages.
    expect(text.match(/acellthatnopageholds/g)?.length).toBeGreaterThan(595);
    expect(text.includes('[U+202E]evil')).toBe(true);
    if (hasProgram('qpdf', '--version')) await run('qpdf', ['--check', path]);
  }, 60_000);

  test('is sound to qpdf', async ({ skip }) => {
    skip(!hasProgram('qpdf', '--version'), 'qpdf is not on this machine');
    const { path } = await exportReport();
    const { stdout } = await run('qpdf', ['--check', path]);
    expect(stdout).toContain('No syntax or stream encoding errors found');
  });

  test('reads the same to poppler', async ({ skip }) => {
    skip(!hasProgram('pdftotext', '-v'), 'poppler (pdftotext) is not on this machine');
    const { path, pdf } = await exportReport();
    const { stdout } = await run('pdftotext', ['-enc', 'UTF-8', path, '-']);
    for (const words of ['Spring market research', 'Inês Carvalho', 'Preisübersicht – März.csv'])
      expect(squeeze(stdout)).toContain(squeeze(words));
    const { stdout: info } = await run('pdfinfo', [path]);
    expect(info).toMatch(/Tagged:\s+yes/);
    expect(info).toMatch(new RegExp(`Pages:\\s+${pdf.pageCount}`));
  });
});
