/**
 * The closed set of things that can go wrong at a boundary. The code is for programs and for the
 * interface's own wording; the message is for people and names the subject, what was expected and
 * what was found. Neither ever holds contents, passwords, tokens or invitation codes.
 */
export const errorCodes = [
  'invalid_input',
  'not_found',
  'forbidden',
  'conflict',
  'refused',
  'not_signed_in',
  'wrong_password',
  'account_exists',
  'account_closed',
  'invitation_unknown',
  'invitation_expired',
  'invitation_used',
  'invitation_withdrawn',
  'server_unreachable',
  'not_a_stint_server',
  'server_error',
  'rate_limited',
  'too_large',
  'protocol_unsupported',
  'head_unknown',
  'rekey',
  'signup_closed',
  'workspace_in_use',
  'workspace_unwritable',
  'database_newer',
  'database_damaged',
  'disk_full',
  'quota_exceeded',
  'media_refused',
  'file_changed',
  'file_missing',
  'hash_mismatch',
  'bundle_malformed',
  'bundle_not_whole',
  'cancelled',
  'unavailable',
  'cancelled',
  'internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export interface ErrorBody {
  readonly code: ErrorCode;
  readonly message: string;
  /** Path of the input field at fault, e.g. `deadline.wall`. */
  readonly field?: string;
}

export class StintError extends Error {
  override readonly name = 'StintError';
  readonly code: ErrorCode;
  readonly field: string | undefined;

  constructor(code: ErrorCode, message: string, options?: { field?: string; cause?: unknown }) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.field = options?.field;
  }

  toBody(): ErrorBody {
    return this.field === undefined
      ? { code: this.code, message: this.message }
      : { code: this.code, message: this.message, field: this.field };
  }
}

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && (errorCodes as readonly string[]).includes(value);
}
