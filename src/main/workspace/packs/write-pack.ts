import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StintError } from '../../../shared/errors.ts';
import { syncFolder } from '../backup/durable-folder.ts';
import { type ArchiveEntry, writeArchive } from '../bundles/archive-writer.ts';
import type { FileFolder } from '../files/file-folder.ts';
import {
  longestShown,
  maximumHeadBytes,
  maximumPackChanges,
  maximumPackFiles,
  type PackedFile,
  type PackedSeat,
  packFormat,
  type PackHead,
  packHeadSchema,
  packVersion,
  shorten,
} from './pack-format.ts';
import { listChangeFiles, type PackSource } from './pack-source.ts';

const mostProblems = 1000;

export interface WrittenPack {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly changes: number;
  readonly files: number;
  readonly missing: readonly PackedFile[];
  readonly problems: readonly string[];
}

/**
 * Writes a change pack, streamed: neither the changes nor the files are ever all in memory. It has its name only
 * once it is whole and on the disk.
 *
 * @param workFolder an empty folder on the same disk, which the caller removes afterwards.
 * @param problems what was found before the sources were made.
 * @throws StintError `not_found` where nothing is unsent, `too_large`, `disk_full`, `workspace_unwritable`.
 */
export async function writePack(options: {
  readonly path: string;
  readonly workFolder: string;
  readonly sources: readonly PackSource[];
  readonly files: FileFolder;
  readonly createdAt: string;
  readonly deviceName: string;
  readonly stintVersion: string;
  readonly problems?: readonly string[];
}): Promise<WrittenPack> {
  const { path, files, workFolder } = options;
  const linesPath = join(workFolder, 'changes.jsonl');
  const gathered = await gather(options.sources, linesPath);
  const problems = listFirst([...(options.problems ?? []), ...gathered.problems]);
  if (gathered.changes.count === 0 && gathered.named.size === 0)
    throw new StintError(
      'not_found',
      problems.length === 0
        ? 'everything has been sent; there is nothing to carry'
        : `nothing that could be carried was found\n${problems.join('\n')}`,
    );
  const present: PackedFile[] = [];
  const missing: PackedFile[] = [];
  for (const file of gathered.named.values()) {
    const found = await files.findSize(file.sha256);
    (found === file.sizeBytes ? present : missing).push(file);
  }
  const head = writeHead({
    format: packFormat,
    version: packVersion,
    createdAt: options.createdAt,
    deviceName: shorten(options.deviceName, longestShown.name),
    stintVersion: options.stintVersion,
    seats: [...gathered.seats],
    changes: gathered.changes,
    files: present,
    missing,
    problems,
  });
  const entries: ArchiveEntry[] = [
    { path: 'pack.json', content: head },
    {
      path: 'changes.jsonl',
      sha256: gathered.changes.sha256,
      sizeBytes: gathered.changes.sizeBytes,
      open: () => createReadStream(linesPath),
    },
    ...present.map(({ sha256, sizeBytes }) => ({
      path: `files/${sha256}`,
      sha256,
      sizeBytes,
      open: () => files.read(sha256),
    })),
  ];
  const part = join(workFolder, 'pack');
  const written = await writeArchive(part, entries, options.createdAt.slice(0, 10));
  await rename(part, path);
  await syncFolder(dirname(path));
  return {
    path,
    ...written,
    changes: gathered.changes.count,
    files: present.length,
    missing,
    problems,
  };
}

/** Those that are read, and how many there are besides. */
function listFirst(problems: readonly string[]): string[] {
  const more = problems.length - mostProblems;
  return more <= 0
    ? [...problems]
    : [...problems.slice(0, mostProblems), `${more.toLocaleString('en')} more of the kind`];
}

function writeHead(head: PackHead): Buffer {
  const fileCount = head.files.length + head.missing.length;
  if (fileCount > maximumPackFiles) throw tooLarge(`${fileCount} files`);
  const content = Buffer.from(`${JSON.stringify(packHeadSchema.parse(head))}\n`);
  if (content.byteLength > maximumHeadBytes) throw tooLarge(`the names of ${fileCount} files`);
  return content;
}

const tooLarge = (what: string): StintError =>
  new StintError(
    'too_large',
    `${what} are more than one file for unsent work can carry; nothing is lost: back up the whole workspace instead`,
  );

interface Gathered {
  readonly seats: readonly PackedSeat[];
  readonly changes: PackHead['changes'];
  readonly named: ReadonlyMap<string, PackedFile>;
  readonly problems: readonly string[];
}

async function gather(sources: readonly PackSource[], linesPath: string): Promise<Gathered> {
  const seats: PackedSeat[] = [];
  const named = new Map<string, PackedFile>();
  const problems: string[] = [];
  const hash = createHash('sha256');
  let count = 0;
  let sizeBytes = 0;
  const output = await open(linesPath, 'w', 0o600);
  try {
    for (const source of sources) {
      let changeCount = 0;
      const uploads = new Map(source.listUploads().map((file) => [file.sha256, file]));
      for await (const change of source.changes()) {
        const bytes = Buffer.from(`${JSON.stringify({ seat: seats.length, ...change })}\n`);
        hash.update(bytes);
        sizeBytes += bytes.byteLength;
        changeCount += 1;
        await output.writeFile(bytes);
        // The server is asked which of them it lacks before a byte goes (SY-22).
        for (const file of listChangeFiles(change)) uploads.set(file.sha256, file);
      }
      const prefix = source.identity.organizationName;
      problems.push(...source.problems.map((problem) => `${prefix}: ${problem}`));
      if (changeCount === 0 && uploads.size === 0) continue;
      count += changeCount;
      for (const file of uploads.values()) named.set(file.sha256, file);
      const { serverUrl, accountId, orgId, membershipId, email, organizationName, role } =
        source.identity;
      seats.push({
        serverUrl,
        accountId,
        orgId,
        membershipId,
        email,
        organizationName,
        role: role as PackedSeat['role'],
        changeCount,
        uploads: [...uploads.values()],
      });
    }
  } finally {
    await output.close();
  }
  if (count > maximumPackChanges) throw tooLarge(`${count} changes`);
  return {
    seats,
    changes: { count, sizeBytes, sha256: hash.digest('hex') },
    named,
    problems,
  };
}
