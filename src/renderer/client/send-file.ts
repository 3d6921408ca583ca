import { hostPaths } from '../../shared/contract/carriers.ts';
import type { StagedFile } from '../../shared/contract/shapes.ts';
import { hostSilentCode, RequestError, toRequestError, type Carrier } from './carrier.ts';
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
  return new RequestError('cancelled', `Adding “${file.name}” was cancelled.`);
}

function silent(file: File): RequestError {
  return new RequestError(
    hostSilentCode,
    `“${file.name}” could not be read, or the workspace process is not answering.`,
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
  throw toRequestError(body, `“${file.name}” could not be added: HTTP ${status}.`);
}

/** Gives a file's bytes to the workspace, on both hosts alike; on a full disk it waits for room. */
export async function sendFile(
  file: File,
  carrier: Carrier,
  { name = file.name, importId = crypto.randomUUID(), onProgress, signal }: UploadOptions,
): Promise<StagedFile> {
  const isAborted = (): boolean => signal?.aborted === true;
  if (isAborted()) throw cancelled(file);
  // A host may hear of the broken line late: said in words, it ends at once.
  const cancel = () => void carrier.request('files.cancelImport', { importId }).catch(() => {});
  signal?.addEventListener('abort', cancel, { once: true });
  const endWatch = onProgress === undefined ? () => {} : watchImport(carrier, importId, onProgress);
  let status: number;
  let text: string;
  try {
    const response = await fetch(hostPaths.import(name, { importId, sizeBytes: file.size }), {
      method: 'PUT',
      headers: {
        ...carrier.headers,
        'content-type': file.type === '' ? 'application/octet-stream' : file.type,
      },
      body: file,
      ...(signal === undefined ? {} : { signal }),
    });
    status = response.status;
    text = await response.text();
  } catch {
    throw isAborted() ? cancelled(file) : silent(file);
  } finally {
    endWatch();
    signal?.removeEventListener('abort', cancel);
  }
  return readStagedFile(status, text, file);
}
