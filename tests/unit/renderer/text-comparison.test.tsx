import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test, vi } from 'vitest';
import { TextComparison } from '../../../src/renderer/features/comparison/text-comparison.tsx';
import { BriefDiff } from '../../../src/renderer/features/tasks/brief-change.tsx';

// There is no window to look for a host in, and nothing is asked of one here.
vi.mock('../../../src/renderer/client/host.ts', () => ({ carrier: { headers: {} } }));

const countElements = (html: string) => (html.match(/<[a-z]/gu) ?? []).length;
const note = 'More differs from here on than can be shown';

function compare(before: string, after: string): string {
  return renderToStaticMarkup(
    <TextComparison
      label="a file"
      before={before}
      after={after}
      beforeName="Revision 1"
      afterName="Revision 2"
    />,
  );
}

const makeBrief = (instructions: string, version: number) => ({
  briefVersionId: `version-${version}`,
  version,
  instructions,
  criteria: [],
  createdAt: '2026-11-02T08:00:00.000Z',
});

test('of two long texts that differ in every line the first are drawn, and the rest is said', () => {
  const html = compare('a\n'.repeat(20_000), 'b\n'.repeat(20_000));
  expect(countElements(html)).toBeLessThan(20_000);
  expect(html).toContain(note);
});

test('of two briefs that differ in every line the first are drawn, and the rest is said', () => {
  const html = renderToStaticMarkup(
    <BriefDiff
      before={makeBrief('a\n'.repeat(20_000), 1)}
      after={makeBrief('b\n'.repeat(20_000), 2)}
    />,
  );
  expect(countElements(html)).toBeLessThan(20_000);
  expect(html).toContain(note);
});

test('a comparison that is not long is drawn to its end', () => {
  const html = compare('a\n'.repeat(500), 'b\n'.repeat(500));
  expect(html.match(/<tr>/gu)).toHaveLength(502);
  expect(html).not.toContain(note);
});
