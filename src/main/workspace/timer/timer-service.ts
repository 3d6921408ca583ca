import type { Transaction } from 'kysely';
import type { EngineEvent } from '../../../shared/contract/events.ts';
import type { RunningTimer } from '../../../shared/contract/shapes.ts';
import { StintError } from '../../../shared/errors.ts';
import { computeEpochMs, computeIsoInstant } from '../../../shared/ports.ts';
import type { SeatDatabase, TimerRow } from '../database/seat-tables.ts';
import { computeLocalTimeZone } from '../ports/local-time-zone.ts';
import type { WorkspacePorts } from '../ports/system-ports.ts';
import type { SeatRegistry } from '../seats/seat-registry.ts';
import type { Seat } from '../seats/seat.ts';
import {
  type ClockReading,
  computeElapsedAroundGap,
  computeElapsedMs,
  computeRowAfterGap,
  computeRowWithGapKept,
  computeSeenRow,
  findGap,
  heartbeatMs,
  readClock,
} from './timer-reading.ts';

export interface TimerParts {
  readonly ports: WorkspacePorts;
  readonly seats: SeatRegistry;
  readonly emit: (event: EngineEvent) => void;
}

interface RunningRow {
  readonly seat: Seat;
  readonly row: TimerRow;
}

export type GapDecision = 'keep_all' | 'keep_until_last_seen' | 'discard';

/**
 * The one timer of this device, over all its seats. It lives in the seat's database from the moment it
 * starts, so a kill loses at most what came after the last heartbeat, and that shows as a gap on which the
 * person decides. Lengths come from the monotonic clock; the wall clock only says when work began.
 *
 * Everything here happens one after the other: a stop can't meet a heartbeat half-way.
 */
export class TimerService {
  readonly #parts: TimerParts;
  #last: Promise<unknown> = Promise.resolve();
  #cancelHeartbeat: () => void = () => {};
  #isClosed = false;

  constructor(parts: TimerParts) {
    this.#parts = parts;
  }

