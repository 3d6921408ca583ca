import { createParagraphs, createSentence, createTitle } from './believable-texts.ts';
import { dayMs, type GeneratedRow, instantOf, minuteMs } from './generated-row.ts';
import type { SeededRandom } from './seeded-random.ts';

export interface TaskPlace {
  readonly orgId: string;
  readonly ownerId: string;
  readonly internId: string;
  readonly zone: string;
  readonly engagementId: string;
  readonly scope: string;
  /** Undefined on a device that is not the intern's own. */
  readonly draftScope: string | undefined;
}

export interface TaskOptions {
  readonly number: number;
  readonly nowMs: number;
  /** Neither accepted nor cancelled. */
  readonly isOpen: boolean;
}

const stages = ['to_do', 'in_progress', 'submitted', 'changes', 'accepted', 'cancelled'] as const;
type Stage = (typeof stages)[number];

/** How many of a hundred tasks are at which stage, in the order of `stages`. */
const openShares = [40, 30, 20, 10, 0, 0];
const yearShares = [10, 10, 8, 7, 60, 5];

function pickStage(random: SeededRandom, isOpen: boolean): Stage {
  let left = random.fraction() * 100;
  for (const [index, share] of (isOpen ? openShares : yearShares).entries()) {
    left -= share;
    if (left < 0) return stages[index] ?? 'to_do';
  }
  return 'to_do';
}

const isBegun = (stage: Stage) => stage !== 'to_do' && stage !== 'cancelled';
const isHandedIn = (stage: Stage) =>
  stage === 'submitted' || stage === 'changes' || stage === 'accepted';

interface MadeTask {
  readonly taskId: string;
  readonly briefVersionId: string;
  readonly deadlineId: string;
  readonly criterionIds: readonly string[];
  readonly assignedMs: number;
}

/** One task with all that belongs to it, from the brief to the review. */
export function generateTaskRows(
  random: SeededRandom,
  place: TaskPlace,
  { number, nowMs, isOpen }: TaskOptions,
): GeneratedRow[] {
  const stage = pickStage(random, isOpen);
  const isPast = stage === 'accepted' || stage === 'cancelled';
  const assignedMs = nowMs - random.integer(isPast ? 20 : 1, isPast ? 320 : 40) * dayMs;
  const made: MadeTask = {
    taskId: random.uuid(assignedMs),
    briefVersionId: random.uuid(assignedMs + 1),
    deadlineId: random.uuid(assignedMs + 2),
    criterionIds: Array.from({ length: 4 }, () => random.uuid(assignedMs)),
    assignedMs,
  };
  return [
    ...generateAssignment(random, place, made, { number, isCancelled: stage === 'cancelled' }),
    ...(isBegun(stage) ? generateWork(random, place, made) : []),
    ...(isHandedIn(stage) ? generateHandedIn(random, place, made, stage) : []),
  ];
}

