import type { RequestOutput } from '../../../shared/contract/contract.ts';
import { formatMoney } from '../../format/money.ts';

type EffectiveRate = Pick<
  RequestOutput<'hours.effectiveRates'>[number],
  'pay' | 'workedSeconds' | 'minorPerHour'
>;

/** What an hour has come to, once there is one: of some minutes it would be more than the whole sum. */
export function describeRate(rate: EffectiveRate | undefined): string | null {
  if (rate?.pay.kind !== 'fixed' || rate.minorPerHour === null || rate.workedSeconds < 3600)
    return null;
  return `${formatMoney(rate.minorPerHour, rate.pay.currency)} an hour so far. Only you see this.`;
}
