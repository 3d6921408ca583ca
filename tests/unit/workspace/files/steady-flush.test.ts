import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { SteadyFlush } from '../../../../src/main/workspace/files/steady-flush.ts';

const flushBytes = 32 * 1024 * 1024;

async function openFile() {
  const folder = await mkdtemp(path.join(tmpdir(), 'stint-flush-'));
  const file = await open(path.join(folder, 'file'), 'w');
  onTestFinished(async () => {
    await file.close();
    await rm(folder, { recursive: true, force: true });
  });
  return file;
}

test('SY-22 what a flush on the way has found is found by the last one too, though that finds nothing', async () => {
  const file = await openFile();
  const flush = new SteadyFlush(file);
  vi.spyOn(file, 'datasync').mockRejectedValueOnce(new Error('EIO: i/o error, fdatasync'));
  await file.write('bytes');
  flush.note(flushBytes);
  await flush.settle();
  expect(flush.hasFailed).toBe(true);
  await expect(flush.end()).rejects.toThrow('EIO');
});

test('SY-22 what the last flush has found is remembered', async () => {
  const file = await openFile();
  const flush = new SteadyFlush(file);
  vi.spyOn(file, 'sync').mockRejectedValueOnce(new Error('EIO: i/o error, fsync'));
  await expect(flush.end()).rejects.toThrow('EIO');
  expect(flush.hasFailed).toBe(true);
});

test('a flush on the way waits for enough bytes, and nothing fails where nothing did', async () => {
  const file = await openFile();
  const flush = new SteadyFlush(file);
  const datasync = vi.spyOn(file, 'datasync');
  flush.note(flushBytes - 1);
  expect(datasync).not.toHaveBeenCalled();
  flush.note(1);
  await flush.end();
  expect(datasync).toHaveBeenCalledTimes(1);
  expect(flush.hasFailed).toBe(false);
});
