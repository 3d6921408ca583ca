import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { computeCanonicalJson } from '../../../src/shared/canonical-json.ts';
import type { DomainRow, DomainTable } from '../../../src/shared/database/domain-tables.ts';
import type { ManifestFile } from '../../../src/shared/domain/manifest.ts';
import { StintError } from '../../../src/shared/errors.ts';
import {
  seatMigrations,
  workspaceMigrations,
} from '../../../src/main/workspace/database/migration-lists.ts';
import { openDatabase } from '../../../src/main/workspace/database/open-database.ts';
import type { SeatDatabase } from '../../../src/main/workspace/database/seat-tables.ts';
import type { WorkspaceDatabase } from '../../../src/main/workspace/database/workspace-tables.ts';
import type { Workspace } from '../../../src/main/workspace/engine/workspace.ts';
import { FileFolder } from '../../../src/main/workspace/files/file-folder.ts';
import { createSystemPorts, sha256Hex } from '../../../src/main/workspace/ports/system-ports.ts';
import { Seat } from '../../../src/main/workspace/seats/seat.ts';
import { unsetEngagementColumns, unsetProjectColumns } from '../unset-columns.ts';

export const fixedId = (number: number): string =>
  `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;

export const orgId = fixedId(1);
export const engagementId = fixedId(4);
export const firstTaskId = fixedId(5);
const employerId = fixedId(2);
export const internId = fixedId(3);
const projectId = fixedId(9);
export const scope = `engagement:${engagementId}`;
const briefId = fixedId(21);
const deadlineId = fixedId(22);
const criterionIds = [fixedId(31), fixedId(32)];

/** One key for all fixtures, so that their bundles are the same every time; a seed of zeros is nobody's secret. */
const receiptPrivateKey = createPrivateKey({
  key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32)]),
  format: 'der',
  type: 'pkcs8',
});
const receiptSpki = createPublicKey(receiptPrivateKey).export({ type: 'spki', format: 'der' });
export const receiptKeyId = createHash('sha256').update(receiptSpki).digest('hex').slice(0, 16);
const signStatement = (statementJson: string): string =>
  sign(null, Buffer.from(statementJson, 'utf8'), receiptPrivateKey).toString('base64');

export interface FixtureFile {
  readonly name: string;
  readonly content: string;
}

export interface EngagementFixture {
  readonly workspace: Workspace;
  readonly seat: Seat;
  /** What `fetchFile` was asked for. */
  readonly fetched: string[];
  /** Contents that the server of this fixture has, by SHA-256. */
  readonly onServer: Map<string, string>;
  insert<Table extends DomainTable>(
    table: Table,
    row: Omit<DomainRow<Table>, 'orgId'>,
  ): Promise<void>;
  /** Hands in a revision of the first task. */
  submit(
    revision: number,
    files: readonly FixtureFile[],
    options?: { readonly note?: string; readonly keepsContents?: boolean },
  ): Promise<string>;
  /** The same with contents that lie in the files folder already, or nowhere. */
  submitManifest(
    revision: number,
    manifest: readonly ManifestFile[],
    note?: string,
  ): Promise<string>;
  /** Signs the receipt of a revision with other members in its statement. */
  signAgain(revision: number, members: Readonly<Record<string, unknown>>): Promise<void>;
  addReference(file: FixtureFile): Promise<void>;
  addTime(entry: { id: number; startedAt: string; endedAt: string; note: string }): Promise<void>;
  close(): Promise<void>;
}

/** An employer's seat with one engagement of one task, ids and times fixed, on real databases and files. */
export async function createEngagementFixture(
  folder: string,
  /** Whether an earlier one has made it in this folder. */
  isThere = false,
): Promise<EngagementFixture> {
  const ports = createSystemPorts();
  await mkdir(folder, { recursive: true });
  const opened = await openDatabase<WorkspaceDatabase>(
    join(folder, 'workspace.db'),
    workspaceMigrations,
  );
  const seatOpened = await openDatabase<SeatDatabase>(join(folder, 'seat.db'), seatMigrations);
  const files = new FileFolder(join(folder, 'files'), ports.randomness);
  await files.prepare();
  const seat = new Seat(
    {
      seatId: fixedId(77),
      accountKey: 'a',
      accountId: fixedId(78),
      orgId,
      membershipId: employerId,
      role: 'owner',
      organizationName: 'Talkorn Müslimanufaktur',
      email: 'annika@example.org',
      serverUrl: 'http://127.0.0.1:1',
      isSample: false,
    },
    seatOpened,
    ports,
    () => {},
  );
  const fetched: string[] = [];
  const onServer = new Map<string, string>();
  const workspace = {
    folder,
    version: '0.0.0',
    db: opened.db,
    opened,
    ports,
    files,
    exportsFolder: join(folder, 'exports'),
    sync: {
      fetchFile: async (_seatId: string, sha256: string) => {
        fetched.push(sha256);
        const content = onServer.get(sha256);
        if (content === undefined) throw new StintError('not_found', 'not there');
        await files.importStream(Readable.from([content]));
      },
    },
  } as unknown as Workspace;
  const insert: EngagementFixture['insert'] = async (table, row) => {
    await seat.db
      .insertInto(table as 'tasks')
      .values({ orgId, ...row } as unknown as DomainRow<'tasks'>)
      .execute();
  };
  if (!isThere) await insertEngagement(insert);
  let nextId = 1000;
  const store = async (content: string): Promise<string> =>
    (await files.importStream(Readable.from([content]))).sha256;
  const submitManifest: EngagementFixture['submitManifest'] = async (
    revision,
    manifest,
    note = `Revision **${revision}**`,
  ) => {
    const submissionId = fixedId(100 + revision);
    const manifestHash = sha256Hex(computeCanonicalJson(manifest));
    await insert('submissions', {
      id: submissionId,
      scope,
      taskId: firstTaskId,
      engagementId,
      revision,
      briefVersionId: briefId,
      deadlineId,
      note,
      tickedJson: JSON.stringify([criterionIds[0]]),
      manifestJson: JSON.stringify(manifest),
      manifestHash,
      workedSeconds: 3600,
      submittedBy: internId,
      claimedAt: `2026-03-1${revision}T10:00:00.000Z`,
      receivedAt: `2026-03-1${revision}T10:00:05.000Z`,
      marksJson: '[]',
      verdict: 'on_time',
      filesCompleteAt: null,
      verdictInputsJson: null,
      decidedVerdict: null,
      decidedBy: null,
      decidedAt: null,
      decisionReason: null,
      promisedWall: null,
      promisedZone: null,
      promisedBy: null,
      promisedAt: null,
    });
    const statement = {
      format: 'stint-receipt-1',
      orgId,
      submissionId,
      taskId: firstTaskId,
      revision,
      manifestHash,
      claimedAt: `2026-03-1${revision}T10:00:00.000Z`,
      receivedAt: `2026-03-1${revision}T10:00:05.000Z`,
      verdict: 'on_time',
      files: manifest.map(({ name, sha256, sizeBytes }) => ({ name, sha256, sizeBytes })),
    };
    await insert('receipts', {
      id: fixedId(200 + revision),
      scope,
      submissionId,
      taskId: firstTaskId,
      statementJson: computeCanonicalJson(statement),
      keyId: receiptKeyId,
      signature: signStatement(computeCanonicalJson(statement)),
      issuedAt: `2026-03-1${revision}T10:00:05.000Z`,
    });
    await insert('reviews', {
      id: fixedId(300 + revision),
      scope,
      submissionId,
      taskId: firstTaskId,
      manifestHash,
      decision: revision === 1 ? 'changes_requested' : 'accepted',
      comment: 'Thank you.',
      commentsJson: JSON.stringify([
        { id: fixedId(40), criterionId: criterionIds[1], attachmentId: null, text: 'Nearly.' },
      ]),
      counts: 1,
      scoresJson: null,
      createdBy: employerId,
      claimedAt: `2026-03-1${revision}T12:00:00.000Z`,
      receivedAt: `2026-03-1${revision}T12:00:01.000Z`,
    });
    return submissionId;
  };
  return {
    workspace,
    seat,
    fetched,
    onServer,
    insert,
    submit: async (revision, given, options = {}) => {
      const manifest = [];
      for (const { name, content } of given) {
        const sha256 = sha256Hex(content);
        if (options.keepsContents !== false) await store(content);
        manifest.push({
          attachmentId: fixedId((nextId += 1)),
          name,
          sha256,
          sizeBytes: Buffer.byteLength(content),
          mediaType: 'application/octet-stream',
        });
      }
      return await submitManifest(revision, manifest, options.note);
    },
    submitManifest,
    signAgain: async (revision, members) => {
      const id = fixedId(200 + revision);
      const { statementJson: signed } = await seat.db
        .selectFrom('receipts')
        .select('statementJson')
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      const statement = JSON.parse(signed) as Record<string, unknown>;
      const statementJson = computeCanonicalJson({ ...statement, ...members });
      await seat.db
        .updateTable('receipts')
        .set({ statementJson, signature: signStatement(statementJson) })
        .where('id', '=', id)
        .execute();
    },
    addReference: async ({ name, content }) => {
      const id = fixedId((nextId += 1));
      await insert('attachments', {
        id,
        scope,
        ownerKind: 'task',
        ownerId: firstTaskId,
        taskId: firstTaskId,
        sha256: await store(content),
        sizeBytes: Buffer.byteLength(content),
        name,
        mediaType: 'application/octet-stream',
        createdBy: employerId,
        createdAt: '2026-03-02T08:00:00.000Z',
        removedAt: null,
        arrivedAt: '2026-03-02T08:00:01.000Z',
      });
    },
    addTime: async ({ id, startedAt, endedAt, note }) => {
      await insert('timeEntries', {
        id: fixedId(id),
        scope,
        engagementId,
        taskId: firstTaskId,
        membershipId: internId,
        startedAt,
        endedAt,
        zone: 'Europe/Lisbon',
        source: 'timer',
        note,
        createdAt: endedAt,
        updatedAt: endedAt,
        deletedAt: null,
        revivedAt: null,
        timesheetId: null,
        originId: null,
      });
    },
    close: async () => {
      await seatOpened.close();
      await opened.close();
    },
  };
}

async function insertEngagement(insert: EngagementFixture['insert']): Promise<void> {
  const at = '2026-03-01T08:00:00.000Z';
  await insert('organizations', {
    id: orgId,
    scope: 'org',
    name: 'Talkorn Müslimanufaktur',
    timeZone: 'Europe/Berlin',
    createdAt: at,
    receiptKeyId,
    receiptPublicKey: receiptSpki.toString('base64'),
  });
  for (const [id, role, displayName, email] of [
    [employerId, 'owner', 'Annika Brüggemann', 'annika@example.org'],
    [internId, 'intern', 'Inês Carvalho', 'ines@example.org'],
  ] as const)
    await insert('memberships', {
      id,
      scope: role === 'intern' ? `member:${id}` : 'org',
      accountId: id,
      role,
      displayName,
      email,
      timeZone: 'Europe/Berlin',
      status: 'active',
      joinedAt: at,
      erasedAt: null,
      erasureAskedAt: null,
    });
  const terms = {
    hourBudgetMinutes: 600,
    payKind: 'fixed',
    payAmountMinor: 42_000,
    payCurrency: 'EUR',
    startsOn: '2026-03-01',
    endsOn: '2026-03-31',
    createdAt: at,
  } as const;
  await insert('projects', {
    ...terms,
    id: projectId,
    scope: `project:${projectId}`,
    title: 'Spring market research',
    brief: '## About\n\nFind out **what** people eat.',
    category: 'research',
    categoryName: null,
    timeZone: 'Europe/Berlin',
    graceMinutes: 120,
    latePolicy: 'Tell me before.',
    roundsIncluded: 2,
    createdBy: employerId,
    closedAt: null,
    ...unsetProjectColumns,
  });
  await insert('engagements', {
    ...terms,
    id: engagementId,
    scope,
    projectId,
    membershipId: internId,
    invitedName: 'Inês',
    invitedEmail: null,
    status: 'active',
    agreedAt: at,
    endedAt: null,
    ...unsetEngagementColumns,
  });
  await insert('tasks', {
    id: firstTaskId,
    scope,
    engagementId,
    title: 'Price survey: what/where? <b>',
    estimateMinutes: 90,
    position: 1,
    briefVersionId: briefId,
    deadlineId,
    createdBy: employerId,
    createdAt: at,
    cancelledAt: null,
    dependsOnJson: null,
  });
  await insert('deadlines', {
    id: deadlineId,
    scope,
    taskId: firstTaskId,
    wall: '2026-03-20T17:00',
    zone: 'Europe/Berlin',
    createdBy: employerId,
    createdAt: at,
    supersededSeq: null,
  });
  await insert('briefVersions', {
    id: briefId,
    scope,
    taskId: firstTaskId,
    version: 1,
    instructions: '## Goal\n\n| a | b |\n| --- | --- |\n| <script>alert(1)</script> | 2 |\n',
    criteriaJson: JSON.stringify(
      criterionIds.map((id, index) => ({ id, text: `Criterion ${index + 1}` })),
    ),
    createdBy: employerId,
    createdAt: at,
  });
}