function generateAssignment(
  random: SeededRandom,
  place: TaskPlace,
  { taskId, briefVersionId, deadlineId, criterionIds, assignedMs }: MadeTask,
  { number, isCancelled }: { readonly number: number; readonly isCancelled: boolean },
): GeneratedRow[] {
  const key = { orgId: place.orgId, scope: place.scope };
  const at = instantOf(assignedMs);
  const made = { createdBy: place.ownerId, createdAt: at };
  const dueDay = instantOf(assignedMs + random.integer(5, 25) * dayMs).slice(0, 10);
  const rows: GeneratedRow[] = [
    {
      table: 'tasks',
      row: {
        ...key,
        id: taskId,
        engagementId: place.engagementId,
        title: createTitle(random, number),
        estimateMinutes: random.integer(1, 8) * 30,
        position: number,
        briefVersionId,
        deadlineId,
        ...made,
        cancelledAt: isCancelled ? at : null,
        dependsOnJson: null,
      },
    },
    {
      table: 'deadlines',
      row: {
        ...key,
        id: deadlineId,
        taskId,
        wall: `${dueDay}T${random.pick(['09:00', '12:00', '17:00', '18:30', '23:59'])}`,
        zone: place.zone,
        ...made,
        supersededSeq: null,
      },
    },
    {
      table: 'briefVersions',
      row: {
        ...key,
        id: briefVersionId,
        taskId,
        version: 1,
        instructions: createParagraphs(random, 4),
        criteriaJson: JSON.stringify(
          criterionIds.map((id) => ({ id, text: createSentence(random) })),
        ),
        ...made,
      },
    },
    {
      table: 'fieldEdits',
      row: {
        ...key,
        id: random.uuid(assignedMs),
        tableName: 'tasks',
        rowId: taskId,
        field: 'estimateMinutes',
        previousJson: 'null',
        nextJson: '60',
        overwroteUnseen: 0,
        editedBy: place.ownerId,
        editedAt: at,
      },
    },
  ];
  if (random.chance(0.9))
    rows.push({
      table: 'briefAcknowledgements',
      row: {
        ...key,
        id: random.uuid(assignedMs),
        taskId,
        briefVersionId,
        membershipId: place.internId,
        acknowledgedAt: instantOf(assignedMs + dayMs),
      },
    });
  if (random.chance(0.1))
    rows.push({
      table: 'extensions',
      row: {
        ...key,
        id: random.uuid(assignedMs),
        taskId,
        days: random.integer(1, 3),
        minutes: 0,
        reason: 'The source was late.',
        ...made,
      },
    });
  rows.push(
    createAttachment(random, place, taskId, { ownerKind: 'task', ownerId: taskId, assignedMs }),
  );
  return rows;
}

function generateWork(random: SeededRandom, place: TaskPlace, made: MadeTask): GeneratedRow[] {
  const { taskId, criterionIds, assignedMs } = made;
  const rows: GeneratedRow[] = [];
  const entries = random.integer(2, 6);
  for (let entry = 0; entry < entries; entry += 1) {
    const startedMs = assignedMs + entry * dayMs * 0.3 + random.integer(0, 300) * minuteMs;
    const endedMs = startedMs + random.integer(5, 120) * minuteMs;
    rows.push({
      table: 'timeEntries',
      row: {
        orgId: place.orgId,
        id: random.uuid(startedMs),
        scope: place.scope,
        engagementId: place.engagementId,
        taskId,
        membershipId: place.internId,
        startedAt: instantOf(startedMs),
        endedAt: instantOf(endedMs),
        zone: place.zone,
        source: random.chance(0.8) ? 'timer' : 'manual',
        note: random.chance(0.3) ? createSentence(random) : '',
        createdAt: instantOf(endedMs),
        updatedAt: instantOf(endedMs),
        deletedAt: null,
        revivedAt: null,
        timesheetId: null,
        originId: null,
      },
    });
  }
  if (place.draftScope !== undefined)
    rows.push(
      {
        table: 'drafts',
        row: {
          orgId: place.orgId,
          id: taskId,
          scope: place.draftScope,
          taskId,
          note: createSentence(random),
          tickedJson: JSON.stringify(criterionIds.slice(0, 2)),
          updatedAt: instantOf(assignedMs + 2 * dayMs),
          noteVersionId: null,
        },
      },
      createAttachment(random, place, taskId, { ownerKind: 'draft', ownerId: taskId, assignedMs }),
    );
  return rows;
}

