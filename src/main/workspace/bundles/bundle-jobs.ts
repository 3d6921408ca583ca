import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { BundleJob } from '../../../shared/contract/bundle-requests.ts';
import { type BundleOptions, bundleOptionsSchema } from '../../../shared/domain/bundle-options.ts';
import { StintError } from '../../../shared/errors.ts';
import { computeNow, getSeat, type Workspace } from '../engine/workspace.ts';
import { TransferRate } from '../files/transfer-rate.ts';
import type { BundleProgress } from './export-bundle.ts';
import { prepareExportsFolder, runAlone } from './write-export.ts';
import { exportAndRecord } from './record-bundle.ts';

/** How long a full disk is left alone before it is tried again. */
const roomPatienceMs = 20_000;
/** Progress is told so often at most. */
const progressPauseMs = 250;

const requestSchema = z.object({
  engagementIds: z.array(z.string()).min(1),
  options: bundleOptionsSchema,
  isPaused: z.boolean().default(false),
});

interface Job {
  readonly jobId: string;
  readonly seatId: string;
  readonly engagementIds: readonly string[];
  readonly options: BundleOptions;
  readonly startedAt: string;
  state: BundleJob['state'];
  stop: AbortController;
}

const ofWorkspace = new WeakMap<Workspace, BundleJobs>();

/** The jobs of a workspace, made when the first is asked for. */
export function getBundleJobs(workspace: Workspace): BundleJobs {
  const known = ofWorkspace.get(workspace) ?? new BundleJobs(workspace);
  ofWorkspace.set(workspace, known);
  return known;
}

/**
 * Exports in the background, one after the other. Each has its row from before it begins until it has ended: what a
 * kill interrupts goes on when the workspace is opened again. On a full disk it waits for room, and begins again.
 */
