/** A piece of a report's page: what begins, what ends, and the text between. */
export type HtmlToken =
  | { readonly kind: 'open'; readonly tag: string; readonly attributes: Attributes }
  | { readonly kind: 'close'; readonly tag: string }
  | { readonly kind: 'text'; readonly text: string };

type Attributes = Readonly<Record<string, string>>;

const emptyTags = new Set(['br', 'hr', 'meta']);
const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
};

/**
 * Reads the pages that this program writes for reports, piece by piece: well-formed, with these five entities, without
 * scripts. It is no reader for HTML from elsewhere.
 */
export function* readReportHtml(html: string): Generator<HtmlToken> {
  const pattern = /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+="[^"]*")*)\s*>|<!doctype html>/gy;
  for (let position = 0; position < html.length;) {
    const next = html.indexOf('<', position);
    const end = next === -1 ? html.length : next;
    if (end > position) yield { kind: 'text', text: decodeText(html.slice(position, end)) };
    if (next === -1) return;
    pattern.lastIndex = next;
    const found = pattern.exec(html);
    if (found === null)
      throw new TypeError(`a report holds "${html.slice(next, next + 20)}", which is no tag`);
    position = pattern.lastIndex;
    const [, slash, tag, attributes = ''] = found;
    if (tag === undefined) continue;
    if (slash === '/') {
      yield { kind: 'close', tag };
    } else if (tag === 'style') {
      position = html.indexOf('</style>', position) + '</style>'.length;
    } else {
      yield { kind: 'open', tag, attributes: readAttributes(attributes) };
      if (emptyTags.has(tag)) yield { kind: 'close', tag };
    }
  }
}

function readAttributes(text: string): Attributes {
  return Object.fromEntries(
    [...text.matchAll(/([a-z-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [
      name,
      decodeText(value),
    ]),
  );
}

function decodeText(text: string): string {
  return text.replaceAll(/&([a-z]+|#39);/g, (whole, name: string) => entities[name] ?? whole);
}
