import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test, vi } from 'vitest';
import type { TimeChangeItem } from '../../../src/shared/contract/hours-requests.ts';

import { TimeChanges } from '../../../src/renderer/features/timesheets/time-changes.tsx';

// There is no window to look for a host in, and nothing is asked of one here.
vi.mock('../../../src/renderer/client/host.ts', () => ({ carrier: { headers: {} } }));

function createItem(index: number): TimeChangeItem {
  return {
    seatId: 'seat',
    requestId: `request-${index}`,
    engagementId: 'engagement',
    timesheetId: null,
    projectTitle: 'Cafés',
    internName: 'Ida',
    change: {
      kind: 'add',
      args: {
        timeEntryId: `entry-${index}`,
        taskId: 'task',
        startedAt: '2026-03-10T08:00:00.000Z',
        endedAt: '2026-03-10T09:00:00.000Z',
        zone: 'UTC',
        source: 'manual',
        note: '',
      },
    },
    entries: [],
    taskTitle: 'Interviews',
    reason: 'Forgotten',
    cameLate: false,
    state: 'accepted',
    createdAt: '2026-03-11T08:00:00.000Z',
    deciderName: 'Ben',
    decidedAt: '2026-03-11T09:00:00.000Z',
    decisionNote: null,
    mark: 'on_the_server',
  };
}

test('of many requests about approved time the others can be reached from the first', () => {
  const items = Array.from({ length: 60 }, (_, index) => createItem(index));
  const few = renderToStaticMarkup(<TimeChanges items={items.slice(0, 5)} isIntern={false} />);
  expect(few).not.toContain('<button');
  const many = renderToStaticMarkup(<TimeChanges items={items} isIntern={false} />);
  expect(many).toContain('<button');
  expect(many).toContain('60');
});

test('time that was imported or timed into approved days is not said to come from a device without a connection', () => {
  const added = { ...createItem(0), cameLate: true, reason: '' };
  const html = renderToStaticMarkup(<TimeChanges items={[added]} isIntern={false} />);
  expect(html).toContain('Recorded for days that are approved already.');
  expect(html).not.toContain('connection');
  const change = {
    kind: 'delete',
    args: { timeEntryId: 'entry-0', deleted: true, seen: {} },
  } as const;
  const late = renderToStaticMarkup(
    <TimeChanges items={[{ ...added, change }]} isIntern={false} />,
  );
  expect(late).toContain('before the approval was known');
});
