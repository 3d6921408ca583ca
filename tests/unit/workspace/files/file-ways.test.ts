import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { StintError } from '../../../../src/shared/errors.ts';
import { catchStintError } from '../../../support/sync/test-installation.ts';
import { openTestEngine } from '../../../support/workspace/test-engine.ts';
import { setUpTwoDevices } from '../../../support/workspace/two-devices.ts';

async function* streamOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

type Given = Record<'opened' | 'shown' | 'dragged', string[]>;

/** A desktop with a task to attach files to; what it hands over is remembered. */
async function setUp() {
  const devices = await setUpTwoDevices();
  const given: Given = { opened: [], shown: [], dragged: [] };
  const engine = await openTestEngine(devices.first, {
    startsSync: false,
    host: {
      kind: 'electron',
      openExternal: async () => {},
      openPath: async (path) => void given.opened.push(path),
      showInFolder: async (path) => void given.shown.push(path),
      startDrag: async (path) => void given.dragged.push(path),
      startSample: async () => {
        throw new StintError('unavailable', 'there is no sample in this test');
      },
      getUpdateState: () => ({ state: 'off', version: null, message: null }),
      installUpdate: async () => {},
    },
  });
  onTestFinished(() => engine.close());
  const seatId = (await engine.ask('app.state', {})).seats[0]?.seatId ?? '';
  const attach = async (name: string) => {
    const { stagedId } = await engine.importStream(name, streamOf(`of ${name}`));
    const { taskId } = devices.task;
    const { attachmentId } = await engine.ask('draft.attach', { seatId, taskId, stagedId });
    return { seatId, attachmentId };
  };
  return { engine, given, attach };
}

test('a file goes out as a copy under a safe name, a program never, what may run something after a warning', async () => {
  const { engine, given, attach } = await setUp();
  expect(await engine.ask('files.ways', {})).toEqual({
    canOpen: true,
    canShow: true,
    canDrag: true,
  });

  const text = await attach('../notes?.txt');
  for (const turn of [1, 2]) {
    await engine.ask('files.open', { ...text, isWarned: false });
    expect(given.opened).toHaveLength(turn);
  }
  expect(basename(given.opened[0] ?? '')).toBe('.._notes_.txt');
  expect(given.opened[1]).toBe(given.opened[0]);
  expect(await readFile(given.opened[0] ?? '', 'utf8')).toBe('of ../notes?.txt');
  await engine.ask('files.show', text);
  await engine.ask('files.drag', text);
  expect([given.shown, given.dragged]).toEqual([[given.opened[0]], [given.opened[0]]]);

  const page = await attach('page\u{202E}fdp.html');
  const refusal = await catchStintError(() =>
    engine.ask('files.open', { ...page, isWarned: false }),
  );
  expect(refusal).toMatchObject({ code: 'refused', field: 'isWarned' });
  expect(refusal.message).toContain('⟨U+202E⟩');
  expect(given.opened).toHaveLength(2);
  await engine.ask('files.open', { ...page, isWarned: true });
  expect(basename(given.opened[2] ?? '')).toBe('pagefdp.html');

  const program = await attach('invoice\u{202E}fdp.exe');
  expect(
    await catchStintError(() => engine.ask('files.open', { ...program, isWarned: true })),
  ).toMatchObject({ code: 'refused', message: expect.stringContaining('⟨U+202E⟩') as string });
  expect(given.opened).toHaveLength(3);
  await engine.ask('files.show', program);
  expect(basename(given.shown[1] ?? '')).toBe('invoicefdp.exe');
});

test('what was written into an opened copy stays when the file is opened again', async () => {
  const { engine, given, attach } = await setUp();
  const text = await attach('notes.txt');
  await engine.ask('files.open', { ...text, isWarned: false });
  const [first = ''] = given.opened;
  // As long as what was there.
  await writeFile(first, 'OF notes.txt');
  await engine.ask('files.open', { ...text, isWarned: false });
  expect(await readFile(first, 'utf8')).toBe('OF notes.txt');
  expect(basename(given.opened[1] ?? '')).toBe('notes.txt');
  expect(await readFile(given.opened[1] ?? '', 'utf8')).toBe('of notes.txt');
  // What another program laid beside it is not ours to delete.
  await writeFile(`${given.opened[1]}.lock`, '');
  await engine.ask('files.open', { ...text, isWarned: false });
  expect(new Set(given.opened).size).toBe(3);
});
