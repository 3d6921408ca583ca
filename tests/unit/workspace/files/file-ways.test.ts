import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { StintError } from '../../../../src/shared/errors.ts';
import { catchStintError } from '../../../support/sync/test-installation.ts';
import { openTestEngine } from '../../../support/workspace/test-engine.ts';
import { setUpTwoDevices } from '../../../support/workspace/two-devices.ts';

async function* streamOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

test('a file goes out as a copy under a safe name, what can run only after a warning', async () => {
  const devices = await setUpTwoDevices();
  const given: Record<'opened' | 'shown' | 'dragged', string[]> = {
    opened: [],
    shown: [],
    dragged: [],
  };
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
  expect(await engine.ask('files.ways', {})).toEqual({
    canOpen: true,
    canShow: true,
    canDrag: true,
  });
  const seatId = (await engine.ask('app.state', {})).seats[0]?.seatId ?? '';
  const attach = async (name: string) => {
    const { stagedId } = await engine.importStream(name, streamOf(`of ${name}`));
    const { taskId } = devices.task;
    return (await engine.ask('draft.attach', { seatId, taskId, stagedId })).attachmentId;
  };

  const text = await attach('../notes?.txt');
  for (const turn of [1, 2]) {
    await engine.ask('files.open', { seatId, attachmentId: text, isWarned: false });
    expect(given.opened).toHaveLength(turn);
  }
  expect(basename(given.opened[0] ?? '')).toBe('.._notes_.txt');
  expect(await readFile(given.opened[0] ?? '', 'utf8')).toBe('of ../notes?.txt');
  await engine.ask('files.show', { seatId, attachmentId: text });
  await engine.ask('files.drag', { seatId, attachmentId: text });
  expect([given.shown, given.dragged]).toEqual([[given.opened[0]], [given.opened[0]]]);

  const program = await attach('invoice\u{202E}fdp.exe');
  const open = { seatId, attachmentId: program };
  const refusal = await catchStintError(() =>
    engine.ask('files.open', { ...open, isWarned: false }),
  );
  expect(refusal).toMatchObject({ code: 'refused', field: 'isWarned' });
  expect(refusal.message).toContain('⟨U+202E⟩');
  expect(given.opened).toHaveLength(2);
  await engine.ask('files.open', { ...open, isWarned: true });
  expect(basename(given.opened[2] ?? '')).toBe('invoicefdp.exe');
});
