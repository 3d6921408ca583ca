import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { Upload } from '@tus/server';
import { expect, onTestFinished, test } from 'vitest';
import { UploadStore } from '../../../src/server/files/upload-store.ts';
import { breakNextFlush } from '../../support/break-next-flush.ts';

const uploadId = '01a221b3-b448-7475-8000-000000000001';

async function createStore() {
  const folder = await mkdtemp(path.join(tmpdir(), 'stint-uploads-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const lost: string[] = [];
  const store = new UploadStore(folder, async (id) => {
    lost.push(id);
    await store.remove(id);
  });
  await store.create(new Upload({ id: uploadId, size: 10, offset: 0 }));
  return { folder, store, lost };
}

test('SY-1 an upload of which a flush failed is forgotten at once, though all its bytes can be read', async () => {
  const { folder, store, lost } = await createStore();
  await breakNextFlush(folder, 'datasync');
  await expect(store.write(Readable.from([Buffer.from('01234')]), uploadId, 0)).resolves.toBe(5);
  await expect(store.settle(uploadId)).rejects.toThrow('EIO');
  expect(lost).toEqual([uploadId]);
  // However often somebody asks, and whatever comes after it: nothing is made of it.
  await expect(store.settle(uploadId)).rejects.toThrow('EIO');
  await expect(store.getUpload(uploadId)).rejects.toMatchObject({ status_code: 404 });
  await expect(
    store.write(Readable.from([Buffer.from('56789')]), uploadId, 5),
  ).rejects.toMatchObject({ code: 'ENOENT' });
});

test('SY-1 bytes that came while a flush failed are not taken for safe', async () => {
  const { folder, store, lost } = await createStore();
  const rest = Promise.withResolvers<void>();
  await breakNextFlush(folder, 'datasync', rest.promise);
  // The rest is on its way, its file open, before the disk has said anything of what came first.
  const late = Readable.from(
    (async function* () {
      rest.resolve();
      await expect.poll(() => lost.length).toBe(1);
      yield Buffer.from('56789');
    })(),
  );
  await store.write(Readable.from([Buffer.from('01234')]), uploadId, 0);
  await expect(store.write(late, uploadId, 5)).rejects.toThrow('EIO');
  await expect(store.settle(uploadId)).rejects.toThrow('EIO');
});

test('what was written is flushed and whole', async () => {
  const { store, lost } = await createStore();
  await store.write(Readable.from([Buffer.from('01234')]), uploadId, 0);
  await store.write(Readable.from([Buffer.from('56789')]), uploadId, 5);
  await store.settle(uploadId);
  expect(lost).toEqual([]);
  expect((await store.getUpload(uploadId)).offset).toBe(10);
});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

test('SY-22 an upload is hashed as it comes, over breaks of the line, and told once', async () => {
  const { store } = await createStore();
  const breaking = Readable.from(
    (async function* () {
      yield Buffer.from('0123');
      throw new Error('the line broke');
    })(),
  );
  await expect(store.write(breaking, uploadId, 0)).rejects.toThrow('the line broke');
  const { offset } = await store.getUpload(uploadId);
  expect(offset).toBe(4);
  await store.write(Readable.from([Buffer.from('45'), Buffer.from('6789')]), uploadId, offset);
  expect(store.takeHash(uploadId, 10)).toBe(sha256('0123456789'));
  expect(store.takeHash(uploadId, 10)).toBeUndefined();
});

test('SY-22 of an upload that came through another process in part, or is not whole, no hash is told', async () => {
  const { folder, store } = await createStore();
  await store.write(Readable.from([Buffer.from('01234')]), uploadId, 0);
  expect(store.takeHash(uploadId, 10)).toBeUndefined();
  await store.write(Readable.from([Buffer.from('01234')]), uploadId, 0);
  // Another process takes the next piece, this one the last.
  const other = new UploadStore(folder, async () => undefined);
  await other.write(Readable.from([Buffer.from('567')]), uploadId, 5);
  await store.write(Readable.from([Buffer.from('89')]), uploadId, 8);
  expect(store.takeHash(uploadId, 10)).toBeUndefined();
  expect(other.takeHash(uploadId, 10)).toBeUndefined();
});
