import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { type ErrorCode, StintError } from '../../shared/errors.ts';
import { DatabaseUnavailableError } from '../database/database-unavailable-error.ts';
import { isDiskFull } from '../disk-full.ts';
import type { WireError } from '../../shared/protocol/error-body.ts';
import { RateLimitError } from '../rate-limiter.ts';
import { describeFault, type ServerLog } from '../server-log.ts';

const statusByCode: Partial<Record<ErrorCode, number>> = {
  invalid_input: 400,
  not_signed_in: 401,
  wrong_password: 401,
  account_closed: 401,
  forbidden: 403,
  signup_closed: 403,
  not_found: 404,
  invitation_unknown: 404,
  file_missing: 404,
  conflict: 409,
  account_exists: 409,
  refused: 409,
  head_unknown: 409,
  rekey: 409,
  invitation_expired: 410,
  invitation_used: 410,
  invitation_withdrawn: 410,
  too_large: 413,
  media_refused: 415,
  hash_mismatch: 422,
  protocol_unsupported: 426,
  rate_limited: 429,
  unavailable: 503,
  disk_full: 507,
  quota_exceeded: 507,
};

/** What is unavailable is mostly so for some moments. */
const retryAfterSeconds = 10;

const unreadable: Partial<Record<string, { readonly line: string; readonly problem: string }>> = {
  HPE_HEADER_OVERFLOW: {
    line: '431 Request Header Fields Too Large',
    problem: 'the headers of the request are longer than the server takes',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    line: '408 Request Timeout',
    problem: 'the request took too long to come',
  },
};

/** The same for what cannot be read as a request: there is a line alone to answer on, and it is closed. */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const { line, problem } = unreadable[error.code ?? ''] ?? {
    line: '400 Bad Request',
    problem: 'expected a request of HTTP/1.1',
  };
  answerOnLine(socket, line, new StintError('invalid_input', problem));
  socket.destroy(error);
}

/** An answer without the framework, on a line that is closed after it. */
export function answerOnLine(socket: Socket, line: string, problem: StintError): void {
  if (!socket.writable) return;
  const answer: WireError = { error: { ...problem.toBody() } };
  const body = JSON.stringify(answer);
  socket.write(
    `HTTP/1.1 ${line}\r\ncontent-length: ${Buffer.byteLength(body)}\r\ncontent-type: application/json; charset=utf-8\r\nconnection: close\r\n\r\n${body}`,
  );
}

/** Every answer that is not a success has the shape of `wireErrorSchema`. */
export function createErrorHandler(log: ServerLog) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const { status, problem } = computeAnswer(error);
    if (status >= 500) log.error({ reqId: request.id, fault: describeFault(error) }, 'fault');
    if (problem instanceof RateLimitError)
      void reply.header('retry-after', String(problem.retryAfterSeconds));
    else if (status === 503) void reply.header('retry-after', String(retryAfterSeconds));
    sendError(reply, status, problem);
  };
}

export function sendError(reply: FastifyReply, status: number, problem: StintError): void {
  const body: WireError = { error: { ...problem.toBody() } };
  void reply
    .code(status)
    .header('content-type', 'application/json; charset=utf-8')
    // Not through a route's own schema: an error has one shape everywhere.
    .serializer((value) => JSON.stringify(value))
    .send(body);
}

function computeAnswer(error: unknown): { status: number; problem: StintError } {
  if (error instanceof StintError)
    return { status: findOwnStatus(error) ?? statusByCode[error.code] ?? 500, problem: error };
  if (hasZodFastifySchemaValidationErrors(error)) {
    const issue = error.validation[0];
    const field = (issue?.instancePath ?? '').split('/').filter(Boolean).join('.');
    const reason = issue?.message ?? 'does not have the expected shape';
    return {
      status: 400,
      problem: new StintError(
        'invalid_input',
        field === '' ? `the request: ${reason}` : `the request, field "${field}": ${reason}`,
        { field },
      ),
    };
  }
  if (error instanceof DatabaseUnavailableError)
    return {
      status: 503,
      problem: new StintError(
        'unavailable',
        'the database of the server does not answer; try again later',
      ),
    };
  if (isDiskFull(error))
    return {
      status: 507,
      problem: new StintError('disk_full', 'the disk of the server is full; try again later'),
    };
  const frameworkStatus = findFrameworkStatus(error);
  if (frameworkStatus === undefined || frameworkStatus >= 500)
    return {
      status: 500,
      problem: new StintError('server_error', 'the server failed to handle this; try again later'),
    };
  if (frameworkStatus === 413)
    return {
      status: 413,
      problem: new StintError('too_large', 'the request is larger than the server takes'),
    };
  return {
    status: frameworkStatus,
    problem: new StintError('invalid_input', computeFrameworkMessage(error)),
  };
}

function findOwnStatus(error: StintError): number | undefined {
  return 'status' in error && typeof error.status === 'number' ? error.status : undefined;
}

function findFrameworkStatus(error: unknown): number | undefined {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : undefined;
}

/** The framework's messages name what was wrong; a parser's quote the body and are replaced. */
function computeFrameworkMessage(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return 'expected a body with content-type application/json';
  return 'expected a body in JSON';
}
