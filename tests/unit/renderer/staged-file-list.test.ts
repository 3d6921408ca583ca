import { expect, test, vi } from 'vitest';
import type { StagedFile } from '../../../src/shared/contract/shapes.ts';
import { RequestError } from '../../../src/renderer/client/carrier.ts';
import type { UploadOptions } from '../../../src/renderer/client/send-file.ts';
import {
  StagedFileList,
  type StagedFileListOptions,
} from '../../../src/renderer/features/projects/staged-file-list.ts';

function computeStaged(name: string): StagedFile {
  return {
    stagedId: crypto.randomUUID(),
    name,
    sizeBytes: 4,
    mediaType: 'text/plain',
    sha256: 'a'.repeat(64),
  };
}

/** A workspace that takes in each file when it is told to, and the page's storage. */
function createDesk() {
  const uploads = new Map<string, PromiseWithResolvers<StagedFile> & { options: UploadOptions }>();
  let text: string | null = null;
  const upload: StagedFileListOptions['upload'] = (file, options) => {
    const waiting = Promise.withResolvers<StagedFile>();
    uploads.set(file.name, { ...waiting, options });
    return waiting.promise;
  };
  const storage = {
    read: () => text,
    write: (next: string | null) => {
      text = next;
    },
  };
  return {
    open: () => new StagedFileList({ upload, storage }),
    take: (name: string) => uploads.get(name)?.resolve(computeStaged(name)),
    refuse: (name: string) => uploads.get(name)?.reject(new RequestError('internal', 'no')),
    isBrokenOff: (name: string) => uploads.get(name)?.options.signal?.aborted === true,
    isKept: () => text !== null,
  };
}

const file = (name: string) => new File(['text'], name);
const listNames = ({ files }: StagedFileList) => files.map(({ name }) => name);

test('files picked one after the other all stay, whichever is taken in first', async () => {
  const desk = createDesk();
  const list = desk.open();
  list.add([file('first.txt')]);
  list.add([file('second.txt'), file('third.txt')]);
  desk.take('third.txt');
  await vi.waitFor(() => expect(list.files[2]?.staged?.name).toBe('third.txt'));
  list.add([file('fourth.txt')]);
  for (const name of ['first.txt', 'second.txt', 'fourth.txt']) desk.take(name);
  await vi.waitFor(() => expect(list.files.every(({ staged }) => staged !== undefined)).toBe(true));
  expect(listNames(list)).toEqual(['first.txt', 'second.txt', 'third.txt', 'fourth.txt']);
});

test('a form that is left goes on taking in, and the next page finds what came', async () => {
  const desk = createDesk();
  const list = desk.open();
  const leave = list.subscribe(() => {});
  list.add([file('prices.csv'), file('film.mp4')]);
  leave();
  desk.take('prices.csv');
  await vi.waitFor(() => expect(list.files[0]?.staged).toBeDefined());
  expect(desk.isBrokenOff('film.mp4')).toBe(false);

  const reopened = desk.open();
  expect(reopened.files[0]?.staged).toEqual(list.files[0]?.staged);
  // Of the other the new page holds nothing: it says so, instead of leaving it out.
  expect(reopened.files[1]).toMatchObject({ name: 'film.mp4' });
  expect(reopened.files[1]?.problem).toMatch(/choose it again/u);
  reopened.retry(reopened.files[1]?.key ?? '');
  expect(reopened.files[1]?.problem).toBeDefined();
});

test('a file that was not taken in stays on the list with the reason, and can be tried again', async () => {
  const desk = createDesk();
  const list = desk.open();
  list.add([file('prices.csv')]);
  desk.refuse('prices.csv');
  await vi.waitFor(() => expect(list.files[0]?.problem).toBeDefined());
  list.retry(list.files[0]?.key ?? '');
  expect(list.files[0]?.problem).toBeUndefined();
  desk.take('prices.csv');
  await vi.waitFor(() => expect(list.files[0]?.staged).toBeDefined());
});

test('what is taken off is broken off, and once the form was sent nothing is kept', async () => {
  const desk = createDesk();
  const list = desk.open();
  list.add([file('prices.csv'), file('film.mp4')]);
  list.remove(list.files[1]?.key ?? '');
  expect(desk.isBrokenOff('film.mp4')).toBe(true);
  expect(listNames(list)).toEqual(['prices.csv']);
  expect(desk.isKept()).toBe(true);
  list.clear();
  expect(desk.isKept()).toBe(false);
  desk.take('prices.csv');
  await Promise.resolve();
  expect(list.files).toEqual([]);
});

test('text in the storage that is no list of files is not believed', () => {
  const upload = () => Promise.reject(new Error('nothing is sent here'));
  for (const text of ['{', '[{"key":1}]', '"files"', '[{"staged":{"stagedId":"x"}}]'])
    expect(
      new StagedFileList({ upload, storage: { read: () => text, write: () => {} } }).files,
    ).toEqual([]);
});
