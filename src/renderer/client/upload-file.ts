import { hostSilentCode, RequestError, toRequestError } from './carrier.ts';

/** A file that the workspace has copied and hashed, and that nothing refers to yet (SY-21). */
export interface StagedFile {
  readonly stagedId: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly name: string;
  readonly mediaType: string;
}

export interface UploadOptions {
  readonly onProgress?: (sentBytes: number, totalBytes: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Gives one file to the workspace. Nothing is lost or half kept when it fails or is cancelled: the
 * file counts only once the answer is here. Rejects with `RequestError`; `cancelled` when aborted.
 */
export function sendFile(
  file: File,
  headers: Readonly<Record<string, string>>,
  { onProgress, signal }: UploadOptions = {},
): Promise<StagedFile> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open('PUT', `/api/import?name=${encodeURIComponent(file.name)}`);
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    xhr.setRequestHeader('content-type', file.type === '' ? 'application/octet-stream' : file.type);
    xhr.responseType = 'text';
    xhr.upload.addEventListener('progress', (event) => onProgress?.(event.loaded, file.size));
    xhr.addEventListener('load', () => {
      let body: unknown;
      try {
        body = JSON.parse(xhr.responseText);
      } catch {
        body = undefined;
      }
      if (xhr.status >= 200 && xhr.status < 300 && body !== undefined) {
        onProgress?.(file.size, file.size);
        resolve(body as StagedFile);
      } else {
        reject(toRequestError(body, `“${file.name}” could not be added (HTTP ${xhr.status}).`));
      }
    });
    xhr.addEventListener('error', () => {
      reject(
        new RequestError(
          hostSilentCode,
          `“${file.name}” could not be read, or the workspace process is not answering.`,
        ),
      );
    });
    xhr.addEventListener('abort', () => {
      reject(new RequestError('cancelled', `Adding “${file.name}” was cancelled.`));
    });
    signal?.addEventListener('abort', () => xhr.abort(), { once: true });
    xhr.send(file);
  });
}
