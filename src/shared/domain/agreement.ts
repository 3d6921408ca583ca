import { z } from 'zod';
import { computeCanonicalJson } from '../canonical-json.ts';
import type { Sha256Hex } from '../ports.ts';
import { categorySchema, dateSchema, paySchema, textSchema } from './fields.ts';
import { roundingSchema } from './rounding.ts';
import { rubricSchema } from './rubric.ts';

/** Any budget may be agreed; the interface warns outside the 5 to 40 hours of a micro-internship. */
export const hourBudgetMinutesSchema = z.int().min(15).max(60_000);

const changeOf = <From extends z.ZodType, To extends z.ZodType>(from: From, to: To) =>
  z.object({ from, to }).optional();

/** What may be amended of an engagement, each with the value that it replaces. */
export const amendmentChangesSchema = z
  .object({
    hourBudgetMinutes: changeOf(z.int(), hourBudgetMinutesSchema),
    pay: changeOf(paySchema, paySchema),
    startsOn: changeOf(dateSchema, dateSchema),
    endsOn: changeOf(dateSchema, dateSchema),
    /** What the work covers, in words; null where nothing was written down beside the project's brief. */
    scope: changeOf(textSchema.nullable(), textSchema.trim().min(1, 'expected some text')),
  })
  .refine(
    (changes) => Object.values(changes).some((change) => change !== undefined),
    'expected at least one change',
  );
export type AmendmentChanges = z.infer<typeof amendmentChangesSchema>;
export type AmendmentField = keyof AmendmentChanges;

export const amendmentStateSchema = z.enum(['proposed', 'confirmed', 'declined', 'withdrawn']);

export const sideSchema = z.enum(['employer', 'intern']);
export type Side = z.infer<typeof sideSchema>;

export const computeSide = (role: 'owner' | 'manager' | 'intern'): Side =>
  role === 'intern' ? 'intern' : 'employer';

/**
 * Everything that is offered to one person, as it stood when they were invited: later edits of the project change
 * nothing of it. It names nobody, so that it can be kept when a person's data are erased.
 */
export const agreementSchema = z.object({
  format: z.literal('stint-agreement-1'),
  title: z.string(),
  brief: textSchema,
  category: categorySchema,
  categoryName: z.string().nullable(),
  hourBudgetMinutes: z.int(),
  pay: paySchema,
  startsOn: dateSchema,
  endsOn: dateSchema,
  timeZone: z.string(),
  graceMinutes: z.int(),
  latePolicy: textSchema,
  roundsIncluded: z.int(),
  rubric: rubricSchema,
  rounding: roundingSchema.nullable(),
});
export type Agreement = z.infer<typeof agreementSchema>;

/** What a person confirms: the same terms have the same hash on every machine. */
export function computeAgreementHash(agreement: Agreement, sha256Hex: Sha256Hex): string {
  return sha256Hex(computeCanonicalJson(agreement));
}

/** Null in engagements that came before version 3. */
export function parseAgreement(agreementJson: string | null): Agreement | null {
  return agreementJson === null ? null : agreementSchema.parse(JSON.parse(agreementJson));
}
