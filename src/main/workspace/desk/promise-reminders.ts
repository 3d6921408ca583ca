import { sql } from 'kysely';
import { computeDeadlineInstant } from '../../../shared/domain/deadline.ts';
import { computeEpochMs, computeIsoInstant } from '../../../shared/ports.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { computeKnownZone } from '../../../shared/domain/known-zone.ts';
import type { WorkspacePorts } from '../ports/system-ports.ts';
import type { SeatRegistry } from '../seats/seat-registry.ts';
import type { Seat } from '../seats/seat.ts';

/** So long before an answer is due, whoever promised it is reminded. */
const leadMs = 4 * 60 * 60_000;
/** After a change one waits for those that come with it. */
const quietMs = 2_000;
/** Clocks are set, and computers sleep: one looks again at least this often while something is promised. */
const longestWaitMs = 30 * 60_000;

/** Put off, it is another promise. */
const promiseKey = sql<string>`submissions.id || ' ' || "promisedWall" || ' ' || "promisedZone"`;

/** An id is so long, in characters. */
const submissionOfPromise = sql<string>`substr("promiseReminders"."promise", 1, 36)`;

interface OpenPromise {
  readonly key: string;
  readonly taskId: string;
  readonly title: string;
  readonly dueMs: number;
  readonly remindAtMs: number;
}

/** What this person promised, nobody has answered yet, and nothing was said of on this computer. */
export async function loadOpenPromises(seat: Seat): Promise<OpenPromise[]> {
  const { orgId, membershipId } = seat.record;
  const rows = await seat.db
    .selectFrom('submissions')
    .innerJoin('tasks', (join) =>
      join
        .onRef('tasks.orgId', '=', 'submissions.orgId')
        .onRef('tasks.id', '=', 'submissions.taskId'),
    )
    .select([
      promiseKey.as('key'),
      'submissions.taskId',
      'submissions.promisedWall as wall',
      'submissions.promisedZone as zone',
      'submissions.promisedAt as at',
      'tasks.title',
    ])
    .where('submissions.orgId', '=', orgId)
    .where('submissions.promisedBy', '=', membershipId)
    // What was said of a revision that came after it answers it as well.
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('reviews')
            .innerJoin('submissions as decided', (join) =>
              join
                .onRef('decided.orgId', '=', 'reviews.orgId')
                .onRef('decided.id', '=', 'reviews.submissionId'),
            )
            .select('reviews.id')
            .whereRef('reviews.orgId', '=', 'submissions.orgId')
            .whereRef('reviews.taskId', '=', 'submissions.taskId')
            .whereRef('decided.revision', '>=', 'submissions.revision'),
        ),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(selectFrom('promiseReminders').select('promise').where('promise', '=', promiseKey)),
      ),
    )
    .execute();
  return rows.flatMap(({ key, taskId, wall, zone, at, title }) => {
    if (wall === null || zone === null) return [];
    const dueMs = computeEpochMs(computeDeadlineInstant({ wall, zone: computeKnownZone(zone) }));
    // What was promised for soon is not called to mind at once.
    const halfwayMs = at === null ? 0 : (computeEpochMs(at) + dueMs) / 2;
    const remindAtMs = Math.max(dueMs - leadMs, halfwayMs);
    return [{ key, taskId, title, dueMs, remindAtMs }];
  });
}

/**
 * Forgets that somebody was reminded of a promise that another one has replaced: who comes back to the first one is
 * reminded of it again.
 */
async function forgetReplaced(seat: Seat): Promise<void> {
  await seat.db
    .deleteFrom('promiseReminders')
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('submissions')
          .select('submissions.id')
          .where('submissions.orgId', '=', seat.record.orgId)
          .where('submissions.id', '=', submissionOfPromise)
          .where(promiseKey, '!=', sql.ref<string>('promiseReminders.promise')),
      ),
    )
    .execute();
}

/** Reminds employers of the answers that they promised, before these are due; of each once on this computer. */
export class PromiseReminders {
  readonly #seats: SeatRegistry;
  readonly #ports: Pick<WorkspacePorts, 'clock' | 'timers'>;
  #cancel: () => void = () => {};
  #running: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(seats: SeatRegistry, ports: Pick<WorkspacePorts, 'clock' | 'timers'>) {
    this.#seats = seats;
    this.#ports = ports;
  }

  /** Something was promised or answered, or the program has begun. */
  note(): void {
    this.#wait(quietMs);
  }

  #wait(delayMs: number): void {
    if (this.#isStopped) return;
    this.#cancel();
    this.#cancel = this.#ports.timers.after(delayMs, () => {
      this.#running = this.#running.then(() => this.#look()).catch(() => {});
    });
  }

  async #look(): Promise<void> {
    let nextMs: number | undefined;
    for (const seat of this.#seats.list()) {
      if (this.#isStopped) return;
      if (seat.record.role === 'intern') continue;
      await forgetReplaced(seat);
      for (const promise of await loadOpenPromises(seat)) {
        const nowMs = this.#ports.clock.nowMs();
        if (promise.remindAtMs <= nowMs) await remind(seat, promise, nowMs);
        else nextMs = Math.min(nextMs ?? promise.remindAtMs, promise.remindAtMs);
      }
    }
    if (nextMs !== undefined)
      this.#wait(Math.min(longestWaitMs, Math.max(quietMs, nextMs - this.#ports.clock.nowMs())));
  }

  /** Ends it; what runs is waited for. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    await this.#running;
  }
}

async function remind(
  seat: Seat,
  { key, taskId, title, dueMs }: OpenPromise,
  nowMs: number,
): Promise<void> {
  seat.emit({
    type: 'arrived',
    seatId: seat.record.seatId,
    kind: 'reminder',
    title: `${dueMs < nowMs ? 'Your answer was due' : 'Your answer is due soon'}: ${isolate(title)}`,
    taskId,
  });
  await seat.db
    .insertInto('promiseReminders')
    .values({ promise: key, remindedAt: computeIsoInstant(nowMs) })
    .execute();
}
