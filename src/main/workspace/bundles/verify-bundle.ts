import { createHash, type Hash } from 'node:crypto';
import { checkDocuments, type CheckedReceipts, type HashedBag } from './verify/check-documents.ts';
import {
  type BagDeclaration,
  type ManifestLine,
  parseBagInfo,
  parseDeclaration,
  parseManifest,
} from './verify/parse-tag-files.ts';
import type { AddProblem, BundleProblem } from './verify/problems.ts';
import { type ArchiveFile, computeReason, openArchive } from './verify/read-archive.ts';

export interface BundleVerdict {
  /** Nothing is missing, changed or extra, and there is no other problem. */
  readonly isWhole: boolean;
  /** Paths in the bag that a manifest lists and the archive does not hold. */
  readonly missing: readonly string[];
  /** Paths whose content is not what a manifest says. */
  readonly changed: readonly string[];
  /** Paths that the archive holds and no manifest lists. */
  readonly extra: readonly string[];
  readonly problems: readonly BundleProblem[];
  /** Tag files that no tag manifest lists, where the bag may have such (RFC 8493, section 2.2.1). */
  readonly unlisted: readonly string[];
  /** Payload files in the archive, and their bytes. */
  readonly fileCount: number;
  readonly sizeBytes: number;
  /** The signatures of the receipts in it. */
  readonly receipts: CheckedReceipts;
}

const noReceipts: CheckedReceipts = { valid: 0, redacted: [], keyIds: [] };

/** Algorithms with the length of their digests in hexadecimal digits; the first two prove that nobody changed a file. */
const digestLengths: Readonly<Record<string, number>> = {
  sha256: 64,
  sha512: 128,
  sha384: 96,
  sha224: 56,
  sha1: 40,
  md5: 32,
};
const weakAlgorithms = ['sha1', 'md5'];
/** Tag files are read whole; manifests that have so much together list over a million files. */
const mostTagBytes = 256 * 1024 * 1024;
const longestBagInfoBytes = 4 * 1024 * 1024;
/** What all manifests may list besides what lies in the archive: it is missing, and nobody reads more names of that. */
const mostMissingLines = 100_000;

/**
 * Checks a bag (RFC 8493) in a ZIP, ours or another's, without unpacking it: every file against every
 * manifest, the tag files against the tag manifests, and the whole against Payload-Oxum. Contents are
 * streamed, so that its size does not matter. Data of ours in it, whoever made the bag, are checked against their schema
 * and against the files, and the receipts by their signatures and against the data.
 *
 * @param options.trustedKeyId the key that the receipts must be signed with, where it is known from elsewhere; a bag
 * without data that name it is not whole then.
 * @param options.ending breaks it off: its reason is thrown then.
 * @throws StintError `file_missing` when the file cannot be read at all. Whatever is wrong with a file
 * that can be read stands in the answer.
 */
export async function verifyBundle(
  path: string,
  options: { readonly trustedKeyId?: string; readonly ending?: AbortSignal } = {},
): Promise<BundleVerdict> {
  const problems: BundleProblem[] = [];
  const addProblem: AddProblem = (code, message, about) => {
    problems.push(about === undefined ? { code, message } : { code, message, path: about });
  };
  const archive = await openArchive(path, addProblem);
  if (archive === undefined) return computeVerdict(new BagCheck(new Map(), addProblem), problems);
  try {
    const outside: string[] = [];
    const bag = findBag(archive.files, outside, addProblem);
    const check = new BagCheck(bag, addProblem, options.ending);
    await check.run();
    for (const name of outside) check.extra.push(name);
    const receipts = await checkDocuments(check.hashedBag, addProblem, options.trustedKeyId);
    return computeVerdict(check, problems, receipts);
  } finally {
    archive.close();
  }
}

