import fc from 'fast-check';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { z } from 'zod';
import { findHits } from '../../../../src/main/workspace/search/find-hits.ts';
import {
  endSearchIndex,
  indexChangedAnew,
  isIndexComplete,
  updateSearchIndex,
} from '../../../../src/main/workspace/search/search-index.ts';
import { searchAhead } from '../../../../src/main/workspace/search/search-ahead.ts';
import { computeSearchQuery } from '../../../../src/main/workspace/search/search-query.ts';
import { listMomentColumns } from '../../../../src/main/workspace/search/describe-hits.ts';
import {
  firstOther,
  getSourceOfDocument,
  isBulk,
  searchSources,
} from '../../../../src/main/workspace/search/search-sources.ts';
import type { Seat } from '../../../../src/main/workspace/seats/seat.ts';
import { getRowWriter } from '../../../../src/main/workspace/sync/row-writer.ts';
import { dropRows } from '../../../../src/main/workspace/sync/mirrored-rows.ts';
import { domainRowSchemas } from '../../../../src/shared/database/domain-tables.ts';
import { foundMark } from '../../../../src/shared/contract/search-requests.ts';
import {
  addOrganization,
  assignTestTask,
  carryRows,
  openTestWorkspace,
  type TestOrganization,
  type TestWorkspace,
} from '../../../support/workspace/test-workspace.ts';

let workspace: TestWorkspace;
let organization: TestOrganization;
let owner: Seat;

beforeEach(async () => {
  workspace = await openTestWorkspace();
  organization = await addOrganization(workspace);
  owner = organization.owner;
});
afterEach(() => workspace.close());

const look = (text: string, seat = owner) =>
  findHits(seat, { text, kinds: undefined, sort: 'best', limit: 50 });
const listKinds = async (text: string, seat = owner) =>
  (await look(text, seat)).hits.map(({ hit }) => hit.kind).sort();

test('what is taken into the index ends with the workspace, and goes on when it is opened again', async () => {
  await assignTestTask(workspace, organization, { title: 'Quince one' });
  const update = updateSearchIndex(owner);
  endSearchIndex(owner);
  await update;
  expect(await listKinds('quince')).toEqual([]);
  await workspace.kill(1000);
  const seat = workspace.workspace.seats.find(owner.record.seatId);
  if (seat === undefined) throw new Error('the seat is not there again');
  await updateSearchIndex(seat);
  expect(await listKinds('quince', seat)).toEqual(['task']);
});

test('the newest are those that came last, whatever kind they are of, also where more fit than are asked for', async () => {
  const seatId = organization.intern.record.seatId;
  const [taskId] = [
    await assignTestTask(workspace, organization, { title: 'Quince one' }),
    await assignTestTask(workspace, organization, { title: 'Quince two' }),
    await assignTestTask(workspace, organization, { title: 'Quince three' }),
  ];
  await workspace.run(60_000);
  await workspace.ask('draft.writeNote', { seatId, taskId, note: 'Quince jelly.' });
  const { submissionId } = await workspace.ask('submission.create', { seatId, taskId });
  await carryRows(organization.intern, owner);
  await updateSearchIndex(owner);
  const { hits } = await findHits(owner, {
    text: 'quince',
    kinds: undefined,
    sort: 'newest',
    limit: 2,
  });
  expect(hits).toHaveLength(2);
  expect(hits[0]?.hit).toMatchObject({ kind: 'submission', id: submissionId });
});

test('a search that nobody asked for goes before the first one, once', async () => {
  await assignTestTask(workspace, organization, { title: 'Quince one' });
  await updateSearchIndex(owner);
  const prepare = vi.spyOn(owner.opened.connection, 'prepare');
  onTestFinished(() => prepare.mockRestore());
  await searchAhead(owner);
  expect(prepare.mock.calls.some(([text]) => text.includes('"searchText" match'))).toBe(true);
  prepare.mockClear();
  await searchAhead(owner);
  expect(prepare).not.toHaveBeenCalled();
});

test('of a whole sentence, what is called so stands first, and then the newest, each once', async () => {
  const sentence = 'two sources disagree keep both and mark the line';
  const seatId = organization.intern.record.seatId;
  const titled = await assignTestTask(workspace, organization, { title: sentence });
  const others = [
    await assignTestTask(workspace, organization, { title: 'Quince one' }),
    await assignTestTask(workspace, organization, { title: 'Quince two' }),
  ];
  const sent: string[] = [];
  for (const taskId of others) {
    await workspace.run(60_000);
    await workspace.ask('draft.writeNote', { seatId, taskId, note: `When ${sentence}.` });
    sent.push((await workspace.ask('submission.create', { seatId, taskId })).submissionId);
    await carryRows(organization.intern, owner);
    await updateSearchIndex(owner);
  }
  // What is a word of its own here and none to the index makes no difference.
  for (const text of [sentence, `${sentence} \u{301}`]) {
    const { hits } = await look(text);
    expect(hits.map(({ hit }) => hit.id)).toEqual([titled, ...sent.toReversed()]);
  }
});

