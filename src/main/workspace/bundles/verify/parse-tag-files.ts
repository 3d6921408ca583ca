import type { AddProblem } from './problems.ts';

/** Versions whose rules this program knows: the one of RFC 8493, and the drafts that were in use before it. */
const knownVersions = ['0.93', '0.94', '0.95', '0.96', '0.97', '1.0'];

export interface BagDeclaration {
  readonly version: string;
  /** Decodes the other tag files; throws for bytes that are not in the declared encoding. */
  readonly decoder: InstanceType<typeof TextDecoder>;
}

/** Beyond so many lines that are not understood, a tag file is of no use, and each more is not told. */
const mostMalformedLines = 100;

/** The lines with something in them, one by one: a list of those of a file of line ends alone would fill the memory. */
function* readLines(text: string): Generator<{ readonly line: string; readonly number: number }> {
  const lineEnds = /[\r\n]+/g;
  let number = 1;
  for (let start = 0; start < text.length;) {
    const found = lineEnds.exec(text);
    const end = found?.index ?? text.length;
    if (end > start) yield { line: text.slice(start, end), number };
    start = found === null ? text.length : lineEnds.lastIndex;
    number += countLineEnds(text, end, start);
  }
}

const carriageReturn = 0x0d;

/** CR, LF and the two together end one line each. */
function countLineEnds(text: string, start: number, end: number): number {
  let count = 0;
  let before = 0;
  for (let index = start; index < end; index += 1) {
    const code = text.charCodeAt(index);
    if (code === carriageReturn || before !== carriageReturn) count += 1;
    before = code;
  }
  return count;
}

/** bagit.txt, RFC 8493, section 2.1.1: two lines, in UTF-8 without a byte order mark. */
export function parseDeclaration(
  content: Buffer,
  addProblem: AddProblem,
): BagDeclaration | undefined {
  const match =
    /^BagIt-Version: (\d+\.\d+)(?:\r\n|\n|\r)Tag-File-Character-Encoding: ([\w.:-]+)(?:\r\n|\n|\r)?$/.exec(
      content.toString('utf8'),
    );
  const [, version, encoding] = match ?? [];
  if (version === undefined || encoding === undefined) {
    addProblem(
      'not_a_bag',
      'bagit.txt does not say "BagIt-Version: M.N" and "Tag-File-Character-Encoding: …" on two lines',
      'bagit.txt',
    );
    return undefined;
  }
  if (!knownVersions.includes(version)) {
    addProblem(
      'unknown_version',
      `bagit.txt names BagIt version ${version}: expected one of ${knownVersions.join(', ')}`,
      'bagit.txt',
    );
    return undefined;
  }
  try {
    return { version, decoder: new TextDecoder(encoding, { fatal: true }) };
  } catch {
    addProblem(
      'unknown_encoding',
      `bagit.txt names the character encoding ${encoding}, which is not known here: expected UTF-8`,
      'bagit.txt',
    );
    return undefined;
  }
}

/** One line of a manifest; `rawPath` as it stands there, `path` with its percent-encoding taken back. */
export interface ManifestLine {
  readonly digest: string;
  readonly path: string;
  readonly rawPath: string;
}

/**
 * A manifest, RFC 8493, section 2.1.3: `checksum filepath` on each line. Lines that are not are told to
 * `addProblem` by their number and left out; after a hundred of them, the rest is not read.
 *
 * @param digestLength hexadecimal digits of the algorithm.
 * @param mostLines of what it may list; the rest is not read either.
 */
export function parseManifest(
  name: string,
  text: string,
  digestLength: number,
  mostLines: number,
  addProblem: AddProblem,
): ManifestLine[] {
  const lines: ManifestLine[] = [];
  const seen = new Set<string>();
  const isPayload = !name.startsWith('tagmanifest-');
  let malformedLines = 0;
  for (const { line, number } of readLines(text)) {
    const problem = (reason: string) => {
      malformedLines += 1;
      addProblem('malformed_manifest', `${name}, line ${number}: ${reason}`, name);
    };
    if (malformedLines === mostMalformedLines) {
      problem('the lines from here on were not read, after so many that are malformed');
      break;
    }
    if (lines.length >= mostLines) {
      problem('the lines from here on were not read: far more is listed than the archive holds');
      break;
    }
    const [, digest = '', asterisk = '', written = ''] =
      /^([0-9A-Fa-f]+)[ \t]+(\*?)(.+)$/s.exec(line) ?? [];
    if (digest.length !== digestLength) {
      problem(`expected a checksum of ${digestLength} hexadecimal digits and a path`);
      continue;
    }
    // md5sum and its like mark binary files with an asterisk; a tag file's name may begin with one.
    const rawPath = isPayload || asterisk === '' ? written : `${asterisk}${written}`;
    const path = rawPath.replaceAll(/%(0[AaDd]|25)/g, (code) => decodeURIComponent(code));
    if (!isPathInBag(path)) {
      problem(`the path "${path}" leads out of the bag`);
      continue;
    }
    if (isPayload !== path.startsWith('data/')) {
      problem(
        `the path "${path}" ${isPayload ? 'does not lie below data/' : 'lies below data/, where tag manifests have no say'}`,
      );
      continue;
    }
    if (seen.has(path)) {
      problem(`the path "${path}" is listed twice`);
      continue;
    }
    seen.add(path);
    lines.push({ digest: digest.toLowerCase(), path, rawPath });
  }
  return lines;
}

function isPathInBag(path: string): boolean {
  if (/^(?:[A-Za-z]:|[/\\~])/.test(path)) return false;
  return path.split(/[/\\]/).every((part) => part !== '' && part !== '.' && part !== '..');
}

/** bag-info.txt, RFC 8493, section 2.2.2: `label: value`, going on in lines that begin with white space. */
export function parseBagInfo(
  text: string,
  addProblem: AddProblem,
): { readonly label: string; readonly value: string }[] {
  const elements: { label: string; value: string }[] = [];
  let malformedLines = 0;
  for (const { line, number } of readLines(text)) {
    if (line.trim() === '') continue;
    const problem = (reason: string) => {
      malformedLines += 1;
      addProblem('malformed_bag_info', `bag-info.txt, line ${number}: ${reason}`, 'bag-info.txt');
    };
    if (malformedLines === mostMalformedLines) {
      problem('the lines from here on were not read, after so many that are malformed');
      break;
    }
    const last = elements.at(-1);
    if (/^[ \t]/.test(line) && last !== undefined) {
      last.value += ` ${line.trim()}`;
      continue;
    }
    const [, label, value] = /^([^:\s][^:]*):(.*)$/s.exec(line) ?? [];
    if (label === undefined || value === undefined) problem('expected "label: value"');
    else elements.push({ label: label.trimEnd(), value: value.trim() });
  }
  return elements;
}
