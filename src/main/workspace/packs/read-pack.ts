import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { StintError } from '../../../shared/errors.ts';
import { findMutation } from '../../../shared/mutations/mutation-registry.ts';
import type { Sha256Hex } from '../../../shared/ports.ts';
import { parseBoundedJson } from '../bundles/verify/parse-bounded-json.ts';
import { type ArchiveFile, computeReason, openArchive } from '../bundles/verify/read-archive.ts';
import { isRowIntact } from './outbox-row-hash.ts';
import {
  maximumChangeBytes,
  maximumHeadBytes,
  maximumHeadValues,
  type PackedChange,
  packedChangeSchema,
  packFormat,
  type PackHead,
  packHeadSchema,
  packVersion,
} from './pack-format.ts';

/** A change pack that was found whole; what it holds is read from the file when it is asked for. */
export interface OpenedPack {
  readonly head: PackHead;
  changes(): AsyncIterable<PackedChange>;
  readFile(sha256: string): AsyncIterable<Buffer>;
  close(): void;
}

const fail = (reason: string): StintError =>
  new StintError('bundle_malformed', `this is not a whole change pack: ${reason}`);

/**
 * Opens a change pack and checks all of it before anything is used: the archive's own soundness, the size that
 * it unpacks to, the hash of every file and every change, and that the changes follow each other as they did
 * on the computer that made them. Nothing is unpacked.
 *
 * @throws StintError `bundle_malformed`, `hash_mismatch`, `database_newer` for a newer format or a change
 * that only a newer version knows.
 */
export async function openPack(path: string, sha256Hex: Sha256Hex): Promise<OpenedPack> {
  const problems: string[] = [];
  const archive = await openArchive(path, (_code, message) => problems.push(message));
  if (archive === undefined)
    throw new StintError(
      'bundle_malformed',
      'this is not a change pack, or only a piece of one; copy it again from where it was made',
    );
  try {
    if (problems.length > 0) throw fail(problems.join('; '));
    const { size } = await stat(path);
    const unpackedBytes = [...archive.files.values()].reduce(
      (sum, file) => sum + file.sizeBytes,
      0,
    );
    // What a pack holds is stored as it is: one that grows when it is unpacked was made by somebody else.
    if (unpackedBytes > size)
      throw fail(`it says that its ${size} bytes unpack to ${unpackedBytes}`);
    const head = await readHead(archive.files.get('pack.json'));
    const lines = archive.files.get('changes.jsonl');
    if (lines === undefined) throw fail('it has no changes.jsonl');
    assertNames(head, archive.files);
    const changes = () => readChanges(lines, head);
    await verifyChanges(changes(), head, sha256Hex);
    for (const { sha256, sizeBytes } of head.files)
      await verifyFile(archive.files.get(`files/${sha256}`), sha256, sizeBytes);
    return {
      head,
      changes,
      readFile: (sha256) => {
        const file = archive.files.get(`files/${sha256}`);
        if (file === undefined) throw fail(`it has no content ${sha256}`);
        return file.read();
      },
      close: () => archive.close(),
    };
  } catch (error) {
    archive.close();
    throw describe(error);
  }
}

/** What the archive's reader says of damaged bytes has no code of its own. */
function describe(error: unknown): unknown {
  if (error instanceof StintError) return error;
  const code = (error as NodeJS.ErrnoException).code;
  if (typeof code === 'string' && /^E[A-Z]+$/.test(code)) return error;
  return error instanceof Error ? fail(error.message) : error;
}

async function readHead(file: ArchiveFile | undefined): Promise<PackHead> {
  if (file === undefined) throw fail('it has no pack.json');
  if (file.sizeBytes > maximumHeadBytes) throw fail('its pack.json is too large');
  const parsed = parseHead(await readWhole(file));
  const { format, version } = (parsed ?? {}) as { format?: unknown; version?: unknown };
  if (format !== packFormat) throw fail(`its pack.json does not say that it is a ${packFormat}`);
  if (typeof version === 'number' && version > packVersion)
    throw new StintError(
      'database_newer',
      `this change pack was made by a newer version of Stint (format ${version}; this one knows ${packVersion}); update Stint to import it`,
    );
  const head = packHeadSchema.safeParse(parsed);
  if (!head.success)
    throw fail(`its pack.json cannot be read (${head.error.issues[0]?.path.join('.') ?? ''})`);
  return head.data;
}

async function readWhole(file: ArchiveFile): Promise<Buffer> {
  const content = Buffer.alloc(file.sizeBytes);
  let readBytes = 0;
  for await (const chunk of file.read()) readBytes += chunk.copy(content, readBytes);
  return content;
}

