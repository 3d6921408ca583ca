import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What the server that npm brings lets in. */
export const testKeys = { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' } as const;

export interface TestS3 {
  /** For `STINT_BLOBS`, with a prefix of its own. */
  readonly location: string;
  readonly bucket: string;
  /** Where the objects' bytes lie on the disk; undefined where the server is not ours. */
  readonly folder: string | undefined;
  /** Until it is taken away: every request is answered with this status, and reaches nothing. */
  failsWith: number | undefined;
  /** Removes the bucket's folder, as if somebody had deleted it. Answers the way to bring it back. */
  hideBucket(): Promise<() => Promise<void>>;
}

/**
 * An S3 server that is none of ours: `s3rver` from npm, with signatures, multipart uploads, ranges and listings, on a
 * free port of 127.0.0.1 and in a folder of its own. With `STINT_TEST_S3` (an address as for `STINT_BLOBS`, with its
 * keys in the environment) the same tests run against whichever server that names, a bucket of a provider for example.
 */
export async function startTestS3(): Promise<TestS3> {
  const given = process.env['STINT_TEST_S3'];
  if (given !== undefined && given !== '') {
    const [address = '', query = ''] = given.split('?');
    return {
      location: `${address.replace(/\/+$/, '')}/test-${crypto.randomUUID()}?${query}`,
      bucket: new URL(address).hostname,
      folder: undefined,
      failsWith: undefined,
      hideBucket: () => Promise.reject(new Error('this server is not ours')),
    };
  }
  Object.assign(process.env, testKeys);
  const { default: S3rver } = await import('s3rver');
  const folder = await mkdtemp(path.join(tmpdir(), 'stint-s3-'));
  const bucket = 'contents';
  const rver = new S3rver({
    directory: folder,
    silent: true,
    resetOnClose: false,
    configureBuckets: [{ name: bucket, configs: [] }],
  });
  await rver.configureBuckets();
  const test: { failsWith: number | undefined } = { failsWith: undefined };
  const answer = rver.getMiddleware();
  const server: Server = createServer((request, response) => {
    if (test.failsWith === undefined) {
      answer(request, response);
      return;
    }
    request.resume();
    response.writeHead(test.failsWith, { 'content-type': 'application/xml' });
    response.end(
      request.method === 'HEAD'
        ? undefined
        : '<?xml version="1.0"?><Error><Code>Refused</Code><Message>by the test</Message></Error>',
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true, force: true });
  });
  const { port } = server.address() as AddressInfo;
  return Object.assign(test, {
    location: `s3://${bucket}/stint/files?endpoint=http://127.0.0.1:${port}&region=eu-central-1`,
    bucket,
    folder: path.join(folder, bucket),
    async hideBucket() {
      const { rename } = await import('node:fs/promises');
      const hidden = path.join(folder, '..', `${path.basename(folder)}-hidden`);
      await rename(path.join(folder, bucket), hidden);
      return () => rename(hidden, path.join(folder, bucket));
    },
  });
}
