import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  addOrganization,
  catchRefusal,
  openTestWorkspace,
  uuid,
  type TestOrganization,
  type TestWorkspace,
} from '../../../support/workspace/test-workspace.ts';

let workspace: TestWorkspace;
let organization: TestOrganization;
let seatId: string;
let projectId: string;

beforeEach(async () => {
  workspace = await openTestWorkspace({ now: '2026-03-02T09:00:00.000Z' });
  organization = await addOrganization(workspace);
  seatId = organization.owner.record.seatId;
  projectId = organization.projectId;
});

afterEach(async () => {
  await workspace.close();
});

const preview = async (kind: 'tasks' | 'interns', csv: string) =>
  workspace.ask('project.previewImport', { seatId, projectId, kind, csv });
const apply = async (kind: 'tasks' | 'interns', csv: string) =>
  workspace.ask('project.import', { seatId, projectId, kind, csv });
const listTasks = async () => (await workspace.ask('tasks.list', { seatId, projectId })).items;
const countOutbox = async () =>
  (await organization.owner.db.selectFrom('outbox').select('id').execute()).length;

const tasksCsv = `Title;Intern;Instructions;Criteria;Deadline;Hours
Interview;Inês Duarte;"Ask, and write down:
who; when";Five interviews|One page each;2026-03-20;2,5
Summary;intern@example.org;;;2026-03-27 09:30;
For all;everyone;;;2026-03-28;1`;

test('a preview says what each row would make, and makes nothing', async () => {
  const shown = await preview('tasks', tasksCsv);
  expect(shown).toMatchObject({ problem: null, unknownColumns: [] });
  expect(shown.rows).toMatchObject([
    {
      line: 2,
      state: 'new',
      title: 'Interview',
      details: ['Inês Duarte'],
      due: { instant: '2026-03-20T16:00:00.000Z', zone: 'Europe/Berlin' },
      estimateMinutes: 150,
    },
    {
      line: 4,
      state: 'new',
      title: 'Summary',
      details: ['Inês Duarte'],
      due: { wall: '2026-03-27T09:30', zone: 'Europe/Berlin' },
      estimateMinutes: null,
    },
    { line: 5, state: 'new', title: 'For all' },
  ]);
  expect(await listTasks()).toEqual([]);
  expect(await countOutbox()).toBe(0);
});

test('what was previewed is made, with texts, criteria and wall times as the file has them', async () => {
  expect(await apply('tasks', tasksCsv)).toEqual({ made: 3, alreadyThere: 0, links: [] });
  const [interview] = (await listTasks()).filter(({ title }) => title === 'Interview');
  const task = await workspace.ask('task.get', { seatId, taskId: interview?.taskId ?? '' });
  expect(task.brief).toMatchObject({
    instructions: 'Ask, and write down:\nwho; when',
    criteria: [{ text: 'Five interviews' }, { text: 'One page each' }],
  });
  expect(task.item).toMatchObject({
    estimateMinutes: 150,
    due: { wall: '2026-03-20T17:00', zone: 'Europe/Berlin' },
  });
});

test('importing again makes nothing twice; a cancelled task can be imported anew', async () => {
  await apply('tasks', tasksCsv);
  expect(await apply('tasks', tasksCsv)).toMatchObject({ made: 0, alreadyThere: 3 });
  expect((await preview('tasks', tasksCsv)).rows.map(({ state }) => state)).toEqual([
    'there',
    'there',
    'there',
  ]);
  const summary = (await listTasks()).find(({ title }) => title === 'Summary');
  await workspace.ask('task.cancel', { seatId, taskId: summary?.taskId ?? '' });
  expect(await apply('tasks', tasksCsv)).toMatchObject({ made: 1, alreadyThere: 2 });
  expect(await listTasks()).toHaveLength(4);
});