function parseHead(content: Buffer): unknown {
  try {
    return parseBoundedJson(content, maximumHeadValues);
  } catch (error) {
    throw fail(
      error instanceof SyntaxError || error instanceof TypeError
        ? 'its pack.json is not JSON'
        : `its pack.json cannot be read: ${computeReason(error)}`,
    );
  }
}

function assertNames(head: PackHead, files: ReadonlyMap<string, ArchiveFile>): void {
  const expected = new Set([
    'pack.json',
    'changes.jsonl',
    ...head.files.map(({ sha256 }) => `files/${sha256}`),
  ]);
  for (const name of files.keys())
    if (!expected.has(name)) throw fail(`"${name}" is in the archive and not in its pack.json`);
  for (const name of expected) if (!files.has(name)) throw fail(`"${name}" is missing`);
}

async function* readChanges(file: ArchiveFile, head: PackHead): AsyncGenerator<PackedChange> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const hash = createHash('sha256');
  /** The beginning of a change, in pieces: a long one is not put together anew with each of them. */
  let pieces: string[] = [];
  let restLength = 0;
  let count = 0;
  const parse = (line: string): PackedChange => {
    count += 1;
    const change = packedChangeSchema.safeParse(parseJson(line));
    if (!change.success || head.seats[change.data.seat] === undefined)
      throw fail(`change ${count} cannot be read`);
    return change.data;
  };
  for await (const chunk of file.read()) {
    hash.update(chunk);
    const lines = decoder.decode(chunk, { stream: true }).split('\n');
    const rest = lines.pop() ?? '';
    for (const line of lines) {
      yield parse(pieces.join('') + line);
      pieces = [];
      restLength = 0;
    }
    pieces.push(rest);
    restLength += rest.length;
    if (restLength > maximumChangeBytes) throw fail('a change is too large');
  }
  if (restLength > 0) throw fail('its last change is cut short');
  if (count !== head.changes.count)
    throw fail(`expected ${countChanges(head.changes.count)}, found ${count}`);
  if (hash.digest('hex') !== head.changes.sha256)
    throw new StintError(
      'hash_mismatch',
      'the changes in this pack were changed after it was made',
    );
}

const countChanges = (count: number): string => (count === 1 ? '1 change' : `${count} changes`);

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

async function verifyChanges(
  changes: AsyncIterable<PackedChange>,
  head: PackHead,
  sha256Hex: Sha256Hex,
): Promise<void> {
  const last = new Map<number, PackedChange['row']>();
  const counts = new Map<number, number>();
  const ids = new Set<string>();
  for await (const { seat, row } of changes) {
    const name = `the change ${row.id}`;
    if (!isRowIntact(row, sha256Hex))
      throw new StintError('hash_mismatch', `${name} does not have the hash recorded for it`);
    const before = last.get(seat);
    if (ids.has(row.id)) throw fail(`${name} is in it twice`);
    if (before !== undefined && before.deviceSeq >= row.deviceSeq)
      throw fail(`${name} is not in the order in which it was made`);
    if (before?.deviceSeq === row.deviceSeq - 1 && before.rowHash !== row.previousHash)
      throw fail(`${name} does not follow the one before it: the chain is broken`);
    const definition = findMutation(row.name, row.version);
    if (definition === undefined)
      throw new StintError(
        'database_newer',
        `this pack holds a change that this version of Stint does not know (${row.name}@${row.version}); update Stint to import it`,
      );
    if (definition.by === 'server') throw fail(`${name} is none that a person can make`);
    ids.add(row.id);
    last.set(seat, row);
    counts.set(seat, (counts.get(seat) ?? 0) + 1);
  }
  for (const [index, seat] of head.seats.entries())
    if ((counts.get(index) ?? 0) !== seat.changeCount)
      throw fail(`expected ${countChanges(seat.changeCount)} for ${seat.organizationName}`);
}

async function verifyFile(
  file: ArchiveFile | undefined,
  sha256: string,
  sizeBytes: number,
): Promise<void> {
  if (file === undefined || file.sizeBytes !== sizeBytes)
    throw fail(`the content ${sha256} does not have ${sizeBytes} bytes`);
  const hash = createHash('sha256');
  for await (const chunk of file.read()) hash.update(chunk);
  if (hash.digest('hex') !== sha256)
    throw new StintError(
      'hash_mismatch',
      `the content ${sha256} in this pack is not what its name says`,
    );
}
