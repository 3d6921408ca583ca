import { open } from 'node:fs/promises';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { runLanes } from './run-lanes.ts';

/** S3 takes parts from 5 MiB on, and 10,000 of them; a part is in memory while it is sent, so that it can be sent again. */
const smallestPartBytes = 8 * 1024 * 1024;
const mostParts = 9000;
const simultaneousParts = 3;
/** What one copy within a bucket may be at most. */
const largestCopyBytes = 5 * 1024 ** 3;
const copiedPartBytes = 1024 ** 3;

interface ObjectPlace {
  readonly bucket: string;
  readonly key: string;
}

interface Part {
  readonly number: number;
  readonly start: number;
  readonly sizeBytes: number;
}

/** Puts what is in memory into the bucket. */
export async function putBytes(
  client: S3Client,
  { bucket, key }: ObjectPlace,
  bytes: Uint8Array,
): Promise<void> {
  await client.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: bytes,
      ContentLength: bytes.byteLength,
      ContentType: 'application/octet-stream',
    }),
  );
}

/** Puts a file into the bucket, in parts where it is large. It is there whole, or not at all. */
export async function putFile(
  client: S3Client,
  { bucket, key }: ObjectPlace,
  filePath: string,
  sizeBytes: number,
): Promise<void> {
  const file = await open(filePath, 'r');
  const readPart = async ({ start, sizeBytes: wantedBytes }: Part): Promise<Buffer> => {
    const buffer = Buffer.allocUnsafe(wantedBytes);
    let filled = 0;
    while (filled < wantedBytes) {
      const { bytesRead } = await file.read(buffer, filled, wantedBytes - filled, start + filled);
      if (bytesRead === 0) throw new Error('a file became shorter while it was put into the store');
      filled += bytesRead;
    }
    return buffer;
  };
  try {
    if (sizeBytes <= smallestPartBytes) {
      const body = await readPart({ number: 1, start: 0, sizeBytes });
      await putBytes(client, { bucket, key }, body);
      return;
    }
    const partBytes = Math.max(smallestPartBytes, Math.ceil(sizeBytes / mostParts));
    await runMultipart(
      client,
      { bucket, key },
      listParts(sizeBytes, partBytes),
      async (part, uploadId) => {
        const body = await readPart(part);
        const { ETag: tag } = await client.send(
          new UploadPartCommand({
            Bucket: bucket,
            Key: key,
            UploadId: uploadId,
            PartNumber: part.number,
            Body: body,
            ContentLength: body.byteLength,
          }),
        );
        return tag;
      },
    );
  } finally {
    await file.close();
  }
}

/** Copies an object within the bucket, without its bytes coming here. */
export async function copyInBucket(
  client: S3Client,
  bucket: string,
  copy: { readonly from: string; readonly to: string; readonly sizeBytes: number },
): Promise<void> {
  const source = `${bucket}/${copy.from.split('/').map(encodeURIComponent).join('/')}`;
  if (copy.sizeBytes <= largestCopyBytes) {
    await client.send(new CopyObjectCommand({ Bucket: bucket, Key: copy.to, CopySource: source }));
    return;
  }
  const parts = listParts(copy.sizeBytes, copiedPartBytes);
  await runMultipart(client, { bucket, key: copy.to }, parts, async (part, uploadId) => {
    const { CopyPartResult: copied } = await client.send(
      new UploadPartCopyCommand({
        Bucket: bucket,
        Key: copy.to,
        UploadId: uploadId,
        PartNumber: part.number,
        CopySource: source,
        CopySourceRange: `bytes=${part.start}-${part.start + part.sizeBytes - 1}`,
      }),
    );
    return copied?.ETag;
  });
}

function listParts(sizeBytes: number, partBytes: number): Part[] {
  return Array.from({ length: Math.ceil(sizeBytes / partBytes) }, (_, index) => ({
    number: index + 1,
    start: index * partBytes,
    sizeBytes: Math.min(partBytes, sizeBytes - index * partBytes),
  }));
}

/** Several parts at a time; what was sent of an upload that fails is given up, since it would be paid for. */
async function runMultipart(
  client: S3Client,
  { bucket, key }: ObjectPlace,
  parts: readonly Part[],
  send: (part: Part, uploadId: string) => Promise<string | undefined>,
): Promise<void> {
  const { UploadId: uploadId } = await client.send(
    new CreateMultipartUploadCommand({
      Bucket: bucket,
      Key: key,
      ContentType: 'application/octet-stream',
    }),
  );
  if (uploadId === undefined) throw new Error('the object store began no upload');
  const sent: CompletedPart[] = [];
  try {
    await runLanes(parts, simultaneousParts, async (part) => {
      const tag = await send(part, uploadId);
      sent.push({ PartNumber: part.number, ...(tag === undefined ? {} : { ETag: tag }) });
    });
    await client.send(
      new CompleteMultipartUploadCommand({
        Bucket: bucket,
        Key: key,
        UploadId: uploadId,
        MultipartUpload: {
          Parts: sent.sort((one, other) => (one.PartNumber ?? 0) - (other.PartNumber ?? 0)),
        },
      }),
    );
  } catch (error) {
    await client
      .send(new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: uploadId }))
      .catch(() => undefined);
    throw error;
  }
}
