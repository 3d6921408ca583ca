import type { EngineEvent } from '../../../shared/contract/events.ts';
import type { RunningTimer, TimerQuestion } from '../../../shared/contract/shapes.ts';
import { StintError } from '../../../shared/errors.ts';
import { computeNextTimerId } from '../../../shared/mutations/same-timer.ts';
import { computeEpochMs, computeIsoInstant } from '../../../shared/ports.ts';
import { describeWriteFailure } from '../database/describe-write-failure.ts';
import type { TimerQuestionRow, TimerRow } from '../database/seat-tables.ts';
import { computeLocalTimeZone } from '../ports/local-time-zone.ts';
import type { WorkspacePorts } from '../ports/system-ports.ts';
import type { SeatRegistry } from '../seats/seat-registry.ts';
import type { Seat } from '../seats/seat.ts';
import { computeWorkedParts, type WorkedPart } from './gap-stretches.ts';
import { hiddenAfterMs, type IdleStretch, IdleWatch } from './idle-watch.ts';
import {
  answerGap,
  computeGapQuestion,
  computeIdleQuestion,
  dropQuestion,
  dropQuestionsOf,
  getQuestion,
  isAboutIdleTime,
  keepQuestion,
  listQuestions,
  removeIdleFromEntry,
  removeIdleFromTimer,
} from './timer-questions.ts';
import { computeGapQuestionId, findUnrecordedParts, isRecorded } from './recorded-elsewhere.ts';
import { findRunningRow, goBehindRecorded, type RunningRow, saveRow } from './running-row.ts';
import {
  assertOwnTask,
  computeStretch,
  findTaskTitle,
  recordStretches,
  type TimerStretch,
} from './timer-recording.ts';
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
  /** How long nobody has touched this computer, where the system tells. */
  readonly readIdleMs?: (() => number) | undefined;
}

