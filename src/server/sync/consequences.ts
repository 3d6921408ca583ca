import { computeCanonicalJson } from '../../shared/canonical-json.ts';
import type { DomainRow } from '../../shared/database/domain-tables.ts';
import { computeDerivedId } from '../../shared/domain/derived-id.ts';
import { manifestFileSchema } from '../../shared/domain/manifest.ts';
import type { ReceiptStatement } from '../../shared/domain/receipt.ts';
import { verdictInputsSchema } from '../../shared/domain/verdict.ts';
import { applyArrivals } from '../../shared/mutations/file-mutations.ts';
import type { MutationContext } from '../../shared/mutations/mutation.ts';
import type { ServerTransaction } from '../database/server-database.ts';
import { sha256Hex } from '../sha256-hex.ts';
import type { ReceiptSigner } from './receipt-signer.ts';
import type { ServerMutationStore } from './server-mutation-store.ts';

/** How many hashes one query may name. */
const queryChunk = 500;

/**
 * What follows from a mutation on the server alone, in the mutation's own savepoint and under its
 * number: receipts for submissions made (SY-8, SY-9), the arrival of contents that the person had given before, and
 * that contents which were collected meanwhile are not there any more (SY-22).
 */
export async function applyConsequences(
  trx: ServerTransaction,
  store: ServerMutationStore,
  context: MutationContext,
  signer: ReceiptSigner,
): Promise<void> {
  for (const submission of store.insertedSubmissions)
    await insertReceipt(store, submission, context, signer);
  await applyGivenFiles(trx, store, context);
  await applyCollectedFiles(trx, store);
}

async function insertReceipt(
  store: ServerMutationStore,
  submission: DomainRow<'submissions'>,
  context: MutationContext,
  signer: ReceiptSigner,
): Promise<void> {
  if (submission.receivedAt === null || submission.verdict === null)
    throw new Error('a submission was made on the server without its time of receipt and verdict');
  const files = manifestFileSchema.array().parse(JSON.parse(submission.manifestJson));
  const content = {
    orgId: store.orgId,
    submissionId: submission.id,
    taskId: submission.taskId,
    revision: submission.revision,
    manifestHash: submission.manifestHash,
    claimedAt: submission.claimedAt,
    receivedAt: submission.receivedAt,
    verdict: submission.verdict,
    files: files.map(({ name, sha256, sizeBytes }) => ({ name, sha256, sizeBytes })),
  };
  // Without inputs only where an earlier receipt of the first form was honoured (SY-15).
  const statement: ReceiptStatement =
    submission.verdictInputsJson === null
      ? { format: 'stint-receipt-1', ...content }
      : {
          format: 'stint-receipt-2',
          ...content,
          verdictInputs: verdictInputsSchema.parse(JSON.parse(submission.verdictInputsJson)),
        };
  const statementJson = computeCanonicalJson(statement);
  await store.insert('receipts', {
    orgId: store.orgId,
    id: computeDerivedId(context.mutationId, 'receipt', sha256Hex),
    scope: submission.scope,
    submissionId: submission.id,
    taskId: submission.taskId,
    statementJson,
    keyId: signer.keyId,
    signature: signer.sign(statementJson),
    issuedAt: context.at,
  });
}

async function applyGivenFiles(
  trx: ServerTransaction,
  store: ServerMutationStore,
  context: MutationContext,
): Promise<void> {
  const hashes = [...new Set(store.insertedFiles.map(({ sha256 }) => sha256))];
  for (let start = 0; start < hashes.length; start += queryChunk) {
    const given = await trx
      .selectFrom('fileGrants')
      .select(['sha256', 'sizeBytes'])
      .where('orgId', '=', store.orgId)
      .where('membershipId', '=', context.actor.membershipId)
      .where('sha256', 'in', hashes.slice(start, start + queryChunk))
      .execute();
    await applyArrivals(store, context.actor.membershipId, given, context.at);
  }
}

/** A file that is brought back after its content was collected is asked for, like one that never arrived. */
async function applyCollectedFiles(
  trx: ServerTransaction,
  store: ServerMutationStore,
): Promise<void> {
  for (const { id, sha256, createdBy, arrivedAt } of store.broughtBackFiles) {
    if (arrivedAt === null) continue;
    const grant = await trx
      .selectFrom('fileGrants')
      .select('sha256')
      .where('orgId', '=', store.orgId)
      .where('membershipId', '=', createdBy)
      .where('sha256', '=', sha256)
      .executeTakeFirst();
    if (grant === undefined) await store.patch('attachments', id, { arrivedAt: null });
  }
}
