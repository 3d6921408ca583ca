import { toErrorBody } from './answer-request.ts';
import { createFileResponse } from './attachment-response.ts';
import type { HostedEngine } from './hosted-engine.ts';
import type { HostLog } from './host-log.ts';
import { type HostResponse, toErrorResponse, toJsonResponse } from './host-response.ts';

/** A request that the host has let through. Header names are in lower case. */
export interface HostRequest {
  readonly method: string;
  readonly url: URL;
  readonly header: (name: 'range' | 'if-range') => string | undefined;
  /** The body, read once; undefined where there is none. */
  readonly body: AsyncIterable<Uint8Array> | undefined;
}

export interface HostResponderOptions {
  readonly engine: HostedEngine;
  /** The interface's own files (see `createStaticAssets`). */
  readonly assets: (pathname: string, search: string) => Promise<HostResponse>;
  readonly log: HostLog;
}

async function* emptyBody(): AsyncGenerator<Uint8Array> {}

/** Whether a path gives out or takes in people's work, for which a host may want more of the caller. */
export function isPrivatePath(pathname: string): boolean {
  return /^\/(?:api|files|exports)(?:\/|$)/.test(pathname);
}

/**
 * The paths that both hosts serve alike (`hostPaths`): files by range, exports, the import of a file,
 * and the interface. Never rejects; a failure is an error response.
 */
export function createHostResponder({
  engine,
  assets,
  log,
}: HostResponderOptions): (request: HostRequest) => Promise<HostResponse> {
  const respond = async (request: HostRequest): Promise<HostResponse> => {
    const { method, url } = request;
    if (url.pathname === '/api/import') {
      if (method !== 'PUT') return refuseMethod(method, 'PUT');
      const name = url.searchParams.get('name');
      if (name === null || name === '')
        return toErrorResponse({
          code: 'invalid_input',
          message: "name: expected the file's name, found nothing",
          field: 'name',
        });
      const size = url.searchParams.get('size');
      const known = {
        importId: url.searchParams.get('id') ?? undefined,
        sizeBytes: size !== null && /^\d{1,15}$/.test(size) ? Number(size) : undefined,
      };
      return toJsonResponse(
        200,
        await engine.importStream(name, request.body ?? emptyBody(), known),
      );
    }
    if (method !== 'GET' && method !== 'HEAD') return refuseMethod(method, 'GET');
    const asked = {
      method,
      range: request.header('range'),
      ifRange: request.header('if-range'),
    };
    if (!isPrivatePath(url.pathname)) return assets(url.pathname, url.search);
    const { place, rest } = splitPrivatePath(url.pathname);
    if (place === 'files') {
      const [seatId, attachmentId] = rest;
      if (seatId === undefined || attachmentId === undefined || rest.length !== 2)
        return refusePath();
      const file = await engine.openAttachment(seatId, attachmentId);
      const isDownload = url.searchParams.has('download');
      const isFramed = url.searchParams.has('frame');
      return createFileResponse({ ...file, isDownload, isFramed }, asked);
    }
    if (place === 'exports') {
      const [fileName] = rest;
      if (fileName === undefined || rest.length !== 1) return refusePath();
      const file = await engine.openExport(fileName);
      return createFileResponse(
        { ...file, mediaType: 'application/octet-stream', isDownload: true },
        asked,
      );
    }
    return refusePath();
  };
  return async (request) => {
    try {
      return await respond(request);
    } catch (error) {
      // Only the first part of the path: the rest may hold a file's name.
      const subject = `${request.method} /${splitPrivatePath(request.url.pathname).place}`;
      return toErrorResponse(toErrorBody(error, subject, log));
    }
  };
}

/**
 * The first segment as it is written, so that it is the very one that `isPrivatePath` saw, and the others
 * decoded; none of those where an escape is malformed.
 */
function splitPrivatePath(pathname: string): { place: string; rest: string[] } {
  const [place = '', ...rest] = pathname.slice(1).split('/');
  try {
    return { place, rest: rest.map((segment) => decodeURIComponent(segment)) };
  } catch {
    return { place, rest: [] };
  }
}

function refusePath(): HostResponse {
  return toErrorResponse({ code: 'not_found', message: 'nothing is at this address' });
}

function refuseMethod(found: string, expected: string): HostResponse {
  return toErrorResponse(
    { code: 'invalid_input', message: `expected the method ${expected}, found ${found}` },
    405,
  );
}