function computeVerdict(
  check: BagCheck,
  problems: readonly BundleProblem[],
  receipts: CheckedReceipts = noReceipts,
): BundleVerdict {
  const [missing, changed, extra] = [check.missing, check.changed, check.extra].map((paths) =>
    [...new Set(paths)].sort(),
  );
  const payload = [...check.files.values()].filter(({ name }) => name.startsWith('data/'));
  return {
    isWhole:
      [missing, changed, extra].every((paths) => paths?.length === 0) && problems.length === 0,
    missing: missing ?? [],
    changed: changed ?? [],
    extra: extra ?? [],
    problems,
    unlisted: check.unlisted.toSorted(),
    fileCount: payload.length,
    sizeBytes: payload.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    receipts,
  };
}

/** The bag's files by their path in it. RFC 8493, section 4: an archive holds one bag, in one top folder. */
export function findBag(
  files: ReadonlyMap<string, ArchiveFile>,
  outside: string[],
  addProblem: AddProblem,
): Map<string, ArchiveFile> {
  const bases = [...files.keys()]
    .filter((name) => /^[^/]+\/bagit\.txt$/.test(name))
    .map((name) => name.slice(0, name.indexOf('/') + 1));
  const [base] = bases;
  if (base === undefined) {
    addProblem(
      'not_a_bag',
      files.has('bagit.txt')
        ? 'bagit.txt lies at the top of the archive: expected it in one top folder (RFC 8493, section 4)'
        : 'there is no bagit.txt in a top folder: this is a ZIP, but not a bundle',
    );
    return new Map();
  }
  if (bases.length > 1)
    addProblem('not_a_bag', `the archive holds ${bases.length} bags: expected one`);
  const bag = new Map<string, ArchiveFile>();
  for (const [name, file] of files) {
    const path = name.slice(base.length);
    if (name.startsWith(base)) bag.set(path, { ...file, name: path });
    else outside.push(name);
  }
  return bag;
}

interface Manifest {
  readonly name: string;
  readonly algorithm: string;
  readonly lines: readonly ManifestLine[];
}

class BagCheck {
  readonly files: ReadonlyMap<string, ArchiveFile>;
  readonly missing: string[] = [];
  readonly changed: string[] = [];
  readonly extra: string[] = [];
  readonly unlisted: string[] = [];
  /** Stint made it, as its bag-info.txt says. */
  isOurs = false;
  readonly #addProblem: AddProblem;
  readonly #ending: AbortSignal | undefined;
  #tagBytesLeft = mostTagBytes;
  #manifestLinesLeft: number;
  /** SHA-256 of each file of the payload that is as its manifests say. */
  readonly #contents = new Map<string, string>();
  /** Other programs may have packed names in another Unicode form than they listed them in (section 6.1). */
  readonly #byForm = new Map<string, string>();

  constructor(
    files: ReadonlyMap<string, ArchiveFile>,
    addProblem: AddProblem,
    ending?: AbortSignal,
  ) {
    this.files = files;
    this.#addProblem = addProblem;
    this.#ending = ending;
    // Each algorithm may list every file, payload and tag files apart.
    this.#manifestLinesLeft = files.size * Object.keys(digestLengths).length * 2 + mostMissingLines;
    for (const path of files.keys()) this.#byForm.set(path.normalize('NFC'), path);
  }

