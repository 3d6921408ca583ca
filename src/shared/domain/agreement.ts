import { z } from 'zod';
import { dateSchema, paySchema, textSchema } from './fields.ts';

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
