import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { openBlobStore } from '../../../src/server/files/blob-location.ts';
import type { BlobStore } from '../../../src/server/files/blob-store.ts';
import { catchError } from '../../support/catch-error.ts';
import { startTestS3, type TestS3 } from '../../support/s3/start-s3-server.ts';
import { computeSha256, createId } from '../../support/server/test-ids.ts';
import { createTestFolder } from '../../support/server/test-server.ts';

interface OpenedStore {
  readonly blobs: BlobStore;
  readonly folder: string;
  readonly s3: TestS3 | undefined;
}

async function openDisk(): Promise<OpenedStore> {
  const folder = await createTestFolder();
  const blobs = await openBlobStore(path.join(folder, 'blobs'), undefined);
  return { blobs, folder, s3: undefined };
}

async function openS3(): Promise<OpenedStore> {
  const folder = await createTestFolder();
  const s3 = await startTestS3();
  return { blobs: await openBlobStore(path.join(folder, 'blobs'), s3.location), folder, s3 };
}

/** A file as a finished upload leaves it. */
async function makeSource(folder: string, content: Uint8Array): Promise<string> {
  const filePath = path.join(folder, `upload-${createId()}`);
  await writeFile(filePath, content);
  return filePath;
}

async function put({ blobs, folder }: OpenedStore, orgId: string, content: Buffer) {
  const sha256 = computeSha256(content);
  await blobs.adopt(orgId, sha256, await makeSource(folder, content));
  return sha256;
}

const listAll = async (blobs: BlobStore) => {
  const found: { orgId: string; sha256: string; sizeBytes: number }[] = [];
  for await (const { orgId, sha256, sizeBytes } of blobs.list())
    found.push({ orgId, sha256, sizeBytes });
  return found.sort((one, other) => (one.sha256 < other.sha256 ? -1 : 1));
};

