import type { RequestOutput } from '../../../shared/contract/contract.ts';
import type { DomainRow } from '../../../shared/database/domain-tables.ts';
import { createSubmission } from '../../../shared/mutations/submission-mutations.ts';
import { requestTimeChange } from '../../../shared/mutations/time-change-mutations.ts';
import type { RearrangeTime, TimeChange } from '../../../shared/mutations/time-changes.ts';
import { importTime } from '../../../shared/mutations/time-import-mutations.ts';
import {
  addTime,
  deleteTime,
  editTime,
  rearrangeTime,
} from '../../../shared/mutations/time-mutations.ts';
import { submitTimesheet } from '../../../shared/mutations/timesheet-mutations.ts';
import { wireMutationSchema } from '../../../shared/protocol/push.ts';
import type { Seat } from '../seats/seat.ts';

type QuarantineItem = RequestOutput<'quarantine.list'>[number];
type Stretch = QuarantineItem['stretches'][number];

/** What a held change would do. */
export type HeldChange = Pick<
  QuarantineItem,
  'kind' | 'note' | 'files' | 'stretches' | 'period'
> & {
  readonly taskId: string | undefined;
  /** Where it is about no single task. */
  readonly engagementId?: string;
};

const nothing: HeldChange = {
  kind: 'time',
  taskId: undefined,
  note: '',
  files: [],
  stretches: [],
  period: null,
};

/**
 * Reads from a held change's arguments what its person did (SY-10), so that nobody has to decide on what they cannot
 * see. Empty where this program does not know the arguments.
 */
export async function describeHeldChange(
  seat: Seat,
  row: Pick<DomainRow<'quarantinedChanges'>, 'name' | 'mutationJson'>,
): Promise<HeldChange> {
  const { args } = wireMutationSchema.parse(JSON.parse(row.mutationJson));
  switch (row.name) {
    case createSubmission.name: {
      const read = createSubmission.schema.safeParse(args);
      if (!read.success) return { ...nothing, kind: 'submission' };
      const { taskId, note, files } = read.data;
      return {
        ...nothing,
        kind: 'submission',
        taskId,
        note,
        files: files.map(({ attachmentId, name, sizeBytes }) => ({
          attachmentId,
          name,
          sizeBytes,
        })),
      };
    }
    case submitTimesheet.name: {
      const read = submitTimesheet.schema.safeParse(args);
      if (!read.success) return nothing;
      const { taskId, engagementId, note, startsOn, endsOn, timeEntryIds } = read.data;
      const entries = await listFirstEntries(seat, timeEntryIds);
      return {
        ...nothing,
        taskId: taskId ?? undefined,
        engagementId,
        note,
        stretches: entries.map((entry) => toStretch(entry, 'handed_in')),
        period: { startsOn, endsOn, entryCount: timeEntryIds.length },
      };
    }
    case requestTimeChange.name: {
      const read = requestTimeChange.schema.safeParse(args);
      if (!read.success) return nothing;
      return { ...(await describeTimeChange(seat, read.data.change)), note: read.data.reason };
    }
    default: {
      const change = readTimeChange(row.name, args);
      return change === undefined ? nothing : describeTimeChange(seat, change);
    }
  }
}

function readTimeChange(name: string, args: unknown): TimeChange | undefined {
  if (name === addTime.name || name === importTime.name) {
    const read = addTime.schema.safeParse(args);
    return read.success ? { kind: 'add', args: read.data } : undefined;
  }
  if (name === editTime.name) {
    const read = editTime.schema.safeParse(args);
    return read.success ? { kind: 'edit', args: read.data } : undefined;
  }
  if (name === deleteTime.name) {
    const read = deleteTime.schema.safeParse(args);
    return read.success ? { kind: 'delete', args: read.data } : undefined;
  }
  if (name === rearrangeTime.name) {
    const read = rearrangeTime.schema.safeParse(args);
    return read.success ? { kind: 'rearrange', args: read.data } : undefined;
  }
  return undefined;
}

type ChangedEntry = Pick<RearrangeTime['changes'][number], 'timeEntryId' | 'deleted'> &
  Partial<Pick<RearrangeTime['changes'][number], 'patch'>>;

function listParts(change: TimeChange): {
  readonly changes: readonly ChangedEntry[];
  readonly additions: readonly Entry[];
} {
  switch (change.kind) {
    case 'add':
      return { changes: [], additions: [change.args] };
    case 'rearrange':
      return change.args;
    case 'edit':
    case 'delete':
      return { changes: [change.args], additions: [] };
  }
}

type Entry = Pick<DomainRow<'timeEntries'>, 'startedAt' | 'endedAt' | 'note' | 'taskId'>;

async function describeTimeChange(seat: Seat, change: TimeChange): Promise<HeldChange> {
  const { changes, additions } = listParts(change);
  const done: { entry: Entry; effect: Stretch['effect'] }[] = [];
  for (const { timeEntryId, patch, deleted } of changes) {
    const entry = await findEntry(seat, timeEntryId);
    if (entry === undefined) continue;
    done.push({
      entry: {
        startedAt: patch?.startedAt ?? entry.startedAt,
        endedAt: patch?.endedAt ?? entry.endedAt,
        note: patch?.note ?? entry.note,
        taskId: patch?.taskId ?? entry.taskId,
      },
      effect: deleted === undefined ? 'changed' : deleted ? 'removed' : 'restored',
    });
  }
  for (const entry of additions) done.push({ entry, effect: 'added' });
  const [first] = done;
  return {
    ...nothing,
    taskId: first?.entry.taskId,
    note: done.length === 1 ? (first?.entry.note ?? '') : '',
    stretches: done.map(({ entry, effect }) => toStretch(entry, effect)),
  };
}

const toStretch = ({ startedAt, endedAt, note }: Entry, effect: Stretch['effect']): Stretch => ({
  startedAt,
  endedAt,
  note,
  effect,
});

/** A timesheet may hold thousands; how many, its period says. */
const mostListed = 100;

async function listFirstEntries(seat: Seat, ids: readonly string[]): Promise<Entry[]> {
  return seat.db
    .selectFrom('timeEntries')
    .select(['startedAt', 'endedAt', 'note', 'taskId'])
    .where('orgId', '=', seat.record.orgId)
    .where('id', 'in', [...ids])
    .orderBy('startedAt')
    .orderBy('id')
    .limit(mostListed)
    .execute();
}

async function findEntry(seat: Seat, id: string): Promise<Entry | undefined> {
  return seat.db
    .selectFrom('timeEntries')
    .select(['startedAt', 'endedAt', 'note', 'taskId'])
    .where('orgId', '=', seat.record.orgId)
    .where('id', '=', id)
    .executeTakeFirst();
}
