import { expect, onTestFinished, test } from 'vitest';
import { createOrderedIds } from '../../../src/renderer/client/ordered-ids.ts';
import { openTestEngine, type TestEngine } from '../../support/workspace/test-engine.ts';
import { setUpTwoDevices } from '../../support/workspace/two-devices.ts';

async function* streamOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

async function getSeatId(engine: TestEngine): Promise<string> {
  return (await engine.ask('app.state', {})).seats[0]?.seatId ?? '';
}

/** Opened, changed and closed without a line to the server. */
async function workOffline(
  folder: string,
  work: (engine: TestEngine, seatId: string) => Promise<void>,
): Promise<void> {
  const engine = await openTestEngine(folder, { startsSync: false });
  try {
    await work(engine, await getSeatId(engine));
  } finally {
    await engine.close();
  }
}

async function synchronise(folder: string): Promise<void> {
  const engine = await openTestEngine(folder);
  try {
    expect(await engine.settle(25_000)).toMatchObject({ isSettled: true, attentionCount: 0 });
  } finally {
    await engine.close();
  }
}

test('a draft goes to its person’s other device; what both wrote and attached at once is all kept', async () => {
  const devices = await setUpTwoDevices();
  const { taskId } = devices.task;
  const attach = async (engine: TestEngine, seatId: string, content: string) => {
    const { stagedId } = await engine.importStream('report.md', streamOf(content));
    await engine.ask('draft.attach', { seatId, taskId, stagedId });
  };

  await workOffline(devices.first, async (engine, seatId) => {
    await engine.ask('draft.writeNote', { seatId, taskId, note: 'Begun on the laptop.' });
    await attach(engine, seatId, 'begun');
  });
  await synchronise(devices.first);
  await synchronise(devices.second);

  await workOffline(devices.first, async (engine, seatId) => {
    await engine.ask('draft.writeNote', { seatId, taskId, note: 'Gone on at the laptop.' });
    await attach(engine, seatId, 'from the laptop');
  });
  await workOffline(devices.second, async (engine, seatId) => {
    const { draft } = await engine.ask('task.get', { seatId, taskId });
    expect(draft?.note).toBe('Begun on the laptop.');
    expect(draft?.files).toMatchObject([{ name: 'report.md' }]);
    await engine.ask('draft.writeNote', { seatId, taskId, note: 'Gone on at the desktop.' });
    await attach(engine, seatId, 'from the desktop');
  });
  for (const folder of [devices.first, devices.second, devices.first]) await synchronise(folder);

  for (const folder of [devices.first, devices.second]) {
    const engine = await openTestEngine(folder, { startsSync: false });
    onTestFinished(() => engine.close());
    const seatId = await getSeatId(engine);
    const { draft } = await engine.ask('task.get', { seatId, taskId });
    // The later to reach the server stands, the other is kept beside it.
    expect(draft?.note).toBe('Gone on at the desktop.');
    expect(draft?.files).toMatchObject([{ name: 'report.md', sizeBytes: 16 }]);
    const versions = await engine.ask('draft.listVersions', { seatId, taskId });
    expect(versions.notes).toMatchObject([
      { note: 'Gone on at the laptop.', isConcurrent: true },
      { note: 'Begun on the laptop.', isConcurrent: false },
    ]);
    expect(versions.files.map(({ file }) => file.sizeBytes)).toEqual([15, 5]);
  }
});

test('files chosen together stand in the order in which they were chosen, whichever was there first, on both devices', async () => {
  const devices = await setUpTwoDevices();
  const { taskId } = devices.task;
  const names = ['the film.mp4', 'notes.md', 'answers.csv'];
  const ids = createOrderedIds(names.length);
  await workOffline(devices.first, async (engine, seatId) => {
    // The small ones are copied before the large one.
    for (const index of [2, 1, 0]) {
      const { stagedId } = await engine.importStream(names[index] ?? '', streamOf(`${index}`));
      const attach = () =>
        engine.ask('draft.attach', { seatId, taskId, stagedId, attachmentId: ids[index] ?? '' });
      expect(await attach()).toMatchObject({ attachmentId: ids[index] ?? '' });
      // Asked once more, since the answer was not heard: it is there once.
      expect(await attach()).toMatchObject({ attachmentId: ids[index] ?? '' });
    }
  });
  for (const folder of [devices.first, devices.second, devices.first]) await synchronise(folder);
  for (const folder of [devices.first, devices.second])
    await workOffline(folder, async (engine, seatId) => {
      const { draft } = await engine.ask('task.get', { seatId, taskId });
      expect(draft?.files.map(({ name }) => name)).toEqual(names);
    });
});