test('everything is found by words and their beginnings, without regard to case and accents', async () => {
  const taskId = await assignTestTask(workspace, organization);
  await workspace.ask('draft.writeNote', {
    seatId: organization.intern.record.seatId,
    taskId,
    note: 'Done with the Überseequartier.',
  });
  await workspace.ask('submission.create', {
    seatId: organization.intern.record.seatId,
    taskId,
  });
  await carryRows(organization.intern, owner);
  expect(isIndexComplete(owner)).toBe(false);
  await updateSearchIndex(owner);
  expect(isIndexComplete(owner)).toBe(true);

  expect(await listKinds('INTERV own')).toEqual(['task']);
  expect(await listKinds('oat')).toEqual(['brief']);
  expect(await listKinds('one page')).toEqual(['brief']);
  expect(await listKinds('cafes')).toEqual(['project']);
  expect(await listKinds('ines')).toEqual(['person']);
  expect(await listKinds('uberseeq')).toEqual(['submission']);
  expect(await listKinds('oat tea')).toEqual([]);
  const [found] = (await look('uberseequartier')).hits;
  expect(found?.hit).toMatchObject({
    title: 'Interview five owners',
    excerpt: `Done with the ${foundMark.begin}Überseequartier${foundMark.end}.`,
    context: 'Interview five owners · Inês Duarte · Coastal cafés',
    taskId,
    engagementId: organization.engagementId,
    projectId: organization.projectId,
  });
  expect((await look('o')).counts).toMatchObject({ task: 1, brief: 1 });
});

test('what changes, comes or goes is found as it is, once the queue was worked off', async () => {
  const taskId = await assignTestTask(workspace, organization, { title: 'Count the gulls' });
  await updateSearchIndex(owner);
  await workspace.ask('task.edit', {
    seatId: owner.record.seatId,
    taskId,
    patch: { title: 'Count the terns' },
  });
  expect(isIndexComplete(owner)).toBe(false);
  // As the row comes from the server, in the place of the one that is here, while it waits to be taken in already.
  const row = await owner.db.selectFrom('tasks').selectAll().executeTakeFirstOrThrow();
  const writer = getRowWriter(owner.opened.connection, 'tasks');
  writer.write({ ...row, title: 'Count the auks' });
  writer.write(row);
  await updateSearchIndex(owner);
  expect(await listKinds('gulls')).toEqual([]);
  expect(await listKinds('auks')).toEqual([]);
  expect(await listKinds('terns')).toEqual(['task']);
  // SY-10: what has left a person's sight is not found any more.
  const scope = `engagement:${organization.engagementId}`;
  await owner.db.transaction().execute((tx) => dropRows(tx, [scope]));
  await updateSearchIndex(owner);
  expect(await listKinds('terns')).toEqual([]);
});

test('a row that comes again with the same words leaves the index as it is', async () => {
  const taskId = await assignTestTask(workspace, organization, { title: 'Count the gulls' });
  await updateSearchIndex(owner);
  const { connection } = owner.opened;
  // The words in their segments; what comes before is of the whole index (sqlite.org/fts5.html).
  const readIndex = () =>
    connection.prepare(`select * from "searchText_data" where "id" > 10 order by "id"`).all();
  const row = await owner.db
    .selectFrom('tasks')
    .selectAll()
    .where('id', '=', taskId)
    .executeTakeFirstOrThrow();
  const before = readIndex();
  for (const update of [() => updateSearchIndex(owner), async () => indexChangedAnew(owner)]) {
    getRowWriter(connection, 'tasks').write({ ...row, position: row.position + 1 });
    expect(isIndexComplete(owner)).toBe(false);
    await update();
    expect(isIndexComplete(owner)).toBe(true);
    expect(readIndex()).toEqual(before);
  }
});