export type GapDecision =
  | { readonly decision: 'keep_all' | 'keep_until_last_seen' | 'discard' }
  /** Only these parts of it were worked through. */
  | { readonly decision: 'split'; readonly stretches: readonly WorkedPart[] };

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
  readonly #idle: IdleWatch | undefined;

  constructor(parts: TimerParts) {
    this.#parts = parts;
    const { readIdleMs, ports } = parts;
    this.#idle =
      readIdleMs === undefined
        ? undefined
        : new IdleWatch(readIdleMs, () => ports.randomness.uuid());
  }

  /**
   * Takes up a timer that another run of the program left running; once the seats are open. What hinders that is no
   * reason to keep a workspace closed: the next heartbeat tries again.
   *
   * @throws StintError `database_damaged`.
   */
  async recover(): Promise<void> {
    await this.#enqueue(async () => {
      try {
        const running = await this.#observe();
        if (running === undefined) return;
        await this.#save(running, computeSeenRow(running.row, this.#read()));
      } catch (error) {
        const problem = describeWriteFailure(error);
        if (problem instanceof StintError && problem.code === 'database_damaged') throw problem;
      }
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
   * since; the gap itself stays as a question. Nothing proven is lost then, and nothing unproven is claimed.
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
   * it is recorded, and the timer goes on as an entry of its own from when the program was back. `split`: the
   * same, and the parts that were worked through are recorded with it. `discard`: the timer ends, and nothing of
   * it is recorded. Without a gap nothing changes.
   *
   * @throws StintError `invalid_input` for parts that do not lie in the gap.
   */
  async resolveGap(answer: GapDecision): Promise<RunningTimer | null> {
    return this.#enqueue(async () => {
      const running = await this.#observe();
      if (running === undefined || running.row.gapLastSeenAt === null)
        return this.#describe(running);
      if (answer.decision === 'discard') {
        await this.#drop(running);
        this.#announce();
        return null;
      }
      const next =
        answer.decision === 'keep_all'
          ? await this.#save(running, computeRowWithGapKept(running.row))
          : await this.#recordUntilGap(running, {
              parts: answer.decision === 'split' ? answer.stretches : [],
            });
      this.#announce();
      return this.#describe(next);
    });
  }

  /** What stands to be answered beside the running timer's own gap. */
  async listQuestions(): Promise<TimerQuestion[]> {
    return this.#enqueue(async () => listQuestions(this.#parts.seats.list()));
  }

  /**
   * Answers a standing question. `counted` are the parts of it that were worked through: all of it, none, or some. What
   * of a gap counts is recorded; what of an idle stretch does not is taken out.
   *
   * @throws StintError `not_found` when it was answered before; `invalid_input` for parts outside of it.
   */
  async answer(
    seat: Seat,
    questionId: string,
    counted: 'all' | 'none' | WorkedPart[],
  ): Promise<void> {
    await this.#enqueue(async () => {
      const question = await getQuestion(seat, questionId);
      if (!isAboutIdleTime(question)) {
        const { startedAt, endedAt } = question;
        const parts =
          counted === 'all' ? [{ startedAt, endedAt }] : counted === 'none' ? [] : counted;
        await answerGap(this.#parts, seat, question, parts);
      } else if (counted === 'all') await dropQuestion(seat.db, questionId);
      else if (counted === 'none') await this.#removeIdle(seat, questionId);
      else
        throw new StintError('invalid_input', 'an idle stretch counts or does not', {
          field: 'counted',
        });
      this.#announce();
    });
  }

  /** The page was out of sight for so long, until now. All that a browser tells; offered for removal, like idle time. */
  async noteHidden(hiddenMs: number): Promise<void> {
    if (hiddenMs < hiddenAfterMs) return;
    await this.#enqueue(async () => {
      const running = await this.#observe();
      if (running === undefined || running.row.gapLastSeenAt !== null) return;
      const untilMs = computeElapsedMs(running.row, this.#read());
      const fromMs = Math.max(0, untilMs - hiddenMs);
      const questionId = this.#parts.ports.randomness.uuid();
      await this.#keepIdle(running, { questionId, fromMs, untilMs }, 'page_hidden');
      this.#announce();
    });
  }

  /**
   * Notes that the timer is alive and ends the heartbeats. The timer itself runs on until the next start. Where that
   * cannot be noted, the time since the last heartbeat is asked about then.
   */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelHeartbeat();
    await this.#enqueue(async () => {
      const running = await this.#observe();
      if (running !== undefined)
        await this.#save(running, computeSeenRow(running.row, this.#read()));
    }).catch(() => {});
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
    const reading = this.#read();
    await this.#save(running, computeSeenRow(running.row, reading));
    this.#scheduleHeartbeat();
    const idle = this.#idle?.look(running.row, computeElapsedMs(running.row, reading));
    if (idle === undefined) return;
    await this.#keepIdle(running, idle, 'idle');
    this.#announce();
  }

  async #keepIdle(
    { seat, row }: RunningRow,
    idle: IdleStretch,
    kind: 'idle' | 'page_hidden',
  ): Promise<void> {
    await keepQuestion(seat.db, computeIdleQuestion(row, { ...idle, kind }, this.#localZone()));
  }

  #localZone(): string {
    return computeLocalTimeZone(this.#parts.ports);
  }

  /**
   * The running timer, with a gap if one has come to light. Where the gap before it is still open, what ran
   * before that one is recorded first, and that gap stands as a question of its own: a timer can ask about one only.
   */
  async #observe(): Promise<RunningRow | undefined> {
    const found = await findRunningRow(this.#parts.seats);
    if (found === undefined) return undefined;
    const reading = this.#read();
    const running = await goBehindRecorded(found, reading, this.#parts.ports.sha256Hex);
    if (running !== found) this.#announce();
    if (findGap(running.row, reading) === undefined) return running;
    const isGapOpen = running.row.gapLastSeenAt !== null;
    const current = isGapOpen ? await this.#recordUntilGap(running, 'asks') : running;
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
      gapKind: null,
      zone: this.#localZone(),
    };
  }

  async #save({ seat, row }: RunningRow, next: TimerRow): Promise<RunningRow> {
    await saveRow(seat.db, row, next);
    return { seat, row: next };
  }

  async #drop({ seat, row }: RunningRow): Promise<void> {
    await seat.db.transaction().execute(async (tx) => {
      await tx.deleteFrom('timers').where('timeEntryId', '=', row.timeEntryId).execute();
      await dropQuestionsOf(tx, row.timeEntryId);
    });
    this.#cancelHeartbeat();
  }

  /**
   * Records what ran before the gap, and what of the gap counts; the row goes on from after it, in the same transaction.
   * A part that touches what ran before, or what has run since, becomes one entry with it.
   *
   * @param answer the parts of the gap that count, or `asks` where the person has yet to say.
   */
  async #recordUntilGap(
    running: RunningRow,
    answer: { readonly parts: readonly WorkedPart[] } | 'asks',
  ): Promise<RunningRow> {
    const { seat, row } = running;
    const { sha256Hex } = this.#parts.ports;
    const { timeEntryId } = row;
    const startedAt = row.gapLastSeenAt ?? row.startedAt;
    const gap = { startedAt, endedAt: row.gapResumedAt ?? startedAt };
    const questionId = computeGapQuestionId(timeEntryId, gap.endedAt, sha256Hex);
    const worked = answer === 'asks' ? [] : computeWorkedParts(answer.parts, gap);
    const parts = [...(await findUnrecordedParts(seat, { ...row, questionId }, worked, sha256Hex))];
    const { beforeMs } = computeElapsedAroundGap(row, this.#read());
    const before = computeStretch(row, beforeMs, this.#localZone());
    const next = computeRowAfterGap(row, this.#localZone());
    const stretches: TimerStretch[] = beforeMs < 1000 ? [] : [before];
    const first = parts[0];
    if (first !== undefined && stretches.length > 0 && first.startedAt === before.endedAt) {
      stretches[0] = { ...before, endedAt: first.endedAt };
      parts.shift();
    }
    const last = parts.at(-1);
    if (last !== undefined && last.endedAt === gap.endedAt) {
      next.startedAt = last.startedAt;
      next.carriedSeconds = (computeEpochMs(last.endedAt) - computeEpochMs(last.startedAt)) / 1000;
      parts.pop();
    }
    // Under which nothing is recorded, an id goes on: other copies know it.
    if (beforeMs >= 1000 || (await isRecorded(seat, timeEntryId)))
      next.timeEntryId = computeNextTimerId(timeEntryId, next.startedAt, sha256Hex);
    for (const part of parts) stretches.push({ ...before, ...part });
    const question =
      answer === 'asks' ? computeGapQuestion(row, before.zone, sha256Hex) : undefined;
    await this.#record(running, stretches, next, question);
    return { seat, row: next };
  }

  async #stop(running: RunningRow): Promise<string | null> {
    const isGapOpen = running.row.gapLastSeenAt !== null;
    const { beforeMs } = computeElapsedAroundGap(running.row, this.#read());
    let recordedId = isGapOpen && beforeMs >= 1000 ? running.row.timeEntryId : null;
    const last = isGapOpen ? await this.#recordUntilGap(running, 'asks') : running;
    const elapsedMs = computeElapsedMs(last.row, this.#read());
    if (elapsedMs < 1000) await this.#drop(last);
    else {
      const stretch = computeStretch(last.row, elapsedMs, this.#localZone());
      recordedId = (await this.#record(last, [stretch], undefined)) ?? recordedId;
    }
    this.#cancelHeartbeat();
    this.#announce();
    return recordedId;
  }

  /**
   * `next` takes the row's place, or the row goes: together with the entries, or not at all (SY-1).
   *
   * @returns the id of the first entry; undefined where a copy has recorded all of it already (SY-16)
   */
  async #record(
    { seat, row }: RunningRow,
    stretches: readonly TimerStretch[],
    next: TimerRow | undefined,
    question?: TimerQuestionRow,
  ): Promise<string | undefined> {
    return recordStretches(seat, stretches, this.#parts.ports.sha256Hex, async (tx) => {
      await tx.deleteFrom('timers').where('timeEntryId', '=', row.timeEntryId).execute();
      if (next !== undefined) await tx.insertInto('timers').values(next).execute();
      await keepQuestion(tx, question);
    });
  }

  /** From the timer that runs, or from the entry that it became. */
  async #removeIdle(seat: Seat, questionId: string): Promise<void> {
    const running = await this.#observe();
    const question = await getQuestion(seat, questionId);
    const { fromMs, untilMs, timeEntryId } = question;
    if (running?.row.timeEntryId !== timeEntryId || fromMs === null || untilMs === null)
      return removeIdleFromEntry(this.#parts, seat, question);
    if (running.row.gapLastSeenAt !== null)
      throw new StintError('refused', 'say first what counts of the time around it');
    await removeIdleFromTimer(this.#parts, running, question, {
      fromMs,
      untilMs,
      reading: this.#read(),
      localZone: this.#localZone(),
    });
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
          : {
              lastSeenAt: row.gapLastSeenAt,
              resumedAt: row.gapResumedAt,
              kind: row.gapKind ?? 'not_running',
            },
    };
  }
}
