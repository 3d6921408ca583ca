import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { StintError } from '../../../shared/errors.ts';
import { computeIsoInstant } from '../../../shared/ports.ts';
import { computeReason } from '../bundles/verify/read-archive.ts';
import { computeCopiesFolder } from '../backup/automatic-copies.ts';
import { listCopies, listDamagedFiles } from '../backup/copy-folders.ts';
import { isThere } from '../backup/durable-folder.ts';
import { copyFileName } from '../backup/copy-format.ts';
import {
  readFromCopy,
  readSeatIdentities,
  readUnsentRows,
  type SeatIdentity,
  type UnsentReading,
} from '../database/read-unsent-rows.ts';
import { describeWriteFailure } from '../database/describe-write-failure.ts';
import { lockFolder } from '../engine/folder-lock.ts';
import { FileFolder } from '../files/file-folder.ts';
import { computeDefaultDeviceName, type WorkspacePorts } from '../ports/system-ports.ts';
import { unsentStates } from './pack-format.ts';
import { createReadSource, type PackSource } from './pack-source.ts';
import { makeWorkFolder } from './work-folder.ts';
import { writePack, type WrittenPack } from './write-pack.ts';

export interface RescueOptions {
  readonly workspaceFolder: string;
  /** The file to write. */
  readonly to: string;
  readonly stintVersion: string;
  readonly ports: Pick<WorkspacePorts, 'clock' | 'randomness' | 'sha256Hex'>;
}

/**
 * Writes what was not sent into a change pack, from a folder that the app may not be able to open: its databases
 * are only read, from copies in a temporary folder. What of a damaged database cannot be read is taken from the
 * newest copy that holds it, and what cannot be had at all is said in `problems`.
 *
 * @throws StintError `not_found` where there is no workspace, nothing unsent in it that could be read, or no folder for
 * the pack; `refused` where something has its name already; `workspace_unwritable`, `disk_full`. Nothing is left behind then.
 */
export async function rescueWorkspace(options: RescueOptions): Promise<WrittenPack> {
  const { workspaceFolder, ports } = options;
  const work = await prepareTarget(options);
  const reader = new RescueReader(workspaceFolder, work.path);
  try {
    const { seats, deviceName, problems } = await reader.readIdentities();
    const sources: PackSource[] = [];
    const known = new Set(seats.map(({ seatId }) => seatId));
    for (const seat of seats) {
      const reading = await reader.readSeat(seat);
      sources.push(createReadSource(seat, reading, ports.sha256Hex));
    }
    for (const seatId of await listSeatFolders(workspaceFolder))
      if (!known.has(seatId))
        problems.push(
          `the folder seats/${seatId} holds work of which it could not be read whose it is; keep it`,
        );
    return await writePack({
      path: options.to,
      workFolder: work.path,
      sources,
      files: new FileFolder(join(workspaceFolder, 'files'), ports.randomness),
      createdAt: computeIsoInstant(ports.clock.nowMs()),
      deviceName: deviceName === '' ? computeDefaultDeviceName() : deviceName,
      stintVersion: options.stintVersion,
      problems,
    });
  } catch (error) {
    throw describeWriteFailure(error);
  } finally {
    await work.remove();
  }
}

/** Before anything is read: a folder that cannot be written would make every database look unreadable. */
async function prepareTarget({ to, ports }: RescueOptions): ReturnType<typeof makeWorkFolder> {
  const folder = dirname(to);
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true)
    throw new StintError('not_found', `there is no folder ${folder}; make it first`);
  if (await isThere(to))
    throw new StintError(
      'refused',
      `${to} is there already, and stays as it is; choose another name`,
    );
  try {
    return await makeWorkFolder(folder, ports);
  } catch (error) {
    const described = describeWriteFailure(error);
    if (described !== error) throw described;
    throw new StintError(
      'workspace_unwritable',
      `${folder} cannot be written (${(error as NodeJS.ErrnoException).code ?? computeReason(error)})`,
      { cause: error },
    );
  }
}

/**
 * `rescueWorkspace` on a folder that nobody else must be writing to meanwhile. One that cannot be written, on a
 * medium that is read-only, say, is read all the same.
 * @throws StintError `workspace_in_use`: the app exports what is unsent by itself then.
 */
