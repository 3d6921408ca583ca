import { rm, stat } from 'node:fs/promises';
import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { StintError } from '../../shared/errors.ts';
import type { BlobStore } from './blob-store.ts';
import type { S3Location } from './blob-location.ts';
import { runLanes } from './run-lanes.ts';
import { copyInBucket, putBytes, putFile } from './s3-transfers.ts';

const connectTimeoutMs = 10_000;
/** Of silence, not in all: a large content takes as long as it takes. */
const silenceTimeoutMs = 60_000;
const attempts = 4;
const simultaneousPuts = 8;

/**
 * Contents as objects of a bucket: `PREFIX/contents/<organization>/<hash>`, and what was set aside below
 * `PREFIX/damaged/`. Any server that speaks S3 with multipart uploads and ranges will do. The keys come from the
 * environment, as every program of that world reads them, and are in no message.
 */
export function createS3BlobStore(location: S3Location): BlobStore {
  const { bucket } = location;
  const root = location.prefix === '' ? '' : `${location.prefix}/`;
  const contentsPrefix = `${root}contents/`;
  const asidePrefix = `${root}damaged/`;
  const computeKey = (orgId: string, sha256: string): string =>
    `${contentsPrefix}${orgId}/${sha256}`;
  const client = new S3Client({
    region: location.region,
    forcePathStyle: location.isPathStyle,
    ...(location.endpoint === undefined ? {} : { endpoint: location.endpoint }),
    maxAttempts: attempts,
    requestHandler: { connectionTimeout: connectTimeoutMs, socketTimeout: silenceTimeoutMs },
    // Many servers other than the first know no trailing checksums; every content is known by its SHA-256 anyhow.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });

  async function ask<Answer>(action: () => Promise<Answer>): Promise<Answer> {
    try {
      return await action();
    } catch (error) {
      throw describeS3Failure(error);
    }
  }

  /** Undefined where the object is not there; a bucket that is gone is a failure, and never an empty one. */
  async function findSize(key: string): Promise<number | undefined> {
    try {
      const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
      return head.ContentLength;
    } catch (error) {
      if (!isNotFound(error)) throw error;
      await client.send(new HeadBucketCommand({ Bucket: bucket }));
      return undefined;
    }
  }

  async function* listBelow(prefix: string) {
    let token: string | undefined;
    do {
      const continuation = token;
      const page = await ask(() =>
        client.send(
          new ListObjectsV2Command({
            Bucket: bucket,
            Prefix: prefix,
            ...(continuation === undefined ? {} : { ContinuationToken: continuation }),
          }),
        ),
      );
      for (const { Key: key, Size: sizeBytes, LastModified: storedAt } of page.Contents ?? []) {
        const match = /^([^/]+)\/([0-9a-f]{64})$/.exec(key?.slice(prefix.length) ?? '');
        const [, orgId, sha256] = match ?? [];
        if (key === undefined || orgId === undefined || sha256 === undefined) continue;
        yield {
          key,
          orgId,
          sha256,
          sizeBytes: sizeBytes ?? 0,
          storedAtMs: storedAt?.getTime() ?? 0,
        };
      }
      token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
  }

  async function removeKey(key: string): Promise<void> {
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  }

  /**
   * Puts it there, and makes sure that it is there whole then. Over one that is there already, too: this one is known to be
   * sound, and the size says nothing of the other.
   */
  async function ensure(
    key: string,
    sizeBytes: number,
    send: () => Promise<unknown>,
  ): Promise<void> {
    await send();
    const storedBytes = await findSize(key);
    if (storedBytes !== sizeBytes)
      throw new StintError(
        'unavailable',
        `the object store kept ${storedBytes ?? 0} bytes of a file that has ${sizeBytes}; it is put there again later`,
      );
  }

  async function adopt(orgId: string, sha256: string, sourcePath: string): Promise<void> {
    const key = computeKey(orgId, sha256);
    await ask(async () => {
      const { size: sizeBytes } = await stat(sourcePath);
      await ensure(key, sizeBytes, () => putFile(client, { bucket, key }, sourcePath, sizeBytes));
    });
    await rm(sourcePath, { force: true });
  }

  async function put(orgId: string, sha256: string, bytes: Uint8Array): Promise<void> {
    const key = computeKey(orgId, sha256);
    await ask(() => ensure(key, bytes.byteLength, () => putBytes(client, { bucket, key }, bytes)));
  }

  return {
    findSizeBytes: (orgId, sha256) => ask(() => findSize(computeKey(orgId, sha256))),
    adopt,
    takeAll: (orgId, contents) =>
      runLanes(contents, simultaneousPuts, ({ sha256, bytes }) => put(orgId, sha256, bytes)),
    settle: () => Promise.resolve(),
    read(orgId, sha256, span) {
      const output = new PassThrough({ highWaterMark: 1024 * 1024 });
      void readInto(output, computeKey(orgId, sha256), span);
      return output;
    },
    readSmall: (orgId, sha256, mostBytes) =>
      ask(async () => {
        const sizeBytes = await findSize(computeKey(orgId, sha256));
        if (sizeBytes === undefined || sizeBytes > mostBytes) return undefined;
        const { Body: body } = await client.send(
          new GetObjectCommand({ Bucket: bucket, Key: computeKey(orgId, sha256) }),
        );
        return await body?.transformToByteArray();
      }),
    remove: (orgId, sha256) => ask(() => removeKey(computeKey(orgId, sha256))),
    async setAside(orgId, sha256) {
      const key = computeKey(orgId, sha256);
      await ask(async () => {
        const sizeBytes = await findSize(key);
        if (sizeBytes === undefined) return;
        await copyInBucket(client, bucket, {
          from: key,
          to: `${asidePrefix}${orgId}/${sha256}`,
          sizeBytes,
        });
        await removeKey(key);
      });
    },
    async removeSetAside(beforeMs) {
      let count = 0;
      for await (const { key, storedAtMs } of listBelow(asidePrefix)) {
        if (storedAtMs >= beforeMs) continue;
        await ask(() => removeKey(key));
        count += 1;
      }
      return count;
    },
    async *list() {
      for await (const { key: _key, ...blob } of listBelow(contentsPrefix)) yield blob;
    },
    close: () => client.destroy(),
  };

  async function readInto(
    output: PassThrough,
    key: string,
    span: { readonly first: number; readonly last: number } | undefined,
  ): Promise<void> {
    const abort = new AbortController();
    // Whoever asked may have gone before the first byte came.
    output.once('close', () => abort.abort());
    try {
      const { Body: body } = await client.send(
        new GetObjectCommand({
          Bucket: bucket,
          Key: key,
          ...(span === undefined ? {} : { Range: `bytes=${span.first}-${span.last}` }),
        }),
        { abortSignal: abort.signal },
      );
      if (body === undefined) output.end();
      else await pipeline(body as Readable, output);
    } catch (error) {
      output.destroy(describeS3Failure(error) as Error);
    }
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404;
}

/** A store that does not answer, or refuses, in words: the server's own keys, bucket or network are at fault. */
function describeS3Failure(error: unknown): unknown {
  if (error instanceof StintError) return error;
  const fileCode = (error as NodeJS.ErrnoException | undefined)?.code;
  if (fileCode === 'ENOENT' || fileCode === 'ENOSPC') return error;
  const reason =
    error instanceof S3ServiceException
      ? `${error.name}, status ${error.$metadata.httpStatusCode ?? 'unknown'}`
      : (fileCode ?? (error instanceof Error ? error.name : 'no connection'));
  return new StintError(
    'unavailable',
    `the store of the server's files does not answer (${reason}); nothing is lost, and it goes on when it does`,
    { cause: error },
  );
}
