import type { Generated } from 'kysely';
import type { DomainDatabase } from '../../../shared/database/domain-tables.ts';

/**
 * The tables of a seat's database beyond the mirrored rows: what this device itself knows and does.
 */

/** SY-3: written once, never changed (a trigger refuses it); sent rows are kept. */
export interface OutboxRow {
  deviceSeq: number;
  id: string;
  name: string;
  version: number;
  argsJson: string;
  argsHash: string;
  previousHash: string;
  /** SHA-256 of this row's canonical JSON without this column: what the next row calls `previousHash`. */
  rowHash: string;
  claimedAt: string;
  bootId: string;
  monotonicMs: number;
  baseSeq: number;
  /** SY-17: the `HeldAnchor` of a submission; null with anything else, and then left out of the row's hash. */
  anchorJson: string | null;
}

/**
 * - `pending`    not answered yet
 * - `applied`    answered, its effect has not come back yet (SY-12)
 * - `settled`    its effect has come back
 * - `rejected`   refused, with the reason
 * - `held`       not sent: it builds on one that was refused (SY-7)
 * - `kept`       the person lost access before it could be sent; kept here (SY-10)
 * - `quarantined` kept by the server for the employer to decide on
 * - `replaced`   refused, and sent again as another
 * - `dismissed`  refused or kept, and taken off the list by the person
 */
export type OutboxState =
  | 'pending'
  | 'applied'
  | 'settled'
  | 'rejected'
  | 'held'
  | 'kept'
  | 'quarantined'
  | 'replaced'
  | 'dismissed';

/** The states in which a mutation's forecast shows in the mirrored rows, and is replayed on a pull (SY-11). */
export const forecastStates = ['pending', 'applied'] as const satisfies OutboxState[];
/** The states that ask for a person's attention. */
export const attentionStates = [
  'rejected',
  'held',
  'kept',
  'quarantined',
] as const satisfies OutboxState[];

export interface OutboxStateRow {
  mutationId: string;
  deviceSeq: number;
  state: OutboxState;
  /** What it is about, for lists: a title or a name. */
  subject: string;
  seq: number | null;
  code: string | null;
  message: string | null;
  field: string | null;
  answeredAt: string | null;
  /** Why the forecast could not be replayed on the newest server state; the server decides all the same. */
  replayProblem: string | null;
  /**
   * SY-15: under which number a server had applied it that has lost it since; it is sent again then. 0 for one
   * that waited when that was found out; null for all others.
   */
  acknowledgedSeq: number | null;
}

/** How many changes are in a state; triggers keep it, in the transaction that changes one. */
export interface OutboxCountRow {
  state: OutboxState;
  count: number;
  /** SY-15, SY-20: answered, and waiting still, for what only others can do. */
  forOthers: number;
}

/**
 * Which rows a mutation read, found missing, or wrote; `creates` marks those that it brought into being (SY-7).
 * Those without `creates` go once it is settled.
 */
export interface OutboxTouchRow {
  mutationId: string;
  tableName: string;
  /** `*` where it asked for several rows of the table at once. */
  rowId: string;
  creates: 0 | 1;
}

/** What a forecast replaced, in order, so that it can be taken back (SY-11). */
export interface UndoRow {
  undoId: Generated<number>;
  mutationId: string;
  tableName: string;
  rowId: string;
  /** The row before, as JSON; null when there was none. */
  beforeJson: string | null;
}

/**
 * A row that a mutation wrote and that came from the server with all that was forecast of it, before the mutation is
 * settled: a forecast made anew leaves it as it came. Goes with the mutation's settling.
 */
export interface ServedRowRow {
  mutationId: string;
  tableName: string;
  rowId: string;
  /** The row before the mutation, as JSON; null when there was none. */
  beforeJson: string | null;
}

export interface ScopeCursorRow {
  scope: string;
  seq: number;
}

/** One row, `only` = 1. */
export interface SeatStateRow {
  only: 1;
  /** The head that the last complete pull reached: what this device has seen. */
  headSeq: number;
  headHash: string;
  /** SY-15: the newest head that the server stated, with a page or with answers; it has to know it ever after. */
  statedHeadSeq: Generated<number>;
  statedHeadHash: Generated<string>;
  lastSyncedAt: string | null;
  accessLostAt: string | null;
  /** When the server said that the account was closed. */
  accountClosedAt: Generated<string | null>;
  /** SY-14: when the mirrored rows were last compared with the server's. */
  driftCheckedAt: string | null;
}

/** SY-15: the receipt of a submission that the server has lost, kept apart since the mirrored rows go. */
export interface AcknowledgedReceiptRow {
  mutationId: string;
  statementJson: string;
  keyId: string;
  signature: string;
}

/** SY-15: heads that complete pulls reached, thinned out with age. */
export interface KnownHeadRow {
  seq: number;
  hash: string;
  reachedAt: string;
}