  async run(): Promise<void> {
    const declaration = await this.#loadDeclaration();
    if (declaration === undefined) return;
    const manifests = await this.#loadManifests(declaration, /^manifest-(\w+)\.txt$/);
    const tagManifests = await this.#loadManifests(declaration, /^tagmanifest-(\w+)\.txt$/);
    if (manifests.length === 0)
      this.#addProblem('no_manifest', 'the bag has no manifest that could be read');
    else if (manifests.every(({ algorithm }) => weakAlgorithms.includes(algorithm)))
      this.#addProblem(
        'weak_manifest',
        'the bag has MD5 or SHA-1 manifests only, which prove nothing against a deliberate change',
      );
    const listed = this.#compareLists(manifests, tagManifests, declaration.version);
    await this.#hashFiles([...manifests, ...tagManifests]);
    const isOurs = await this.#checkBagInfo(declaration);
    this.isOurs = isOurs;
    // Stint lists everything: without that list, nobody could tell what was added.
    if (isOurs && tagManifests.length === 0) this.missing.push('tagmanifest-sha256.txt');
    else this.#sortOutUnlisted(listed, isOurs);
  }

  /** For what is checked when all is hashed. */
  get hashedBag(): HashedBag {
    const missing = new Set(this.missing);
    return {
      files: this.files,
      isOurs: this.isOurs,
      findSha256: (path) => {
        const found = this.#find(path);
        if (found !== undefined) return this.#contents.get(found) ?? null;
        return missing.has(path) ? null : undefined;
      },
    };
  }

  async #loadDeclaration(): Promise<BagDeclaration | undefined> {
    const content = await this.#readTagFile('bagit.txt');
    return content === undefined ? undefined : parseDeclaration(content, this.#addProblem);
  }

  async #loadManifests(declaration: BagDeclaration, pattern: RegExp): Promise<Manifest[]> {
    const manifests: Manifest[] = [];
    for (const name of this.files.keys()) {
      const algorithm = pattern.exec(name)?.[1]?.toLowerCase();
      if (algorithm === undefined) continue;
      const digestLength = digestLengths[algorithm];
      if (digestLength === undefined) {
        this.#addProblem(
          'unknown_algorithm',
          `${name} uses ${algorithm}, which cannot be checked here: expected one of ${Object.keys(digestLengths).join(', ')}`,
          name,
        );
        continue;
      }
      const text = await this.#readText(name, declaration);
      if (text === undefined) continue;
      const lines = parseManifest(
        name,
        text,
        digestLength,
        this.#manifestLinesLeft,
        this.#addProblem,
      );
      this.#manifestLinesLeft -= lines.length;
      manifests.push({ name, algorithm, lines });
    }
    return manifests;
  }

  /** @returns every path that some manifest lists, in the form in which the archive holds it. */
  #compareLists(
    manifests: readonly Manifest[],
    tagManifests: readonly Manifest[],
    version: string,
  ): Set<string> {
    const listed = new Set<string>();
    for (const { lines } of [...manifests, ...tagManifests]) {
      for (const line of lines) {
        const path = this.#resolve(line);
        if (path === undefined) this.missing.push(line.path);
        else listed.add(path);
      }
    }
    for (const { name, lines } of manifests) {
      // Since version 1.0 each manifest lists the whole payload (section 2.1.3).
      if (version !== '1.0' || manifests.length === 1) continue;
      const own = new Set(lines.map((line) => this.#resolve(line)));
      const left = [...listed].filter((path) => path.startsWith('data/') && !own.has(path));
      if (left.length > 0)
        this.#addProblem(
          'incomplete_manifest',
          `${name} leaves out ${left.length} payload files that another manifest lists, such as "${left[0]}"`,
          name,
        );
    }
    for (const { name, lines } of tagManifests) {
      const own = new Set(lines.map(({ path }) => path));
      for (const manifest of manifests)
        if (version === '1.0' && !own.has(manifest.name))
          this.#addProblem('incomplete_manifest', `${name} does not list ${manifest.name}`, name);
    }
    return listed;
  }

  /** Hashes each listed file once, with every algorithm that a manifest names for it. */
  async #hashFiles(manifests: readonly Manifest[]): Promise<void> {
    const expected = new Map<string, Map<string, Set<string>>>();
    for (const { algorithm, lines } of manifests) {
      for (const line of lines) {
        const path = this.#resolve(line);
        if (path === undefined) continue;
        const ofFile = expected.get(path) ?? new Map<string, Set<string>>();
        expected.set(path, ofFile);
        ofFile.set(algorithm, (ofFile.get(algorithm) ?? new Set()).add(line.digest));
      }
    }
    for (const [path, digests] of expected) {
      const algorithms = new Set(digests.keys());
      // The data name files by it, whatever the manifests do.
      if (path.startsWith('data/')) algorithms.add('sha256');
      const found = await this.#computeDigests(path, [...algorithms]);
      if (found === undefined) {
        this.changed.push(path);
        continue;
      }
      const isAsListed = [...digests].every(
        ([algorithm, listed]) => listed.size === 1 && listed.has(found.get(algorithm) ?? ''),
      );
      const sha256 = found.get('sha256');
      if (!isAsListed) this.changed.push(path);
      else if (sha256 !== undefined) this.#contents.set(path, sha256);
    }
  }

  async #computeDigests(
    path: string,
    algorithms: readonly string[],
  ): Promise<Map<string, string> | undefined> {
    const hashes = algorithms.map((name): [string, Hash] => [name, createHash(name)]);
    try {
      for await (const chunk of this.files.get(path)?.read() ?? []) {
        this.#ending?.throwIfAborted();
        for (const [, hash] of hashes) hash.update(chunk);
      }
    } catch (error) {
      this.#ending?.throwIfAborted();
      this.#addProblem('unreadable', `"${path}" cannot be read (${computeReason(error)})`, path);
      return undefined;
    }
    return new Map(hashes.map(([name, hash]) => [name, hash.digest('hex')]));
  }

  /** @returns whether Stint made the bag; bag-info.txt has been checked against the tag manifest by then. */
  async #checkBagInfo(declaration: BagDeclaration): Promise<boolean> {
    if (!this.files.has('bag-info.txt')) return false;
    const text = await this.#readText('bag-info.txt', declaration);
    if (text === undefined) return false;
    const elements = parseBagInfo(text, this.#addProblem);
    for (const { label, value } of elements) {
      if (label.toLowerCase() !== 'payload-oxum') continue;
      const payload = [...this.files.values()].filter(({ name }) => name.startsWith('data/'));
      const bytes = payload.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      const found = `${bytes}.${payload.length}`;
      if (value !== found)
        this.#addProblem(
          'payload_oxum',
          `bag-info.txt says Payload-Oxum ${value} (bytes.files), the archive holds ${found}`,
          'bag-info.txt',
        );
    }
    return elements.some(
      ({ label, value }) => label === 'Bag-Software-Agent' && value.startsWith('Stint'),
    );
  }

  #sortOutUnlisted(listed: ReadonlySet<string>, isOurs: boolean): void {
    for (const path of this.files.keys()) {
      if (listed.has(path) || /^tagmanifest-\w+\.txt$/.test(path)) continue;
      if (path.startsWith('data/') || isOurs) this.extra.push(path);
      else if (!/^(?:bagit|bag-info|fetch|manifest-\w+)\.txt$/.test(path)) this.unlisted.push(path);
    }
  }

  #resolve({ path, rawPath }: ManifestLine): string | undefined {
    // Many programs leave a per cent sign as it is.
    for (const candidate of [path, rawPath]) if (this.files.has(candidate)) return candidate;
    return this.#find(path) ?? this.#find(rawPath);
  }

  #find(path: string): string | undefined {
    return this.files.has(path) ? path : this.#byForm.get(path.normalize('NFC'));
  }

  async #readText(name: string, { decoder }: BagDeclaration): Promise<string | undefined> {
    const content = await this.#readTagFile(name);
    if (content === undefined) return undefined;
    try {
      return decoder.decode(content);
    } catch {
      this.#addProblem('unreadable', `${name} is not text in ${decoder.encoding}`, name);
      return undefined;
    }
  }

  async #readTagFile(name: string): Promise<Buffer | undefined> {
    const file = this.files.get(name);
    if (file === undefined) return undefined;
    const mostBytes = name === 'bag-info.txt' ? longestBagInfoBytes : this.#tagBytesLeft;
    if (file.sizeBytes > mostBytes) {
      this.#addProblem('unreadable', `${name} is too long to be a tag file`, name);
      return undefined;
    }
    this.#tagBytesLeft -= file.sizeBytes;
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of file.read()) chunks.push(chunk);
    } catch (error) {
      this.#addProblem('unreadable', `${name} cannot be read (${computeReason(error)})`, name);
      return undefined;
    }
    return Buffer.concat(chunks);
  }
}
