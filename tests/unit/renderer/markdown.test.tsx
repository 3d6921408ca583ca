import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it, test } from 'vitest';
import { Markdown } from '../../../src/renderer/ui/markdown.tsx';
import { splitFormatted } from '../../../src/renderer/ui/split-formatted.ts';

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

describe('a text that would hold up the window', () => {
  const note = 'From here on the text stands as it was written';
  const longest = 200_000;
  const fill = (piece: string) => piece.repeat(Math.ceil(longest / piece.length)).slice(0, longest);
  const wide = '|a'.repeat(10_000);

  it.each([
    ['quotes in each other', fill('> ')],
    ['lists in each other', fill('- ')],
    ['numbers in each other', fill('1. ')],
    ['quotes and lists in each other', fill('- > ')],
    [
      'lists in each other over many lines',
      fill('x').replaceAll(/x/g, (_, at: number) => (at < 600 ? `${' '.repeat(2 * at)}- a\n` : '')),
    ],
    ['emphasis without end', fill('*a_ ')],
    ['links without end', fill('[a](b) ')],
    ['notes without end', `[^a]: b\n\n${fill('[^a]')}`],
    ['a table of many rows', `|a|b|\n|-|-|\n${fill('|a|b|\n')}`],
    [
      'a table whose rows are much wider than they are written',
      `${wide}\n${'|-'.repeat(10_000)}\n${fill('a\n')}`,
    ],
    [
      'a table of some columns and more rows',
      `${'|a'.repeat(300)}\n${'|-'.repeat(300)}\n${fill('a\n')}`,
    ],
    ['a table in a list', `- ${'|a'.repeat(300)}\n  ${'|-'.repeat(300)}\n${fill('  a\n')}`],
    ['paragraphs', fill('a\n\n')],
    ['one line', fill('a')],
  ])('stands as it was written from there on: %s', (_, text) => {
    const html = render(text);
    expect(html).toContain(note);
    const elements = html.match(/<[a-z]/gu) ?? [];
    expect(elements.length).toBeLessThan(10_000);
    expect(html.length - text.length).toBeLessThan(1_000_000);
  });

  it('is whole: what is formatted, and the rest', () => {
    const { formatted, plain } = splitFormatted(fill('Some words.\n\n'));
    expect(formatted + plain).toBe(fill('Some words.\n\n'));
    expect(formatted.length).toBeGreaterThan(20_000);
    expect(formatted.endsWith('\n')).toBe(true);
  });

  it('is none that people write: a long brief is formatted to its end', () => {
    const chapter = `# Part\n\n${'Words of a brief, with *one* that matters. '.repeat(40)}\n\n- one\n  - two\n    - three\n\n`;
    expect(render(chapter.repeat(20))).not.toContain(note);
    expect(render(`|a|b|c|\n|-|-|-|\n${'|1|2|3|\n'.repeat(300)}`)).not.toContain(note);
  });

  it.each(['[a]: ', '[a]:\n', '> [a]:\n> ', '[a]: <'])(
    'repeats no long address for each link that names it: %j',
    (opening) => {
      const html = render(
        `${opening}https://example.org/${'a'.repeat(50_000)}>\n\n${'[a] '.repeat(100)}`,
      );
      expect(html).toContain(note);
      expect(html.length).toBeLessThan(60_000);
    },
  );
});