test('time is found by its note, and a deleted entry is not', async () => {
  const { intern } = organization;
  const taskId = await assignTestTask(workspace, organization);
  const { timeEntryId } = await workspace.ask('hours.add', {
    seatId: intern.record.seatId,
    taskId,
    startedAt: '2026-03-02T07:00:00.000Z',
    endedAt: '2026-03-02T08:00:00.000Z',
    note: 'phoned Ahlbeck',
  });
  await updateSearchIndex(intern);
  expect(await listKinds('ahlbeck', intern)).toEqual(['time']);
  await workspace.ask('hours.delete', { seatId: intern.record.seatId, timeEntryId, deleted: true });
  await updateSearchIndex(intern);
  expect(await listKinds('ahlbeck', intern)).toEqual([]);
});

test('a stretch of time stands behind what it belongs to, however short its note, and is counted all the same', async () => {
  const { intern } = organization;
  const { seatId } = intern.record;
  const taskId = await assignTestTask(workspace, organization, {
    instructions: `Ring the harbour offices. ${'Write down who answers, and when. '.repeat(30)}`,
  });
  const first = { seatId, taskId, note: 'harbour' };
  const startedAt = '2026-03-02T07:00:00.000Z';
  await workspace.ask('hours.add', { ...first, startedAt, endedAt: '2026-03-02T08:00:00.000Z' });
  await updateSearchIndex(intern);
  const asked = { text: 'harbour', sort: 'best', limit: 50 } as const;
  const listFound = async (changes: Partial<Parameters<typeof findHits>[1]> = {}) => {
    const { hits, counts } = await findHits(intern, { ...asked, kinds: undefined, ...changes });
    return { kinds: hits.map(({ hit }) => hit.kind), counts };
  };
  const counts = { brief: 1, time: 1 };
  expect(await listFound()).toEqual({ kinds: ['brief', 'time'], counts });
  expect(await listFound({ limit: 1 })).toEqual({ kinds: ['brief'], counts });
  expect(await listFound({ kinds: ['time'] })).toEqual({ kinds: ['time'], counts });
  expect(await listFound({ kinds: ['time', 'brief'] })).toEqual({
    kinds: ['brief', 'time'],
    counts,
  });
  // Nor do more of them than are looked at take its place.
  const entry = await intern.db.selectFrom('timeEntries').selectAll().executeTakeFirstOrThrow();
  const writer = getRowWriter(intern.opened.connection, 'timeEntries');
  await intern.db.transaction().execute(async () => {
    for (let index = 0; index < 1001; index += 1)
      writer.write({ ...entry, id: workspace.workspace.ports.randomness.uuid() });
  });
  await updateSearchIndex(intern);
  expect((await listFound({ kinds: ['time', 'brief'] })).kinds[0]).toBe('brief');
  expect(await listFound({ limit: 1 })).toEqual({
    kinds: ['brief'],
    counts: { brief: 1, time: 1000 },
  });
});

test('what changes while others have a turn is looked at anew: hits and counts are of one moment', async () => {
  await assignTestTask(workspace, organization, { title: 'Count the gulls' });
  await updateSearchIndex(owner);
  // Time goes on, so that others have a turn after each step.
  let nowMs = 0;
  vi.spyOn(owner.clock, 'monotonicMs').mockImplementation(() => {
    nowMs += 20;
    return nowMs;
  });
  const looking = look('gulls');
  owner.opened.connection.exec(`delete from "searchText"; delete from "searchDocuments"`);
  expect(await looking).toEqual({ hits: [], counts: {} });
});

test('what is called by a word is found, however many newer ones have it in their text', async () => {
  const taskId = await assignTestTask(workspace, organization, { title: 'Count the gulls' });
  const brief = await owner.db
    .selectFrom('briefVersions')
    .selectAll()
    .where('taskId', '=', taskId)
    .executeTakeFirstOrThrow();
  await updateSearchIndex(owner);
  const writer = getRowWriter(owner.opened.connection, 'briefVersions');
  await owner.db.transaction().execute(async () => {
    for (let version = 2; version <= 1102; version += 1)
      writer.write({
        ...brief,
        id: workspace.workspace.ports.randomness.uuid(),
        version,
        instructions: 'Gulls.',
      });
  });
  await updateSearchIndex(owner);
  const { hits, counts } = await look('gulls');
  expect(hits[0]?.hit).toMatchObject({ kind: 'task', id: taskId });
  expect(counts).toEqual({ brief: 1000, task: 1 });
  // Of some kinds, the newest are found behind any number of others, which are counted all the same.
  for (const sort of ['best', 'newest'] as const) {
    const tasks = await findHits(owner, { text: 'gulls', kinds: ['task'], sort, limit: 50 });
    expect(tasks.hits.map(({ hit }) => hit.id)).toEqual([taskId]);
    expect(tasks.counts).toEqual({ brief: 1000 });
  }
});

