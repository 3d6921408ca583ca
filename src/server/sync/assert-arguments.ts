import { computeCanonicalJson } from '../../shared/canonical-json.ts';
import { StintError } from '../../shared/errors.ts';
import type { WireMutation } from '../../shared/protocol/push.ts';
import { sha256Hex } from '../sha256-hex.ts';

/** The largest change there is, a submission of two thousand files, holds some 12,000 values, six deep. */
const maximumValues = 100_000;
const maximumDepth = 64;

/** The escape of U+0000, which PostgreSQL holds in no text; not a backslash that is itself escaped before it. */
const nulEscape = /(?<!\\)(?:\\\\)*\\u0000/;

/**
 * @returns the arguments' canonical JSON.
 * @throws StintError `invalid_input` for arguments that were damaged on the way, that no storage can hold, or that
 * are made to keep the server busy: a million names in one object take it seconds to sort.
 */
export function assertArguments(mutation: WireMutation): string {
  assertBounded(mutation.args);
  const text = computeCanonicalJson(mutation.args);
  if (sha256Hex(text) !== mutation.argsHash)
    throw new StintError(
      'invalid_input',
      "the mutation's arguments do not have the hash that it states; they were damaged on the way",
      { field: 'argsHash' },
    );
  if (nulEscape.test(text))
    throw new StintError(
      'invalid_input',
      'a text in the mutation holds the character U+0000, which cannot be stored; take it out and send it again',
      { field: 'args' },
    );
  return text;
}

function assertBounded(args: unknown): void {
  let count = 0;
  const visit = (value: unknown, depth: number): void => {
    count += 1;
    if (count > maximumValues) throw createTooMany();
    if (typeof value !== 'object' || value === null) return;
    if (depth >= maximumDepth)
      throw new StintError('invalid_input', "the mutation's arguments are nested too deeply", {
        field: 'args',
      });
    // Not listed first: there may be millions.
    if (Array.isArray(value)) for (const item of value) visit(item, depth + 1);
    else for (const name in value) visit((value as Record<string, unknown>)[name], depth + 1);
  };
  visit(args, 0);
}

const createTooMany = (): StintError =>
  new StintError(
    'invalid_input',
    `the mutation's arguments hold more than ${maximumValues} values`,
    { field: 'args' },
  );
