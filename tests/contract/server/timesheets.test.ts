import { beforeEach, describe, expect, it } from 'vitest';
import {
  computeTimesheetHash,
  type HashedEntry,
} from '../../../src/shared/domain/timesheet-hash.ts';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import { computeSha256, createId } from '../../support/server/test-ids.ts';
import {
  type TestIntern,
  testProjectTerms,
  TestOrganization,
} from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';

let organization: TestOrganization;
let intern: TestIntern;
let taskId: string;

beforeEach(async () => {
  organization = await TestOrganization.create((await startTestServer()).url);
  intern = await organization.addIntern();
  ({ taskId } = await organization.assignTask(intern.engagementId));
});

const at = (time: string) => `2026-03-${time}:00.000Z`;
const push = async (name: string, args: unknown) =>
  intern.device.pushOne(organization.orgId, name, args);
const pushAsOwner = async (name: string, args: unknown) =>
  organization.owner.pushOne(organization.orgId, name, args);
const list = async (table: string) => organization.owner.list(organization.orgId, table);
const listEntries = async () =>
  (await list('timeEntries')).filter((entry) => entry['deletedAt'] === null);
const getEntry = async (id: string) => (await list('timeEntries')).find((row) => row['id'] === id);

async function add(from: string, to: string): Promise<string> {
  const timeEntryId = createId();
  await intern.device.apply(organization.orgId, ['time.add', addArgs(timeEntryId, from, to)]);
  return timeEntryId;
}

const addArgs = (timeEntryId: string, from: string, to: string) => ({
  timeEntryId,
  taskId,
  startedAt: at(from),
  endedAt: at(to),
  zone: 'Europe/Berlin',
  source: 'manual',
  note: 'calls',
});

async function submit(timeEntryIds: string[], changes = {}): Promise<string> {
  const timesheetId = createId();
  await intern.device.apply(organization.orgId, [
    'timesheet.submit',
    {
      timesheetId,
      engagementId: intern.engagementId,
      kind: 'period',
      startsOn: '2026-03-02',
      endsOn: '2026-03-08',
      zone: 'Europe/Berlin',
      startsAt: '2026-03-01T23:00:00.000Z',
      endsAt: '2026-03-08T23:00:00.000Z',
      taskId: null,
      submissionId: null,
      note: '',
      timeEntryIds,
      ...changes,
    },
  ]);
  return timesheetId;
}

async function decide(timesheetId: string, changes = {}) {
  const entries = (await listEntries()).filter((row) => row['timesheetId'] === timesheetId);
  return pushAsOwner('timesheet.decide', {
    timesheetId,
    decision: 'approved',
    note: '',
    comments: [],
    contentHash: computeTimesheetHash(entries as unknown as HashedEntry[], computeSha256),
    ...changes,
  });
}

const approved = async () => {
  const timeEntryId = await add('02T09:00', '02T11:00');
  const timesheetId = await submit([timeEntryId]);
  expect(await decide(timesheetId)).toMatchObject({ status: 'applied' });
  return { timeEntryId, timesheetId };
};

