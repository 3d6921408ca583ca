import { z } from 'zod';
import { Temporal } from 'temporal-polyfill';
import { hasLineSeparator, hasVisibleText } from './hidden-characters.ts';
import { isKnownZone } from './known-zone.ts';

/** The shapes that recur in rows, mutations, wire messages and requests. */

export const idSchema = z.uuid({ message: 'expected an id (UUID)' });
export const sha256Schema = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in 64 lower-case hexadecimal digits');
export const instantSchema = z.iso.datetime({
  precision: 3,
  message: 'expected an instant in UTC such as 2026-03-01T09:30:00.000Z',
});
export const dateSchema = z.iso.date({ message: 'expected a date such as 2026-03-01' });

/** A wall time without a zone, to the minute: `2026-03-29T17:00`. */
export const wallTimeSchema = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/, 'expected a wall time such as 2026-03-29T17:00')
  .refine((value) => {
    try {
      Temporal.PlainDateTime.from(value, { overflow: 'reject' });
      return true;
    } catch {
      return false;
    }
  }, 'expected a wall time that exists in the calendar');

/** An IANA time zone name that this machine's zone data knows. */
export const timeZoneSchema = z
  .string()
  .refine(isKnownZone, 'expected an IANA time zone such as Europe/Berlin');

export const emailSchema = z
  .string()
  .trim()
  .toLowerCase()
  .pipe(z.email('expected an e-mail address such as ada@example.org'));

const createLineSchema = (maximum: number) =>
  z
    .string()
    .trim()
    .min(1, 'expected some text')
    .max(maximum, `expected at most ${maximum.toLocaleString('en')} characters`)
    // Control characters, and those that reverse the reading direction, could make a name lie.
    .regex(/^[^\p{Cc}\p{Bidi_Control}]*$/u, 'expected one line without control characters');

/** One line that people read: names and titles. */
export const lineSchema = createLineSchema(200);

/**
 * A name or title as somebody gives it now. What devices hold in their outbox is taken by `lineSchema` all the same: to
 * refuse it there would keep back the work that builds on it.
 */
export const nameSchema = lineSchema
  .refine(hasVisibleText, 'expected some text that can be seen')
  .refine((name) => !hasLineSeparator(name), 'expected one line, without line separators');

/** Markdown or plain text that people write. */
export const textSchema = z.string().max(200_000, 'expected at most 200,000 characters');

export const passwordSchema = z
  .string()
  .min(10, 'expected a password of at least 10 characters')
  .max(1000, 'expected at most 1,000 characters');

/** A file's own name, kept for people as it was; made safe only where it is written to a disk. */
export const fileNameSchema = z
  .string()
  .min(1, 'expected a file name')
  .max(1024, 'expected a file name of at most 1,024 characters');

export const sizeBytesSchema = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
export const mediaTypeSchema = z
  .string()
  .max(127)
  .regex(/^[\w.+-]+\/[\w.+-]+$/, 'expected a media type such as text/csv');

export const roleSchema = z.enum(['owner', 'manager', 'intern']);
export type Role = z.infer<typeof roleSchema>;

export const categorySchema = z.enum(['data_entry', 'research', 'hr', 'content', 'sales', 'other']);
export type Category = z.infer<typeof categorySchema>;

/** Far above any real sum, in the currency's minor unit. */
export const maximumAmountMinor = 1_000_000_000;

/** A fixed sum in the currency's minor unit (ISO 4217), or unpaid. */
export const paySchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('fixed'),
    amountMinor: z.int().min(1, 'expected an amount above zero').max(maximumAmountMinor),
    currency: z.string().regex(/^[A-Z]{3}$/, 'expected a currency code such as EUR'),
  }),
  z.object({ kind: z.literal('unpaid') }),
]);
export type Pay = z.infer<typeof paySchema>;

export const criterionSchema = z.object({ id: idSchema, text: createLineSchema(1000) });
export type Criterion = z.infer<typeof criterionSchema>;

export const deadlineSchema = z.object({ wall: wallTimeSchema, zone: timeZoneSchema });
export type Deadline = z.infer<typeof deadlineSchema>;
