import { Upload } from 'tus-js-client';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import type { TestDevice } from './test-device.ts';
import { computeSha256 } from './test-ids.ts';

export interface UploadOptions {
  /** The hash to announce; the content's own unless a test lies. */
  readonly sha256?: string;
  readonly chunkSizeBytes?: number;
  /** Goes on with an upload that was begun before. */
  readonly uploadUrl?: string;
  /** Called after each chunk; answering true breaks the upload off there. */
  readonly shouldStop?: (sentBytes: number) => boolean;
}

export interface UploadOutcome {
  /** Null when the server refused to begin. */
  readonly uploadUrl: string | null;
  readonly sentBytes: number;
  readonly isComplete: boolean;
}

/** Uploads with a real tus client, without retries; throws what the server answered. */
export async function uploadContent(
  device: TestDevice,
  orgId: string,
  content: Uint8Array,
  options: UploadOptions = {},
): Promise<UploadOutcome> {
  return await new Promise((resolve, reject) => {
    let sentBytes = 0;
    const upload = new Upload(Buffer.from(content), {
      endpoint: `${device.baseUrl}${endpoints.uploads(orgId)}`,
      headers: { authorization: `Bearer ${device.token}` },
      metadata: { sha256: options.sha256 ?? computeSha256(content) },
      chunkSize: options.chunkSizeBytes ?? Number.POSITIVE_INFINITY,
      retryDelays: null,
      uploadUrl: options.uploadUrl ?? null,
      onChunkComplete(_chunkBytes, acceptedBytes) {
        sentBytes = acceptedBytes;
        if (options.shouldStop?.(acceptedBytes) !== true) return;
        void upload
          .abort()
          .then(() => resolve({ uploadUrl: upload.url, sentBytes, isComplete: false }), reject);
      },
      onError: reject,
      onSuccess: () => resolve({ uploadUrl: upload.url, sentBytes, isComplete: true }),
    });
    upload.start();
  });
}

/** The status and the body's error code of what a tus client failed with. */
export function describeUploadError(error: unknown): { status: number; code: unknown } {
  const response =
    error instanceof Error && 'originalResponse' in error
      ? (error.originalResponse as { getStatus(): number; getBody(): string } | null)
      : null;
  if (response === null) throw error;
  const body = JSON.parse(response.getBody()) as { error: { code: unknown } };
  return { status: response.getStatus(), code: body.error.code };
}
