import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { contract, isRequestName } from '../../../shared/contract/contract.ts';
import type { EngineEvent } from '../../../shared/contract/events.ts';
import type { WorkspaceDamage } from '../../../shared/contract/recovery-requests.ts';
import { closeAll } from '../../../shared/close-all.ts';
import { StintError } from '../../../shared/errors.ts';
import { computeIsoInstant } from '../../../shared/ports.ts';
import { parseInput } from '../../../shared/validation.ts';
import { computeCopiesFolder } from '../backup/automatic-copies.ts';
import { listCopyFolders } from '../backup/copy-folders.ts';
import { describeCopies } from '../backup/describe-copies.ts';
import { findDamage } from '../backup/find-damage.ts';
import { restoreCopy } from '../backup/restore-copy.ts';
import { describeWriteFailure } from '../database/describe-write-failure.ts';
import { choosePackPath, describeWrittenPack } from '../packs/pack-file-name.ts';
import { rescueWorkspace } from '../packs/rescue-workspace.ts';
import { createSystemPorts } from '../ports/system-ports.ts';
import type { Audience } from './dispatch.ts';
import { lockFolder } from './folder-lock.ts';
import { type Engine, type EngineOptions, openEngine } from './open-engine.ts';

/**
 * Opens a workspace as `openEngine` does. Where a database is damaged, now or found so later, the engine stays
 * and answers `recovery.*` alone: the interface can say what is wrong, put a copy in its place, or save what is
 * still readable. The damaged file is never written to, and moves aside when a copy takes its place.
 *
 * @throws StintError what `openEngine` says, but for `database_damaged`.
 */
export async function openRecoverableEngine(options: EngineOptions): Promise<Engine> {
  const engine = new RecoverableEngine(options);
  await engine.open();
  return engine;
}