/** SY-17: the newest anchor, and when it came by the monotonic clock of which run. One row, `only` = 1. */
export interface HeldAnchorRow {
  only: 1;
  statementJson: string;
  keyId: string;
  signature: string;
  bootId: string;
  monotonicMs: number;
  /** When it came, by this computer's wall clock: its difference from the server's. */
  heldSince: string;
}

/** SY-10: what this person had prepared for a task that has left their sight. */
export interface VaultItemRow {
  vaultId: string;
  taskId: string;
  taskTitle: string;
  projectTitle: string;
  /** `VaultContent`: note, ticks, deliverables, and what was not sent. */
  contentJson: string;
  movedAt: string;
  exportedAt: string | null;
}

/** SY-22: contents that this device has to bring to the server. */
export interface UploadRow {
  sha256: string;
  sizeBytes: number;
  /** For lists: the name under which it was first attached. */
  name: string;
  uploadUrl: string | null;
  sentBytes: number;
  attempts: number;
  problem: string | null;
  queuedAt: string;
  finishedAt: string | null;
}

/** The code of an invitation made on this device, until it is accepted, so that its link can be shown again. */
export interface InvitationCodeRow {
  invitationId: string;
  code: string;
}

/** The running timer; at most one over all seats of a device. */
export interface TimerRow {
  timeEntryId: string;
  taskId: string;
  startedAt: string;
  note: string;
  bootId: string;
  startedMonotonicMs: number;
  /** Wall and monotonic time of the last heartbeat (every 30 s). */
  lastSeenAt: string;
  lastSeenMonotonicMs: number;
  /** Seconds that earlier runs of the program have proven, up to their last heartbeat or decision. */
  carriedSeconds: number;
  gapLastSeenAt: string | null;
  gapResumedAt: string | null;
  /** Why there is a gap: another run of the program, or a computer that slept. */
  gapKind: 'not_running' | 'asleep' | null;
  /** The zone of the computer's clock when the timer was started; null for one from before that was kept. */
  zone: string | null;
}

/** A task whose files the person keeps on this device, or leaves on the server, whatever is due. */
export interface KeptTaskRow {
  taskId: string;
  isKept: 0 | 1;
}

/** A single file that the person keeps on this device, or leaves on the server, whatever becomes of its task. */
export interface KeptFileRow {
  attachmentId: string;
  isKept: 0 | 1;
}

/** A file whose sending the person ended. */
export interface EndedUploadRow {
  sha256: string;
  /** Where the server has something of it, of which it has not been told yet. */
  uploadUrl: string | null;
  endedAt: string;
  /** 1 where it had arrived before, and the server asked for it again. */
  wasThere: number;
}

/** An answer of which whoever promised it was reminded on this computer. */
export interface PromiseReminderRow {
  /** The submission, with the wall time and the zone: put off, it is another promise. */
  promise: string;
  remindedAt: string;
}

/** What only the person can say of their time; on this computer alone, and never sent. */
export interface TimerQuestionRow {
  questionId: string;
  /** A gap may be added to what was recorded; a stretch without anybody at the computer may be taken out of it. */
  kind: 'not_running' | 'asleep' | 'idle' | 'page_hidden';
  taskId: string;
  /** The entry before the gap, or the one with the idle stretch in it. */
  timeEntryId: string;
  note: string;
  zone: string;
  startedAt: string;
  endedAt: string;
  /** An idle stretch by its timer's own count; null for gaps. */
  fromMs: number | null;
  untilMs: number | null;
}

/** One line of the server's log, as far as this person may read it and this computer has fetched it. */
export interface HistoryEntryRow {
  seq: number;
  mutationId: string;
  name: string;
  version: number;
  argsJson: string | null;
  argsHash: string;
  actorMembershipId: string;
  deviceId: string | null;
  deviceName: string | null;
  claimedAt: string;
  receivedAt: string;
  hash: string;
}

/** Up to which entry of the log this computer has looked. */
export interface HistoryReachRow {
  only: number;
  seq: number;
  hash: string;
  fetchedAt: string;
}

export interface SeatOnlyDatabase {
  outbox: OutboxRow;
  outboxStates: OutboxStateRow;
  outboxCounts: OutboxCountRow;
  outboxTouches: OutboxTouchRow;
  undo: UndoRow;
  servedRows: ServedRowRow;
  scopeCursors: ScopeCursorRow;
  seatState: SeatStateRow;
  uploads: UploadRow;
  invitationCodes: InvitationCodeRow;
  timers: TimerRow;
  timerQuestions: TimerQuestionRow;
  keptTasks: KeptTaskRow;
  keptFiles: KeptFileRow;
  endedUploads: EndedUploadRow;
  promiseReminders: PromiseReminderRow;
  knownHeads: KnownHeadRow;
  acknowledgedReceipts: AcknowledgedReceiptRow;
  heldAnchors: HeldAnchorRow;
  vaultItems: VaultItemRow;
  historyEntries: HistoryEntryRow;
  historyReach: HistoryReachRow;
}

export type SeatDatabase = DomainDatabase & SeatOnlyDatabase;
