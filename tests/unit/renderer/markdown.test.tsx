import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { Markdown } from '../../../src/renderer/ui/markdown.tsx';

const render = (text: string) => renderToStaticMarkup(<Markdown text={text} />);

test('raw HTML in a text is dropped, its neighbours stay', () => {
  const html = render('before\n\n<script>alert(1)</script><b onclick="x()">bold</b>\n\nafter');
  expect(html).not.toMatch(/<script|onclick|<b\b/u);
  expect(html).toContain('before');
  expect(html).toContain('after');
});

test('only https and mailto become links', () => {
  expect(render('[a](https://example.org)')).toContain('href="https://example.org"');
  expect(render('[a](mailto:ada@example.org)')).toContain('href="mailto:ada@example.org"');
  for (const address of ['javascript:alert(1)', 'file:///etc/passwd', 'http://example.org', '/x'])
    expect(render(`[a](${address})`)).not.toContain('href');
});

test('an image is not fetched: its description stands in its place', () => {
  const html = render('![A map of the shops](https://example.org/map.png)');
  expect(html).not.toContain('<img');
  expect(html).not.toContain('map.png');
});

test('headings start below the one of the screen', () => {
  expect(render('# Title\n\n## Part')).toMatch(/<h2.*Title<\/h2>.*<h3.*Part<\/h3>/su);
});
