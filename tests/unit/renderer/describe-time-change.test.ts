import { describe, expect, test } from 'vitest';
import type { TimeChangeItem } from '../../../src/shared/contract/hours-requests.ts';
import { describeTimeChange } from '../../../src/renderer/features/timesheets/describe-time-change.ts';
import { formatTime } from '../../../src/renderer/format/date-time.ts';

type Asked = Pick<TimeChangeItem, 'change' | 'entries' | 'state'>;

const timeEntryId = '01900000-0000-7000-8000-000000000001';
const otherId = '01900000-0000-7000-8000-000000000002';
const seen = {
  startedAt: '2026-03-10T08:00:00.000Z',
  endedAt: '2026-03-10T09:30:00.000Z',
  note: '',
  taskId: 'task',
};
const movedAt = '2026-03-10T07:00:00.000Z';
const span = (startedAt: string, endedAt: string) =>
  `${formatTime(startedAt)} – ${formatTime(endedAt)}`;
const createEntry = (times: { readonly startedAt: string; readonly endedAt: string }) =>
  ({ timeEntryId, ...times }) as Asked['entries'][number];

describe('what was asked about approved time', () => {
  test('is still a deletion once the entry is deleted by it', () => {
    const change: Asked['change'] = { kind: 'delete', args: { timeEntryId, deleted: true, seen } };
    const sentence = /^Delete .*\(1h 30m\)\.$/u;
    expect(describeTimeChange({ change, entries: [createEntry(seen)], state: 'waiting' })).toMatch(
      sentence,
    );
    expect(describeTimeChange({ change, entries: [], state: 'accepted' })).toMatch(sentence);
  });

  test('tells from what to what, once it is done as before', () => {
    const change: Asked['change'] = {
      kind: 'edit',
      args: { timeEntryId, patch: { startedAt: movedAt }, seen },
    };
    const after = createEntry({ ...seen, startedAt: movedAt });
    const told = describeTimeChange({ change, entries: [after], state: 'accepted' });
    expect(told).toBe(
      describeTimeChange({ change, entries: [createEntry(seen)], state: 'waiting' }),
    );
    expect(told).toContain(span(seen.startedAt, seen.endedAt));
    expect(told).toContain(span(movedAt, seen.endedAt));
  });

  test('is of what is there now while nobody has answered', () => {
    const change: Asked['change'] = {
      kind: 'edit',
      args: { timeEntryId, patch: { note: 'Phone' }, seen },
    };
    const now = createEntry({ ...seen, startedAt: movedAt });
    expect(describeTimeChange({ change, entries: [now], state: 'waiting' })).toContain(
      span(movedAt, seen.endedAt),
    );
    expect(describeTimeChange({ change, entries: [], state: 'waiting' })).toBe(
      'Change an entry that is deleted now.',
    );
  });

  test('names both times of a merge that was done', () => {
    const second = { ...seen, startedAt: seen.endedAt, endedAt: '2026-03-10T10:00:00.000Z' };
    const change: Asked['change'] = {
      kind: 'rearrange',
      args: {
        kind: 'merge',
        changes: [
          { timeEntryId, patch: { endedAt: second.endedAt }, seen },
          { timeEntryId: otherId, patch: {}, seen: second, deleted: true },
        ],
        additions: [],
      },
    };
    const merged = createEntry({ ...seen, endedAt: second.endedAt });
    const told = describeTimeChange({ change, entries: [merged], state: 'accepted' });
    expect(told).toContain(span(seen.startedAt, seen.endedAt));
    expect(told).toContain(span(second.startedAt, second.endedAt));
  });
});
