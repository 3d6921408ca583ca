import type { Readable } from 'node:stream';
import type { ErrorBody, ErrorCode } from '../../shared/errors.ts';
import { securityHeaders } from './security-headers.ts';

/** An answer before a host turns it into its own kind. Header names are in lower case. */
export interface HostResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** A stream must be read to its end or destroyed. */
  readonly body: string | Uint8Array | Readable | undefined;
}

/** Of the codes with a status of their own in HTTP; any other failure of the engine is 422. */
const statuses: Partial<Record<ErrorCode, number>> = {
  invalid_input: 400,
  not_signed_in: 401,
  account_closed: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  internal: 500,
  unavailable: 503,
  server_unreachable: 503,
  disk_full: 507,
};

export function toJsonResponse(status: number, body: unknown): HostResponse {
  return {
    status,
    headers: {
      ...securityHeaders,
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
    },
    body: JSON.stringify(body),
  };
}

export function toErrorResponse(error: ErrorBody, status = statuses[error.code]): HostResponse {
  return toJsonResponse(status ?? 422, { ok: false, error });
}
