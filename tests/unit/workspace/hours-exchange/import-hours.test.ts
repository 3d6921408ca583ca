import { afterEach, beforeEach, expect, test } from 'vitest';
import { hoursExchangeHandlers } from '../../../../src/main/workspace/hours-exchange/hours-exchange-handlers.ts';
import { readImport } from '../../../../src/main/workspace/hours-exchange/read-import.ts';
import {
  addOrganization,
  assignTestTask,
  openTestWorkspace,
  type TestOrganization,
  type TestWorkspace,
} from '../../../support/workspace/test-workspace.ts';

const zone = 'Europe/Berlin';

const toggl = `\uFEFFUser,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags
Ida,ida@example.org,,Cafés,,"Called, five owners",No,2026-03-02,09:00:00,2026-03-02,10:30:00,01:30:00,
Ida,ida@example.org,,Cafés,,Night shift,No,2026-03-28,23:00:00,2026-03-29,04:00:00,04:00:00,
Ida,ida@example.org,,Cafés,,Broken,No,2026-03-32,23:00:00,2026-03-32,23:10:00,00:10:00,
`;

const clockify = `"Project","Client","Description","Task","User","Email","Tags","Billable","Start Date","Start Time","End Date","End Time","Duration (h)","Duration (decimal)"
"Cafés","","Phone","Interviews","Ida","ida@example.org","","No","01/07/2026","01:26:00 PM","01/07/2026","02:43:00 PM","01:17:00","1.28"
"Cafés","","Phone","Interviews","Ida","ida@example.org","","No","01/13/2026","12:05:00 AM","01/13/2026","12:35:00 AM","00:30:00","0.50"
`;

const kimai = `Date,From,To,Duration,User,Customer,Project,Activity,Description,Tags
11.07.2026,15:10,16:00,0:50,ida,Tidewater,Cafés,Interviews,"Notes",
11.07.2026,23:30,00:15,0:45,ida,Tidewater,Cafés,Interviews,"Late",
`;

let workspace: TestWorkspace;
let organization: TestOrganization;
let seatId: string;
let taskId: string;
beforeEach(async () => {
  workspace = await openTestWorkspace({ zone });
  organization = await addOrganization(workspace);
  seatId = organization.intern.record.seatId;
  taskId = await assignTestTask(workspace, organization, { title: 'Interviews' });
});
afterEach(() => workspace.close());

const stage = async (text: string) => (await workspace.stage('export.csv', text)).stagedId;
const key = (project: string, task: string): string => JSON.stringify([project, task]);

test.for([
  ['Toggl Track', toggl, 'toggl', ['2026-03-02T08:00:00.000Z', '2026-03-02T09:30:00.000Z']],
  ['Clockify', clockify, 'clockify', ['2026-01-07T12:26:00.000Z', '2026-01-07T13:43:00.000Z']],
  ['Kimai', kimai, 'kimai', ['2026-07-11T13:10:00.000Z', '2026-07-11T14:00:00.000Z']],
] as const)('a file of %s is recognised and read', ([, text, source, [start, end]]) => {
  const read = readImport(text, zone);
  expect(read.source).toBe(source);
  expect(read.rows[0]).toMatchObject({ line: 2, startedAt: start, endedAt: end, problem: null });
});

test('across a change of clocks, and across midnight, the counted length is right', () => {
  expect(readImport(toggl, zone).rows[1]).toMatchObject({
    startedAt: '2026-03-28T22:00:00.000Z',
    endedAt: '2026-03-29T02:00:00.000Z',
  });
  expect(readImport(kimai, zone).rows[1]).toMatchObject({
    startedAt: '2026-07-11T21:30:00.000Z',
    endedAt: '2026-07-11T22:15:00.000Z',
  });
  expect(readImport(clockify, zone).rows[1]?.startedAt).toBe('2026-01-12T23:05:00.000Z');
});

test('in the hour that comes twice, a row begins where its counted length says', () => {
  const csv = `Start date,Start time,End date,End time,Duration,Description
2026-10-25,01:30:00,2026-10-25,02:50:00,02:20:00,Called
2026-10-25,02:50:00,2026-10-25,03:30:00,00:40:00,Asked
2026-10-25,02:10:00,2026-10-25,02:20:00,00:10:00,Counted
`;
  expect(readImport(csv, zone).rows).toMatchObject([
    { startedAt: '2026-10-24T23:30:00.000Z', endedAt: '2026-10-25T01:50:00.000Z' },
    {
      startedAt: '2026-10-25T01:50:00.000Z',
      endedAt: '2026-10-25T02:30:00.000Z',
      // As it was read before: the same file again names the same entry.
      firstReading: ['2026-10-25T00:50:00.000Z', '2026-10-25T01:30:00.000Z'],
    },
    { startedAt: '2026-10-25T00:10:00.000Z', endedAt: '2026-10-25T00:20:00.000Z' },
  ]);
});