function generateHandedIn(
  random: SeededRandom,
  place: TaskPlace,
  made: MadeTask,
  stage: Stage,
): GeneratedRow[] {
  const { taskId, briefVersionId, deadlineId, criterionIds, assignedMs } = made;
  const rows: GeneratedRow[] = [];
  const key = { orgId: place.orgId, scope: place.scope };
  const revisions = stage === 'accepted' && random.chance(0.3) ? 2 : 1;
  for (let revision = 1; revision <= revisions; revision += 1) {
    const handedInMs = assignedMs + (2 + revision) * dayMs;
    const submissionId = random.uuid(handedInMs);
    const manifestHash = random.hexadecimal(64);
    const file = createAttachment(random, place, taskId, {
      ownerKind: 'submission',
      ownerId: submissionId,
      assignedMs: handedInMs,
    });
    const { id: attachmentId, name, sha256, sizeBytes, mediaType } = file.row;
    rows.push(
      file,
      {
        table: 'submissions',
        row: {
          ...key,
          id: submissionId,
          taskId,
          engagementId: place.engagementId,
          revision,
          briefVersionId,
          deadlineId,
          note: createSentence(random),
          tickedJson: JSON.stringify(criterionIds),
          manifestJson: JSON.stringify([{ attachmentId, name, sha256, sizeBytes, mediaType }]),
          manifestHash,
          workedSeconds: random.integer(1, 20) * 900,
          submittedBy: place.internId,
          claimedAt: instantOf(handedInMs),
          receivedAt: instantOf(handedInMs + 2_000),
          marksJson: '[]',
          verdict: 'on_time',
          filesCompleteAt: instantOf(handedInMs + 60_000),
          verdictInputsJson: null,
          decidedVerdict: null,
          decidedBy: null,
          decidedAt: null,
          decisionReason: null,
          promisedWall: null,
          promisedZone: null,
          promisedBy: null,
          promisedAt: null,
        },
      },
      {
        table: 'receipts',
        row: {
          ...key,
          id: random.uuid(handedInMs),
          submissionId,
          taskId,
          statementJson: JSON.stringify({ format: 'stint-receipt-1', submissionId, manifestHash }),
          keyId: 'key-1',
          signature: random.hexadecimal(88),
          issuedAt: instantOf(handedInMs + 2_000),
        },
      },
    );
    if (stage === 'submitted') continue;
    rows.push({
      table: 'reviews',
      row: {
        ...key,
        id: random.uuid(handedInMs + dayMs),
        submissionId,
        taskId,
        manifestHash,
        decision: stage === 'accepted' && revision === revisions ? 'accepted' : 'changes_requested',
        comment: createSentence(random),
        commentsJson: '[]',
        counts: 1,
        scoresJson: null,
        createdBy: place.ownerId,
        claimedAt: instantOf(handedInMs + dayMs),
        receivedAt: instantOf(handedInMs + dayMs),
      },
    });
  }
  return rows;
}

function createAttachment(
  random: SeededRandom,
  place: TaskPlace,
  taskId: string,
  owner: {
    readonly ownerKind: 'task' | 'draft' | 'submission';
    readonly ownerId: string;
    readonly assignedMs: number;
  },
): Extract<GeneratedRow, { table: 'attachments' }> {
  const { ownerKind, ownerId, assignedMs } = owner;
  const isDraft = ownerKind === 'draft';
  const kind = random.pick([
    { ending: 'csv', mediaType: 'text/csv' },
    { ending: 'pdf', mediaType: 'application/pdf' },
    { ending: 'png', mediaType: 'image/png' },
  ]);
  return {
    table: 'attachments',
    row: {
      orgId: place.orgId,
      id: random.uuid(assignedMs),
      scope: isDraft ? (place.draftScope ?? place.scope) : place.scope,
      ownerKind,
      ownerId,
      taskId,
      sha256: random.hexadecimal(64),
      sizeBytes: random.integer(2_000, 4_000_000),
      name: `Notes ${random.integer(1, 99)}.${kind.ending}`,
      mediaType: kind.mediaType,
      createdBy: ownerKind === 'task' ? place.ownerId : place.internId,
      createdAt: instantOf(assignedMs),
      removedAt: null,
      arrivedAt: instantOf(assignedMs + 30_000),
    },
  };
}
