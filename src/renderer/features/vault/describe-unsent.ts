import { z } from 'zod';
import type { RequestOutput } from '../../../shared/contract/contract.ts';
import { instantSchema } from '../../../shared/domain/fields.ts';
import { formatDateTime } from '../../format/date-time.ts';
import { describeStretch } from '../../format/stretch.ts';

type Unsent = RequestOutput<'vault.get'>['unsent'][number];

const stretchSchema = z.object({ startedAt: instantSchema, endedAt: instantSchema });

/** What was not sent, in one line: of time which time it is, of all else when it was done. */
export function describeUnsent({
  label,
  claimedAt,
  argsJson,
}: Pick<Unsent, 'label' | 'claimedAt' | 'argsJson'>): string {
  const stretch = stretchSchema.safeParse(JSON.parse(argsJson));
  return stretch.success
    ? `${label}: ${describeStretch(stretch.data)}`
    : `${label}, ${formatDateTime(claimedAt)}`;
}
