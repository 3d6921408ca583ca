import type { Pay } from './fields.ts';

/**
 * What an hour of a fixed sum has come to, in the currency's minor unit. For the intern's eyes alone: no request that an
 * employer may make answers it, and nothing of it is stored or sent. Null while nothing was worked, and for unpaid work.
 */
export function computeEffectiveRate(pay: Pay, workedSeconds: number): number | null {
  if (pay.kind !== 'fixed' || workedSeconds <= 0) return null;
  return Math.round((pay.amountMinor * 3600) / workedSeconds);
}
