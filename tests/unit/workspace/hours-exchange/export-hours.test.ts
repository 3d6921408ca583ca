import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import ICAL from 'ical.js';
import Papa from 'papaparse';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hoursExchangeHandlers } from '../../../../src/main/workspace/hours-exchange/hours-exchange-handlers.ts';
import { loadTimesheetLines } from '../../../../src/main/workspace/hours-exchange/timesheet-lines.ts';
import {
  computeHoursCalendar,
  computeHoursCsv,
  computeHoursPage,
} from '../../../../src/main/workspace/hours-exchange/write-hours.ts';
import { Turns } from '../../../../src/main/workspace/sync/turns.ts';
import type { RequestInput } from '../../../../src/shared/contract/contract.ts';
import {
  addOrganization,
  assignTestTask,
  openTestWorkspace,
  type TestOrganization,
  type TestWorkspace,
  uuid,
} from '../../../support/workspace/test-workspace.ts';

const run = promisify(execFile);
const zone = 'Europe/Berlin';
let workspace: TestWorkspace;
let organization: TestOrganization;
let seatId: string;
let taskId: string;

beforeEach(async () => {
  workspace = await openTestWorkspace({ zone });
  organization = await addOrganization(workspace);
  seatId = organization.intern.record.seatId;
  taskId = await assignTestTask(workspace, organization);
});
afterEach(() => workspace.close());

const add = (startedAt: string, endedAt: string, note = '') =>
  workspace.ask('hours.add', { seatId, taskId, startedAt, endedAt, note });

async function exportHours(asked: Omit<RequestInput<'hours.export'>, 'seatId'>) {
  const written = await hoursExchangeHandlers['hours.export'](
    { seatId, ...asked },
    workspace.workspace,
  );
  return { ...written, text: await readFile(written.path, 'utf8') };
}

async function setRounding(per: 'entry' | 'day'): Promise<void> {
  await organization.intern.db
    .updateTable('projects')
    .set({ roundingMinutes: 15, roundingMode: 'up', roundingPer: per })
    .execute();
}

const parse = (text: string) =>
  Papa.parse<Record<string, string>>(text.replace('\uFEFF', '').trimEnd(), { header: true }).data;

/** The night in which Berlin's clocks go forward: an entry from 23:00 to 04:00 is four hours long. */
async function addSampleEntries(): Promise<void> {
  await add('2026-03-27T08:00:00.000Z', '2026-03-27T09:50:00.000Z', '=2+5, "quoted"\nsecond line');
  await add(
    '2026-03-28T22:00:00.000Z',
    '2026-03-29T02:00:00.000Z',
    'across midnight, and across the change',
  );
  await add('2026-03-29T10:00:00.000Z', '2026-03-29T10:07:30.000Z', 'Größe');
}

test('exactly the chosen days are written, an entry across midnight with what lies on each', async () => {
  await addSampleEntries();
  const saturday = await exportHours({ from: '2026-03-28', to: '2026-03-28', format: 'csv' });
  expect(saturday).toMatchObject({ entries: 1, seconds: 3600, fileName: 'hours-2026-03-28.csv' });
  expect(parse(saturday.text)).toEqual([
    expect.objectContaining({
      date: '2026-03-28',
      start: '2026-03-28T23:00:00+01:00',
      end: '2026-03-29T00:00:00+01:00',
      hours: '1.0000',
    }),
  ]);
  const sunday = await exportHours({ from: '2026-03-29', to: '2026-03-29', format: 'csv' });
  expect(sunday.seconds).toBe(3 * 3600 + 450);
  expect(parse(sunday.text)[0]).toMatchObject({
    start: '2026-03-29T00:00:00+01:00',
    end: '2026-03-29T04:00:00+02:00',
    seconds: '10800',
  });
});