  /** Takes up a timer that another run of the program left running; once the seats are open. */
  async recover(): Promise<void> {
    await this.#enqueue(async () => {
      const running = await this.#observe();
      if (running === undefined) return;
      await this.#save(running, computeSeenRow(running.row, this.#read()));
      this.#scheduleHeartbeat();
      this.#announce();
    });
  }

  /** The running timer, or null. */
  async find(): Promise<RunningTimer | null> {
    return this.#enqueue(async () => this.#describe(await this.#observe()));
  }

  /** Whole seconds that a stop would record for this task now; 0 when no timer runs on it. */
  async computeRunningSeconds(seatId: string, taskId: string): Promise<number> {
    const running = await this.find();
    return running !== null && running.seatId === seatId && running.taskId === taskId
      ? running.elapsedSeconds
      : 0;
  }

  /**
   * Starts the timer on a task; stored before this returns. One that runs on another task is stopped and
   * recorded first. One that runs on this very task already goes on: a second click starts nothing anew.
   *
   * @throws StintError `forbidden` on an employer's seat, `not_found` for a task that is not the intern's.
   */
  async start(seat: Seat, taskId: string, note: string): Promise<RunningTimer> {
    return this.#enqueue(async () => {
      await assertOwnTask(seat, taskId);
      const running = await this.#observe();
      if (running?.seat === seat && running.row.taskId === taskId)
        return this.#get(
          note === '' ? running : await this.#save(running, { ...running.row, note }),
        );
      if (running !== undefined) await this.#stop(running);
      const reading = this.#read();
      const row = this.#createRow(taskId, note, reading);
      await seat.db.insertInto('timers').values(row).execute();
      this.#scheduleHeartbeat();
      this.#announce();
      return this.#get({ seat, row });
    });
  }

  /** @throws StintError `not_found` when no timer runs. */
  async setNote(note: string): Promise<RunningTimer> {
    return this.#enqueue(async () => {
      const running = await this.#observe();
      if (running === undefined)
        throw new StintError('not_found', 'no timer is running whose note could be changed');
      const saved = await this.#save(running, { ...running.row, note });
      this.#announce();
      return this.#get(saved);
    });
  }

  /**
   * Stops the timer and records its time, in one transaction, so that a kill neither loses nor doubles it.
   * With an open gap two entries are recorded: what ran until the timer was last seen, and what has run
   * since. Nothing proven is lost then, and nothing unproven is claimed.
   *
   * @returns the id of the newest entry recorded; null when nothing had run for a whole second.
   */
  async stop(): Promise<{ timeEntryId: string | null }> {
    return this.#enqueue(async () => {
      const running = await this.#observe();
      return { timeEntryId: running === undefined ? null : await this.#stop(running) };
    });
  }

  /** Stops the timer if it runs on this task; its time then counts for what is handed in. */
  async stopOn(seatId: string, taskId: string): Promise<void> {
    await this.#enqueue(async () => {
      const running = await this.#observe();
      if (running?.seat.record.seatId === seatId && running.row.taskId === taskId)
        await this.#stop(running);
    });
  }

  /**
   * Decides on the gap. `keep_all`: it was worked through, and counts. `keep_until_last_seen`: what ran before
   * it is recorded, and the timer goes on as an entry of its own from when the program was back.
   * `discard`: the timer ends, and nothing of it is recorded. Without a gap nothing changes.
   */
  async resolveGap(decision: GapDecision): Promise<RunningTimer | null> {
    return this.#enqueue(async () => {
      const running = await this.#observe();
      if (running === undefined || running.row.gapLastSeenAt === null)
        return this.#describe(running);
      if (decision === 'discard') {
        await this.#drop(running);
        this.#announce();
        return null;
      }
      const next =
        decision === 'keep_all'
          ? await this.#save(running, computeRowWithGapKept(running.row))
          : await this.#recordUntilGap(running);
      this.#announce();
      return this.#describe(next);
    });
  }

  /** Notes that the timer is alive and ends the heartbeats. The timer itself runs on until the next start. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelHeartbeat();
    await this.#enqueue(async () => {
      const running = await this.#observe();
      if (running !== undefined)
        await this.#save(running, computeSeenRow(running.row, this.#read()));
    });
  }

  #read(): ClockReading {
    return readClock(this.#parts.ports.clock);
  }

  #announce(): void {
    this.#parts.emit({ type: 'timer' });
  }

  #enqueue<Answer>(action: () => Promise<Answer>): Promise<Answer> {
    const answer = this.#last.then(action);
    this.#last = answer.catch(() => {});
    return answer;
  }

  #scheduleHeartbeat(): void {
    this.#cancelHeartbeat();
    if (this.#isClosed) return;
    this.#cancelHeartbeat = this.#parts.ports.timers.after(heartbeatMs, () => {
      void this.#enqueue(() => this.#beat()).catch(() => this.#scheduleHeartbeat());
    });
  }

  async #beat(): Promise<void> {
    if (this.#isClosed) return;
    const running = await this.#observe();
    if (running === undefined) return;
    await this.#save(running, computeSeenRow(running.row, this.#read()));
    this.#scheduleHeartbeat();
  }

  async #findRow(): Promise<RunningRow | undefined> {
    for (const seat of this.#parts.seats.list()) {
      const row = await seat.db
        .selectFrom('timers')
        .selectAll()
        .orderBy('startedAt')
        .limit(1)
        .executeTakeFirst();
      if (row !== undefined) return { seat, row };
    }
    return undefined;
  }

  /**
   * The running timer, with a gap if one has come to light. Where the gap before it is still open, what ran
   * before that one is recorded first: a timer can ask about one gap only, and nothing proven may be lost.
   */
  async #observe(): Promise<RunningRow | undefined> {
    const running = await this.#findRow();
    if (running === undefined) return undefined;
    const reading = this.#read();
    if (findGap(running.row, reading) === undefined) return running;
    const isGapOpen = running.row.gapLastSeenAt !== null;
    const current = isGapOpen ? await this.#recordUntilGap(running) : running;
    const withGap = findGap(current.row, reading) ?? current.row;
    const saved = await this.#save(current, withGap);
    this.#announce();
    return saved;
  }

  #createRow(taskId: string, note: string, reading: ClockReading): TimerRow {
    const startedAt = computeIsoInstant(reading.wallMs);
    return {
      timeEntryId: this.#parts.ports.randomness.uuid(),
      taskId,
      startedAt,
      note,
      bootId: reading.bootId,
      startedMonotonicMs: reading.monotonicMs,
      lastSeenAt: startedAt,
      lastSeenMonotonicMs: reading.monotonicMs,
      carriedSeconds: 0,
      gapLastSeenAt: null,
      gapResumedAt: null,
    };
  }

  async #save({ seat, row }: RunningRow, next: TimerRow): Promise<RunningRow> {
    await seat.db
      .updateTable('timers')
      .set(next)
      .where('timeEntryId', '=', row.timeEntryId)
      .execute();
    return { seat, row: next };
  }

  async #drop({ seat, row }: RunningRow): Promise<void> {
    await seat.db.deleteFrom('timers').where('timeEntryId', '=', row.timeEntryId).execute();
    this.#cancelHeartbeat();
  }

  /** Records what ran before the gap; the row goes on from after it, in the same transaction. */
  async #recordUntilGap(running: RunningRow): Promise<RunningRow> {
    const { row } = running;
    const next = computeRowAfterGap(row, this.#parts.ports.randomness.uuid());
    const { beforeMs } = computeElapsedAroundGap(row, this.#read());
    if (beforeMs < 1000) return this.#save(running, next);
    await this.#record(running, beforeMs, next);
    return { seat: running.seat, row: next };
  }

  async #stop(running: RunningRow): Promise<string | null> {
    const isGapOpen = running.row.gapLastSeenAt !== null;
    const { beforeMs } = computeElapsedAroundGap(running.row, this.#read());
    let recordedId = isGapOpen && beforeMs >= 1000 ? running.row.timeEntryId : null;
    const last = isGapOpen ? await this.#recordUntilGap(running) : running;
    const elapsedMs = computeElapsedMs(last.row, this.#read());
    if (elapsedMs < 1000) await this.#drop(last);
    else {
      await this.#record(last, elapsedMs, undefined);
      recordedId = last.row.timeEntryId;
    }
    this.#cancelHeartbeat();
    this.#announce();
    return recordedId;
  }

  /**
   * `next` takes the row's place, or the row goes: together with the entry, or not at all (SY-1). Where the
   * task has left the intern's sight meanwhile, the time is kept among what needs attention instead.
   */
  async #record(
    { seat, row }: RunningRow,
    elapsedMs: number,
    next: TimerRow | undefined,
  ): Promise<void> {
    const entry = {
      timeEntryId: row.timeEntryId,
      taskId: row.taskId,
      startedAt: row.startedAt,
      endedAt: computeIsoInstant(computeEpochMs(row.startedAt) + elapsedMs),
      zone: computeLocalTimeZone(this.#parts.ports),
      source: 'timer' as const,
      note: row.note,
    };
    const options = {
      subject: await findTaskTitle(seat, row.taskId),
      within: async (tx: Transaction<SeatDatabase>) => {
        await tx.deleteFrom('timers').where('timeEntryId', '=', row.timeEntryId).execute();
        if (next !== undefined) await tx.insertInto('timers').values(next).execute();
      },
    };
    try {
      await seat.mutate('time.add', entry, options);
    } catch (error) {
      if (!(error instanceof StintError) || error.code !== 'not_found') throw error;
      const reason = 'you no longer see the task that this time was for; the time is kept here';
      await seat.keep('time.add', entry, { ...options, reason });
    }
  }

  async #describe(running: RunningRow | undefined): Promise<RunningTimer | null> {
    return running === undefined ? null : this.#get(running);
  }

  async #get({ seat, row }: RunningRow): Promise<RunningTimer> {
    return {
      seatId: seat.record.seatId,
      timeEntryId: row.timeEntryId,
      taskId: row.taskId,
      taskTitle: await findTaskTitle(seat, row.taskId),
      organizationName: seat.record.organizationName,
      startedAt: row.startedAt,
      elapsedSeconds: Math.floor(computeElapsedMs(row, this.#read()) / 1000),
      note: row.note,
      gap:
        row.gapLastSeenAt === null || row.gapResumedAt === null
          ? null
          : { lastSeenAt: row.gapLastSeenAt, resumedAt: row.gapResumedAt },
    };
  }
}

async function findTaskTitle(seat: Seat, taskId: string): Promise<string> {
  const task = await seat.db
    .selectFrom('tasks')
    .select('title')
    .where('orgId', '=', seat.record.orgId)
    .where('id', '=', taskId)
    .executeTakeFirst();
  return task?.title ?? '';
}

/** The same answer for a task that does not exist as for one of another intern's. */
async function assertOwnTask(seat: Seat, taskId: string): Promise<void> {
  if (seat.record.role !== 'intern')
    throw new StintError('forbidden', `the role ${seat.record.role} may not do this: record time`);
  const task = await seat.db
    .selectFrom('tasks')
    .innerJoin('engagements', (join) =>
      join
        .onRef('engagements.orgId', '=', 'tasks.orgId')
        .onRef('engagements.id', '=', 'tasks.engagementId'),
    )
    .select('tasks.id')
    .where('tasks.orgId', '=', seat.record.orgId)
    .where('tasks.id', '=', taskId)
    .where('engagements.membershipId', '=', seat.record.membershipId)
    .executeTakeFirst();
  if (task === undefined)
    throw new StintError('not_found', `there is no task ${taskId} of yours in this organization`, {
      field: 'taskId',
    });
}
