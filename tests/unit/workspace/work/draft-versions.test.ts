import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { getSeat } from '../../../../src/main/workspace/engine/workspace.ts';
import {
  addOrganization,
  assignTestTask,
  catchRefusal,
  openTestWorkspace,
  type TestWorkspace,
} from '../../../support/workspace/test-workspace.ts';

let test: TestWorkspace;
let seatId: string;
let taskId: string;

beforeEach(async () => {
  test = await openTestWorkspace({ now: '2026-03-02T09:00:00.000Z' });
  const organization = await addOrganization(test);
  seatId = organization.intern.record.seatId;
  taskId = await assignTestTask(test, organization);
});

afterEach(async () => {
  await test.close();
});

const minutes = (count: number) => test.run(count * 60_000);
const write = (note: string) => test.ask('draft.writeNote', { seatId, taskId, note });
const listVersions = () => test.ask('draft.listVersions', { seatId, taskId });
const getDraft = async () => (await test.ask('task.get', { seatId, taskId })).draft;
const listNotes = async () => (await listVersions()).notes.map(({ note }) => note);
const listFiles = async () => (await listVersions()).files.map(({ file }) => file.sha256);

async function attach(name: string, content: string) {
  const { stagedId } = await test.stage(name, content);
  return test.ask('draft.attach', { seatId, taskId, stagedId });
}

describe('a note', () => {
  it('that was shown as saved is there after a kill', async () => {
    await write('Every key');
    await write('Every keystroke');
    await test.kill(1000);
    expect((await getDraft())?.note).toBe('Every keystroke');
  });

  it('grows without leaving versions, and leaves one after a pause, a large cut and a kill', async () => {
    await write('One');
    await write('One sentence.');
    expect(await listNotes()).toEqual([]);
    await minutes(10);
    const long = `One sentence. ${'More of it. '.repeat(40)}`;
    await write(long);
    expect(await listNotes()).toEqual(['One sentence.']);
    await write('Cut.');
    expect(await listNotes()).toEqual([long, 'One sentence.']);
    await test.kill(1000);
    await write('After.');
    expect(await listNotes()).toEqual(['Cut.', long, 'One sentence.']);
  });

  it('comes back, and the one that stood there is kept', async () => {
    await write('First thought.');
    await minutes(10);
    await write('Second thought.');
    const [earlier] = (await listVersions()).notes;
    expect(earlier).toMatchObject({ note: 'First thought.', isConcurrent: false });
    await test.ask('draft.bringBackNote', {
      seatId,
      taskId,
      versionId: earlier?.versionId ?? '',
    });
    expect((await getDraft())?.note).toBe('First thought.');
    expect(await listNotes()).toContain('Second thought.');
    // What is written on top of it does not take the kept one's place.
    await write('First thought, and more.');
    expect(await listNotes()).toContain('Second thought.');
  });
});

describe('a file', () => {
  it('of the same name replaces the earlier one, which can be brought back in its turn', async () => {
    const first = await attach('report.md', 'one');
    await minutes(1);
    const second = await attach('report.md', 'two');
    await attach('Report.md', 'another name');
    expect((await getDraft())?.files.map(({ sha256 }) => sha256)).toContain(second.sha256);
    expect((await getDraft())?.files).toHaveLength(2);
    expect((await listVersions()).files).toMatchObject([
      { file: { attachmentId: first.attachmentId, isHere: true }, isReplaced: true },
    ]);

    const back = { seatId, attachmentId: first.attachmentId, detached: false };
    await test.ask('draft.detach', back);
    const names = (await getDraft())?.files.map(({ sha256 }) => sha256);
    expect(names).toContain(first.sha256);
    expect(names).not.toContain(second.sha256);
    expect(await listFiles()).toEqual([second.sha256]);
    // Twice changes nothing.
    await test.ask('draft.detach', back);
    expect(await listFiles()).toEqual([second.sha256]);
  });

  it('that was removed is offered as removed; the same content again offers nothing', async () => {
    const { attachmentId } = await attach('notes.txt', 'n');
    await test.ask('draft.detach', { seatId, attachmentId, detached: true });
    expect((await listVersions()).files).toMatchObject([{ isReplaced: false }]);
    await attach('notes.txt', 'n');
    expect((await listVersions()).files).toEqual([]);
  });

  it('SY-22 that comes back is asked about at the server again, which may have collected it', async () => {
    const { attachmentId, sha256 } = await attach('report.md', 'one');
    const { db } = getSeat(test.workspace, seatId);
    const at = test.machine.now;
    await db.updateTable('uploads').set({ finishedAt: at }).execute();
    await db.updateTable('attachments').set({ arrivedAt: at }).execute();
    const listQueued = async () =>
      db.selectFrom('uploads').select('sha256').where('finishedAt', 'is', null).execute();
    await test.ask('draft.detach', { seatId, attachmentId, detached: true });
    expect(await listQueued()).toEqual([]);
    await test.ask('draft.detach', { seatId, attachmentId, detached: false });
    expect(await listQueued()).toEqual([{ sha256 }]);
  });
});

it('handing in closes the history', async () => {
  const first = await attach('report.md', 'one');
  await attach('report.md', 'two');
  await write('First.');
  await minutes(10);
  await write('Second.');
  const { notes } = await listVersions();
  await test.ask('submission.create', { seatId, taskId });
  expect(await listVersions()).toEqual({ notes: [], files: [] });
  const refusal = await catchRefusal(
    test.ask('draft.detach', { seatId, attachmentId: first.attachmentId, detached: false }),
  );
  expect(refusal).toMatchObject({ code: 'conflict', field: 'attachmentId' });
  const versionId = notes[0]?.versionId ?? '';
  const late = await catchRefusal(test.ask('draft.bringBackNote', { seatId, taskId, versionId }));
  expect(late).toMatchObject({ code: 'not_found', field: 'versionId' });

  // For the next revision it begins anew.
  await minutes(10);
  await write('Third.');
  expect(await listNotes()).toEqual(['Second.']);
});