describe('a timesheet', () => {
  it('is submitted, returned with comments per entry, submitted again and approved', async () => {
    const timeEntryId = await add('02T09:00', '02T11:00');
    const first = await submit([timeEntryId]);
    const text = 'What was this for?';
    const comments = [{ commentId: createId(), timeEntryId, text }];
    const returned = await decide(first, { decision: 'returned', note: 'One question', comments });
    expect(returned).toMatchObject({ status: 'applied' });
    expect(await list('timesheetComments')).toMatchObject([
      { timesheetId: first, timeEntryId, text, createdBy: organization.ownerMembershipId },
    ]);
    const patch = { note: 'calls with owners' };
    await intern.device.apply(organization.orgId, ['time.edit', { timeEntryId, patch, seen: {} }]);
    const second = await submit([timeEntryId]);
    expect(await decide(second)).toMatchObject({ status: 'applied' });
    expect(await list('timesheets')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: first, state: 'returned', decisionNote: 'One question' }),
        expect.objectContaining({ id: second, state: 'approved' }),
      ]),
    );
  });

  it('is not approved where it changed after it was looked at', async () => {
    const timeEntryId = await add('02T09:00', '02T11:00');
    const timesheetId = await submit([timeEntryId]);
    const seen = (await listEntries()) as unknown as HashedEntry[];
    const patch = { endedAt: at('02T12:00') };
    await push('time.edit', { timeEntryId, patch, seen: {} });
    const contentHash = computeTimesheetHash(seen, computeSha256);
    expect(await decide(timesheetId, { contentHash })).toMatchObject({
      status: 'rejected',
      code: 'conflict',
    });
    expect(await decide(timesheetId)).toMatchObject({ status: 'applied' });
  });

  it('is not approved with an unresolved overlap, also with time that is not on it', async () => {
    const timesheetId = await submit([await add('02T09:00', '02T11:00')]);
    const other = await add('02T10:00', '02T10:30');
    const refused = await decide(timesheetId);
    expect(refused).toMatchObject({ status: 'rejected', code: 'refused' });
    expect(refused.message).toContain('overlap');
    await push('time.delete', { timeEntryId: other, deleted: true, seen: {} });
    expect(await decide(timesheetId)).toMatchObject({ status: 'applied' });
  });

  it('keeps what stands on it: another one does not take it away, nor another person’s time', async () => {
    const timeEntryId = await add('02T09:00', '02T11:00');
    await submit([timeEntryId]);
    await expect(submit([timeEntryId])).rejects.toThrow('another timesheet already');
    const other = await organization.addIntern('Otto');
    const { taskId: task } = await organization.assignTask(other.engagementId);
    const foreign = createId();
    await other.device.apply(organization.orgId, [
      'time.add',
      { ...addArgs(foreign, '03T09:00', '03T10:00'), taskId: task },
    ]);
    await expect(submit([foreign])).rejects.toThrow('there is no time entry');
  });

  it('names no task of anybody else, nor work that is not there', async () => {
    const timeEntryId = await add('02T09:00', '02T12:00');
    const other = await organization.addIntern();
    const foreign = await organization.assignTask(other.engagementId);
    await expect(submit([timeEntryId], { kind: 'work', taskId: foreign.taskId })).rejects.toThrow(
      'there is no task',
    );
    await expect(
      submit([timeEntryId], { kind: 'work', taskId, submissionId: createId() }),
    ).rejects.toThrow('there is no submission');
    await submit([timeEntryId], { kind: 'work', taskId });
  });

  it('is the intern’s to submit and the employer’s to decide on', async () => {
    const timesheetId = await submit([await add('02T09:00', '02T11:00')]);
    const decision = { timesheetId, decision: 'approved', note: '', comments: [], contentHash: '' };
    expect(await push('timesheet.decide', decision)).toMatchObject({ code: 'forbidden' });
    expect(await pushAsOwner('timesheet.withdraw', { timesheetId })).toMatchObject({
      code: 'forbidden',
    });
  });

  it('takes the rounding of the terms along', async () => {
    await submit([await add('02T09:00', '02T11:00')]);
    expect(await list('timesheets')).toMatchObject([{ roundingMinutes: null, roundingMode: null }]);
  });
});

