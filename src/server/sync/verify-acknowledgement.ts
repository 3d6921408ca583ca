import { type ReceiptStatement, receiptStatementSchema } from '../../shared/domain/receipt.ts';
import type { VerifiedAcknowledgement } from '../../shared/mutations/mutation.ts';
import type { Acknowledgement, ReceiptProof } from '../../shared/protocol/push.ts';
import type { ReceiptSigner } from './receipt-signer.ts';

/** SY-15: what came with a mutation that comes again because this server had lost it. */
export function verifyAcknowledgement(
  signer: ReceiptSigner,
  orgId: string,
  acknowledged: Acknowledgement | null,
): VerifiedAcknowledgement | null {
  if (acknowledged === null) return null;
  return { receipt: findProvenReceipt(acknowledged.receipt, signer, orgId) ?? null };
}

/**
 * SY-15: what this server once stated about a submission that it has lost since. Null for what its own key did
 * not sign, and for what it signed for another organization; who brings such a thing is treated as one who
 * brings nothing, so that no submission is refused for its proof.
 */
function findProvenReceipt(
  proof: ReceiptProof | null,
  signer: ReceiptSigner,
  orgId: string,
): ReceiptStatement | null {
  if (proof === null || proof.keyId !== signer.keyId) return null;
  if (!signer.isOwnSignature(proof.statementJson, proof.signature)) return null;
  const statement = receiptStatementSchema.safeParse(parseJson(proof.statementJson));
  return statement.success && statement.data.orgId === orgId ? statement.data : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