test('rounded hours stand beside the exact ones, and their column adds up to what the terms say', async () => {
  await addSampleEntries();
  const sum = (text: string, column: string): number =>
    parse(text).reduce((total, row) => total + Number(row[column] ?? 0), 0);
  const range = { from: '2026-03-27', to: '2026-03-29', format: 'csv' } as const;
  await setRounding('entry');
  const byEntry = await exportHours(range);
  // 1:50, 4:00 and 0:07:30, each up to a quarter.
  expect(sum(byEntry.text, 'rounded_hours')).toBeCloseTo(2 + 4 + 0.25, 4);
  expect(sum(byEntry.text, 'hours')).toBeCloseTo((110 + 240 + 7.5) / 60, 3);
  await setRounding('day');
  // 1:50 on Friday, 1:00 on Saturday, 3:07:30 on Sunday.
  expect(sum((await exportHours(range)).text, 'rounded_hours')).toBeCloseTo(2 + 1 + 3.25, 4);
});

test('the CSV is read by Python’s csv module with the same totals, and nothing in it is a formula', async ({
  skip,
}) => {
  const python = await run('python3', ['--version']).catch(() => undefined);
  if (python === undefined) skip('there is no python3 on this machine');
  await addSampleEntries();
  const { path, seconds } = await exportHours({
    from: '2026-03-01',
    to: '2026-03-31',
    format: 'csv',
  });
  const script = `
import csv, json, sys
with open(sys.argv[1], newline='', encoding='utf-8-sig') as file:
    rows = list(csv.DictReader(file, strict=True))
print(json.dumps({'seconds': sum(float(row['seconds']) for row in rows), 'notes': [row['note'] for row in rows], 'columns': sorted({len(row) for row in rows})}))
`;
  const { stdout } = await run('python3', ['-c', script, path]);
  const found = JSON.parse(stdout) as { seconds: number; notes: string[]; columns: number[] };
  expect(found.seconds).toBe(seconds);
  expect(found.columns).toEqual([16]);
  expect(found.notes[0]).toBe(`'=2+5, "quoted"\nsecond line`);
  expect(found.notes.at(-1)).toBe('Größe');
});

test('the calendar is read by a library that did not write it, with the same total', async () => {
  await addSampleEntries();
  const { text, seconds } = await exportHours({
    from: '2026-03-01',
    to: '2026-03-31',
    format: 'ics',
  });
  expect(text.split('\r\n').every((line) => Buffer.byteLength(line) <= 75)).toBe(true);
  const component = new ICAL.Component(ICAL.parse(text) as unknown[]);
  const events = component.getAllSubcomponents('vevent').map((event) => new ICAL.Event(event));
  const total = events.reduce((sum, event) => sum + event.duration.toSeconds(), 0);
  expect(total).toBe(seconds);
  expect(events[0]?.description).toBe('=2+5, "quoted"\nsecond line');
  expect(new Set(events.map(({ uid }) => uid)).size).toBe(events.length);
});

test('a calendar that has an entry takes over what was changed since', async () => {
  await add('2026-03-02T08:00:00.000Z', '2026-03-02T09:00:00.000Z', 'As recorded');
  const read = async () => {
    const { text } = await exportHours({ from: '2026-03-02', to: '2026-03-02', format: 'ics' });
    const [event] = new ICAL.Component(ICAL.parse(text) as unknown[]).getAllSubcomponents('vevent');
    return {
      uid: event?.getFirstPropertyValue('uid'),
      sequence: Number(event?.getFirstPropertyValue('sequence')),
      stamp: String(event?.getFirstPropertyValue('dtstamp')),
    };
  };
  const first = await read();
  await workspace.run(60_000);
  const [entry] = await organization.intern.db.selectFrom('timeEntries').select('id').execute();
  await workspace.ask('hours.edit', {
    seatId: organization.intern.record.seatId,
    timeEntryId: entry?.id ?? '',
    // Put earlier: what lies before must not look older than what it replaces.
    patch: { startedAt: '2026-03-02T06:00:00.000Z', endedAt: '2026-03-02T07:00:00.000Z' },
  });
  const second = await read();
  expect(second.uid).toBe(first.uid);
  expect(second.sequence).toBeGreaterThan(first.sequence);
  expect(second.stamp > first.stamp).toBe(true);
});