export class BundleJobs {
  readonly #workspace: Workspace;
  readonly #jobs = new Map<string, Job>();
  #turn: Promise<void> = Promise.resolve();
  #cancelWait: () => void = () => {};
  #endWait: () => void = () => {};
  #toldMs = 0;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** Takes up what was interrupted. */
  async recover(): Promise<void> {
    const rows = await this.#workspace.db
      .selectFrom('bundleJobs')
      .selectAll()
      .orderBy('startedAt')
      .execute();
    for (const row of rows) {
      const request = requestSchema.safeParse(JSON.parse(row.requestJson));
      if (!request.success || this.#workspace.seats.find(row.seatId) === undefined)
        await this.#forget(row.jobId);
      else {
        const { isPaused, ...asked } = request.data;
        const { jobId, seatId, startedAt } = row;
        this.#add({ jobId, seatId, startedAt, ...asked }, isPaused);
      }
    }
  }

  async begin(
    seatId: string,
    engagementIds: readonly string[],
    options: BundleOptions,
  ): Promise<string> {
    getSeat(this.#workspace, seatId);
    const jobId = this.#workspace.ports.randomness.uuid();
    const startedAt = computeNow(this.#workspace);
    await this.#workspace.db
      .insertInto('bundleJobs')
      .values({ jobId, seatId, requestJson: JSON.stringify({ engagementIds, options }), startedAt })
      .execute();
    this.#add({ jobId, seatId, engagementIds, options, startedAt }, false);
    return jobId;
  }

  list(seatId: string): BundleJob[] {
    return [...this.#jobs.values()]
      .filter((job) => job.seatId === seatId)
      .map(({ jobId, engagementIds, options, startedAt, state }) => ({
        jobId,
        engagementIds: [...engagementIds],
        options,
        startedAt,
        state,
      }));
  }

  /** Cancels it where it has not ended; it is on no list afterwards. */
  async end(seatId: string, jobId: string): Promise<void> {
    const job = this.#get(seatId, jobId);
    this.#jobs.delete(jobId);
    job.stop.abort();
    this.#endWait();
    await this.#forget(jobId);
    // One that rests has its part on the disk, and nobody writes there who would take it away.
    if (job.state.kind === 'paused') await this.#removeParts();
    this.#tell(seatId, true);
  }

  /** Without effect on one that has ended. */
  async pause(seatId: string, jobId: string): Promise<void> {
    const job = this.#get(seatId, jobId);
    const { state } = job;
    if (state.kind !== 'running' && state.kind !== 'waiting_for_room') return;
    const { doneBytes, totalBytes } =
      state.kind === 'running' ? state : { doneBytes: 0, totalBytes: 0 };
    job.state = { kind: 'paused', doneBytes, totalBytes };
    await this.#keep(job);
    job.stop.abort();
    this.#endWait();
    this.#tell(seatId, true);
  }

  /** Without effect on one that does not rest. */
  async resume(seatId: string, jobId: string): Promise<void> {
    const job = this.#get(seatId, jobId);
    if (job.state.kind !== 'paused') return;
    const { doneBytes, totalBytes } = job.state;
    job.state = { kind: 'running', phase: 'fetching', doneBytes, totalBytes, bytesPerSecond: null };
    job.stop = new AbortController();
    await this.#keep(job);
    this.#enqueue(job);
  }

  /** What runs ends at its next block, and goes on from there when the workspace is opened again. */
  async close(): Promise<void> {
    for (const { stop } of this.#jobs.values()) stop.abort();
    this.#endWait();
    await this.#turn;
  }

  #get(seatId: string, jobId: string): Job {
    const job = this.#jobs.get(jobId);
    if (job === undefined || job.seatId !== seatId)
      throw new StintError('not_found', `there is no export ${jobId} here`, { field: 'jobId' });
    return job;
  }

  #add(made: Omit<Job, 'state' | 'stop'>, isPaused: boolean): void {
    const nothingYet = { doneBytes: 0, totalBytes: 0 };
    const job: Job = {
      ...made,
      state: isPaused
        ? { kind: 'paused', ...nothingYet }
        : { kind: 'running', phase: 'fetching', ...nothingYet, bytesPerSecond: null },
      stop: new AbortController(),
    };
    this.#jobs.set(job.jobId, job);
    if (!isPaused) this.#enqueue(job);
  }

  #enqueue(job: Job): void {
    // One whose row could not be removed is taken up again at the next start; nobody behind it waits for that.
    this.#turn = this.#turn.then(() => this.#run(job)).catch(() => this.#tell(job.seatId, true));
    this.#tell(job.seatId, true);
  }

  async #keep({ jobId, engagementIds, options, state }: Job): Promise<void> {
    const isPaused = state.kind === 'paused';
    await this.#workspace.db
      .updateTable('bundleJobs')
      .set({ requestJson: JSON.stringify({ engagementIds, options, isPaused }) })
      .where('jobId', '=', jobId)
      .execute();
  }

  async #run(job: Job): Promise<void> {
    const { jobId, seatId, engagementIds, options, stop } = job;
    // Paused and gone on with before its turn had come, it stands in the line twice.
    if (job.state.kind === 'done') return;
    const { clock } = this.#workspace.ports;
    while (!stop.signal.aborted) {
      // Fetching and writing go at different paces.
      let moving: { phase: BundleProgress['phase']; rate: TransferRate } | undefined;
      try {
        const { fileName, path, sizeBytes, sha256, missing } = await exportAndRecord(
          this.#workspace,
          getSeat(this.#workspace, seatId),
          engagementIds,
          options,
          {
            signal: stop.signal,
            // One that was cancelled is on no list any more; one that is closed goes on later.
            keepsPart: () => this.#jobs.has(jobId),
            onProgress: (progress) => {
              if (stop.signal.aborted) return;
              if (progress.phase !== moving?.phase)
                moving = {
                  phase: progress.phase,
                  rate: new TransferRate(clock, progress.doneBytes),
                };
              const bytesPerSecond = moving.rate.compute(progress.doneBytes);
              job.state = { kind: 'running', ...progress, bytesPerSecond };
              this.#tell(seatId, false);
            },
          },
        );
        job.state = { kind: 'done', fileName, path, sizeBytes, sha256, missing };
      } catch (error) {
        if (stop.signal.aborted) return;
        if (error instanceof StintError && error.code === 'disk_full') {
          job.state = { kind: 'waiting_for_room' };
          this.#tell(seatId, true);
          await this.#waitForRoom();
          continue;
        }
        job.state = {
          kind: 'failed',
          code: error instanceof StintError ? error.code : 'internal',
          message: error instanceof Error ? error.message : String(error),
        };
      }
      await this.#forget(jobId);
      this.#tell(seatId, true);
      return;
    }
  }

  #waitForRoom(): Promise<void> {
    return new Promise((resolve) => {
      this.#endWait = () => {
        this.#cancelWait();
        resolve();
      };
      this.#cancelWait = this.#workspace.ports.timers.after(roomPatienceMs, resolve);
    });
  }

  /** Its name is known while it is written alone: where no other export goes on later, every part is a leftover. */
  async #removeParts(): Promise<void> {
    const isNeeded = [...this.#jobs.values()].some(
      ({ state }) => state.kind !== 'done' && state.kind !== 'failed',
    );
    if (isNeeded) return;
    await runAlone(this.#workspace, async () => {
      const folder = await prepareExportsFolder(this.#workspace);
      for (const name of await readdir(folder))
        if (name.endsWith('.zip.part')) await rm(join(folder, name), { force: true });
    });
  }

  async #forget(jobId: string): Promise<void> {
    await this.#workspace.db.deleteFrom('bundleJobs').where('jobId', '=', jobId).execute();
  }

  #tell(seatId: string, isImportant: boolean): void {
    const now = this.#workspace.ports.clock.monotonicMs();
    if (!isImportant && now - this.#toldMs < progressPauseMs) return;
    this.#toldMs = now;
    this.#workspace.emit({ type: 'changed', seatId, tables: ['bundleJobs'] });
  }
}