describe('approved time', () => {
  it.each([
    ['time.edit', (id: string) => ({ timeEntryId: id, patch: { note: 'more' }, seen: {} })],
    ['time.delete', (id: string) => ({ timeEntryId: id, deleted: true, seen: {} })],
    ['time.add', () => addArgs(createId(), '04T09:00', '04T10:00')],
    [
      'time.rearrange',
      (id: string) => ({
        kind: 'split',
        changes: [{ timeEntryId: id, patch: { endedAt: at('02T10:00') }, seen: {} }],
        additions: [{ ...addArgs(createId(), '02T10:00', '02T11:00'), originId: id }],
      }),
    ],
  ])('is locked: %s that comes late becomes a request, and nothing is lost', async (name, make) => {
    const { timeEntryId, timesheetId } = await approved();
    const before = await listEntries();
    const args = make(timeEntryId);
    expect(await push(name, args)).toMatchObject({ status: 'applied' });
    expect(await listEntries()).toEqual(before);
    const [request, ...others] = await list('timeChangeRequests');
    expect(others).toEqual([]);
    expect(request).toMatchObject({ timesheetId, cameLate: 1, reason: '', state: 'waiting' });
    expect(JSON.parse(String(request?.['changeJson']))).toMatchObject({ args });
    const requestId = request?.['id'];
    const answer = { requestId, decision: 'accepted', note: 'Fine.' };
    expect(await pushAsOwner('timeChange.decide', answer)).toMatchObject({ status: 'applied' });
    expect(await listEntries()).not.toEqual(before);
    expect(await list('timeChangeRequests')).toMatchObject([{ state: 'accepted' }]);
    // What was added to approved days, or split from approved time, is approved with it.
    for (const entry of await listEntries()) expect(entry['timesheetId']).toBe(timesheetId);
  });

  it('is changed by a request with a reason; declined, it stays as it was', async () => {
    const { timeEntryId } = await approved();
    const requestId = createId();
    const change = {
      kind: 'edit',
      args: { timeEntryId, patch: { endedAt: at('02T11:30') }, seen: {} },
    };
    const noReason = await push('timeChange.request', { requestId, change, reason: ' ' });
    expect(noReason).toMatchObject({ status: 'rejected', code: 'invalid_input' });
    const reason = 'I forgot the last call';
    await intern.device.apply(organization.orgId, [
      'timeChange.request',
      { requestId, change, reason },
    ]);
    expect(await list('timeChangeRequests')).toMatchObject([{ reason, cameLate: 0 }]);
    const decline = { requestId, decision: 'declined', note: 'Agreed two' };
    await pushAsOwner('timeChange.decide', decline);
    expect(await getEntry(timeEntryId)).toMatchObject({ endedAt: at('02T11:00') });
    expect(await pushAsOwner('timeChange.decide', decline)).toMatchObject({ status: 'applied' });
    // Whose words nobody reads, or what came too late, is said.
    for (const late of [
      await pushAsOwner('timeChange.decide', { ...decline, note: 'Write it down at once' }),
      await push('timeChange.withdraw', { requestId }),
    ])
      expect(late).toMatchObject({ status: 'rejected', code: 'conflict' });
    expect(await list('timeChangeRequests')).toMatchObject([
      { state: 'declined', decisionNote: 'Agreed two' },
    ]);
    expect(
      await pushAsOwner('timeChange.decide', { requestId, decision: 'accepted', note: '' }),
    ).toMatchObject({ status: 'rejected' });
  });

  it('shows an accepted change in the entry’s history, as the intern’s', async () => {
    const { timeEntryId } = await approved();
    await push('time.edit', { timeEntryId, patch: { endedAt: at('02T11:30') }, seen: {} });
    const [request] = await list('timeChangeRequests');
    const answer = { requestId: request?.['id'], decision: 'accepted', note: '' };
    await pushAsOwner('timeChange.decide', answer);
    expect(await list('fieldEdits')).toMatchObject([
      { rowId: timeEntryId, field: 'endedAt', editedBy: intern.membershipId },
    ]);
  });

  it('is not made to overlap by an accepted request', async () => {
    await approved();
    await push('time.add', addArgs(createId(), '02T10:30', '02T11:30'));
    const [request] = await list('timeChangeRequests');
    const answer = { requestId: request?.['id'], decision: 'accepted', note: '' };
    expect(await pushAsOwner('timeChange.decide', answer)).toMatchObject({ code: 'refused' });
    expect(await listEntries()).toHaveLength(1);
    expect(await list('timeChangeRequests')).toMatchObject([{ state: 'waiting' }]);
  });

  it('is open again once the approval was taken back', async () => {
    const { timeEntryId, timesheetId } = await approved();
    await pushAsOwner('timesheet.reopen', { timesheetId, reason: 'The wrong week' });
    expect(
      await pushAsOwner('timesheet.reopen', { timesheetId, reason: 'Calls are missing' }),
    ).toMatchObject({ status: 'rejected', code: 'conflict' });
    await push('time.edit', { timeEntryId, patch: { note: 'more' }, seen: {} });
    expect(await getEntry(timeEntryId)).toMatchObject({ note: 'more' });
    expect(await list('timeChangeRequests')).toEqual([]);
  });

  it.each(['before', 'after'])(
    'that is added by an accepted request stands on the sheet that is approved by then (asked for %s the first was opened again)',
    async (when) => {
      const { timeEntryId, timesheetId: first } = await approved();
      const newId = createId();
      const requestId = createId();
      const ask = () =>
        intern.device.apply(organization.orgId, [
          'timeChange.request',
          {
            requestId,
            change: { kind: 'add', args: addArgs(newId, '03T09:00', '03T10:00') },
            reason: 'Forgotten',
          },
        ]);
      if (when === 'before') await ask();
      await pushAsOwner('timesheet.reopen', { timesheetId: first, reason: 'The wrong note' });
      if (when === 'after') await ask();
      const second = await submit([timeEntryId]);
      expect(await decide(second)).toMatchObject({ status: 'applied' });
      expect(
        await pushAsOwner('timeChange.decide', { requestId, decision: 'accepted', note: '' }),
      ).toMatchObject({ status: 'applied' });
      expect(await getEntry(newId)).toMatchObject({ timesheetId: second });
    },
  );

  it('that was opened again takes nothing in: what is accepted by then stands on no timesheet, and is handed in', async () => {
    const { timesheetId } = await approved();
    const newId = createId();
    await push('time.add', addArgs(newId, '03T09:00', '03T10:00'));
    await pushAsOwner('timesheet.reopen', { timesheetId, reason: 'The wrong note' });
    const [request] = await list('timeChangeRequests');
    const answer = { requestId: request?.['id'], decision: 'accepted', note: '' };
    expect(await pushAsOwner('timeChange.decide', answer)).toMatchObject({ status: 'applied' });
    expect(await getEntry(newId)).toMatchObject({ timesheetId: null });
    const second = await submit([newId]);
    expect(await getEntry(newId)).toMatchObject({ timesheetId: second });
  });

  it('takes in an accepted part of time that was left on a returned timesheet', async () => {
    const { timeEntryId, timesheetId: first } = await approved();
    await pushAsOwner('timesheet.reopen', { timesheetId: first, reason: 'The wrong note' });
    const second = await submit([await add('04T09:00', '04T10:00')]);
    expect(await decide(second)).toMatchObject({ status: 'applied' });
    const partId = createId();
    await push('time.rearrange', {
      kind: 'split',
      changes: [{ timeEntryId, patch: { endedAt: at('02T10:00') }, seen: {} }],
      additions: [{ ...addArgs(partId, '02T10:00', '02T11:00'), originId: timeEntryId }],
    });
    const [request] = await list('timeChangeRequests');
    expect(request).toMatchObject({ timesheetId: second });
    const answer = { requestId: request?.['id'], decision: 'accepted', note: '' };
    expect(await pushAsOwner('timeChange.decide', answer)).toMatchObject({ status: 'applied' });
    expect(await getEntry(partId)).toMatchObject({ timesheetId: second });
  });

  it('leaves time outside of it alone', async () => {
    await approved();
    await add('09T09:00', '09T10:00');
    expect(await listEntries()).toHaveLength(2);
  });
});