describe.each([
  ['on a disk', openDisk],
  ['in an S3 bucket', openS3],
])('contents %s', (_name, open) => {
  test('a content taken over is there whole, and its source is gone', async () => {
    const store = await open();
    const { blobs, folder } = store;
    const orgId = createId();
    for (const content of [Buffer.alloc(0), randomBytes(1), randomBytes(100_000)]) {
      const sha256 = computeSha256(content);
      expect(await blobs.findSizeBytes(orgId, sha256)).toBeUndefined();
      const source = await makeSource(folder, content);
      await blobs.adopt(orgId, sha256, source);
      expect(existsSync(source)).toBe(false);
      expect(await blobs.findSizeBytes(orgId, sha256)).toBe(content.byteLength);
      if (content.byteLength > 0)
        expect(await buffer(blobs.read(orgId, sha256, undefined))).toEqual(content);
    }
  });

  test('many small contents are taken over at once, those that are there already as well', async () => {
    const { blobs } = await open();
    const orgId = createId();
    const contents = Array.from({ length: 30 }, (_, index) => randomBytes(index * 11));
    const takeOver = () =>
      blobs.takeAll(
        orgId,
        contents.map((bytes) => ({ sha256: computeSha256(bytes), bytes })),
      );
    await takeOver();
    await takeOver();
    await blobs.settle();
    for (const content of contents) {
      const sha256 = computeSha256(content);
      expect(Buffer.from((await blobs.readSmall(orgId, sha256, 1000)) ?? [])).toEqual(content);
      if (content.byteLength > 0)
        expect(await buffer(blobs.read(orgId, sha256, undefined))).toEqual(content);
    }
    expect((await listAll(blobs)).length).toBe(contents.length);
    expect(await blobs.readSmall(orgId, computeSha256(contents[29] ?? ''), 29 * 11 - 1)).toBe(
      undefined,
    );
    expect(await blobs.readSmall(orgId, computeSha256('not there'), 1000)).toBe(undefined);
  });

  test('a content of several parts arrives in the order of its parts', async () => {
    const store = await open();
    const orgId = createId();
    const content = randomBytes(20 * 1024 * 1024 + 17);
    const sha256 = await put(store, orgId, content);
    expect(computeSha256(await buffer(store.blobs.read(orgId, sha256, undefined)))).toBe(sha256);
  });

  test('a span is both of its ends and what is between', async () => {
    const store = await open();
    const orgId = createId();
    const content = randomBytes(1000);
    const sha256 = await put(store, orgId, content);
    for (const [first, last] of [
      [0, 1],
      [10, 19],
      [999, 999],
      [0, 999],
    ] as const)
      expect(await buffer(store.blobs.read(orgId, sha256, { first, last }))).toEqual(
        content.subarray(first, last + 1),
      );
  });

  test('taking over what is there already changes nothing, and several at once are one', async () => {
    const store = await open();
    const orgId = createId();
    const content = randomBytes(5000);
    await Promise.all([1, 2, 3].map(() => put(store, orgId, content)));
    const sha256 = await put(store, orgId, content);
    expect(await buffer(store.blobs.read(orgId, sha256, undefined))).toEqual(content);
    expect(await listAll(store.blobs)).toEqual([{ orgId, sha256, sizeBytes: 5000 }]);
  });

  test('a sound one takes the place of one that the store has changed and that kept its size', async () => {
    const { blobs, folder } = await open();
    const orgId = createId();
    const [large, small] = [randomBytes(5000), randomBytes(50)];
    for (const content of [large, small])
      await blobs.adopt(
        orgId,
        computeSha256(content),
        await makeSource(folder, Buffer.alloc(content.byteLength)),
      );
    await blobs.adopt(orgId, computeSha256(large), await makeSource(folder, large));
    await blobs.takeAll(orgId, [{ sha256: computeSha256(small), bytes: small }]);
    await blobs.settle();
    for (const content of [large, small])
      expect(await buffer(blobs.read(orgId, computeSha256(content), undefined))).toEqual(content);
  });

  test("one organization's content is not another's", async () => {
    const store = await open();
    const [one, other] = [createId(), createId()];
    const sha256 = await put(store, one, randomBytes(10));
    expect(await store.blobs.findSizeBytes(other, sha256)).toBeUndefined();
    await store.blobs.remove(other, sha256);
    expect(await store.blobs.findSizeBytes(one, sha256)).toBe(10);
  });

  test('what is removed is gone, and removing it again is harmless', async () => {
    const store = await open();
    const orgId = createId();
    const sha256 = await put(store, orgId, randomBytes(10));
    await store.blobs.remove(orgId, sha256);
    expect(await store.blobs.findSizeBytes(orgId, sha256)).toBeUndefined();
    await store.blobs.remove(orgId, sha256);
    await expect(buffer(store.blobs.read(orgId, sha256, undefined))).rejects.toThrow(
      /ENOENT|does not answer \(NoSuchKey/,
    );
  });

  test('what was set aside is out of reach, in no list, and gone after its time', async () => {
    const store = await open();
    const { blobs } = store;
    const orgId = createId();
    const content = randomBytes(300);
    const sha256 = await put(store, orgId, content);
    const kept = await put(store, orgId, randomBytes(301));
    await blobs.setAside(orgId, sha256);
    await blobs.setAside(orgId, sha256);
    expect(await blobs.findSizeBytes(orgId, sha256)).toBeUndefined();
    expect((await listAll(blobs)).map((blob) => blob.sha256)).toEqual([kept]);
    expect(await blobs.removeSetAside(Date.now() - 3_600_000)).toBe(0);
    expect(await blobs.removeSetAside(Date.now() + 3_600_000)).toBe(1);
    expect(await blobs.removeSetAside(Date.now() + 3_600_000)).toBe(0);
    // A sound one may take its place.
    await put(store, orgId, content);
    expect(await buffer(blobs.read(orgId, sha256, undefined))).toEqual(content);
  });

  test('a list has everything, with its size and about when it came', async () => {
    const store = await open();
    const expected: { orgId: string; sha256: string; sizeBytes: number }[] = [];
    const beganMs = Date.now();
    for (const sizeBytes of [1, 20, 300]) {
      const orgId = createId();
      expected.push({ orgId, sha256: await put(store, orgId, randomBytes(sizeBytes)), sizeBytes });
    }
    expect(await listAll(store.blobs)).toEqual(
      expected.sort((one, other) => (one.sha256 < other.sha256 ? -1 : 1)),
    );
    for await (const { storedAtMs } of store.blobs.list()) {
      // An object store notes whole seconds.
      expect(storedAtMs).toBeGreaterThan(beganMs - 2000);
      expect(storedAtMs).toBeLessThan(Date.now() + 2000);
    }
  });
});

describe('a bucket', () => {
  test('that is gone, or refuses, is a failure, and never an empty one; the source stays, and goes up later', async ({
    skip,
  }) => {
    skip(Boolean(process.env['STINT_TEST_S3']), 'the bucket is not of this test, which stops it');
    const store = await openS3();
    const { blobs, folder, s3 } = store;
    if (s3 === undefined) throw new Error('no S3');
    const orgId = createId();
    const content = randomBytes(9 * 1024 * 1024);
    const sha256 = computeSha256(content);
    const held = await put(store, orgId, randomBytes(10));
    const source = await makeSource(folder, content);
    const bringBack = await s3.hideBucket();
    const attempts = [
      () => blobs.findSizeBytes(orgId, held),
      () => blobs.adopt(orgId, sha256, source),
      () => listAll(blobs),
      () => buffer(blobs.read(orgId, held, undefined)),
      () => blobs.setAside(orgId, held),
    ];
    for (const attempt of attempts)
      expect(await catchError(attempt)).toMatchObject({ code: 'unavailable' });
    await bringBack();
    for (const status of [403, 503]) {
      s3.failsWith = status;
      // What is refused for a moment is tried again, which takes its time: one of each kind then.
      for (const attempt of status === 503 ? attempts.slice(0, 2) : attempts) {
        const error = await catchError(attempt);
        expect(error).toMatchObject({ code: 'unavailable' });
        expect(String(error)).not.toContain('S3RVER');
      }
    }
    s3.failsWith = undefined;
    expect(await readFile(source)).toEqual(content);
    await blobs.adopt(orgId, sha256, source);
    expect(await blobs.findSizeBytes(orgId, sha256)).toBe(content.byteLength);
  }, 60_000);

  test.each([
    ['http://contents', /expected s3:/],
    ['s3://', /expected s3:/],
    ['s3://key:secret@contents', /AWS_ACCESS_KEY_ID/],
    ['s3://contents?regoin=x', /knows no "regoin"/],
    ['s3://contents?endpoint=ftp://x', /endpoint/],
    ['s3://contents?path-style=maybe', /path-style/],
  ])('whose address cannot be understood is refused: %s', async (location, reason) => {
    const error = await catchError(() => openBlobStore('/nowhere', location));
    expect(error).toMatchObject({ code: 'invalid_input', field: 'STINT_BLOBS' });
    expect(String(error)).toMatch(reason);
    expect(String(error)).not.toContain('secret');
  });
});

test('of many small contents nothing is put into the bucket any more once one has failed', async () => {
  const { blobs } = await openS3();
  const unreadable = {
    sha256: computeSha256('unreadable'),
    get bytes(): Uint8Array {
      throw new Error('unreadable');
    },
  };
  const sound = Array.from({ length: 40 }, (_, index) => {
    const bytes = Buffer.from(`content ${index}`);
    return { sha256: computeSha256(bytes), bytes };
  });
  const contents = [...sound.slice(0, 20), unreadable, ...sound.slice(20)];
  await expect(blobs.takeAll(createId(), contents)).rejects.toThrow('unreadable');
  const count = (await listAll(blobs)).length;
  expect(count).toBeLessThan(sound.length - 10);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect((await listAll(blobs)).length).toBe(count);
});
