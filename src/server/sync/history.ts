import { z } from 'zod';
import { sideSchema } from '../../shared/domain/agreement.ts';
import { StintError } from '../../shared/errors.ts';
import { writeEvaluation } from '../../shared/mutations/evaluation-mutations.ts';
import { fileArrived, filesArrived } from '../../shared/mutations/file-mutations.ts';
import {
  type HistoryEntry,
  type HistoryPage,
  historyPageEntries,
  privateActName,
  type HistoryRequest,
} from '../../shared/protocol/history.ts';
import type { ServerDatabase } from '../database/server-database.ts';
import { getActiveMembership } from './membership-lookup.ts';

const writtenEvaluationSchema = z.object({ content: z.object({ side: sideSchema }) });

/**
 * Drafts are their intern's own; to say when one is written on would be to watch its intern at work. An intern's evaluation
 * is theirs alone until it is opened; the employer's lies where all owners and managers read it.
 */
function isPrivate({
  name,
  argsJson,
  erasedAt,
}: {
  readonly name: string;
  readonly argsJson: string;
  readonly erasedAt: string | null;
}): boolean {
  if (name !== writeEvaluation.name) return name.startsWith('draft.');
  const written = erasedAt === null ? writtenEvaluationSchema.parse(JSON.parse(argsJson)) : null;
  return written?.content.side !== 'employer';
}

/** What the server notes when contents arrive, as their sender's act. */
const arrivalSchema = z.union([
  z.object({ files: z.array(z.object({ sha256: z.string() })) }),
  z.object({ sha256: z.string() }).transform((file) => ({ files: [file] })),
]);
const arrivalNames: ReadonlySet<string> = new Set([fileArrived.name, filesArrived.name]);

/**
 * A page ends early once its entries' arguments are longer than this, in characters: a thousand of them may be a
 * thousand times as long as one may be, and both sides hold a page in memory.
 */
const pageTextLength = 2 * 1024 * 1024;

/**
 * A page of the organization's log, for this person now (SY-10): owners and managers see every act, with its arguments unless
 * they are private; an intern sees their own acts. Whether an arrival of files is private is as of now.
 * @throws StintError `forbidden`, the same whether the organization exists or not.
 */
export async function readHistory(
  database: ServerDatabase,
  accountId: string,
  orgId: string,
  asked: HistoryRequest,
): Promise<HistoryPage> {
  const { db } = database;
  const membership = await getActiveMembership(db, orgId, accountId);
  const isKnown = asked.after === 0 || (await isInLog(database, orgId, asked));
  const after = isKnown ? asked.after : 0;
  const { untilSeq, isLast } = await findPageEnd(database, orgId, after);
  const rows = await db
    .selectFrom('mutationLog')
    .selectAll()
    .where('orgId', '=', orgId)
    .where('seq', '>', after)
    .where('seq', '<=', untilSeq)
    .orderBy('seq')
    .execute();
  const last = rows.at(-1);
  const visible = rows.filter(
    (row) => membership.role !== 'intern' || row.actorMembershipId === membership.id,
  );
  const others = visible.filter((row) => row.actorMembershipId !== membership.id);
  const unseen = await listUnseenArrivals(database, orgId, others);
  const isHidden = (row: (typeof rows)[number]): boolean =>
    row.actorMembershipId !== membership.id && (isPrivate(row) || unseen.has(Number(row.seq)));
  const erased = await listErasedPeople(database, orgId);
  const names = await loadDeviceNames(
    database,
    visible.filter(({ actorMembershipId }) => !erased.has(actorMembershipId)),
  );
  return {
    isFromStart: !isKnown || asked.after === 0,
    entries: visible.map((row): HistoryEntry => {
      const hidden = isHidden(row)
        ? {
            name: privateActName,
            version: 1,
            argsJson: null,
            deviceId: null,
            deviceName: null,
            claimedAt: row.receivedAt,
          }
        : {};
      return {
        seq: Number(row.seq),
        mutationId: row.mutationId,
        name: row.name,
        version: row.version,
        argsJson: row.erasedAt === null ? row.argsJson : null,
        argsHash: row.argsHash,
        actorMembershipId: row.actorMembershipId,
        deviceId: row.deviceId,
        deviceName: names.get(computeDeviceKey(row)) ?? null,
        claimedAt: row.claimedAt,
        receivedAt: row.receivedAt,
        hash: row.hash,
        ...hidden,
      };
    }),
    reached:
      last === undefined
        ? { seq: after, hash: isKnown ? asked.afterHash : '' }
        : { seq: Number(last.seq), hash: last.hash },
    complete: isLast,
  };
}

