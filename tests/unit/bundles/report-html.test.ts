import { expect, onTestFinished, test } from 'vitest';
import { computeEngagementDocument } from '../../../src/main/workspace/bundles/compute-engagement-document.ts';
import { loadEngagementRows } from '../../../src/main/workspace/bundles/load-engagement-rows.ts';
import { withoutTurns } from '../../../src/main/workspace/sync/turns.ts';
import { computeReviewMarkdown } from '../../../src/main/workspace/bundles/report/markdown-files.ts';
import { computeMarkdownHtml } from '../../../src/main/workspace/bundles/report/markdown-to-html.ts';
import { eachReportPart } from '../../../src/main/workspace/bundles/report/report-html.ts';
import {
  createEngagementFixture,
  engagementId,
  type EngagementFixture,
  firstTaskId,
  fixedId,
  internId,
  scope,
} from '../../support/bundles/engagement-fixture.ts';
import { makeTemporaryFolder } from '../../support/bundles/temporary-folder.ts';

async function openFixture(): Promise<EngagementFixture> {
  const fixture = await createEngagementFixture(await makeTemporaryFolder());
  onTestFinished(() => fixture.close());
  return fixture;
}

const computeDocument = async ({ seat }: EngagementFixture) =>
  computeEngagementDocument(await loadEngagementRows(seat, engagementId, withoutTurns), new Map());

test('a report counts one day, one minute and one byte as one', async () => {
  const fixture = await openFixture();
  for (const [number, [days, minutes]] of [
    [1, 0],
    [0, 1],
    [2, 30],
  ].entries())
    await fixture.insert('extensions', {
      id: fixedId(500 + number),
      scope,
      taskId: firstTaskId,
      days: days ?? 0,
      minutes: minutes ?? 0,
      reason: '',
      createdBy: internId,
      createdAt: `2026-03-0${number + 1}T08:00:00.000Z`,
    });
  await fixture.submit(1, [
    { name: 'one.txt', content: '1' },
    { name: 'none.txt', content: '' },
  ]);
  const html = [...eachReportPart(await computeDocument(fixture))].join('');
  const given = [...html.matchAll(/Extra time from [^:]+: ([^<]+)</g)].map(([, time]) => time);
  expect(given).toEqual(['1 day', '1 minute', '2 days 30 minutes']);
  const sizes = [...html.matchAll(/<td class="number">([^<]+ bytes?)</g)].map(([, size]) => size);
  expect(sizes).toEqual(['1 byte', '0 bytes']);
});

test('a report and review.md say of a remark the criterion that it is by, the file and the place in it', async () => {
  const fixture = await openFixture();
  await fixture.submit(1, [{ name: 'prices.csv', content: 'a,b' }]);
  const quoted = { type: 'TextQuoteSelector', exact: 'a <b>', prefix: '', suffix: '' };
  const remarks = [
    { kind: 'change', criterionId: fixedId(31), attachmentId: fixedId(1001), selectors: [quoted] },
    { kind: 'remark', criterionId: null, attachmentId: fixedId(1001), selectors: [] },
    { kind: 'remark', criterionId: fixedId(32), attachmentId: null, selectors: [] },
    { kind: 'remark', criterionId: null, attachmentId: null, selectors: [] },
  ].map((remark, index) => ({ ...remark, id: fixedId(40 + index), text: `Remark ${index}.` }));
  await fixture.seat.db
    .updateTable('reviews')
    .set({ commentsJson: JSON.stringify(remarks) })
    .execute();
  const document = await computeDocument(fixture);
  const [task] = document.tasks;
  const [submission] = task?.submissions ?? [];
  if (task === undefined || submission === undefined) throw new Error('expected a submission');
  const markdown = computeReviewMarkdown(task, submission, 'UTC');
  expect(markdown.split('\n').filter((line) => line.startsWith('- '))).toEqual([
    '- **Criterion 1 · prices.csv, “a <b>”**: Remark 0.',
    '- **prices.csv**: Remark 1.',
    '- **Criterion 2**: Remark 2.',
    '- Remark 3.',
  ]);
  expect([...eachReportPart(document)].join('')).toContain(
    '<strong>Criterion 1 · prices.csv, “a &lt;b&gt;”</strong>',
  );
});

test.each([
  ['a heading with blanks in it', `# a${' '.repeat(199_990)}x`, 'x</h1>'],
  ['a heading with another line separator', `#${' '.repeat(199_990)}\u2028x`, 'x</h1>'],
  ['a table that is none', `|a\n-${' '.repeat(199_990)}x`, 'x</li></ul>'],
  ['brackets that nothing closes', '['.repeat(200_000), '[</p>'],
  ['stars that nothing closes', '**a '.repeat(50_000), '**a </p>'],
  ['quotes in quotes', '> '.repeat(100_000), '</blockquote>'],
  ['headings', '# \n'.repeat(66_666), '</h1>'],
])('the longest text is read in a moment, with %s', (_what, markdown, end) => {
  const startedAt = performance.now();
  expect(computeMarkdownHtml(markdown, 1).endsWith(end)).toBe(true);
  expect(performance.now() - startedAt).toBeLessThan(8000);
});

test('quotes and lists stand in each other twenty deep, and show as they were typed beyond', () => {
  const html = computeMarkdownHtml(`${'> '.repeat(22)}deep`, 1);
  expect(html.split('<blockquote>')).toHaveLength(21);
  expect(html).toContain('<p>&gt; &gt; deep</p>');
});

test.each([
  ['# a ## b ##', '<h1>a ## b</h1>'],
  ['# a#', '<h1>a</h1>'],
  ['see [a [b](https://example.org/)', '<p>see [a <a href="https://example.org/">b</a></p>'],
  [
    ' | a | b |\n | :-: | - | ',
    '<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody></tbody></table>',
  ],
])('%j reads %s', (markdown, html) => {
  expect(computeMarkdownHtml(markdown, 1)).toBe(html);
});

test('a report is made part by part: a row of each file', async () => {
  const fixture = await openFixture();
  await fixture.submit(1, [
    { name: 'one.txt', content: '1' },
    { name: 'two.txt', content: '2' },
  ]);
  const parts = [...eachReportPart(await computeDocument(fixture))];
  const files = parts.filter((part) => part.includes('.txt</a>'));
  expect(files.map((part) => part.match(/<tr>/g)?.length)).toEqual([1, 1]);
});
