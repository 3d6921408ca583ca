import { z } from 'zod';
import {
  categorySchema,
  dateSchema,
  fileNameSchema,
  idSchema,
  instantSchema,
  mediaTypeSchema,
  roleSchema,
  sha256Schema,
  sizeBytesSchema,
  wallTimeSchema,
} from '../domain/fields.ts';
import {
  roundingMinutesSchema,
  roundingModeSchema,
  roundingPerSchema,
} from '../domain/rounding.ts';
import { decidedVerdictSchema, submissionVerdictSchema } from '../domain/submission-marks.ts';
import { agreementRowSchemas } from './agreement-rows.ts';
import { draftRowSchemas } from './draft-rows.ts';
import { bundleRowSchemas } from './bundle-rows.ts';
import { hoursRowSchemas } from './hours-rows.ts';
import { deskRowSchemas } from './desk-rows.ts';

/**
 * The rows that a workspace mirrors and the server owns. One shape for SQLite here, SQLite or
 * PostgreSQL there, and the wire: columns have the same names everywhere, instants are ISO 8601 text
 * in UTC, lists are JSON text (columns ending in `Json`), flags are 0 or 1.
 *
 * The key is (orgId, id): an id chosen in one organization can never collide with, or reveal,
 * a row of another. There are no foreign keys between these tables: a person may rightly hold a row
 * without holding the row it points to (another scope, or a page that has not come yet).
 */
const rowKey = { orgId: idSchema, id: idSchema, scope: z.string().max(80) };
const flag = z.union([z.literal(0), z.literal(1)]);
const json = z.string();

