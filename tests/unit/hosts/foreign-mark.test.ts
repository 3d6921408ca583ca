import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Session } from 'electron';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  markDownloads,
  openPath,
  showInFolder,
  startDrag,
} from '../../../src/main/electron/hand-over.ts';
import { computeForeignMark, markAsForeign } from '../../../src/main/hosting/foreign-mark.ts';
import {
  app,
  BrowserWindow,
  FakeDownloadItem,
  FakeEvent,
  resetFakeElectron,
  session,
  shell,
} from '../../support/electron/fake-electron.ts';

vi.mock('electron', () => import('../../support/electron/fake-electron.ts'));

const mark = '[ZoneTransfer]\r\nZoneId=3\r\n';
let folder: string;
let file: string;
/** Another system has no alternate streams: what would be one is a file of that name. */
let streamFile: string;

beforeEach(async () => {
  resetFakeElectron();
  folder = await mkdtemp(path.join(tmpdir(), 'stint-mark-'));
  file = path.join(folder, 'Bericht für Ö.docx');
  streamFile = `${file}:Zone.Identifier`;
  await writeFile(file, 'content');
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

function pretendWindows(): void {
  vi.spyOn(process, 'platform', 'get').mockReturnValue('win32');
}

test('on Windows the mark is the stream that Office and the shell look for', () => {
  expect(computeForeignMark('C:\\a b\\é.docx', 'win32', 0)).toEqual({
    kind: 'stream',
    path: 'C:\\a b\\é.docx:Zone.Identifier',
    content: mark,
  });
});

test('on macOS the mark is the attribute of quarantine, set by the system’s own program', () => {
  expect(computeForeignMark('/a b/é.docx', 'darwin', 1_800_000_000_999)).toEqual({
    kind: 'command',
    program: '/usr/bin/xattr',
    args: ['-w', 'com.apple.quarantine', '0081;6b49d200;Stint;', '/a b/é.docx'],
  });
});

test('Linux has no such mark', async () => {
  expect(computeForeignMark('/a', 'linux', 0)).toBeUndefined();
  await markAsForeign(file, 'linux');
  expect(await readdir(folder)).toEqual([path.basename(file)]);
});

test.runIf(process.platform === 'linux')(
  'the stream is written, and the content stays as it was',
  async () => {
    await markAsForeign(file, 'win32');
    expect(await readFile(streamFile, 'utf8')).toBe(mark);
    expect(await readFile(file, 'utf8')).toBe('content');
  },
);

test.runIf(process.platform === 'linux')('a disk that keeps no marks hinders nothing', async () => {
  const inNoFolder = path.join(folder, 'none', 'a.docx');
  await expect(markAsForeign(inNoFolder, 'win32')).resolves.toBeUndefined();
  await expect(markAsForeign(inNoFolder, 'darwin')).resolves.toBeUndefined();
});

test.runIf(process.platform === 'linux')(
  'a file is marked before another program is given it',
  async () => {
    pretendWindows();
    const seen: string[] = [];
    const look = async () => {
      seen.push(await readFile(streamFile, 'utf8').catch(() => 'no mark'));
      await rm(streamFile, { force: true });
    };
    shell.onOpenPath = look;
    await openPath(file);
    expect(shell.openedPaths).toEqual([file]);
    await showInFolder(file);
    await look();
    expect(shell.shownPaths).toEqual([file]);
    new BrowserWindow({});
    await startDrag(file);
    await look();
    expect(seen).toEqual([mark, mark, mark]);
    expect(app.iconsOf).toEqual([file]);
  },
);

test('what no program opens is said', async () => {
  shell.openPathFailure = 'no application';
  await expect(openPath(file)).rejects.toMatchObject({ code: 'unavailable' });
});

test.runIf(process.platform === 'linux')(
  'what is saved from the window is marked once it is all there',
  async () => {
    pretendWindows();
    markDownloads(session.defaultSession as unknown as Session);
    const item = new FakeDownloadItem(file);
    session.defaultSession.emit('will-download', new FakeEvent(), item);
    expect(await readdir(folder)).toEqual([path.basename(file)]);
    item.emit('done', new FakeEvent(), 'completed');
    await vi.waitFor(async () => expect(await readFile(streamFile, 'utf8')).toBe(mark));

    await rm(streamFile);
    const broken = new FakeDownloadItem(file);
    session.defaultSession.emit('will-download', new FakeEvent(), broken);
    broken.emit('done', new FakeEvent(), 'interrupted');
    expect(await readdir(folder)).toEqual([path.basename(file)]);
  },
);
