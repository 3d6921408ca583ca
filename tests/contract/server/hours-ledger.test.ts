import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { deskRequests } from '../../../src/shared/contract/desk-requests.ts';
import { hoursRequests } from '../../../src/shared/contract/hours-requests.ts';
import { workRequests } from '../../../src/shared/contract/work-requests.ts';
import { domainRowSchemas, domainTables } from '../../../src/shared/database/domain-tables.ts';
import { hoursLedger } from '../../../src/shared/domain/hours-ledger.ts';
import { createId } from '../../support/server/test-ids.ts';
import { TestOrganization } from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';

const columnsOf = (table: (typeof hoursLedger)[number]['table']) =>
  hoursLedger
    .filter((part) => part.table === table)
    .flatMap(({ lines }) => lines.flatMap(({ columns }) => columns));

test('the ledger names every column of hours that goes to the employer, and none that does not', () => {
  for (const { table } of hoursLedger)
    expect([table, columnsOf(table).toSorted()]).toEqual([
      table,
      Object.keys(domainRowSchemas[table].shape).toSorted(),
    ]);
});

test('no other table that is synchronised holds something of a time entry', () => {
  const listed = new Set<string>(hoursLedger.map(({ table }) => table));
  const others = domainTables.filter((table) => !listed.has(table));
  for (const table of others)
    for (const column of Object.keys(domainRowSchemas[table].shape))
      expect([table, column]).not.toEqual([
        table,
        expect.stringMatching(/timeEntry|idle|hidden|asleep|timer|heartbeat|rate$|perHour/i),
      ]);
});

test('what the employer’s device is sent of an intern’s hours is what the ledger says', async () => {
  const organization = await TestOrganization.create((await startTestServer()).url);
  const { orgId, owner } = organization;
  const { device: intern, engagementId } = await organization.addIntern();
  const { taskId } = await organization.assignTask(engagementId);
  const timeEntryId = createId();
  await intern.apply(
    orgId,
    [
      'time.add',
      {
        timeEntryId,
        taskId,
        startedAt: '2026-03-02T09:00:00.000Z',
        endedAt: '2026-03-02T10:00:00.000Z',
        zone: 'Europe/Berlin',
        source: 'timer',
        note: '',
      },
    ],
    ['time.edit', { timeEntryId, patch: { note: 'calls' }, seen: {} }],
    [
      'timesheet.submit',
      {
        timesheetId: createId(),
        engagementId,
        kind: 'work',
        startsOn: '2026-03-02',
        endsOn: '2026-03-02',
        zone: 'Europe/Berlin',
        startsAt: null,
        endsAt: null,
        taskId,
        submissionId: null,
        note: '',
        timeEntryIds: [timeEntryId],
      },
    ],
  );
  for (const table of ['timeEntries', 'fieldEdits', 'timesheets'] as const) {
    const rows = await owner.list(orgId, table);
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows)
      expect(Object.keys(row).toSorted()).toEqual(columnsOf(table).toSorted());
  }
});

/** Names that stand anywhere in what a request answers with. */
function listNames(
  schema: unknown,
  found = new Set<string>(),
  seen = new Set<unknown>(),
): Set<string> {
  if (typeof schema !== 'object' || schema === null || seen.has(schema)) return found;
  seen.add(schema);
  const { def } = schema as { def?: Record<string, unknown> };
  if (def === undefined) return found;
  const { shape } = def;
  if (typeof shape === 'object' && shape !== null)
    for (const [name, inner] of Object.entries(shape)) {
      found.add(name);
      listNames(inner, found, seen);
    }
  for (const inner of [def['element'], def['innerType'], def['valueType'], def['in'], def['out']])
    listNames(inner, found, seen);
  for (const inner of Array.isArray(def['options']) ? (def['options'] as unknown[]) : [])
    listNames(inner, found, seen);
  return found;
}

test('what an hour comes to is nowhere in what an employer can ask for, and nothing at the desk or on the server computes it', () => {
  const namesRate = (name: string) => /rate|perHour/i.test(name);
  expect([...listNames(hoursRequests['hours.effectiveRates'].output)].filter(namesRate)).toEqual([
    'minorPerHour',
  ]);
  const all = { ...deskRequests, ...workRequests, ...hoursRequests };
  for (const [name, request] of Object.entries(all)) {
    if (name === 'hours.effectiveRates') continue;
    // How quickly an upload goes is something else.
    expect([name, [...listNames(request.output)].filter(namesRate)]).toEqual([name, []]);
  }
  const users = globSync('src/**/*.{ts,tsx}').filter((path) =>
    readFileSync(path, 'utf8').includes('computeEffectiveRate'),
  );
  expect(users.toSorted()).toEqual([
    'src/main/workspace/hours/budget-handlers.ts',
    'src/shared/domain/effective-rate.ts',
  ]);
});