test('a task that was imported and renamed is there, and can be imported anew once it is cancelled', async () => {
  const csv = 'Title,Deadline\nResaerch,2026-03-20\n';
  await apply('tasks', csv);
  const taskId = (await listTasks())[0]?.taskId ?? '';
  await workspace.ask('task.edit', { seatId, taskId, patch: { title: 'Research' } });
  const longer = `${csv}Report,2026-03-21\n`;
  expect((await preview('tasks', longer)).rows.map(({ state }) => state)).toEqual(['there', 'new']);
  expect(await apply('tasks', longer)).toMatchObject({ made: 1, alreadyThere: 1 });
  await workspace.ask('task.cancel', { seatId, taskId });
  expect(await apply('tasks', longer)).toMatchObject({ made: 1, alreadyThere: 1 });
  expect(await apply('tasks', longer)).toMatchObject({ made: 0, alreadyThere: 2 });
});

test('wrong rows are named with their columns, and then nothing at all is made', async () => {
  const csv = `title,intern,deadline,hours,colour
Fine,,2026-03-20,,red
,Nobody,20.03.2026,many,
Other,,2026-02-30,,`;
  const shown = await preview('tasks', csv);
  expect(shown.unknownColumns).toEqual(['colour']);
  expect(shown.rows.map(({ line, state }) => [line, state])).toEqual([
    [2, 'new'],
    [3, 'wrong'],
    [4, 'wrong'],
  ]);
  expect(shown.rows[1]?.problems.map(({ column }) => column)).toEqual([
    'title',
    'intern',
    'deadline',
    'hours',
  ]);
  // What was refused stands there as the file has it.
  expect(shown.rows[1]?.problems[2]?.message).toContain('"20.03.2026"');
  expect(shown.rows[2]?.problems[0]?.message).toContain('"2026-02-30"');
  expect(await catchRefusal(apply('tasks', csv))).toMatchObject({
    code: 'invalid_input',
    field: 'csv',
    message: '2 rows are wrong, the first on line 3; nothing was imported',
  });
  expect(await listTasks()).toEqual([]);
  expect(await countOutbox()).toBe(0);
});

test.each([
  ['', 'the file is empty; its first line has to name the columns'],
  ['title,deadline', 'the file names columns and has no rows below them'],
  ['a,b\n1,2', 'the first line has to name "title" and "deadline"; it names "a", "b"'],
  ['title,deadline\n"open,2026-03-20', 'a quotation mark is never closed'],
])('a file that cannot be read says why: %j', async (csv, problem) => {
  const shown = await preview('tasks', csv);
  expect(shown.rows).toEqual([]);
  expect(shown.problem).toContain(problem);
});

test.each([
  ['interns', 'name;email\r\nAda Lovelace;ada@example.org\r\nBo Lind;bo@example.org\r\n'],
  ['interns', 'name\temail\nAda Lovelace\tada@example.org\nBo Lind\tbo@example.org\n'],
  ['interns', 'name;email\nAda Lovelace;ada@example.org\n\nBo Lind;bo@example.org'],
  ['tasks', 'title;deadline\nSurvey;2026-03-20\nReport;2026-03-21\n'],
  ['tasks', 'title;deadline\nA, b;2026-03-20\nC, d;2026-03-21\n'],
  ['tasks', 'Title;Deadline;Criteria\r\nA;2026-03-20;1|2|3|4\r\nB;2026-03-21;1|2|3|4\r\n'],
] as const)('the first line tells what stands between the cells: %s %j', async (kind, csv) => {
  const shown = await preview(kind, csv);
  expect(shown).toMatchObject({ problem: null, unknownColumns: [] });
  expect(shown.rows.map(({ state }) => state)).toEqual(['new', 'new']);
});

test.each([
  [
    'tasks',
    'title,deadline,instructions\nA,2026-03-20,"Ask, and write",\nB,2026-03-20,Ask, and write\n',
  ],
  ['interns', 'name,email\nBo Lind,bo@example.org,\nDoe,Jane,jane@example.org\n'],
  ['interns', 'name\nBo Lind\nDoe, Jane\n'],
] as const)(
  'cells beyond the first line’s are wrong unless they are empty: %s %j',
  async (kind, csv) => {
    const shown = await preview(kind, csv);
    expect(shown.rows.map(({ line, state }) => [line, state])).toEqual([
      [2, 'new'],
      [3, 'wrong'],
    ]);
    expect(shown.rows[1]?.problems[0]?.column).toBe('row');
    expect(shown.rows[1]?.problems[0]?.message).toMatch(
      /^expected \d cells? as in the first line, and found \d, with "[^"]+" left over/,
    );
  },
);