export async function rescueClosedWorkspace(options: RescueOptions): Promise<WrittenPack> {
  const release = await lockFolder(options.workspaceFolder).catch((error: unknown) => {
    if (error instanceof StintError && error.code === 'workspace_unwritable') return () => {};
    throw error;
  });
  try {
    return await rescueWorkspace(options);
  } finally {
    release();
  }
}

async function listSeatFolders(workspaceFolder: string): Promise<string[]> {
  return await readdir(join(workspaceFolder, 'seats')).catch(() => []);
}

class RescueReader {
  readonly #folder: string;
  readonly #temporary: string;
  #count = 0;

  constructor(folder: string, temporary: string) {
    this.#folder = folder;
    this.#temporary = temporary;
  }

  #nextTemporary(): string {
    this.#count += 1;
    return join(this.#temporary, String(this.#count));
  }

  async readIdentities(): Promise<{
    readonly seats: readonly SeatIdentity[];
    readonly deviceName: string;
    readonly problems: string[];
  }> {
    const path = join(this.#folder, 'workspace.db');
    const found = await readFromCopy(path, this.#nextTemporary(), readSeatIdentities);
    if (found !== undefined) return { ...found, problems: [] };
    for await (const { database, createdAt } of this.#listCopied('workspace.db')) {
      const copied = await readFromCopy(database, this.#nextTemporary(), readSeatIdentities);
      if (copied !== undefined)
        return {
          ...copied,
          problems: [
            `workspace.db could not be read; which organizations there are was taken from its copy of ${describeTime(createdAt)}`,
          ],
        };
    }
    throw new StintError(
      'not_found',
      `there is no workspace.db in ${this.#folder} that can be read, and no copy of it: whose work lies there is not known`,
    );
  }

  async readSeat({ seatId }: SeatIdentity): Promise<UnsentReading> {
    const name = `seats/${seatId}/seat.db`;
    const live = await readFromCopy(join(this.#folder, name), this.#nextTemporary(), (connection) =>
      readUnsentRows(connection, unsentStates),
    );
    if (live !== undefined && live.problems.length === 0) return live;
    const problems = [...(live?.problems ?? ['its database could not be read'])];
    for await (const { database, createdAt } of this.#listCopied(name)) {
      const copied = await readFromCopy(database, this.#nextTemporary(), (connection) =>
        readUnsentRows(connection, unsentStates),
      );
      if (copied === undefined) continue;
      problems.push(`what could not be read was taken from the copy of ${describeTime(createdAt)}`);
      return mergeReadings(live, copied, problems);
    }
    const { rows = [], uploads = [], unrecorded } = live ?? {};
    return { rows, uploads, problems, unrecorded };
  }

  /** Whole copies of a database, newest first, each unpacked into a temporary file. */
  async *#listCopied(
    name: string,
  ): AsyncGenerator<{ readonly database: string; readonly createdAt: string }> {
    for (const copy of await listCopies(computeCopiesFolder(this.#folder))) {
      const { manifest } = copy;
      if (manifest === undefined || !manifest.databases.some((each) => each.name === name))
        continue;
      if ((await listDamagedFiles(copy, manifest)).length > 0) continue;
      const folder = this.#nextTemporary();
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const database = join(folder, 'copy.db');
      await pipeline(
        createReadStream(join(copy.path, copyFileName(name))),
        createGunzip(),
        createWriteStream(database, { mode: 0o600 }),
      );
      yield { database, createdAt: manifest.createdAt };
    }
  }
}

/** `2026-11-23 05:14 UTC`: what is said here is read far from this computer, too. */
const describeTime = (instant: string): string =>
  `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;

/** By the changes' ids; what the database itself says counts before what a copy of it says. */
function mergeReadings(
  live: UnsentReading | undefined,
  copied: UnsentReading,
  problems: readonly string[],
): UnsentReading {
  const rows = new Map(copied.rows.map((row) => [String(row.outbox['id']), row]));
  for (const row of live?.rows ?? []) {
    const id = String(row.outbox['id']);
    const older = rows.get(id);
    rows.set(id, row.state === undefined && older !== undefined ? older : row);
  }
  const uploads = new Map(copied.uploads.map((file) => [file.sha256, file]));
  for (const file of live?.uploads ?? []) uploads.set(file.sha256, file);
  return {
    rows: [...rows.values()].sort(
      (one, other) => Number(one.outbox['deviceSeq']) - Number(other.outbox['deviceSeq']),
    ),
    uploads: [...uploads.values()],
    problems,
    unrecorded: live?.unrecorded ?? copied.unrecorded,
  };
}
