import { type FileHandle, open, stat } from 'node:fs/promises';
import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { HttpRequest, HttpResponse, HttpStack, UploadOptions } from 'tus-js-client';

/** Two of them, used again and again: one is sent while the other is filled. */
const bufferBytes = 256 * 1024;
/** An answer to an upload is a few words. */
const longestAnswerBytes = 64 * 1024;

/** A stretch of a file that one request carries. */
class FilePiece {
  readonly path: string;
  readonly start: number;
  readonly size: number;

  constructor(path: string, start: number, size: number) {
    this.path = path;
    this.start = start;
    this.size = size;
  }
}

/**
 * What the upload library is to send a file with: its own way makes a buffer for each 64 KiB, which piles up by the tens
 * of megabytes until they are collected (docs/decisions/0024-buffers-are-let-go-early.md). For one upload, whose
 * requests follow each other.
 */
export function createFileUpload(path: string): Pick<UploadOptions, 'httpStack' | 'fileReader'> {
  const buffers = [Buffer.allocUnsafeSlow(bufferBytes), Buffer.allocUnsafeSlow(bufferBytes)];
  const httpStack: HttpStack = {
    createRequest: (method, url) => new FileRequest(method, url, buffers),
    getName: () => 'FileUploadStack',
  };
  return {
    httpStack,
    fileReader: {
      async openFile() {
        const { size } = await stat(path);
        return {
          size,
          slice: async (start: number, end: number) => {
            const last = Math.min(end, size);
            return { value: new FilePiece(path, start, last - start), done: last >= size };
          },
          close: () => undefined,
        };
      },
    },
  };
}

class FileRequest implements HttpRequest {
  readonly #method: string;
  readonly #url: string;
  readonly #buffers: readonly Buffer[];
  readonly #headers: Record<string, string> = {};
  #onProgress: (sentBytes: number) => void = () => undefined;
  #request: ClientRequest | undefined;

  constructor(method: string, url: string, buffers: readonly Buffer[]) {
    this.#method = method;
    this.#url = url;
    this.#buffers = buffers;
  }

  getMethod(): string {
    return this.#method;
  }

  getURL(): string {
    return this.#url;
  }

  setHeader(name: string, value: string): void {
    this.#headers[name] = value;
  }

  getHeader(name: string): string | undefined {
    return this.#headers[name];
  }

  setProgressHandler(onProgress: (sentBytes: number) => void): void {
    this.#onProgress = onProgress;
  }

  async send(body: unknown): Promise<HttpResponse> {
    const piece = body instanceof FilePiece ? body : undefined;
    const begin = this.#url.startsWith('https:') ? httpsRequest : httpRequest;
    const request = begin(this.#url, {
      method: this.#method,
      // A server that refuses a piece leaves some of it unread, behind which another request would wait for ever.
      ...(piece === undefined ? {} : { agent: false }),
      headers: {
        ...this.#headers,
        ...(piece === undefined ? {} : { 'content-length': String(piece.size) }),
      },
    });
    this.#request = request;
    const answered = hear(request);
    if (piece === undefined) {
      request.end();
      return await answered;
    }
    const sending = this.#sendPiece(request, piece);
    try {
      // A line that broke is told by the answer.
      return await answered;
    } finally {
      // A server that has answered needs no more of it, and the next request needs the buffers.
      request.destroy();
      await sending;
    }
  }

  async #sendPiece(request: ClientRequest, piece: FilePiece): Promise<void> {
    const file = await open(piece.path, 'r').catch((error: Error) => request.destroy(error));
    if (!('read' in file)) return;
    try {
      let sentBytes = 0;
      let next = readInto(file, this.#buffers[0], piece, 0);
      for (let turn = 1; sentBytes < piece.size; turn += 1) {
        const bytes = await next;
        sentBytes += bytes.byteLength;
        const sending = write(request, bytes);
        if (sentBytes < piece.size)
          next = readInto(file, this.#buffers[turn % 2], piece, sentBytes);
        // The buffer is filled again only when the system has taken all of it.
        await Promise.all([sending, next]);
        this.#onProgress(sentBytes);
      }
      request.end();
    } catch (error) {
      request.destroy(error as Error);
    } finally {
      await file.close();
    }
  }

  async abort(): Promise<void> {
    this.#request?.destroy();
  }

  getUnderlyingObject(): unknown {
    return this.#request;
  }
}

async function readInto(
  file: FileHandle,
  buffer: Buffer | undefined,
  { start, size }: FilePiece,
  position: number,
): Promise<Buffer> {
  if (buffer === undefined) throw new Error('an upload has no buffer');
  const wantedBytes = Math.min(buffer.byteLength, size - position);
  const { bytesRead } = await file.read(buffer, 0, wantedBytes, start + position);
  if (bytesRead === 0) throw new Error('a file became shorter while it was sent');
  return buffer.subarray(0, bytesRead);
}

/** Resolves when the system has taken the bytes. */
async function write(request: ClientRequest, bytes: Buffer): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const onClose = (): void => reject(new Error('the connection was closed'));
    request.once('close', onClose);
    request.write(bytes, (error) => {
      request.off('close', onClose);
      if (error === undefined || error === null) resolve();
      else reject(error);
    });
  });
}

async function hear(request: ClientRequest): Promise<HttpResponse> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    request.on('error', reject);
    request.once('close', () => reject(new Error('the connection was closed')));
  });
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    sizeBytes += piece.byteLength;
    if (sizeBytes <= longestAnswerBytes) pieces.push(piece);
  }
  const text = Buffer.concat(pieces).toString();
  return {
    getStatus: () => response.statusCode ?? 0,
    getHeader: (name) => {
      const value = response.headers[name.toLowerCase()];
      return Array.isArray(value) ? value.join(', ') : value;
    },
    getBody: () => text,
    getUnderlyingObject: () => response,
  };
}
