import type { z } from 'zod';
import { StintError } from './errors.ts';

/**
 * Parses `value` or throws `invalid_input` whose message names `subject`, the first field at fault
 * and what was expected there. Values are never repeated in the message: they may be private.
 */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  subject: string,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = issue === undefined ? '' : issue.path.map(String).join('.');
  const reason = issue?.message ?? 'does not have the expected shape';
  throw new StintError(
    'invalid_input',
    field === '' ? `${subject}: ${reason}` : `${subject}, field "${field}": ${reason}`,
    { field },
  );
}