/** Which entry ends the page after this one, by the length of their arguments alone; and whether the log ends there, too. */
async function findPageEnd(
  { db }: ServerDatabase,
  orgId: string,
  after: number,
): Promise<{ untilSeq: number; isLast: boolean }> {
  const found = await db
    .selectFrom('mutationLog')
    .select((row) => ['seq', row.fn<number>('length', ['argsJson']).as('textLength')])
    .where('orgId', '=', orgId)
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(historyPageEntries)
    .execute();
  let textLength = 0;
  for (const [index, entry] of found.entries()) {
    textLength += Number(entry.textLength);
    if (textLength > pageTextLength && index > 0)
      return { untilSeq: Number(found[index - 1]?.seq), isLast: false };
  }
  return {
    untilSeq: Number(found.at(-1)?.seq ?? after),
    isLast: found.length < historyPageEntries,
  };
}

/**
 * The numbers of those arrivals of which nobody but their sender sees the file, as those for a draft: when it came, and its
 * hash, would say what the draft's own acts must not.
 */
async function listUnseenArrivals(
  { db }: ServerDatabase,
  orgId: string,
  acts: readonly {
    readonly seq: number;
    readonly name: string;
    readonly argsJson: string;
    readonly actorMembershipId: string;
  }[],
): Promise<ReadonlySet<number>> {
  const arrivals = acts
    .filter(({ name }) => arrivalNames.has(name))
    .map(({ seq, argsJson, actorMembershipId }) => ({
      seq: Number(seq),
      actorMembershipId,
      hashes: arrivalSchema.parse(JSON.parse(argsJson)).files.map(({ sha256 }) => sha256),
    }));
  const hashes = [...new Set(arrivals.flatMap((arrival) => arrival.hashes))];
  const seen = new Set<string>();
  for (let start = 0; start < hashes.length; start += 500) {
    const attachments = await db
      .selectFrom('attachments')
      .select(['sha256', 'createdBy'])
      .distinct()
      .where('orgId', '=', orgId)
      .where('sha256', 'in', hashes.slice(start, start + 500))
      .where('scope', 'not like', 'private:%')
      .execute();
    for (const { sha256, createdBy } of attachments) seen.add(`${createdBy} ${sha256}`);
  }
  return new Set(
    arrivals
      .filter((arrival) =>
        arrival.hashes.some((sha256) => !seen.has(`${arrival.actorMembershipId} ${sha256}`)),
      )
      .map(({ seq }) => seq),
  );
}

async function isInLog(
  { db }: ServerDatabase,
  orgId: string,
  { after, afterHash }: HistoryRequest,
): Promise<boolean> {
  if (!Number.isSafeInteger(after))
    throw new StintError('invalid_input', 'expected the number of an entry', { field: 'after' });
  const row = await db
    .selectFrom('mutationLog')
    .select('hash')
    .where('orgId', '=', orgId)
    .where('seq', '=', after)
    .executeTakeFirst();
  return row?.hash === afterHash;
}

/** Whose devices are not named: a computer is often called by its person's name. */
async function listErasedPeople(
  { db }: ServerDatabase,
  orgId: string,
): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('memberships')
    .select('id')
    .where('orgId', '=', orgId)
    .where('erasedAt', 'is not', null)
    .execute();
  return new Set(rows.map(({ id }) => id));
}

interface DeviceOfAccount {
  readonly accountId: string;
  /** Null for what the server itself brought about. */
  readonly deviceId: string | null;
}

const computeDeviceKey = ({ accountId, deviceId }: DeviceOfAccount): string =>
  `${accountId} ${deviceId ?? ''}`;

/**
 * The name that each device had when its account was signed in on it last, by account and device: a device's id is no
 * secret, and whoever signs in under another's must not name theirs.
 */
async function loadDeviceNames(
  { db }: ServerDatabase,
  acts: readonly DeviceOfAccount[],
): Promise<ReadonlyMap<string, string>> {
  const deviceIds = [...new Set(acts.flatMap(({ deviceId }) => deviceId ?? []))];
  if (deviceIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('sessions')
    .select(['accountId', 'deviceId', 'deviceName'])
    .where('deviceId', 'in', deviceIds)
    .where('accountId', 'in', [...new Set(acts.map(({ accountId }) => accountId))])
    .orderBy('createdAt')
    .execute();
  return new Map(rows.map((row) => [computeDeviceKey(row), row.deviceName]));
}
