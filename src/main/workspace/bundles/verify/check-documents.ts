import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { z } from 'zod';
import { computeCanonicalJson } from '../../../../shared/canonical-json.ts';
import { engagementDocumentSchema } from '../../../../shared/bundle/engagement-document.ts';
import type { AddProblem } from './problems.ts';
import { type ArchiveFile, computeReason } from './read-archive.ts';

export interface CheckedReceipts {
  /** Receipts whose signature is the server's over what they state, and which state what the bundle holds. */
  readonly valid: number;
  /** Receipts with names taken out: what the server had signed is not in the bundle. */
  readonly redacted: readonly string[];
  /** The keys that the bundle names; whether they are the server's own, only somebody who knows it can tell. */
  readonly keyIds: readonly string[];
}

/** A document of fifty engagements with all their texts is far below. */
const longestDocumentBytes = 256 * 1024 * 1024;

/** What checking the signatures needs of a document, of whichever version. */
const signedPartsSchema = z.object({
  organization: z.object({ receiptKey: z.object({ id: z.string(), publicKeySpki: z.string() }) }),
  tasks: z.array(
    z.object({
      id: z.string(),
      submissions: z.array(
        z.object({
          id: z.string(),
          revision: z.number(),
          manifestHash: z.string(),
          receipt: z
            .object({
              id: z.string(),
              statement: z.unknown(),
              statementJson: z.string().nullable(),
              keyId: z.string(),
              signature: z.string().nullable(),
            })
            .nullable(),
        }),
      ),
    }),
  ),
});
type SignedParts = z.infer<typeof signedPartsSchema>;
type Submission = SignedParts['tasks'][number]['submissions'][number];

const statedSchema = z.object({
  submissionId: z.string(),
  taskId: z.string(),
  revision: z.number(),
  manifestHash: z.string(),
});

/**
 * Checks each `engagement.json` below `data/` against its schema, and the signature of each receipt in it.
 *
 * @param trustedKeyId the server's key, known from elsewhere: another one is a problem then.
 */
export async function checkDocuments(
  files: ReadonlyMap<string, ArchiveFile>,
  addProblem: AddProblem,
  trustedKeyId?: string,
): Promise<CheckedReceipts> {
  const redacted: string[] = [];
  const keyIds = new Set<string>();
  let valid = 0;
  // Elsewhere a deliverable may be called like ours.
  const paths = [...files.keys()].filter((path) =>
    /^data\/(?:engagements\/[^/]+\/)?engagement\.json$/.test(path),
  );
  for (const path of paths.sort()) {
    const json = await readJson(files, path, addProblem);
    if (json === undefined) continue;
    await checkSchema(files, path, json, addProblem);
    const parts = signedPartsSchema.safeParse(json);
    if (!parts.success) continue;
    const { receiptKey } = parts.data.organization;
    const key = readKey(receiptKey, path, addProblem);
    for (const task of parts.data.tasks) {
      for (const submission of task.submissions) {
        if (submission.receipt === null) continue;
        if (submission.receipt.statementJson === null || submission.receipt.signature === null) {
          redacted.push(submission.receipt.id);
          continue;
        }
        const problem = findReceiptProblem(submission, task.id, receiptKey.id, key);
        if (problem === undefined) valid += 1;
        else
          addProblem(
            'invalid_receipt',
            `the receipt ${submission.receipt.id} of revision ${submission.revision} ${problem}`,
            path,
          );
      }
    }
    if (
      parts.data.tasks.some(({ submissions }) =>
        submissions.some(({ receipt }) => receipt !== null),
      )
    )
      keyIds.add(receiptKey.id);
    if (trustedKeyId !== undefined && receiptKey.id !== trustedKeyId)
      addProblem(
        'other_key',
        `${path} names the key ${receiptKey.id}: expected ${trustedKeyId}; its receipts are another server's`,
        path,
      );
  }
  return { valid, redacted, keyIds: [...keyIds].sort() };
}

async function checkSchema(
  files: ReadonlyMap<string, ArchiveFile>,
  path: string,
  json: unknown,
  addProblem: AddProblem,
): Promise<void> {
  const version = z.object({ version: z.number() }).safeParse(json).data?.version;
  let schema: z.ZodType = engagementDocumentSchema;
  // Of another version this program knows what the bundle itself says of it.
  if (version !== 2) {
    const own = await readJson(files, 'data/engagement.schema.json', addProblem);
    if (own === undefined) return;
    try {
      schema = z.fromJSONSchema(own as Parameters<typeof z.fromJSONSchema>[0]);
    } catch (error) {
      addProblem(
        'schema_violation',
        `data/engagement.schema.json is no schema (${computeReason(error)})`,
      );
      return;
    }
  }
  const { error } = schema.safeParse(json);
  for (const issue of error?.issues.slice(0, 20) ?? [])
    addProblem(
      'schema_violation',
      `${path} is not as its schema says: ${issue.path.join('.') || 'the whole'}: ${issue.message}`,
      path,
    );
}

function readKey(
  key: SignedParts['organization']['receiptKey'],
  path: string,
  addProblem: AddProblem,
): KeyObject | undefined {
  try {
    const spki = Buffer.from(key.publicKeySpki, 'base64');
    const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    if (publicKey.asymmetricKeyType !== 'ed25519') throw new Error('it is not an Ed25519 key');
    const id = createHash('sha256').update(spki).digest('hex').slice(0, 16);
    if (id !== key.id) throw new Error(`its id would be ${id}`);
    return publicKey;
  } catch (error) {
    addProblem(
      'invalid_key',
      `${path} names the key ${key.id}, which no signature can be checked with (${computeReason(error)})`,
      path,
    );
    return undefined;
  }
}

function findReceiptProblem(
  { id, revision, manifestHash, receipt }: Submission,
  taskId: string,
  keyId: string,
  key: KeyObject | undefined,
): string | undefined {
  if (receipt === null || receipt.statementJson === null || receipt.signature === null)
    return 'cannot be read';
  if (receipt.keyId !== keyId)
    return `names the key ${receipt.keyId}: the bundle has ${keyId}, and it cannot be checked`;
  if (key === undefined) return 'cannot be checked without a key';
  const signed = Buffer.from(receipt.statementJson, 'utf8');
  if (!verify(null, signed, key, Buffer.from(receipt.signature, 'base64')))
    return 'is not signed by the server: the statement or the signature was changed';
  let stated: unknown;
  try {
    stated = JSON.parse(receipt.statementJson);
  } catch {
    return 'states nothing that can be read';
  }
  if (computeCanonicalJson(stated) !== computeCanonicalJson(receipt.statement))
    return 'shows another statement than the one that was signed';
  const parts = statedSchema.safeParse(stated);
  const isAbout =
    parts.success &&
    parts.data.submissionId === id &&
    parts.data.taskId === taskId &&
    parts.data.revision === revision &&
    parts.data.manifestHash === manifestHash;
  return isAbout ? undefined : 'is about something else than the submission that it stands with';
}

async function readJson(
  files: ReadonlyMap<string, ArchiveFile>,
  path: string,
  addProblem: AddProblem,
): Promise<unknown> {
  const file = files.get(path);
  if (file === undefined || file.sizeBytes > longestDocumentBytes) {
    addProblem(
      'unreadable',
      `"${path}" is ${file === undefined ? 'not there' : 'too long to be read'}`,
      path,
    );
    return undefined;
  }
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of file.read()) chunks.push(chunk);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
    return JSON.parse(text) as unknown;
  } catch (error) {
    addProblem('unreadable', `"${path}" is no JSON (${computeReason(error)})`, path);
    return undefined;
  }
}
