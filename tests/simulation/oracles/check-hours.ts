import {
  computeCoveredSeconds,
  computeWorkedSeconds,
} from '../../../src/shared/domain/worked-time.ts';
import type { TimeModel } from '../intent-ledger.ts';
import type { Simulation } from '../simulation.ts';
import { findRequestState, isRequested, wasDone } from './was-applied.ts';

interface TimeRow {
  readonly membershipId: string;
  readonly note: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly deletedAt: string | null;
}

/** Hours are what the people's own notes say they must be. */
export function checkHours(simulation: Simulation): string[] {
  const { times, timers } = simulation.ledger;
  const rows = simulation.world.server.connection
    .prepare(
      'select membershipId, note, startedAt, endedAt, deletedAt from timeEntries order by note, startedAt',
    )
    .all() as TimeRow[];
  const found: string[] = [];
  const counts = new Map<TimeModel, number>();
  for (const row of rows) {
    if (timers.has(row.note)) continue;
    const model = times.get(row.note);
    if (model === undefined) {
      found.push(`hours: "${row.note}" was written by nobody`);
      continue;
    }
    counts.set(model, (counts.get(model) ?? 0) + 1);
    found.push(...checkEntry(simulation, row, model));
  }
  for (const [note, model] of times) {
    const count = counts.get(model) ?? 0;
    const isExpected = model.adds.some((intent) => wasDone(simulation, intent));
    if (count > 1 || (isExpected && count !== 1))
      found.push(`hours: "${note}" stands ${count} times on the server`);
  }
  const ofTimers = rows.filter(({ note }) => timers.has(note));
  return [...found, ...checkTimers(ofTimers), ...checkNoneLost(simulation, ofTimers)];
}

function checkEntry(simulation: Simulation, row: TimeRow, model: TimeModel): string[] {
  const found: string[] = [];
  if (row.startedAt !== model.startedAt)
    found.push(`hours: "${row.note}" begins at ${row.startedAt}, not at ${model.startedAt}`);
  const edits = model.edits.filter(({ intent }) => wasDone(simulation, intent));
  const asked = edits.filter(({ intent }) => findRequestState(simulation, intent) !== undefined);
  const plain = edits.filter((edit) => !asked.includes(edit));
  // Of one device's edits, only its last can stand at the end; among devices, and with what was accepted, the server's
  // order decides.
  const last = new Map(plain.map(({ intent, endedAt }) => [intent.device, endedAt]));
  const uncertain = model.edits
    .filter(
      ({ intent }) =>
        !intent.isPromised || intent.mutationIds.some((id) => simulation.ledger.sentAgain.has(id)),
    )
    .map(({ endedAt }) => endedAt);
  const allowed = [
    ...(plain.length === 0 ? [model.endedAt] : last.values()),
    ...asked.map(({ endedAt }) => endedAt),
  ];
  if (!allowed.includes(row.endedAt) && !uncertain.includes(row.endedAt))
    found.push(`hours: "${row.note}" ends at ${row.endedAt}, expected ${allowed.join(' or ')}`);
  const deletes = model.deletes.filter((intent) => wasDone(simulation, intent));
  if (row.deletedAt !== null && model.deletes.length === 0)
    found.push(`hours: "${row.note}" is deleted, and nobody deleted it`);
  const mayBeBack = model.edits.length > 0 || model.restores.length > 0;
  if (row.deletedAt === null && deletes.length > 0 && !mayBeBack)
    found.push(`hours: "${row.note}" was deleted and is there`);
  return found;
}

/** SY-16: one timer counts each moment once, though it ran in two copies of a workspace. */
function checkTimers(rows: readonly TimeRow[]): string[] {
  const byTimer = Map.groupBy(
    rows.filter(({ deletedAt }) => deletedAt === null),
    ({ membershipId, note }) => `${membershipId} ${note}`,
  );
  return [...byTimer.values()].flatMap((stretches) =>
    stretches.flatMap((row, index) => {
      const before = stretches[index - 1];
      return before === undefined || before.endedAt <= row.startedAt
        ? []
        : [
            `hours: the timer "${row.note}" counts ${row.startedAt} to ${before.endedAt} more than once`,
          ];
    }),
  );
}

interface Recorded {
  readonly note: string;
  readonly startedAt: string;
  readonly endedAt: string;
}

/** SY-16: what a timer sent and the server took stands in its entries, of whichever copy they are. */
function checkNoneLost(simulation: Simulation, rows: readonly TimeRow[]): string[] {
  const { timers } = simulation.ledger;
  const lines = simulation.world.server.connection
    .prepare(
      `select mutationId, actorMembershipId, argsJson from mutationLog where name in ('time.add', 'time.rearrange')`,
    )
    .all() as { mutationId: string; actorMembershipId: string; argsJson: string }[];
  return lines.flatMap(({ mutationId, actorMembershipId, argsJson }) => {
    if (isRequested(simulation, mutationId)) return [];
    const args = JSON.parse(argsJson) as Recorded & { additions?: readonly Recorded[] };
    const own = rows.filter(
      ({ membershipId, deletedAt }) => membershipId === actorMembershipId && deletedAt === null,
    );
    return (args.additions ?? [args]).flatMap((stretch) => {
      if (!timers.has(stretch.note)) return [];
      const within = own
        .map(({ startedAt, endedAt }) => ({
          startedAt: startedAt > stretch.startedAt ? startedAt : stretch.startedAt,
          endedAt: endedAt < stretch.endedAt ? endedAt : stretch.endedAt,
        }))
        .filter(({ startedAt, endedAt }) => startedAt < endedAt);
      const missing = computeWorkedSeconds([stretch]) - computeCoveredSeconds(within);
      // Between two entries less than a second may be left out.
      return missing <= within.length + 1
        ? []
        : [
            `hours: of the timer "${stretch.note}" from ${stretch.startedAt} to ${stretch.endedAt} ${missing} s are lost`,
          ];
    });
  });
}
