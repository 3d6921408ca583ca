import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test, vi } from 'vitest';

import { HeldWork } from '../../../src/renderer/features/quarantine/held-work.tsx';
import type { QuarantineItem } from '../../../src/renderer/features/quarantine/quarantine-item.ts';
import { formatDateTime } from '../../../src/renderer/format/date-time.ts';

// There is no window to look for a host in, and nothing is asked of one here.
vi.mock('../../../src/renderer/client/host.ts', () => ({ carrier: { headers: {} } }));

type Stretch = QuarantineItem['stretches'][number];

const createStretch = (day: number, changes: Partial<Stretch> = {}): Stretch => ({
  startedAt: `2026-03-${String(day).padStart(2, '0')}T09:00:00.000Z`,
  endedAt: `2026-03-${String(day).padStart(2, '0')}T10:00:00.000Z`,
  note: '',
  effect: 'handed_in',
  ...changes,
});

function render(item: Partial<QuarantineItem>): string {
  return renderToStaticMarkup(
    <HeldWork
      item={{
        quarantineId: 'held',
        kind: 'time',
        label: 'Hand in hours',
        membershipId: 'membership',
        personName: 'Ida',
        taskTitle: '',
        projectTitle: '',
        note: '',
        files: [],
        stretches: [],
        period: null,
        claimedAt: '2026-03-20T09:00:00.000Z',
        receivedAt: '2026-03-20T09:00:00.000Z',
        state: 'waiting',
        problem: null,
        decidedByName: null,
        decidedAt: null,
        decisionReason: null,
        mark: 'on_the_server',
        ...item,
      }}
      isFirst
      isPending={false}
      onAccept={() => undefined}
      onDecline={() => undefined}
    />,
  );
}

const count = (html: string, words: string): number => html.split(words).length - 1;

test('what one stretch of held time was for is said, as it is of several', () => {
  const stretches = [createStretch(9, { note: 'Called five shops' })];
  const period = { startsOn: '2026-03-09', endsOn: '2026-03-09', entryCount: 1 };
  expect(render({ stretches, period, note: 'My Monday' })).toContain('Called five shops');
  // Where the note of the whole is that of the stretch, it is said once.
  const added = [createStretch(9, { note: 'Called five shops', effect: 'added' })];
  expect(count(render({ stretches: added, note: 'Called five shops' }), 'Called five')).toBe(1);
});

test('held time that ends on another day is said to', () => {
  const endedAt = '2026-03-12T22:15:00.000Z';
  expect(render({ stretches: [createStretch(9, { endedAt })] })).toContain(formatDateTime(endedAt));
});

test('of a held timesheet is said once what becomes of its time, and how much of it is listed', () => {
  const stretches = Array.from({ length: 9 }, (_, index) => createStretch(index + 1));
  const period = { startsOn: '2026-03-01', endsOn: '2026-03-31', entryCount: 9 };
  const whole = render({ stretches, period });
  expect(count(whole, 'Time handed in')).toBe(1);
  expect(whole).not.toContain('listed');
  expect(render({ stretches, period: { ...period, entryCount: 140 } })).toContain(
    '9 of 140 are listed',
  );
  // One of several is not all of it.
  expect(
    render({ stretches: stretches.slice(0, 1), period: { ...period, entryCount: 25 } }),
  ).toContain('1 of 25 is listed');
  const mixed = [...stretches, createStretch(12, { effect: 'removed' })];
  expect(count(render({ stretches: mixed }), 'Time handed in')).toBe(9);
});
