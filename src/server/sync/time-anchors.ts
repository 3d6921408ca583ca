import { computeCanonicalJson } from '../../shared/canonical-json.ts';
import {
  type HeldAnchor,
  type TimeAnchor,
  type TimeAnchorStatement,
  timeAnchorStatementSchema,
  type VerifiedAnchor,
} from '../../shared/domain/time-anchor.ts';
import { computeIsoInstant } from '../../shared/ports.ts';
import type { ServerTransaction } from '../database/server-database.ts';
import type { ReceiptSigner } from './receipt-signer.ts';

/**
 * SY-17: the server's time, signed for one device.
 *
 * @param seq the head up to which this answer brings the device; 0 where it does not bring it to one.
 */
export function signTimeAnchor(
  signer: ReceiptSigner,
  device: { readonly orgId: string; readonly deviceId: string },
  nowMs: number,
  seq: number,
): TimeAnchor {
  const statement: TimeAnchorStatement = {
    format: 'stint-anchor-1',
    orgId: device.orgId,
    deviceId: device.deviceId,
    at: computeIsoInstant(nowMs),
    seq,
  };
  const statementJson = computeCanonicalJson(statement);
  return { statementJson, keyId: signer.keyId, signature: signer.sign(statementJson) };
}

/**
 * SY-17: what an anchor that came with a mutation proves. Null where it proves nothing: that is never a reason to
 * refuse the work. It has to be this server's, of this organization, and for this device or another that this
 * account signed in with: a workspace that had to take a new name (SY-16) still holds what it was given before.
 */
export async function verifyTimeAnchor(
  trx: ServerTransaction,
  signer: ReceiptSigner,
  orgId: string,
  mutation: {
    readonly actor: { readonly accountId: string };
    readonly device: { readonly id: string } | null;
    readonly anchor?: HeldAnchor | null;
  },
): Promise<VerifiedAnchor | null> {
  const { actor, device } = mutation;
  const held = mutation.anchor ?? null;
  if (held === null || held.keyId !== signer.keyId) return null;
  if (!signer.isOwnSignature(held.statementJson, held.signature)) return null;
  const statement = parseStatement(held.statementJson);
  if (statement?.orgId !== orgId) return null;
  if (
    statement.deviceId !== device?.id &&
    !(await wasDeviceOf(trx, actor.accountId, statement.deviceId))
  )
    return null;
  const { at, seq } = statement;
  return { at, seq, elapsedMs: held.elapsedMs, heldSince: held.heldSince };
}

function parseStatement(statementJson: string): TimeAnchorStatement | undefined {
  try {
    return timeAnchorStatementSchema.safeParse(JSON.parse(statementJson)).data;
  } catch {
    return undefined;
  }
}

async function wasDeviceOf(
  trx: ServerTransaction,
  accountId: string,
  deviceId: string,
): Promise<boolean> {
  const session = await trx
    .selectFrom('sessions')
    .select('id')
    .where('accountId', '=', accountId)
    .where('deviceId', '=', deviceId)
    .limit(1)
    .executeTakeFirst();
  return session !== undefined;
}
