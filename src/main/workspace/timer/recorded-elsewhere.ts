import type { Kysely } from 'kysely';
import type { DomainDatabase } from '../../../shared/database/domain-tables.ts';
import { computeDerivedId } from '../../../shared/domain/derived-id.ts';
import {
  computeNextTimerId,
  loadFirstTimes,
  takeOutRecorded,
  type Unrecorded,
} from '../../../shared/mutations/same-timer.ts';
import type { Sha256Hex } from '../../../shared/ports.ts';
import type { TimerRow } from '../database/seat-tables.ts';
import type { Seat } from '../seats/seat.ts';
import type { WorkedPart } from './gap-stretches.ts';

/**
 * A copy of this workspace, on another machine or the one that it was restored from, holds the same timer (SY-16). What
 * one of them records comes to the other in a pull: under the same ids, so that no time is recorded twice.
 */

/** The question about the gap that ends at `resumedAt`. */
export const computeGapQuestionId = (
  timeEntryId: string,
  resumedAt: string,
  sha256Hex: Sha256Hex,
): string => computeDerivedId(timeEntryId, `gap/${resumedAt}`, sha256Hex);

/**
 * Until when another copy has recorded this timer without a break; undefined where it has recorded nothing of it. What
 * was cut or deleted since counts as recorded: somebody decided on it.
 */
export async function findRecordedUntil(seat: Seat, row: TimerRow): Promise<string | undefined> {
  const entry = await seat.db
    .selectFrom('timeEntries')
    .select(['id', 'startedAt', 'endedAt', 'deletedAt'])
    .where('orgId', '=', seat.record.orgId)
    .where('id', '=', row.timeEntryId)
    .executeTakeFirst();
  if (entry === undefined) return undefined;
  const findFirst = await loadFirstTimes(asDomain(seat), seat.record.orgId, [entry.id]);
  const recorded = findFirst(entry);
  let until = row.startedAt;
  for (const { startedAt, endedAt } of entry.deletedAt === null ? [recorded, entry] : [recorded])
    if (startedAt <= until && endedAt > until) until = endedAt;
  return until;
}

/** Whether there is an entry under this id, deleted ones among them. */
export async function isRecorded(seat: Seat, timeEntryId: string): Promise<boolean> {
  const entry = await seat.db
    .selectFrom('timeEntries')
    .select('id')
    .where('orgId', '=', seat.record.orgId)
    .where('id', '=', timeEntryId)
    .executeTakeFirst();
  return entry !== undefined;
}

/** What a timer records, as it and its copies can be told by. */
interface OwnStretch extends WorkedPart {
  readonly timeEntryId: string;
  readonly taskId: string;
  readonly note: string;
}

/** What no copy has recorded of these stretches of one timer. */
export async function findUnrecorded<Stretch extends OwnStretch>(
  seat: Seat,
  stretches: readonly Stretch[],
  sha256Hex: Sha256Hex,
  cameFrom: readonly string[] = [],
): Promise<Unrecorded<Stretch>> {
  const { orgId, membershipId } = seat.record;
  const task = await seat.db
    .selectFrom('tasks')
    .select('engagementId')
    .where('orgId', '=', orgId)
    .where('id', '=', stretches[0]?.taskId ?? '')
    .executeTakeFirst();
  if (task === undefined) return { stretches, losesNote: false };
  return takeOutRecorded(
    asDomain(seat),
    { orgId, membershipId, engagementId: task.engagementId, sha256Hex, cameFrom },
    stretches,
  );
}

/** A gap has at most so many parts. */
const mostParts = 20;

/**
 * What of a gap was worked through, each part as an entry of its own.
 *
 * @returns only what no copy has recorded yet.
 */
export async function findUnrecordedParts(
  seat: Seat,
  gap: Omit<OwnStretch, keyof WorkedPart> & { readonly questionId: string },
  parts: readonly WorkedPart[],
  sha256Hex: Sha256Hex,
): Promise<readonly (WorkedPart & { readonly timeEntryId: string })[]> {
  const { timeEntryId, questionId, taskId, note } = gap;
  // As earlier programs named the parts.
  const earlier = Array.from({ length: mostParts }, (_, index) =>
    computeDerivedId(questionId, `part/${index}`, sha256Hex),
  );
  const stretches = parts.map(({ startedAt, endedAt }) => ({
    timeEntryId: computeNextTimerId(timeEntryId, startedAt, sha256Hex),
    taskId,
    note,
    startedAt,
    endedAt,
  }));
  const left = await findUnrecorded(seat, stretches, sha256Hex, [timeEntryId, ...earlier]);
  return left.stretches;
}

const asDomain = (seat: Seat): Kysely<DomainDatabase> =>
  seat.db as unknown as Kysely<DomainDatabase>;