test('the preview says what is new, what has no task, and what cannot be read and why', async () => {
  const stagedId = await stage(toggl);
  const blank = await hoursExchangeHandlers['hours.inspectImport'](
    { stagedId, zone, mappings: [] },
    workspace.workspace,
  );
  expect(blank.counts).toEqual({ new: 0, asked: 0, duplicate: 0, unmapped: 2, bad: 1 });
  expect(blank.rows[2]).toMatchObject({
    line: 4,
    problem: 'expected a date and a time at the start, and found "2026-03-32 23:00:00"',
  });
  expect(blank.groups).toEqual([
    { key: key('Cafés', ''), label: 'Cafés', rows: 2, seconds: 5.5 * 3600, suggestion: null },
  ]);
  const named = await hoursExchangeHandlers['hours.inspectImport'](
    { stagedId: await stage(clockify), zone, mappings: [] },
    workspace.workspace,
  );
  expect(named.groups[0]?.suggestion).toMatchObject({ seatId, taskId });
});

test('what is imported twice, or after it was deleted, is there once or not at all', async () => {
  const stagedId = await stage(toggl);
  const input = { stagedId, zone, mappings: [{ key: key('Cafés', ''), seatId, taskId }] };
  const first = await hoursExchangeHandlers['hours.import'](input, workspace.workspace);
  expect(first).toEqual({
    added: 2,
    asked: 0,
    duplicates: 0,
    skipped: 1,
    refused: [],
    seconds: 5.5 * 3600,
  });
  const again = await hoursExchangeHandlers['hours.import'](
    { ...input, stagedId: await stage(toggl) },
    workspace.workspace,
  );
  expect(again).toMatchObject({ added: 0, duplicates: 2 });
  const { entries } = await workspace.ask('hours.list', { from: '2026-03-01', to: '2026-03-31' });
  expect(entries.map(({ note }) => note)).toEqual(['Night shift', 'Called, five owners']);
  const [entry] = entries;
  await workspace.ask('hours.delete', {
    seatId,
    timeEntryId: entry?.timeEntryId ?? '',
    deleted: true,
  });
  const third = await hoursExchangeHandlers['hours.import'](input, workspace.workspace);
  expect(third).toMatchObject({ added: 0, duplicates: 2 });
});

test('two rows that say the same are two entries, whichever device imports them', async () => {
  const twice = `${toggl.split('\n').slice(0, 2).join('\n')}\n${toggl.split('\n')[1] ?? ''}\n`;
  const input = {
    stagedId: await stage(twice),
    zone,
    mappings: [{ key: key('Cafés', ''), seatId, taskId }],
  };
  const done = await hoursExchangeHandlers['hours.import'](input, workspace.workspace);
  expect(done).toMatchObject({ added: 2, duplicates: 0 });
  const ids = await organization.intern.db.selectFrom('timeEntries').select('id').execute();
  // The same change from another device names the same entry, and does nothing.
  const [row] = await organization.intern.db
    .selectFrom('outbox')
    .select('argsJson')
    .where('name', '=', 'time.import')
    .execute();
  await organization.intern.mutate('time.import', JSON.parse(row?.argsJson ?? '') as never, {
    subject: '',
  });
  const after = await organization.intern.db.selectFrom('timeEntries').select('id').execute();
  expect(after).toEqual(ids);
});

test('a row that the rules refuse is named with its line and the reason, and the others are imported', async () => {
  const csv = `Start date,Start time,Duration,Project,Description
2026-03-02,09:00:00,01:30:00,Gone,Called
2026-03-03,09:00:00,01:00:00,Cafés,Asked
2026-03-04,09:00:00,02:00:00,Gone,Written
2026-03-05,09:00:00,00:30:00,Cafés,Counted
`;
  const gone = workspace.workspace.ports.randomness.uuid();
  const done = await hoursExchangeHandlers['hours.import'](
    {
      stagedId: await stage(csv),
      zone,
      mappings: [
        { key: key('Gone', ''), seatId, taskId: gone },
        { key: key('Cafés', ''), seatId, taskId },
      ],
    },
    workspace.workspace,
  );
  expect(done).toMatchObject({ added: 2, duplicates: 0, skipped: 0, seconds: 1.5 * 3600 });
  expect(done.refused.map(({ line }) => line)).toEqual([2, 4]);
  expect(done.refused[0]?.reason).toContain('no task');
  const { entries } = await workspace.ask('hours.list', { from: '2026-03-01', to: '2026-03-31' });
  expect(entries.map(({ note }) => note)).toEqual(['Counted', 'Asked']);
});