export const domainRowSchemas = {
  organizations: z.object({
    ...rowKey,
    name: z.string(),
    timeZone: z.string(),
    createdAt: instantSchema,
    /** The key that signs this organization's receipts: Ed25519, SPKI, base64. */
    receiptKeyId: z.string(),
    receiptPublicKey: z.string(),
  }),
  memberships: z.object({
    ...rowKey,
    accountId: idSchema,
    role: roleSchema,
    displayName: z.string(),
    email: z.string(),
    timeZone: z.string(),
    status: z.enum(['active', 'removed']),
    joinedAt: instantSchema,
    /** When the person's data were erased on their request; null before. */
    erasedAt: instantSchema.nullable(),
    /** When the person asked for it, who had left. */
    erasureAskedAt: instantSchema.nullable(),
  }),
  projects: z.object({
    ...rowKey,
    title: z.string(),
    brief: z.string(),
    category: categorySchema,
    categoryName: z.string().nullable(),
    hourBudgetMinutes: z.int(),
    payKind: z.enum(['fixed', 'unpaid']),
    payAmountMinor: z.int().nullable(),
    payCurrency: z.string().nullable(),
    timeZone: z.string(),
    startsOn: dateSchema,
    endsOn: dateSchema,
    graceMinutes: z.int(),
    latePolicy: z.string(),
    roundsIncluded: z.int(),
    /** How hours are rounded where they are shown or exported; all three null where they are not. */
    roundingMinutes: roundingMinutesSchema.nullable(),
    roundingMode: roundingModeSchema.nullable(),
    roundingPer: roundingPerSchema.nullable(),
    createdBy: idSchema,
    createdAt: instantSchema,
    closedAt: instantSchema.nullable(),
    /** `RubricCriterion[]`; null where nothing is scored. */
    rubricJson: json.nullable(),
  }),
  engagements: z.object({
    ...rowKey,
    projectId: idSchema,
    membershipId: idSchema.nullable(),
    invitedName: z.string(),
    invitedEmail: z.string().nullable(),
    status: z.enum(['invited', 'active', 'completed', 'withdrawn']),
    hourBudgetMinutes: z.int(),
    payKind: z.enum(['fixed', 'unpaid']),
    payAmountMinor: z.int().nullable(),
    payCurrency: z.string().nullable(),
    startsOn: dateSchema,
    endsOn: dateSchema,
    createdAt: instantSchema,
    agreedAt: instantSchema.nullable(),
    endedAt: instantSchema.nullable(),
    /** What the work covers, where an amendment put it down in words. */
    scopeText: z.string().nullable(),
    /** `Agreement`: all that was offered; null in engagements that came before version 3. */
    agreementJson: json.nullable(),
    /** Who offered it for the employer, and thereby confirmed it. */
    offeredBy: idSchema.nullable(),
    /** The hash of the `Agreement` that the intern saw and confirmed. */
    confirmedHash: sha256Schema.nullable(),
    /** Why it ended early. */
    endReason: z.string().nullable(),
  }),
  invitations: z.object({
    ...rowKey,
    role: roleSchema,
    /** SHA-256 of the one-time code; the code itself is never stored with the organization. */
    codeHash: sha256Schema,
    engagementId: idSchema.nullable(),
    invitedName: z.string(),
    createdBy: idSchema,
    createdAt: instantSchema,
    expiresAt: instantSchema,
    acceptedAt: instantSchema.nullable(),
    acceptedBy: idSchema.nullable(),
    withdrawnAt: instantSchema.nullable(),
  }),
  tasks: z.object({
    ...rowKey,
    engagementId: idSchema,
    title: z.string(),
    estimateMinutes: z.int().nullable(),
    position: z.int(),
    briefVersionId: idSchema,
    deadlineId: idSchema,
    createdBy: idSchema,
    createdAt: instantSchema,
    cancelledAt: instantSchema.nullable(),
    /** ids of the tasks that come before it, `string[]`; null where nothing does. */
    dependsOnJson: json.nullable(),
  }),
  /** Every deadline a task has had. The newest is current; SY-19 needs the ones before it. */
  deadlines: z.object({
    ...rowKey,
    taskId: idSchema,
    wall: wallTimeSchema,
    zone: z.string(),
    createdBy: idSchema,
    createdAt: instantSchema,
    /** The organization's sequence number at which a newer deadline replaced this one. */
    supersededSeq: z.int().nullable(),
  }),
  extensions: z.object({
    ...rowKey,
    taskId: idSchema,
    days: z.int(),
    minutes: z.int(),
    reason: z.string(),
    createdBy: idSchema,
    createdAt: instantSchema,
  }),
  briefVersions: z.object({
    ...rowKey,
    taskId: idSchema,
    version: z.int(),
    instructions: z.string(),
    /** `Criterion[]` */
    criteriaJson: json,
    createdBy: idSchema,
    createdAt: instantSchema,
  }),
  briefAcknowledgements: z.object({
    ...rowKey,
    taskId: idSchema,
    briefVersionId: idSchema,
    membershipId: idSchema,
    acknowledgedAt: instantSchema,
  }),
  /** One use of a file's content under a name: a task's reference, a draft's or a submission's deliverable. */
  attachments: z.object({
    ...rowKey,
    ownerKind: z.enum(['task', 'draft', 'submission']),
    ownerId: idSchema,
    taskId: idSchema,
    sha256: sha256Schema,
    sizeBytes: sizeBytesSchema,
    name: fileNameSchema,
    mediaType: mediaTypeSchema,
    createdBy: idSchema,
    createdAt: instantSchema,
    removedAt: instantSchema.nullable(),
    /** When the server held the whole content, from someone allowed to give it. */
    arrivedAt: instantSchema.nullable(),
  }),
  /** The intern's preparation for a task; its id is the task's. Private to the intern. */
  drafts: z.object({
    ...rowKey,
    taskId: idSchema,
    note: z.string(),
    /** ids of the criteria ticked, `string[]` */
    tickedJson: json,
    updatedAt: instantSchema,
    /** The stretch of writing that the note is of; null where it was written before there were any. */
    noteVersionId: idSchema.nullable(),
  }),
  submissions: z.object({
    ...rowKey,
    taskId: idSchema,
    engagementId: idSchema,
    revision: z.int(),
    briefVersionId: idSchema,
    deadlineId: idSchema,
    note: z.string(),
    tickedJson: json,
    /** `ManifestFile[]` */
    manifestJson: json,
    manifestHash: sha256Schema,
    workedSeconds: z.int(),
    submittedBy: idSchema,
    claimedAt: instantSchema,
    receivedAt: instantSchema.nullable(),
    /** `SubmissionMark[]` */
    marksJson: json,
    verdict: submissionVerdictSchema.nullable(),
    filesCompleteAt: instantSchema.nullable(),
    /** SY-18: what the verdict was made from, `VerdictInputs`; null on the device that hands in, until it was received. */
    verdictInputsJson: json.nullable(),
    /** SY-18: what the employer decided where the clocks contradict each other. */
    decidedVerdict: decidedVerdictSchema.nullable(),
    decidedBy: idSchema.nullable(),
    decidedAt: instantSchema.nullable(),
    decisionReason: z.string().nullable(),
    /** By when the employer has promised an answer: wall time and zone; null where nothing was promised. */
    promisedWall: wallTimeSchema.nullable(),
    promisedZone: z.string().nullable(),
    promisedBy: idSchema.nullable(),
    promisedAt: instantSchema.nullable(),
  }),
  /** The server's signed statement; written by the server alone. */
  receipts: z.object({
    ...rowKey,
    submissionId: idSchema,
    taskId: idSchema,
    statementJson: json,
    keyId: z.string(),
    signature: z.string(),
    issuedAt: instantSchema,
  }),
  reviews: z.object({
    ...rowKey,
    submissionId: idSchema,
    taskId: idSchema,
    manifestHash: sha256Schema,
    decision: z.enum(['accepted', 'changes_requested']),
    comment: z.string(),
    /** `Remark[]`, read by `readRemarks` */
    commentsJson: json,
    /** 1 for the first decision on its submission in the server's order; the others are kept, and don't count. */
    counts: flag,
    createdBy: idSchema,
    claimedAt: instantSchema,
    receivedAt: instantSchema.nullable(),
    /** `RubricScore[]`; null where the project had no rubric. */
    scoresJson: json.nullable(),
  }),
  timeEntries: z.object({
    ...rowKey,
    engagementId: idSchema,
    taskId: idSchema,
    membershipId: idSchema,
    startedAt: instantSchema,
    endedAt: instantSchema,
    /** The zone of the person's clock when the entry was made: it decides the day the entry belongs to. */
    zone: z.string(),
    source: z.enum(['timer', 'manual']),
    note: z.string(),
    createdAt: instantSchema,
    updatedAt: instantSchema,
    deletedAt: instantSchema.nullable(),
    /** Set when an edit came after a delete: the edit won, and that is shown. */
    revivedAt: instantSchema.nullable(),
    /** The timesheet that it was handed in with last; locked while that one is approved. */
    timesheetId: idSchema.nullable(),
    /** The entry that it was split from. */
    originId: idSchema.nullable(),
  }),
  ...draftRowSchemas,
  ...hoursRowSchemas,
  ...bundleRowSchemas,
  /** What each edit replaced, so that "restore" is possible. */
  fieldEdits: z.object({
    ...rowKey,
    tableName: z.string(),
    rowId: idSchema,
    field: z.string(),
    previousJson: json,
    nextJson: json,
    /** 1 when the value replaced was not the one that the editor had seen. */
    overwroteUnseen: flag,
    editedBy: idSchema,
    editedAt: instantSchema,
  }),
  /** Work that came from a person whose access had ended (SY-10); the employer takes it over or declines it. */
  quarantinedChanges: z.object({
    /** `id` is the mutation's own. */
    ...rowKey,
    name: z.string(),
    version: z.int(),
    /** The mutation as it was pushed, `WireMutation`. */
    mutationJson: json,
    membershipId: idSchema,
    accountId: idSchema,
    deviceId: idSchema,
    claimedAt: instantSchema,
    receivedAt: instantSchema,
    reason: z.enum(['access_ended']),
    state: z.enum(['waiting', 'accepted', 'declined']),
    decidedBy: idSchema.nullable(),
    decidedAt: instantSchema.nullable(),
    decisionReason: z.string().nullable(),
    /** Why it could not be applied when the employer took it over; it waits on then. */
    problem: z.string().nullable(),
  }),
  ...agreementRowSchemas,
  ...deskRowSchemas,
} as const;

export type DomainTable = keyof typeof domainRowSchemas;
export type DomainRow<Table extends DomainTable> = z.infer<(typeof domainRowSchemas)[Table]>;
export type DomainDatabase = { [Table in DomainTable]: DomainRow<Table> };

export const domainTables = Object.keys(domainRowSchemas) as DomainTable[];

export function isDomainTable(name: string): name is DomainTable {
  return Object.hasOwn(domainRowSchemas, name);
}
