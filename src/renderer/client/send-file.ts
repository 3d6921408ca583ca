import { hostPaths } from '../../shared/contract/carriers.ts';
import type { StagedFile } from '../../shared/contract/shapes.ts';
import { hostSilentCode, RequestError, toRequestError, type Carrier } from './carrier.ts';

export interface UploadOptions {
  /** Instead of the file's own: where it lay in a folder is part of its name. */
  readonly name?: string;
  readonly onProgress?: (sentBytes: number, totalBytes: number) => void;
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

/** In the desktop app, where the copy runs as fast as the disk and the page sees no progress. */
async function sendByFetch(
  file: File,
  { name = file.name, onProgress, signal }: UploadOptions,
): Promise<StagedFile> {
  let status: number;
  let text: string;
  try {
    const response = await fetch(hostPaths.import(name), {
      method: 'PUT',
      body: file,
      ...(signal === undefined ? {} : { signal }),
    });
    status = response.status;
    text = await response.text();
  } catch {
    throw signal?.aborted === true ? cancelled(file) : silent(file);
  }
  onProgress?.(file.size, file.size);
  return readStagedFile(status, text, file);
}

/** `fetch` cannot tell how much of a body it has sent; this older interface can. */
function sendByXhr(
  file: File,
  headers: Readonly<Record<string, string>>,
  { name = file.name, onProgress, signal }: UploadOptions,
): Promise<StagedFile> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open('PUT', hostPaths.import(name));
    for (const [header, value] of Object.entries(headers)) xhr.setRequestHeader(header, value);
    xhr.setRequestHeader('content-type', file.type === '' ? 'application/octet-stream' : file.type);
    xhr.upload.addEventListener('progress', (event) => onProgress?.(event.loaded, file.size));
    xhr.addEventListener('load', () => {
      try {
        resolve(readStagedFile(xhr.status, xhr.responseText, file));
      } catch (error) {
        reject(error instanceof Error ? error : silent(file));
      }
    });
    xhr.addEventListener('error', () => reject(silent(file)));
    xhr.addEventListener('abort', () => reject(cancelled(file)));
    signal?.addEventListener('abort', () => xhr.abort(), { once: true });
    xhr.send(file);
  });
}

export function sendFile(
  file: File,
  { headers, reportsUploadProgress }: Carrier,
  options: UploadOptions,
): Promise<StagedFile> {
  if (options.signal?.aborted === true) return Promise.reject(cancelled(file));
  return reportsUploadProgress ? sendByXhr(file, headers, options) : sendByFetch(file, options);
}
