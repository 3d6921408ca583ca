interface Part {
  readonly parts: Part[];
  /** Ids of what is drawn in its place, or with it. */
  readonly drawn: string[];
  /** Parts that it comes to with all that is drawn for it; undefined while that is being counted. */
  count?: number | undefined;
}

const deepest = 1000;

/**
 * How many parts an SVG comes to once each of its references is followed: thirty lines can ask for a billion, and a
 * browser would draw them all. Infinity where that cannot be told, or is deeper than any drawing.
 */
export function countDrawn(svg: string): number {
  const byId = new Map<string, Part>();
  const root: Part = { parts: [], drawn: [] };
  if (!readParts(svg, root, byId)) return Number.POSITIVE_INFINITY;
  return countPart(root, byId, 0);
}

function readParts(svg: string, root: Part, byId: Map<string, Part>): boolean {
  const open = [root];
  for (let at = svg.indexOf('<'); at !== -1; at = svg.indexOf('<', at)) {
    const parent = open.at(-1) ?? root;
    const aside = asides.find(([start]) => svg.startsWith(start, at));
    if (aside !== undefined) {
      const end = svg.indexOf(aside[1], at + aside[0].length);
      if (end === -1) return false;
      at = end + aside[1].length;
      continue;
    }
    const end = findTagEnd(svg, at + 1);
    if (end === -1) return false;
    const tag = svg.slice(at + 1, end);
    at = end + 1;
    if (tag.startsWith('!')) {
      // Entities may hold parts that nothing here would see; the names of namespaces are none.
      if (tag.includes('<!ENTITY') && /[&#]|<[^!]/.test(tag)) return false;
      continue;
    }
    if (tag.startsWith('/')) {
      if (open.length > 1) open.pop();
      continue;
    }
    const part = makePart(tag, byId);
    if (part === undefined) return false;
    parent.parts.push(part);
    if (!tag.endsWith('/')) open.push(part);
    if (open.length > deepest) return false;
  }
  return true;
}

const asides = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
] as const;

/** A ">" in quotes ends nothing; of a document type neither does one in its brackets. */
function findTagEnd(svg: string, start: number): number {
  let quote = '';
  let isInBrackets = false;
  for (let index = start; index < svg.length; index += 1) {
    const character = svg[index] ?? '';
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '[') isInBrackets = true;
    else if (character === ']') isInBrackets = false;
    else if (character === '>' && !isInBrackets) return index;
  }
  return -1;
}

function makePart(tag: string, byId: Map<string, Part>): Part | undefined {
  const part: Part = { parts: [], drawn: [] };
  if (!/id|href|url/u.test(tag)) return part;
  for (const [, name = '', , value = ''] of tag.matchAll(
    /(?<![\w:.-])([\w:.-]+)\s*=\s*(["'])(.*?)\2/gsu,
  )) {
    if (name === 'id') byId.set(value, part);
    const isPlace = name === 'href' || name.endsWith(':href');
    if (!isPlace && !value.includes('url(')) continue;
    if (value.includes('&#')) return undefined;
    if (isPlace && value.startsWith('#')) part.drawn.push(value.slice(1));
    else if (!isPlace)
      for (const [, id = ''] of value.matchAll(/url\(\s*["']?#([^"')\s]+)/gu)) part.drawn.push(id);
  }
  return part;
}

function countPart(part: Part, byId: ReadonlyMap<string, Part>, depth: number): number {
  if (part.count !== undefined) return part.count;
  if (depth > deepest * 3) return Number.POSITIVE_INFINITY;
  // What leads back to itself is drawn by no browser.
  part.count = 0;
  let count = 1;
  for (const inner of part.parts) count += countPart(inner, byId, depth + 1);
  for (const id of part.drawn) {
    const target = byId.get(id);
    if (target !== undefined) count += countPart(target, byId, depth + 1);
  }
  part.count = count;
  return count;
}
