import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { contract, isRequestName } from '../../../shared/contract/contract.ts';
import type { EngineEvent } from '../../../shared/contract/events.ts';
import type { WorkspaceDamage } from '../../../shared/contract/recovery-requests.ts';
import { StintError } from '../../../shared/errors.ts';
import { computeIsoInstant } from '../../../shared/ports.ts';
import { parseInput } from '../../../shared/validation.ts';
import { computeCopiesFolder } from '../backup/automatic-copies.ts';
import { listCopyFolders } from '../backup/copy-folders.ts';
import { describeCopies } from '../backup/describe-copies.ts';
import { findDamage } from '../backup/find-damage.ts';
import { restoreCopy } from '../backup/restore-copy.ts';
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
    this.#release = await lockFolder(this.#options.folder);
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
      return this.#restore(args.copyId);
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

  async #restore(copyId: string) {
    const { folder } = this.#options;
    const copies = await listCopyFolders(computeCopiesFolder(folder));
    const copy = copies.find(({ name }) => name === copyId);
    if (copy === undefined) throw new StintError('not_found', `there is no copy ${copyId}`);
    const { createdAt, aside } = await restoreCopy({
      copy,
      workspaceFolder: folder,
      databases: this.#damage?.databases.map(({ name }) => name) ?? [],
      asideKind: 'damaged',
      ports: this.#ports,
    });
    this.#damage = undefined;
    this.#release?.();
    this.#release = undefined;
    await this.open();
    this.#emit({ type: 'app' });
    return { createdAt, aside };
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
    await this.#engine?.close();
    this.#release?.();
    this.#release = undefined;
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