test('the page to print has no script, escapes what people wrote, and says both totals', async () => {
  await add('2026-03-02T08:00:00.000Z', '2026-03-02T08:07:00.000Z', '<img src=x onerror=alert(1)>');
  await setRounding('entry');
  const { text } = await exportHours({ from: '2026-03-02', to: '2026-03-02', format: 'html' });
  expect(text).toContain("default-src 'none'");
  expect(text).not.toMatch(/<script|<img/);
  expect(text).toContain('&lt;img src=x onerror=alert(1)&gt;');
  expect(text).toMatch(/Total.*0:07.*0:15/s);
});

/** How often others had a turn until it was done. */
async function countTurns<Value>(run: () => Promise<Value>) {
  let turns = 0;
  let isOver = false;
  const count = () => {
    if (isOver) return;
    turns += 1;
    setImmediate(count);
  };
  setImmediate(count);
  const value = await run();
  isOver = true;
  return { turns, value };
}

test('others have their turn while a year of hours is written', async () => {
  await add('2026-03-02T08:00:00.000Z', '2026-03-02T08:30:00.000Z', 'first');
  const { db } = organization.intern;
  const row = await db.selectFrom('timeEntries').selectAll().executeTakeFirstOrThrow();
  const rows = Array.from({ length: 1_500 }, (_, index) => {
    const startedMs = Date.UTC(2026, 0, 1) + index * 3_600_000;
    return {
      ...row,
      id: uuid(),
      startedAt: new Date(startedMs).toISOString(),
      endedAt: new Date(startedMs + 1_800_000).toISOString(),
    };
  });
  for (let from = 0; from < rows.length; from += 500)
    await db
      .insertInto('timeEntries')
      .values(rows.slice(from, from + 500))
      .execute();
  const turns = new Turns(() => 0);
  const whole = { from: '2025-12-31', to: '2026-12-31' };
  const wanted = { ...whole, engagementId: undefined, membershipId: undefined };
  const read = await countTurns(() => loadTimesheetLines(organization.intern, wanted, turns));
  expect(read.turns).toBeGreaterThan(10);
  const lines = read.value;
  expect(new Set(lines.map(({ timeEntryId }) => timeEntryId)).size).toBe(1_501);
  for (const write of [
    () => computeHoursCsv(lines, turns),
    () => computeHoursPage(lines, { title: 'Hours', ...whole }, turns),
  ])
    expect((await countTurns(write)).turns).toBeGreaterThan(10);
  // A clock that goes on: a piece of a calendar takes longer than a line.
  let nowMs = 0;
  const byTime = new Turns(() => (nowMs += 20));
  expect((await countTurns(() => computeHoursCalendar(lines, byTime))).turns).toBeGreaterThan(10);
});

test('days in the wrong order are refused in words', async () => {
  await expect(
    exportHours({ from: '2026-03-02', to: '2026-03-01', format: 'csv' }),
  ).rejects.toMatchObject({ code: 'invalid_input', field: 'to' });
});

test('deadlines are written as moments with the wall time in words; what is done is left out', async () => {
  await assignTestTask(workspace, organization, { title: 'Cancelled' });
  await organization.intern.db
    .updateTable('tasks')
    .set({ cancelledAt: '2026-03-02T00:00:00.000Z' })
    .where('title', '=', 'Cancelled')
    .execute();
  const { path, events } = await hoursExchangeHandlers['calendar.export'](
    { seatId },
    workspace.workspace,
  );
  expect(events).toBe(1);
  const component = new ICAL.Component(ICAL.parse(await readFile(path, 'utf8')) as unknown[]);
  const [event] = component.getAllSubcomponents('vevent').map((each) => new ICAL.Event(each));
  expect(event?.summary).toBe('Due: Interview five owners');
  expect(event?.startDate.toJSDate().toISOString()).toBe('2026-03-10T16:00:00.000Z');
  expect(event?.description).toContain('2026-03-10 17:00 (Europe/Berlin)');
  await organization.intern.db.updateTable('engagements').set({ status: 'completed' }).execute();
  const ended = await hoursExchangeHandlers['calendar.export']({ seatId }, workspace.workspace);
  expect(ended.events).toBe(0);
});