class RecoverableEngine implements Engine {
  readonly #options: EngineOptions;
  readonly #ports: ReturnType<typeof createSystemPorts>;
  readonly #listeners = new Set<(event: EngineEvent) => void>();
  #engine: Engine | undefined;
  #damage: WorkspaceDamage | undefined;
  #release: (() => void) | undefined;
  #looking: Promise<void> | undefined;
  #restoring: Promise<unknown> | undefined;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#ports = options.ports ?? createSystemPorts();
  }

  async open(): Promise<void> {
    const { folder } = this.#options;
    const wasKilled = await hasLeftLog(folder);
    try {
      const engine = await openEngine({
        ...this.#options,
        onDamaged: (error) => void this.#look(error.message),
      });
      engine.subscribe((event) => this.#emit(event));
      this.#engine = engine;
    } catch (error) {
      if (!(error instanceof StintError) || error.code !== 'database_damaged') throw error;
      await this.#enterRecovery(error.message);
      return;
    }
    // A run that ended without a word is when files get torn. Nobody waits for the answer.
    if (wasKilled) void this.#look(undefined);
  }

  #emit(event: EngineEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** Looks at all databases while the engine runs; one that is damaged ends it. */
  #look(reported: string | undefined): Promise<void> {
    this.#looking ??= this.#lookNow(reported)
      .catch(() => undefined)
      .finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async #lookNow(reported: string | undefined): Promise<void> {
    const damage = await findDamage(this.#options.folder, this.#temporaryFolder(), reported);
    const engine = this.#engine;
    if (damage === undefined || engine === undefined) return;
    this.#engine = undefined;
    this.#damage = damage;
    await engine.close().catch(() => undefined);
    // A repair asks for it again where it cannot be had now.
    this.#release = await lockFolder(this.#options.folder).catch(() => undefined);
    this.#emit({ type: 'app' });
  }

  async #enterRecovery(reported: string): Promise<void> {
    const { folder } = this.#options;
    this.#release = await lockFolder(folder);
    const damage = await findDamage(folder, this.#temporaryFolder(), reported);
    this.#damage = damage ?? { message: reported, databases: [], newestCopyId: null };
  }

  #temporaryFolder(): string {
    return join(this.#options.folder, `.looking-${this.#ports.randomness.uuid()}`);
  }

  #getEngine(): Engine {
    if (this.#engine !== undefined) return this.#engine;
    throw new StintError(
      'database_damaged',
      this.#damage?.message ?? 'this workspace is being opened again',
    );
  }

  async dispatch(name: string, input: unknown, audience: Audience): Promise<unknown> {
    if (this.#engine !== undefined) {
      try {
        return await this.#engine.dispatch(name, input, audience);
      } catch (error) {
        if (error instanceof StintError && error.code === 'database_damaged')
          void this.#look(error.message);
        throw error;
      }
    }
    if (!isRequestName(name) || !name.startsWith('recovery.')) this.#getEngine();
    if (name === 'recovery.state') return this.#describe();
    if (name === 'recovery.rescue') return this.#rescue();
    if (name === 'recovery.restore') {
      const args = parseInput(contract['recovery.restore'].input, input ?? {}, name);
      return this.#restoreAlone(args.copyId);
    }
    throw new StintError('not_found', `there is no request "${name.slice(0, 80)}"`);
  }

  async #describe() {
    return {
      folder: this.#options.folder,
      damage: this.#damage ?? null,
      copies: await describeCopies(this.#options.folder),
      copyProblem: null,
    };
  }

  async #rescue() {
    const { folder, version } = this.#options;
    const createdAt = computeIsoInstant(this.#ports.clock.nowMs());
    const written = await rescueWorkspace({
      workspaceFolder: folder,
      to: await choosePackPath(join(folder, 'exports'), createdAt),
      stintVersion: version,
      ports: this.#ports,
    });
    return describeWrittenPack(written);
  }

  /** Once what looks has closed the databases, and one at a time: another would clear away what this one lays out. */
  async #restoreAlone(copyId: string) {
    await this.#looking;
    const damage = this.#damage;
    if (damage === undefined || this.#restoring !== undefined)
      throw new StintError(
        'unavailable',
        'this workspace is being opened again; a copy can be taken when that did not work',
      );
    const restoring = this.#restore(copyId, damage);
    this.#restoring = restoring;
    try {
      return await restoring;
    } finally {
      this.#restoring = undefined;
    }
  }

  async #restore(copyId: string, damage: WorkspaceDamage) {
    const { folder } = this.#options;
    this.#release ??= await lockFolder(folder);
    const copies = await listCopyFolders(computeCopiesFolder(folder));
    const copy = copies.find(({ name }) => name === copyId);
    if (copy === undefined) throw new StintError('not_found', `there is no copy ${copyId}`);
    const { createdAt, aside } = await restoreCopy({
      copy,
      workspaceFolder: folder,
      databases: damage.databases.map(({ name }) => name),
      asideKind: 'damaged',
      ports: this.#ports,
    });
    try {
      await this.#openRestored(damage);
    } finally {
      this.#emit({ type: 'app' });
    }
    return { createdAt, aside };
  }

  /**
   * Opens what a copy was put into. Where that does not work, all stays as it was while something was damaged: another
   * copy can be taken, or the same one once more when what hindered it is gone.
   *
   * @throws StintError why it could not be opened.
   */
  async #openRestored(damage: WorkspaceDamage): Promise<void> {
    this.#damage = undefined;
    this.#release?.();
    this.#release = undefined;
    try {
      await this.open();
    } catch (error) {
      const problem = describeWriteFailure(error);
      const message =
        problem instanceof StintError ? problem.message : 'this workspace could not be opened';
      const databases = damage.databases.map((database) => ({ ...database, problem: message }));
      this.#damage = { ...damage, message, databases };
      this.#release ??= await lockFolder(this.#options.folder).catch(() => undefined);
      throw problem;
    }
    // What is damaged still was found by the opening.
    this.#getEngine();
  }

  subscribe(listener: (event: EngineEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async importStream(...args: Parameters<Engine['importStream']>) {
    return this.#getEngine().importStream(...args);
  }

  async openAttachment(seatId: string, attachmentId: string) {
    return this.#getEngine().openAttachment(seatId, attachmentId);
  }

  async openExport(fileName: string) {
    if (this.#engine !== undefined) return this.#engine.openExport(fileName);
    const path = join(this.#options.folder, 'exports', basename(fileName));
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile() !== true)
      throw new StintError('not_found', 'there is no such export on this computer any more');
    return {
      path,
      name: basename(fileName),
      mediaType: 'application/zip',
      sizeBytes: found.size,
    };
  }

  async listRunningWork() {
    return this.#engine?.listRunningWork() ?? { hasTimer: false, hasUpload: false };
  }

  async settle(...args: Parameters<Engine['settle']>) {
    return this.#getEngine().settle(...args);
  }

  async close(): Promise<void> {
    await this.#looking;
    await this.#restoring?.catch(() => undefined);
    await closeAll([
      () => {
        this.#release?.();
        this.#release = undefined;
      },
      () => this.#engine?.close(),
    ]);
  }
}

/** Whether the program was killed on this folder: a run that ends by itself leaves no write-ahead log behind. */
async function hasLeftLog(folder: string): Promise<boolean> {
  const seats = await readdir(join(folder, 'seats')).catch(() => []);
  for (const path of ['workspace.db', ...seats.map((seat) => join('seats', seat, 'seat.db'))]) {
    const found = await stat(join(folder, `${path}-wal`)).catch(() => undefined);
    if (found !== undefined && found.size > 0) return true;
  }
  return false;
}