test('a person who is found belongs to the newest of their engagements, and each of several to their own', async () => {
  const engagement = await owner.db
    .selectFrom('engagements')
    .selectAll()
    .where('id', '=', organization.engagementId)
    .executeTakeFirstOrThrow();
  const { membershipId } = owner.record;
  const add = (id: string, createdAt: string, changes = {}) =>
    getRowWriter(owner.opened.connection, 'engagements').write({
      ...engagement,
      id,
      createdAt,
      ...changes,
    });
  await owner.db.transaction().execute(async () => {
    add('later', '2031-01-01T00:00:00.000Z');
    add('earlier', '2021-01-01T00:00:00.000Z');
    add('owners', '2022-01-01T00:00:00.000Z', { membershipId });
  });
  await updateSearchIndex(owner);
  const { hits } = await findHits(owner, {
    text: 'example',
    kinds: ['person'],
    sort: 'best',
    limit: 50,
  });
  expect(Object.fromEntries(hits.map(({ hit }) => [hit.id, hit.engagementId]))).toMatchObject({
    [engagement.membershipId ?? '']: 'later',
    [membershipId]: 'owners',
  });
});

test('nothing that a person types is a fault, and operators are words', async () => {
  expect(computeSearchQuery('"not" OR near(a b)')).toBe('"not"* "OR"* "near"* "a"* "b"*');
  expect(computeSearchQuery(' -* ^ ')).toBeUndefined();
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 40 }), async (text) => {
      await look(text);
    }),
    { numRuns: 200 },
  );
});

test('the number of a document says of which source it is; time and files are below all others, and later is higher', async () => {
  expect(Object.fromEntries(searchSources.map(({ table, code }) => [table, code]))).toEqual({
    projects: 0,
    memberships: 1,
    engagements: 2,
    tasks: 3,
    briefVersions: 4,
    submissions: 5,
    reviews: 6,
    attachments: 7,
    timeEntries: 8,
  });
  const { intern } = organization;
  const listDocuments = () =>
    intern.opened.connection
      .prepare(`select * from "searchDocuments" order by "documentId"`)
      .all() as { documentId: number; tableName: string; rowId: string }[];
  for (const hour of ['07', '09']) {
    const taskId = await assignTestTask(workspace, organization, { title: `Quince at ${hour}` });
    await workspace.ask('hours.add', {
      seatId: intern.record.seatId,
      taskId,
      startedAt: `2026-03-02T${hour}:00:00.000Z`,
      endedAt: `2026-03-02T${hour}:30:00.000Z`,
      note: `quince at ${hour}`,
    });
    const before = listDocuments().map(({ documentId }) => documentId);
    await updateSearchIndex(intern);
    const added = listDocuments().filter(({ documentId }) => !before.includes(documentId));
    expect(new Set(added.map(({ tableName }) => tableName))).toContain('timeEntries');
    for (const { documentId, tableName } of added) {
      const { table, kind } = getSourceOfDocument(documentId);
      expect(table).toBe(tableName);
      expect(documentId < firstOther, table).toBe(isBulk(kind));
      const group = before.filter((id) => id < firstOther === isBulk(kind));
      expect(documentId).toBeGreaterThan(Math.max(0, ...group));
    }
  }
});

test('when something was done is written in one form alone, whose order is that of time', () => {
  for (const { table } of searchSources) {
    const columns = listMomentColumns(table).replaceAll('"', '').split(', ');
    expect(columns.length, table).toBeGreaterThan(0);
    const shape: Readonly<Record<string, z.ZodType>> = domainRowSchemas[table].shape;
    for (const column of columns) {
      const isTaken = (text: string) => shape[column]?.safeParse(text).success;
      expect(isTaken('2026-03-01T09:30:00.000Z'), `${table}.${column}`).toBe(true);
      for (const text of [
        '2026-03-01T09:30:00Z',
        '2026-03-01T09:30:00.0000Z',
        '2026-03-01T09:30:00.000+01:00',
        '2026-03-01 09:30:00.000Z',
        '+012026-03-01T09:30:00.000Z',
      ])
        expect(isTaken(text), `${table}.${column} ${text}`).toBe(false);
    }
  }
});

test('every source names a table and columns that the seat has', () => {
  const { connection } = owner.opened;
  for (const { table, title, texts } of searchSources) {
    const columns = (connection.pragma(`table_info("${table}")`) as { name: string }[]).map(
      ({ name }) => name,
    );
    for (const column of [...(title === null ? [] : [title]), ...texts])
      expect(columns, `${table}.${column}`).toContain(column);
  }
});