test('a row of days that are approved already is shown and counted as asked for, not as added', async () => {
  const csv = `Start date,Start time,Duration,Project,Description
2026-03-03,09:00:00,01:00:00,Cafés,Asked
2026-03-09,09:00:00,00:30:00,Cafés,Counted
`;
  await workspace.ask('hours.add', {
    seatId,
    taskId,
    startedAt: '2026-03-02T09:00:00.000Z',
    endedAt: '2026-03-02T10:00:00.000Z',
  });
  const { timesheetId } = await workspace.ask('timesheet.submit', {
    seatId,
    engagementId: organization.engagementId,
    of: { from: '2026-03-02', to: '2026-03-08' },
  });
  await organization.intern.db
    .updateTable('timesheets')
    .set({ state: 'approved', decidedBy: organization.owner.record.membershipId })
    .where('id', '=', timesheetId)
    .execute();
  const input = {
    stagedId: await stage(csv),
    zone,
    mappings: [{ key: key('Cafés', ''), seatId, taskId }],
  };
  const preview = await hoursExchangeHandlers['hours.inspectImport'](input, workspace.workspace);
  expect(preview).toMatchObject({
    counts: { new: 1, asked: 1, duplicate: 0 },
    rows: [{ state: 'asked' }, { state: 'new' }],
    seconds: 1800,
  });
  const done = await hoursExchangeHandlers['hours.import'](input, workspace.workspace);
  expect(done).toMatchObject({ added: 1, asked: 1, duplicates: 0, refused: [], seconds: 1800 });
  const again = await hoursExchangeHandlers['hours.import'](input, workspace.workspace);
  expect(again).toMatchObject({ added: 0, asked: 0, duplicates: 2, seconds: 0 });
});

test('the preview says of which note the end is left out', async () => {
  const csv = `Start date,Start time,Duration,Project,Description
2026-03-02,09:00:00,01:30:00,Cafés,${'a'.repeat(2000)}
2026-03-03,09:00:00,01:30:00,Cafés,${'b'.repeat(2345)}
`;
  const input = {
    stagedId: await stage(csv),
    zone,
    mappings: [{ key: key('Cafés', ''), seatId, taskId }],
  };
  const { rows } = await hoursExchangeHandlers['hours.inspectImport'](input, workspace.workspace);
  expect(rows.map(({ state, cutNote }) => [state, cutNote])).toEqual([
    ['new', null],
    [
      'new',
      'the note has 2,345 characters, and a note here at most 2,000: what comes after them is left out',
    ],
  ]);
});

test.for([
  ['shopping,price\nmilk,2\n', 'found the columns shopping, price'],
  ['', 'found the columns (none)'],
] as const)(
  'a file that is none of the three is refused, saying what was found',
  ([text, found]) => {
    expect(() => readImport(text, zone)).toThrow(found);
  },
);

test('a row with cells beyond those of the first line is not recorded with half of its text', () => {
  const csv = `Start date,Start time,Duration,Description
2026-03-02,09:00:00,01:30:00,Called,
2026-03-02,09:00:00,01:30:00,Called, and asked
`;
  expect(readImport(csv, zone).rows).toMatchObject([
    { problem: null },
    {
      startedAt: null,
      problem: expect.stringContaining(
        'expected 4 cells as in the first line, and found 5, with "and asked" left over',
      ) as string,
    },
  ]);
});

test('rows behind a quotation mark that is never closed are not taken for a note', () => {
  const csv = `Start date,Start time,Duration,Description
2026-03-02,09:00:00,01:30:00,"Called
2026-03-03,09:00:00,01:30:00,Asked
2026-03-04,09:00:00,01:30:00,Written
`;
  expect(() => readImport(csv, zone)).toThrow('a quotation mark is never closed');
});

test('a row is named by its line in the file, behind notes of several lines and empty lines', () => {
  const csv = `Start date,Start time,Duration,Description
2026-03-02,09:00:00,01:30:00,"Called
and asked"

2026-03-32,09:00:00,01:30:00,Broken
`;
  expect(readImport(csv, zone).rows.map(({ line }) => line)).toEqual([2, 5]);
});

test('a file in Windows-1252 is read with its letters', async () => {
  const bytes = Buffer.from(toggl.replace('\uFEFF', ''), 'latin1');
  const { stagedId } = await workspace.stage('export.csv', bytes);
  const { groups } = await hoursExchangeHandlers['hours.inspectImport'](
    { stagedId, zone, mappings: [] },
    workspace.workspace,
  );
  expect(groups.map(({ label }) => label)).toEqual(['Cafés']);
});

test('a file that is no text, or is not there, is refused in words', async () => {
  const binary = await workspace.workspace.files.importStream(
    (async function* () {
      yield Buffer.from([0xff, 0xfe, 0x00, 0xd8]);
    })(),
  );
  const stagedId = workspace.workspace.ports.randomness.uuid();
  await workspace.workspace.db
    .insertInto('stagedFiles')
    .values({
      stagedId,
      name: 'hours.xls',
      mediaType: 'application/vnd.ms-excel',
      createdAt: workspace.machine.now,
      ...binary,
    })
    .execute();
  const input = { stagedId, zone, mappings: [] };
  await expect(
    hoursExchangeHandlers['hours.inspectImport'](input, workspace.workspace),
  ).rejects.toThrow('"hours.xls" is not text in UTF-8');
});
