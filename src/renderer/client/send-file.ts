import { hostPaths } from '../../shared/contract/carriers.ts';
import type { StagedFile } from '../../shared/contract/shapes.ts';
import { isolate } from '../../shared/domain/isolate.ts';
import { RequestError, toRequestError, type Carrier } from './carrier.ts';
import { type ImportListener, watchImport } from './import-watch.ts';

export interface UploadOptions {
  /** Instead of the file's own: where it lay in a folder is part of its name. */
  readonly name?: string;
  /** By which it stands among `files.imports`. */
  readonly importId?: string;
  /** Called from time to time, with what the workspace has taken in. */
  readonly onProgress?: ImportListener;
  readonly signal?: AbortSignal;
}

function cancelled(file: File): RequestError {
  return new RequestError('cancelled', `Adding “${isolate(file.name)}” was cancelled.`);
}

function unreadable(file: File): RequestError {
  return new RequestError(
    'file_changed',
    `“${isolate(file.name)}” cannot be read any more: it was changed, moved or removed.`,
  );
}

function readStagedFile(status: number, text: string, file: File): StagedFile {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  if (status >= 200 && status < 300 && typeof body === 'object' && body !== null) {
    // Some hosts wrap every answer alike.
    return ('ok' in body && 'value' in body ? body.value : body) as StagedFile;
  }
  throw toRequestError(body, `“${isolate(file.name)}” could not be added: HTTP ${status}.`);
}

/** Whether its bytes can still be had. A browser gives none of a file that changed since it was chosen. */
async function canRead(file: File): Promise<boolean> {
  return await file
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => true,
      () => false,
    );
}

const retryMs = 1_000;

function pause(durationMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, durationMs);
    signal?.addEventListener('abort', end);
  });
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Undefined where the line broke before the answer came. */
async function put(
  file: File,
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<Answer | undefined> {
  try {
    const response = await fetch(url, {
      method: 'PUT',
      headers: {
        ...headers,
        'content-type': file.type === '' ? 'application/octet-stream' : file.type,
      },
      body: file,
      ...(signal === undefined ? {} : { signal }),
    });
    return { status: response.status, text: await response.text() };
  } catch {
    return undefined;
  }
}

/**
 * Gives a file's bytes to the workspace, on both hosts alike; on a full disk it waits for room. Where the line breaks or
 * the host is silent it is sent again until it arrives, as every question is asked again: what was chosen is not lost by
 * a moment without a host.
 */
export async function sendFile(
  file: File,
  carrier: Carrier,
  { name = file.name, importId = crypto.randomUUID(), onProgress, signal }: UploadOptions,
): Promise<StagedFile> {
  const isAborted = (): boolean => signal?.aborted === true;
  // A host may hear of the broken line late: said in words, it ends at once.
  const cancel = async () => {
    await carrier.request('files.cancelImport', { importId }).catch(() => {});
  };
  const onAbort = () => void cancel();
  const url = hostPaths.import(name, { importId, sizeBytes: file.size });
  signal?.addEventListener('abort', onAbort, { once: true });
  const endWatch = onProgress === undefined ? () => {} : watchImport(carrier, importId, onProgress);
  try {
    for (let isFirst = true; !isAborted(); isFirst = false) {
      const answer = await put(file, url, carrier.headers, signal);
      if (isAborted()) break;
      if (answer !== undefined) {
        try {
          return readStagedFile(answer.status, answer.text, file);
        } catch (error) {
          // What came before has not ended there yet.
          const isEnding = error instanceof RequestError && error.code === 'conflict';
          if (isFirst || !isEnding) throw error;
        }
      } else if (!(await canRead(file))) throw unreadable(file);
      // Answered before the next one is sent, or it could end that one.
      await cancel();
      await pause(retryMs, signal);
    }
    throw cancelled(file);
  } finally {
    endWatch();
    signal?.removeEventListener('abort', onAbort);
  }
}