test('interns are invited with a link each; who was invited before is not invited again', async () => {
  const csv =
    '\uFEFFname\temail\nInês Duarte\tintern@example.org\nBo Lind\tbo@example.org\nAda\t\nBo\tBO@example.org';
  const made = await apply('interns', csv);
  expect(made).toMatchObject({ made: 2, alreadyThere: 2 });
  expect(made.links.map(({ name, email }) => [name, email])).toEqual([
    ['Bo Lind', 'bo@example.org'],
    ['Ada', null],
  ]);
  const { invitations, engagements } = await workspace.ask('people.list', { seatId });
  expect(new Set(invitations.map(({ link }) => link))).toEqual(
    new Set(made.links.map(({ link }) => link)),
  );
  expect(engagements).toHaveLength(3);
  expect(await apply('interns', csv)).toMatchObject({ made: 0, alreadyThere: 4, links: [] });
  expect((await preview('interns', 'name,email\nEve,not an address')).rows).toMatchObject([
    { state: 'wrong', problems: [{ column: 'email' }] },
  ]);
});

test('somebody who was imported by name and joined under another is there; once that ended, a list invites anew', async () => {
  const csv = 'name\nKim Park\n';
  await apply('interns', csv);
  const { engagements } = await workspace.ask('people.list', { seatId });
  const invited = engagements.find(({ intern }) => intern.name === 'Kim Park')?.engagementId ?? '';
  const { db } = organization.owner;
  const membershipId = uuid();
  const other = await db
    .selectFrom('memberships')
    .selectAll()
    .where('role', '=', 'intern')
    .executeTakeFirstOrThrow();
  await db
    .insertInto('memberships')
    .values({
      ...other,
      id: membershipId,
      accountId: uuid(),
      displayName: 'Kim P.',
      email: 'kim@example.org',
    })
    .execute();
  await db
    .updateTable('engagements')
    .set({ membershipId, status: 'active' })
    .where('id', '=', invited)
    .execute();
  expect(await apply('interns', csv)).toMatchObject({ made: 0, alreadyThere: 1 });
  await workspace.ask('engagement.withdraw', { seatId, engagementId: invited });
  expect((await preview('interns', csv)).rows).toMatchObject([{ state: 'new' }]);
  expect(await apply('interns', csv)).toMatchObject({ made: 1, alreadyThere: 0 });
  expect(await apply('interns', csv)).toMatchObject({ made: 0, alreadyThere: 1 });
});

test('a template goes to everyone once; its deadline counts from each engagement’s begin', async () => {
  const { templateId } = await workspace.ask('template.save', {
    seatId,
    projectId,
    template: {
      title: 'Say hello',
      instructions: 'Write three sentences.',
      criteria: ['Three sentences'],
      estimateMinutes: 30,
      dueDays: 2,
      dueTime: '12:00',
    },
  });
  const other = await workspace.ask('people.inviteIntern', {
    seatId,
    projectId,
    name: 'Bo',
    email: null,
  });
  const assign = {
    seatId,
    projectId,
    templateIds: [templateId],
    engagementIds: [organization.engagementId, other.engagementId],
  };
  expect(await workspace.ask('template.assign', assign)).toEqual({ assigned: 2, alreadyThere: 0 });
  expect(await workspace.ask('template.assign', assign)).toEqual({ assigned: 0, alreadyThere: 2 });
  const tasks = await listTasks();
  expect(tasks.map(({ due }) => due.wall)).toEqual(['2026-03-03T12:00', '2026-03-03T12:00']);
  // As in an import: what was cancelled may be assigned anew.
  for (const round of [1, 2]) {
    const open = (await listTasks()).find(({ state }) => state !== 'cancelled');
    await workspace.ask('task.cancel', { seatId, taskId: open?.taskId ?? '' });
    expect(await workspace.ask('template.assign', assign), `round ${round}`).toEqual({
      assigned: 1,
      alreadyThere: 1,
    });
    expect(await workspace.ask('template.assign', assign)).toEqual({
      assigned: 0,
      alreadyThere: 2,
    });
  }
  await workspace.ask('template.remove', { seatId, templateId });
  expect((await workspace.ask('project.get', { seatId, projectId })).templates).toEqual([]);
  expect(await listTasks()).toHaveLength(4);
});

