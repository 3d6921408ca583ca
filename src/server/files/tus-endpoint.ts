import type { IncomingMessage } from 'node:http';
import { ReadableStream } from 'node:stream/web';
import { type Locker, Server as TusServer } from '@tus/server';
import { eachPiece } from '../../shared/each-piece.ts';
import { endpoints } from '../../shared/protocol/endpoints.ts';
import { sha256Schema } from '../../shared/domain/fields.ts';
import { type ErrorCode, StintError } from '../../shared/errors.ts';
import type { Randomness, Timers } from '../../shared/ports.ts';
import { DatabaseUnavailableError } from '../database/database-unavailable-error.ts';
import { isDiskFull } from '../disk-full.ts';
import { assertMediaAllowed, type MediaPolicy } from './media-policy.ts';
import type { UploadRegistry } from './upload-registry.ts';
import { UploadStore } from './upload-store.ts';

const mostDiscardedBytes = 16 * 1024 * 1024;
/** And no longer than this: of a line that is dead nothing comes any more. */
const mostDiscardedMs = 10_000;

export interface UploadCall {
  readonly orgId: string;
  readonly accountId: string;
}

export interface TusEndpoint {
  /**
   * Handles one request of tus 1.0.0 for a caller who was found to be a member, and whose upload it is.
   * Errors come as a `StintError` thrown, with `status` for HTTP.
   */
  handle(message: IncomingMessage, call: UploadCall): Promise<Response>;
}

/** An error of the tus protocol, with the status that the protocol gives it. */
export class UploadError extends StintError {
  readonly status: number;

  constructor(status: number, code: ErrorCode, message: string) {
    super(code, message);
    this.status = status;
  }
}

/** Resumable uploads (SY-22) into the registry's folder. */
export function createTusEndpoint(dependencies: {
  readonly registry: UploadRegistry;
  readonly randomness: Randomness;
  readonly timers: Timers;
  readonly locker: Locker;
  readonly maximumFileBytes: number;
  readonly mediaPolicy: MediaPolicy;
  /** Called with how many bytes of a content each request brought. */
  readonly onArrived: (sizeBytes: number) => void;
}): TusEndpoint {
  const { registry, randomness, timers, locker, maximumFileBytes, mediaPolicy, onArrived } =
    dependencies;
  const store = new UploadStore(
    registry.folder,
    (uploadId) => registry.remove(uploadId),
    onArrived,
  );
  const calls = new WeakMap<object, UploadCall>();
  const errors = new WeakMap<object, StintError>();
  /** The upload that a request has begun. */
  const begun = new WeakMap<object, string>();

  const getCall = (request: object): UploadCall => {
    const call = calls.get(request);
    if (call === undefined) throw new Error('a tus hook ran without its request');
    return call;
  };

  const server = new TusServer({
    path: '/uploads',
    datastore: store,
    maxSize: maximumFileBytes,
    locker,
    // No browser of another origin has any business here.
    allowedOrigins: () => false,
    namingFunction: () => randomness.uuid(),
    // Relative to the server, so that it holds behind any proxy.
    generateUrl: (request, { id }) => `${endpoints.uploads(getCall(request).orgId)}/${id}`,
    async onUploadCreate(request, upload) {
      const { orgId, accountId } = getCall(request);
      const sha256 = sha256Schema.safeParse(upload.metadata?.['sha256']);
      if (!sha256.success)
        throw new UploadError(
          400,
          'invalid_input',
          'Upload-Metadata, field "sha256": expected the SHA-256 of the file in 64 lower-case hexadecimal digits',
        );
      if (upload.size === undefined || !Number.isSafeInteger(upload.size) || upload.size < 0)
        throw new UploadError(400, 'invalid_input', 'Upload-Length: expected the size in bytes');
      assertMediaAllowed(mediaPolicy, upload.metadata?.['filetype'] ?? 'application/octet-stream');
      await registry.create({
        id: upload.id,
        orgId,
        accountId,
        sha256: sha256.data,
        sizeBytes: upload.size,
      });
      begun.set(request, upload.id);
      return {};
    },
    async onUploadFinish(_request, upload) {
      await store.settle(upload.id);
      await registry.complete(upload.id, store.takeHash(upload.id, upload.size ?? 0));
      return {};
    },
    onResponseError(request, error) {
      errors.set(request, computeUploadError(error, maximumFileBytes));
      return undefined;
    },
  });

  return {
    async handle(message, call) {
      const request = createRequest(message);
      calls.set(request, call);
      const response = await server.handleWeb(request);
      const error = errors.get(request);
      const begunId = begun.get(request);
      if (error !== undefined || response.status >= 400) await discardRest(message, timers);
      // Its address is told to nobody then, and nobody could come back to it.
      if (begunId !== undefined && (error !== undefined || response.status >= 400))
        await registry.remove(begunId).catch(() => undefined);
      if (error !== undefined) throw error;
      if (response.status >= 400)
        throw new UploadError(
          response.status,
          'invalid_input',
          computeSentence(await response.text()),
        );
      return response;
    },
  };
}

/** The request in the form that the tus server takes. The body stays a stream. */
function createRequest(message: IncomingMessage): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(message.headers))
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  const method = message.method ?? 'GET';
  const { pathname } = new URL(message.url ?? '/', 'http://stint.invalid');
  // The tus server takes the upload's id from the end of the address: a query or a fragment could name
  // another upload than the one whose owner was checked.
  const url = new URL(pathname, 'http://stint.invalid');
  if (method !== 'PATCH' && method !== 'POST') return new Request(url, { method, headers });
  // Node's own way makes a copy of each piece, and both would lie in memory until they are collected.
  const body = ReadableStream.from(eachPiece(message));
  return new Request(url, { method, headers, body, duplex: 'half' } as RequestInit);
}

/**
 * What is left of the body of an upload that has failed is read and thrown away, as far as a piece of ours may go: a device
 * that is still sending when its line is closed hears nothing of the answer.
 */
async function discardRest(message: IncomingMessage, timers: Timers): Promise<void> {
  if (message.readableEnded || message.destroyed) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  let leftBytes = mostDiscardedBytes;
  message.removeAllListeners('data');
  message.on('data', (piece: Uint8Array) => {
    leftBytes -= piece.byteLength;
    if (leftBytes < 0) resolve();
  });
  message.once('end', resolve).once('close', resolve).resume();
  const cancelDeadline = timers.after(mostDiscardedMs, resolve);
  await promise;
  cancelDeadline();
}

function computeUploadError(error: unknown, maximumFileBytes: number): StintError {
  if (error instanceof StintError) return error;
  if (error instanceof DatabaseUnavailableError)
    return new UploadError(503, 'unavailable', 'the database of the server does not answer');
  if (isDiskFull(error)) return new UploadError(507, 'disk_full', 'the disk of the server is full');
  const found = error as { status_code?: unknown; body?: unknown };
  if (typeof found.status_code !== 'number' || typeof found.body !== 'string')
    return new UploadError(500, 'server_error', 'the server could not handle this upload');
  if (found.status_code === 413)
    return new UploadError(
      413,
      'too_large',
      `this server takes files of up to ${maximumFileBytes} bytes each`,
    );
  return new UploadError(
    found.status_code,
    computeCode(found.status_code),
    computeSentence(found.body),
  );
}

function computeCode(status: number): ErrorCode {
  if (status === 404 || status === 410) return 'not_found';
  if (status === 409) return 'conflict';
  return status >= 500 ? 'server_error' : 'invalid_input';
}

function computeSentence(body: string): string {
  const text = body.trim();
  return text === '' ? 'the upload was refused' : text;
}
