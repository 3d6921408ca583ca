import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { z } from 'zod';
import { computeCanonicalJson } from '../../../../shared/canonical-json.ts';
import { engagementDocumentSchema } from '../../../../shared/bundle/engagement-document.ts';
import { parseBoundedJson } from './parse-bounded-json.ts';
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

/** The bag that the documents lie in, with its files hashed. */
export interface HashedBag {
  /** By path in the bag. */
  readonly files: ReadonlyMap<string, ArchiveFile>;
  /** Whether Stint made it, by its own word: in another program's, a file may be called like ours and be something else. */
  readonly isOurs: boolean;
  /**
   * @returns the SHA-256 of what lies at a path in the bag; null where it was named already as missing, changed, extra or
   * unreadable, undefined where nothing lies there and no manifest lists it.
   */
  findSha256(path: string): string | null | undefined;
}

/** A document of fifty engagements with all their texts is far below. */
const longestDocumentBytes = 256 * 1024 * 1024;

const formatSchema = z.object({ format: z.literal('stint-engagement') });

const placedFileSchema = z.object({ path: z.string().nullable(), sha256: z.string() });
type PlacedFile = z.infer<typeof placedFileSchema>;

/** What checking the signatures and the files needs of a document, of whichever version. */
const signedPartsSchema = z.object({
  organization: z.object({ receiptKey: z.object({ id: z.string(), publicKeySpki: z.string() }) }),
  tasks: z.array(
    z.object({
      id: z.string(),
      references: z.array(placedFileSchema).default([]),
      submissions: z.array(
        z.object({
          id: z.string(),
          revision: z.number(),
          manifestHash: z.string(),
          claimedAt: z.string(),
          receivedAt: z.string().nullable(),
          verdict: z.string().nullable(),
          // Older bundles do not say what the verdict was made from.
          verdictInputs: z.unknown().optional(),
          files: z.array(placedFileSchema.extend({ name: z.string(), sizeBytes: z.number() })),
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
  claimedAt: z.string(),
  receivedAt: z.string(),
  verdict: z.string(),
  // Receipts of the first form do not state them.
  verdictInputs: z.unknown().optional(),
  files: z.array(z.object({ name: z.string(), sha256: z.string(), sizeBytes: z.number() })),
});
type Stated = z.infer<typeof statedSchema>;

/**
 * Checks each `engagement.json` below `data/` against its schema, its files against what the bag holds, and each receipt in
 * it by its signature and by what it stands with.
 *
 * @param trustedKeyId the server's key, known from elsewhere: another one is a problem then, and none as well.
 */
export async function checkDocuments(
  bag: HashedBag,
  addProblem: AddProblem,
  trustedKeyId?: string,
): Promise<CheckedReceipts> {
  const redacted: string[] = [];
  const keyIds = new Set<string>();
  let valid = 0;
  let hasData = false;
  // Elsewhere a deliverable may be called like ours.
  const paths = [...bag.files.keys()].filter((path) =>
    /^data\/(?:engagements\/[^/]+\/)?engagement\.json$/.test(path),
  );
  for (const path of paths.sort()) {
    const json = await readJson(bag.files, path, bag.isOurs ? addProblem : () => {});
    if (json === undefined || !(bag.isOurs || formatSchema.safeParse(json).success)) continue;
    await checkSchema(bag.files, path, json, addProblem);
    const parts = signedPartsSchema.safeParse(json);
    hasData = true;
    if (!parts.success) {
      if (trustedKeyId !== undefined)
        addProblem('other_key', `${path} names no key: expected ${trustedKeyId}`, path);
      continue;
    }
    checkFiles(parts.data, path, bag, addProblem);
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
  if (trustedKeyId !== undefined && !hasData)
    addProblem(
      'other_key',
      `there are no data in the bag that name a key: expected ${trustedKeyId}`,
    );
  return { valid, redacted, keyIds: [...keyIds].sort() };
}

/** That each file that the document places in the bundle lies there, with the content that it is named by. */
function checkFiles(
  { tasks }: SignedParts,
  documentPath: string,
  bag: HashedBag,
  addProblem: AddProblem,
): void {
  const folder = documentPath.slice(0, documentPath.lastIndexOf('/') + 1);
  // A reference that serves several tasks lies in the bundle once.
  const named = new Set<string>();
  const check = ({ path, sha256 }: PlacedFile) => {
    if (path === null || named.has(`${sha256} ${path}`)) return;
    named.add(`${sha256} ${path}`);
    const found = bag.findSha256(`${folder}${path}`);
    if (found === null || found === sha256) return;
    addProblem(
      'other_content',
      `"${folder}${path}" ${found === undefined ? 'is not there' : `has the SHA-256 ${found}`}: ${documentPath} names it with ${sha256}`,
      `${folder}${path}`,
    );
  };
  for (const { references, submissions } of tasks)
    for (const file of [...references, ...submissions.flatMap(({ files }) => files)]) check(file);
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
  let error: z.ZodError | undefined;
  try {
    ({ error } = schema.safeParse(json));
  } catch (cause) {
    // A schema of a stranger may lead back to itself for ever.
    addProblem(
      'schema_violation',
      `${path} cannot be checked against its schema (${computeReason(cause)})`,
      path,
    );
  }
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
  submission: Submission,
  taskId: string,
  keyId: string,
  key: KeyObject | undefined,
): string | undefined {
  const { id, revision, manifestHash, receipt } = submission;
  if (receipt === null || receipt.statementJson === null || receipt.signature === null)
    return 'cannot be read';
  if (receipt.keyId !== keyId)
    return `names the key ${receipt.keyId}: the bundle has ${keyId}, and it cannot be checked`;
  if (key === undefined) return 'cannot be checked without a key';
  const signed = Buffer.from(receipt.statementJson, 'utf8');
  if (!verify(null, signed, key, Buffer.from(receipt.signature, 'base64')))
    return 'is not signed by the server: the statement or the signature was changed';
  let json: unknown;
  try {
    json = parseBoundedJson(signed);
  } catch {
    return 'states nothing that can be read';
  }
  if (computeCanonicalJson(json) !== computeCanonicalJson(receipt.statement))
    return 'shows another statement than the one that was signed';
  const { data: stated } = statedSchema.safeParse(json);
  const isAbout =
    stated !== undefined &&
    stated.submissionId === id &&
    stated.taskId === taskId &&
    stated.revision === revision &&
    stated.manifestHash === manifestHash;
  if (!isAbout) return 'is about something else than the submission that it stands with';
  const differences = listDifferences(stated, submission);
  return differences.length === 0
    ? undefined
    : `states otherwise than the submission that it stands with: ${differences.join(', ')}`;
}

/**
 * In what a submission is not as the server has signed it. None of it ever changes: a decision on lateness stands beside
 * the verdict, and an extension that comes later leaves it as it is. Where a name was taken out of a file's name, it was
 * taken out of the statement too, whose signature is not there then.
 */
function listDifferences(stated: Stated, submission: Submission): string[] {
  return [
    ...(computeFileList(stated.files) === computeFileList(submission.files) ? [] : ['files']),
    ...(['claimedAt', 'receivedAt', 'verdict'] as const).filter(
      (name) => stated[name] !== submission[name],
    ),
    ...(areSameInputs(stated.verdictInputs, submission.verdictInputs) ? [] : ['verdictInputs']),
  ];
}

/** Equal where the same names stand for the same contents, in whatever order. */
function computeFileList(files: Stated['files']): string {
  return computeCanonicalJson(
    files
      .map(({ name, sha256, sizeBytes }) => computeCanonicalJson({ name, sha256, sizeBytes }))
      .sort(),
  );
}

/** Either may not have them: receipts of the first form, and older bundles. */
function areSameInputs(stated: unknown, bundled: unknown): boolean {
  if (stated === undefined || bundled === undefined) return true;
  return computeCanonicalJson(stated) === computeCanonicalJson(bundled);
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
    return parseBoundedJson(Buffer.concat(chunks));
  } catch (error) {
    addProblem('unreadable', `"${path}" is no JSON (${computeReason(error)})`, path);
    return undefined;
  }
}