test('criteria that a spreadsheet or a web page was pasted into are taken, by list and by template', async () => {
  const pasted = 'Five\tinterviews\u200F';
  const row = await apply('tasks', `title,deadline,criteria\nInterview,2026-03-20,"${pasted}"`);
  expect(row.made).toBe(1);
  const { templateId } = await workspace.ask('template.save', {
    seatId,
    projectId,
    template: {
      title: 'Say hello',
      instructions: '',
      criteria: ['\u200F', pasted],
      estimateMinutes: null,
      dueDays: 2,
      dueTime: '12:00',
    },
  });
  await workspace.ask('template.assign', {
    seatId,
    projectId,
    templateIds: [templateId],
    engagementIds: [organization.engagementId],
  });
  for (const { taskId } of await listTasks()) {
    const { brief } = await workspace.ask('task.get', { seatId, taskId });
    expect(brief.criteria.map(({ text }) => text)).toEqual(['Five interviews']);
  }
});

test('one task goes to many, to all of them or to none', async () => {
  const other = await workspace.ask('people.inviteIntern', {
    seatId,
    projectId,
    name: 'Bo',
    email: null,
  });
  const task = {
    seatId,
    engagementIds: [organization.engagementId, other.engagementId],
    title: 'Read the brief',
    instructions: '',
    criteria: [],
    deadline: { wall: '2026-03-20T17:00', zone: 'Europe/Berlin' },
    estimateMinutes: null,
  };
  expect((await workspace.ask('task.assignToMany', task)).taskIds).toHaveLength(2);
  await workspace.ask('engagement.withdraw', { seatId, engagementId: other.engagementId });
  expect(
    await catchRefusal(workspace.ask('task.assignToMany', { ...task, title: 'Another' })),
  ).toMatchObject({ code: 'refused' });
  expect((await listTasks()).map(({ title }) => title)).toEqual([
    'Read the brief',
    'Read the brief',
  ]);
});

test('a project is made with its rubric, rounding and templates in one go, and edited field by field', async () => {
  const { terms } = await workspace.ask('project.get', { seatId, projectId });
  const template = {
    title: 'First',
    instructions: '',
    criteria: [],
    estimateMinutes: null,
    dueDays: 1,
    dueTime: '17:00',
  };
  const made = await workspace.ask('project.create', {
    seatId,
    terms: {
      ...terms,
      title: 'A copy',
      rubric: [{ text: 'Sources are named', points: 10 }],
      rounding: { minutes: 15, mode: 'up', per: 'day' },
    },
    templates: [template, { ...template, title: 'Second' }],
  });
  const copy = await workspace.ask('project.get', { seatId, projectId: made.projectId });
  expect(copy.templates.map(({ title }) => title)).toEqual(['First', 'Second']);
  expect(copy.terms).toMatchObject({
    rubric: [{ text: 'Sources are named', points: 10 }],
    rounding: { minutes: 15, mode: 'up', per: 'day' },
  });
  const rubric = [...copy.terms.rubric, { text: 'Reads well', points: 5 }];
  await workspace.ask('project.edit', {
    seatId,
    projectId: made.projectId,
    patch: { rubric, rounding: null },
    seen: { rubric: copy.terms.rubric, rounding: copy.terms.rounding },
  });
  const edited = await workspace.ask('project.get', { seatId, projectId: made.projectId });
  expect(edited.terms.rounding).toBeNull();
  expect(edited.terms.rubric[0]).toEqual(copy.terms.rubric[0]);
  expect(edited.terms.rubric.map(({ points }) => points)).toEqual([10, 5]);
});
