import { expect, test } from 'vitest';
import {
  findAt,
  listEditFields,
  replaceAt,
} from '../../../src/renderer/features/waiting/edit-fields.ts';
import { explainChange } from '../../../src/renderer/features/waiting/explain-change.ts';
import type { WaitingChange } from '../../../src/shared/contract/sync-requests.ts';

test('SY-7 a time entry is edited by its times and its note; ids have no field', () => {
  const args = {
    timeEntryId: 'x',
    taskId: 'y',
    startedAt: '2026-05-04T09:00:00.000Z',
    endedAt: '2026-05-04T10:00:00.000Z',
    note: '',
  };
  expect(listEditFields('time.add', args).map(({ path }) => path.join('.'))).toEqual([
    'startedAt',
    'endedAt',
    'note',
  ]);
});

test('SY-7 of a patch, only the fields that it changes can be edited', () => {
  const fields = listEditFields('time.edit', { timeEntryId: 'x', patch: { note: 'a' }, seen: {} });
  expect(fields.map(({ label }) => label)).toEqual(['Note']);
});

test('SY-7 what holds nothing that a person wrote has no fields', () => {
  expect(listEditFields('task.cancel', { taskId: 'x' })).toEqual([]);
});

test('a value is replaced where it stands, and nothing else changes', () => {
  const args = { taskId: 'x', deadline: { wall: '2026-05-04T17:00', zone: 'Europe/Berlin' } };
  const edited = replaceAt(args, ['deadline', 'wall'], '2026-05-05T17:00');
  expect(edited).toEqual({
    taskId: 'x',
    deadline: { wall: '2026-05-05T17:00', zone: 'Europe/Berlin' },
  });
  expect(args.deadline.wall).toBe('2026-05-04T17:00');
  expect(findAt(args, ['deadline', 'nothing'])).toBeUndefined();
});

const change: WaitingChange = {
  seatId: 's',
  organizationName: 'Acorn',
  mutationId: 'm',
  name: 'time.add',
  label: 'Record time',
  subject: '',
  days: null,
  claimedAt: '2026-05-04T10:00:00.000Z',
  state: 'refused',
  waitsForId: null,
  canSendAgain: true,
  reasonCode: null,
  reason: null,
  argsJson: '{}',
};

test('SY-7 the reason stands in whole sentences, with what its code means', () => {
  expect(
    explainChange({ ...change, reason: 'there is no task 1 here', reasonCode: 'not_found' }),
  ).toBe('There is no task 1 here. What it is about is not there any more.');
  expect(explainChange({ ...change, reason: 'the end lies before the start' })).toBe(
    'The end lies before the start.',
  );
  expect(explainChange(change)).toBe('The server refused it and gave no reason.');
});

test('SY-10 what was kept says that access ended, and what can be done', () => {
  expect(explainChange({ ...change, state: 'kept', reasonCode: 'forbidden' })).toContain(
    'Your access ended before this was sent',
  );
});
