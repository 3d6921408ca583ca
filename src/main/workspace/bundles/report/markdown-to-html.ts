import { escapeHtml } from './escape-html.ts';

/**
 * The part of Markdown that briefs and notes are written in, as HTML for the report: headings, lists,
 * quotes, tables, code, emphasis, links. Everything is escaped, raw HTML shows as text, and only https
 * and mailto addresses become links. What it does not know stays readable as it was typed.
 *
 * @param topLevel the heading level that the highest heading of the text becomes, so that a report has no
 * gaps in its outline.
 */
export function computeMarkdownHtml(markdown: string, topLevel: number): string {
  const lines = markdown.replaceAll(/\r\n?/g, '\n').split('\n');
  const depths = lines.flatMap((line) => /^ {0,3}(#{1,6})[ \t]/.exec(line)?.[1]?.length ?? []);
  return computeBlocks(lines, {
    topLevel: topLevel - Math.min(6, ...new Set(depths)) + 1,
    depth: 0,
  });
}

/** Quotes and lists in each other beyond this stay as they were typed: a text could hold a hundred thousand. */
const deepest = 20;

interface Place {
  readonly topLevel: number;
  /** In how many quotes and list items the lines stand. */
  readonly depth: number;
}

interface Block {
  readonly html: string;
  /** Index of the first line after the block. */
  readonly next: number;
}

function computeBlocks(lines: readonly string[], place: Place): string {
  const html: string[] = [];
  for (let index = 0; index < lines.length;) {
    if ((lines[index] ?? '').trim() === '') {
      index += 1;
      continue;
    }
    const block = readBlock(lines, index, place);
    html.push(block.html);
    index = block.next;
  }
  return html.join('\n');
}

// Each pattern reads a line once, whatever stands in it: no two parts beside each other may take the same characters.
const listItem = /^ {0,3}(?:([-*+])|(\d{1,9})[.)])[ \t]+(.*)$/s;
const tableRule = /^\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?$/;

function isTableRule(line: string): boolean {
  return tableRule.test(line.trim());
}

/** A heading's text, without the number signs that may close it. */
function trimHeading(text: string): string {
  let end = text.length;
  while (text[end - 1] === '#') end -= 1;
  while (text[end - 1] === ' ' || text[end - 1] === '\t') end -= 1;
  return text.slice(0, end);
}

function readBlock(lines: readonly string[], start: number, place: Place): Block {
  const line = lines[start] ?? '';
  const heading = /^ {0,3}(#{1,6})[ \t]+(.*)$/s.exec(line);
  if (heading !== null) {
    const level = Math.max(1, Math.min(6, place.topLevel + (heading[1] ?? '').length - 1));
    return {
      html: `<h${level}>${computeInline(trimHeading(heading[2] ?? ''))}</h${level}>`,
      next: start + 1,
    };
  }
  if (/^ {0,3}(?:```|~~~)/.test(line)) return readFence(lines, start);
  if (/^ {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$/.test(line))
    return { html: '<hr>', next: start + 1 };
  const inner = { ...place, depth: place.depth + 1 };
  const mayNest = inner.depth <= deepest;
  if (mayNest && /^ {0,3}>/.test(line)) return readQuote(lines, start, inner);
  if (line.includes('|') && isTableRule(lines[start + 1] ?? '')) return readTable(lines, start);
  if (mayNest && listItem.test(line)) return readList(lines, start, inner);
  return readParagraph(lines, start);
}

function readFence(lines: readonly string[], start: number): Block {
  const fence = /^ {0,3}(```+|~~~+)/.exec(lines[start] ?? '')?.[1] ?? '```';
  let end = start + 1;
  while (end < lines.length && !(lines[end] ?? '').trim().startsWith(fence)) end += 1;
  return {
    html: `<pre><code>${escapeHtml(lines.slice(start + 1, end).join('\n'))}</code></pre>`,
    next: end + 1,
  };
}

function readQuote(lines: readonly string[], start: number, place: Place): Block {
  let end = start;
  const inner: string[] = [];
  while (end < lines.length && /^ {0,3}>/.test(lines[end] ?? '')) {
    inner.push((lines[end] ?? '').replace(/^ {0,3}> ?/, ''));
    end += 1;
  }
  return { html: `<blockquote>${computeBlocks(inner, place)}</blockquote>`, next: end };
}

function readTable(lines: readonly string[], start: number): Block {
  const readCells = (line: string): string[] =>
    line
      .trim()
      .replace(/^\|/, '')
      .replace(/\|$/, '')
      .split(/(?<!\\)\|/)
      .map((cell) => computeInline(cell.trim().replaceAll('\\|', '|')));
  const head = readCells(lines[start] ?? '');
  let end = start + 2;
  const rows: string[] = [];
  while (end < lines.length && (lines[end] ?? '').includes('|')) {
    rows.push(
      `<tr>${readCells(lines[end] ?? '')
        .map((cell) => `<td>${cell}</td>`)
        .join('')}</tr>`,
    );
    end += 1;
  }
  const headRow = head.every((cell) => cell === '')
    ? ''
    : `<thead><tr>${head.map((cell) => `<th>${cell}</th>`).join('')}</tr></thead>`;
  return { html: `<table>${headRow}<tbody>${rows.join('')}</tbody></table>`, next: end };
}

function readList(lines: readonly string[], start: number, place: Place): Block {
  const isOrdered = listItem.exec(lines[start] ?? '')?.[2] !== undefined;
  const items: string[][] = [];
  let end = start;
  for (; end < lines.length; end += 1) {
    const line = lines[end] ?? '';
    const item = listItem.exec(line);
    if (item !== null && (item[2] !== undefined) === isOrdered) items.push([item[3] ?? '']);
    else if (/^(?: {2,}|\t)\S/.test(line)) items.at(-1)?.push(line.replace(/^(?: {1,4}|\t)/, ''));
    else break;
  }
  const html = items.map((item) => {
    const [first = '', ...rest] = item;
    return `<li>${computeInline(first)}${rest.length === 0 ? '' : computeBlocks(rest, place)}</li>`;
  });
  const tag = isOrdered ? 'ol' : 'ul';
  const first = Number(listItem.exec(lines[start] ?? '')?.[2] ?? 1);
  const startAt = isOrdered && first !== 1 ? ` start="${first}"` : '';
  return { html: `<${tag}${startAt}>${html.join('')}</${tag}>`, next: end };
}

function readParagraph(lines: readonly string[], start: number): Block {
  let end = start + 1;
  while (end < lines.length && !/^\s*$|^ {0,3}(?:#{1,6}[ \t]|>|```|~~~)/.test(lines[end] ?? '')) {
    if (listItem.test(lines[end] ?? '')) break;
    end += 1;
  }
  return { html: `<p>${computeInline(lines.slice(start, end).join('\n'))}</p>`, next: end };
}

const inlinePattern =
  /`([^`]+)`|\*\*(?=\S)(.{1,1000}?)(?<=\S)\*\*|(?<!\w)[*_](?=\S)([^*_]+?)(?<=\S)[*_](?!\w)|\[([^[\]]+)\]\(((?:https:\/\/|mailto:)[^\s()]+)\)/s;

function computeInline(text: string): string {
  let html = '';
  let rest = text;
  for (let match = inlinePattern.exec(rest); match !== null; match = inlinePattern.exec(rest)) {
    const [whole, code, strong, emphasis, label, address] = match;
    html += escapeHtml(rest.slice(0, match.index));
    if (code !== undefined) html += `<code>${escapeHtml(code)}</code>`;
    else if (strong !== undefined) html += `<strong>${computeInline(strong)}</strong>`;
    else if (emphasis !== undefined) html += `<em>${computeInline(emphasis)}</em>`;
    else html += `<a href="${escapeHtml(address ?? '')}">${computeInline(label ?? '')}</a>`;
    rest = rest.slice(match.index + whole.length);
  }
  return html + escapeHtml(rest);
}