describe('a split or a merge', () => {
  const split = (timeEntryId: string, newId: string) => ({
    kind: 'split',
    changes: [{ timeEntryId, patch: { endedAt: at('02T10:00') }, seen: {} }],
    additions: [{ ...addArgs(newId, '02T10:00', '02T11:00'), originId: timeEntryId }],
  });

  it('is done in one step, with each entry’s history, and taken back', async () => {
    const timeEntryId = await add('02T09:00', '02T11:00');
    const newId = createId();
    await push('time.rearrange', split(timeEntryId, newId));
    expect(await listEntries()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: timeEntryId, endedAt: at('02T10:00'), originId: null }),
        expect.objectContaining({ id: newId, startedAt: at('02T10:00'), originId: timeEntryId }),
      ]),
    );
    await push('time.rearrange', {
      kind: 'undo',
      changes: [
        { timeEntryId, patch: { endedAt: at('02T11:00') }, seen: {} },
        { timeEntryId: newId, patch: {}, seen: {}, deleted: true },
      ],
      additions: [],
    });
    expect(await listEntries()).toMatchObject([{ id: timeEntryId, endedAt: at('02T11:00') }]);
    const fields = (await list('fieldEdits')).map((edit) => [edit['rowId'], edit['field']]);
    expect(fields).toEqual(
      expect.arrayContaining([
        [timeEntryId, 'endedAt'],
        [timeEntryId, 'endedAt'],
        [newId, 'deletedAt'],
      ]),
    );
  });

  it('merges without losing an edit that came in between: it beats the delete, and is marked', async () => {
    const first = await add('02T09:00', '02T10:00');
    const second = await add('02T10:00', '02T11:00');
    const seen = { startedAt: at('02T10:00'), endedAt: at('02T11:00') };
    await push('time.edit', { timeEntryId: second, patch: { endedAt: at('02T12:00') }, seen });
    await push('time.rearrange', {
      kind: 'merge',
      changes: [
        { timeEntryId: first, patch: { endedAt: at('02T11:00') }, seen: {} },
        { timeEntryId: second, patch: {}, seen, deleted: true },
      ],
      additions: [],
    });
    expect(await getEntry(second)).toMatchObject({ deletedAt: null, endedAt: at('02T12:00') });
    expect((await getEntry(second))?.['revivedAt']).not.toBeNull();
  });

  it('is all or nothing', async () => {
    const timeEntryId = await add('02T09:00', '02T11:00');
    const wrong = split(timeEntryId, timeEntryId);
    expect(await push('time.rearrange', wrong)).toMatchObject({ code: 'conflict' });
    expect(await listEntries()).toMatchObject([{ id: timeEntryId, endedAt: at('02T11:00') }]);
    expect(await list('fieldEdits')).toEqual([]);
  });

  it('comes onto an approved timesheet by a request alone, also as a part of what stands on it', async () => {
    const timeEntryId = await add('02T09:00', '02T11:00');
    const work = { kind: 'work', startsAt: null, endsAt: null, taskId };
    const timesheetId = await submit([timeEntryId], work);
    expect(await decide(timesheetId)).toMatchObject({ status: 'applied' });
    const newId = createId();
    await push('time.rearrange', {
      kind: 'gap',
      changes: [],
      additions: [{ ...addArgs(newId, '03T09:00', '03T18:00'), originId: timeEntryId }],
    });
    expect(await listEntries()).toMatchObject([{ id: timeEntryId }]);
    const [request] = await list('timeChangeRequests');
    expect(request).toMatchObject({ timesheetId, cameLate: 1, state: 'waiting' });
    const answer = { requestId: request?.['id'], decision: 'accepted', note: '' };
    expect(await pushAsOwner('timeChange.decide', answer)).toMatchObject({ status: 'applied' });
    expect(await getEntry(newId)).toMatchObject({ timesheetId });
  });

  it('is refused where a part lies in another engagement than the whole', async () => {
    const { orgId } = organization;
    const timeEntryId = await add('02T09:00', '02T11:00');
    await submit([timeEntryId]);
    const projectId = createId();
    await organization.owner.apply(orgId, [
      'project.create',
      { projectId, terms: testProjectTerms },
    ]);
    const { code, engagementId } = await organization.invite({ projectId });
    await intern.device.request('POST', endpoints.acceptInvitation, {
      code,
      membershipId: createId(),
    });
    const other = await organization.assignTask(engagementId);
    const part = { ...addArgs(createId(), '03T09:00', '03T18:00'), taskId: other.taskId };
    const args = { kind: 'gap', changes: [], additions: [{ ...part, originId: timeEntryId }] };
    expect(await push('time.rearrange', args)).toMatchObject({ code: 'refused' });
    expect(await listEntries()).toHaveLength(1);
  });

  it('stays on the timesheet that the whole stood on', async () => {
    const timeEntryId = await add('02T09:00', '02T11:00');
    const timesheetId = await submit([timeEntryId]);
    const newId = createId();
    await push('time.rearrange', split(timeEntryId, newId));
    expect(await getEntry(newId)).toMatchObject({ timesheetId });
  });

  it.each([
    ['ends before it begins', () => ({ endedAt: at('02T08:00') }), 'invalid_input'],
    ['is longer than a year', () => ({ endedAt: '9999-01-01T00:00:00.000Z' }), 'invalid_input'],
    ['is for a task of somebody else', (foreign: string) => ({ taskId: foreign }), 'not_found'],
  ])('brings no entry back that %s', async (_what, makePatch, code) => {
    const timeEntryId = await add('02T09:00', '02T11:00');
    const { engagementId } = await organization.addIntern('Bob');
    const foreign = await organization.assignTask(engagementId);
    const patch = makePatch(foreign.taskId);
    const changes = [{ timeEntryId, patch, seen: {}, deleted: false }];
    const args = { kind: 'undo', changes, additions: [] };
    expect(await push('time.rearrange', args)).toMatchObject({ status: 'rejected', code });
    expect(await getEntry(timeEntryId)).toMatchObject({ taskId, endedAt: at('02T11:00') });
  });
});
