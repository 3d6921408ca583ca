import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RequestInput } from '../../../../src/shared/contract/contract.ts';
import {
  addOrganization,
  assignTestTask,
  carryRows,
  catchRefusal,
  openTestWorkspace,
  type TestOrganization,
  type TestWorkspace,
} from '../../../support/workspace/test-workspace.ts';

let workspace: TestWorkspace;
let organization: TestOrganization;
let employer: string;
let intern: string;

beforeEach(async () => {
  workspace = await openTestWorkspace({ now: '2026-03-02T09:00:00.000Z' });
  organization = await addOrganization(workspace);
  employer = organization.owner.record.seatId;
  intern = organization.intern.record.seatId;
});

afterEach(async () => {
  await workspace.close();
});

const toEmployer = async () => carryRows(organization.intern, organization.owner);
const toIntern = async () => carryRows(organization.owner, organization.intern);

async function propose(
  seatId: string,
  changes: RequestInput<'amendment.propose'>['changes'],
  more: Partial<RequestInput<'amendment.propose'>> = {},
): Promise<string> {
  const { amendmentId } = await workspace.ask('amendment.propose', {
    seatId,
    engagementId: organization.engagementId,
    reason: 'The list turned out twice as long.',
    changes,
    ...more,
  });
  return amendmentId;
}

const getAgreed = async (seatId: string) =>
  (await workspace.ask('engagement.get', { seatId, engagementId: organization.engagementId }))
    .engagement;

test('nothing changes until the other side confirms; then both have the new terms', async () => {
  const taskId = await assignTestTask(workspace, organization);
  const amendmentId = await propose(
    intern,
    { hourBudgetMinutes: 26 * 60, endsOn: '2026-05-15', scope: 'Cafés in Porto as well.' },
    { taskId },
  );
  expect((await getAgreed(intern)).budget.budgetMinutes).toBe(20 * 60);
  await toEmployer();
  const [shown] = await workspace.ask('amendment.list', { seatId: employer });
  expect(shown).toMatchObject({
    state: 'proposed',
    isOwnSide: false,
    proposedSide: 'intern',
    proposedByName: 'Inês Duarte',
    taskTitle: 'Interview five owners',
    changes: {
      hourBudgetMinutes: { from: 20 * 60, to: 26 * 60 },
      endsOn: { from: '2026-04-30', to: '2026-05-15' },
      scope: { from: null, to: 'Cafés in Porto as well.' },
    },
  });
  await workspace.ask('amendment.confirm', { seatId: employer, amendmentId });
  await toIntern();
  for (const seatId of [employer, intern]) {
    const agreed = await getAgreed(seatId);
    expect(agreed.budget.budgetMinutes).toBe(26 * 60);
    expect(agreed).toMatchObject({
      endsOn: '2026-05-15',
      startsOn: '2026-03-01',
      agreedScope: 'Cafés in Porto as well.',
      pay: { kind: 'fixed', amountMinor: 30_000, currency: 'EUR' },
    });
  }
});

test('what a form sends along without a change is no part of the proposal, and nothing at all is none', async () => {
  await propose(employer, {
    hourBudgetMinutes: 20 * 60,
    pay: { kind: 'fixed', currency: 'EUR', amountMinor: 45_000 },
    startsOn: '2026-03-01',
  });
  const [shown] = await workspace.ask('amendment.list', { seatId: employer });
  expect(Object.keys(shown?.changes ?? {})).toEqual(['pay']);
  expect(
    await catchRefusal(
      propose(employer, { pay: { kind: 'fixed', currency: 'EUR', amountMinor: 30_000 } }),
    ),
  ).toMatchObject({ code: 'invalid_input', field: 'changes' });
});

test('only the other side decides, and only the proposing side takes back', async () => {
  const amendmentId = await propose(employer, { hourBudgetMinutes: 900 });
  const refused = { code: 'forbidden' };
  expect(
    await catchRefusal(workspace.ask('amendment.confirm', { seatId: employer, amendmentId })),
  ).toMatchObject(refused);
  expect(
    await catchRefusal(
      workspace.ask('amendment.decline', { seatId: employer, amendmentId, reason: 'No.' }),
    ),
  ).toMatchObject(refused);
  await toIntern();
  expect(
    await catchRefusal(workspace.ask('amendment.withdraw', { seatId: intern, amendmentId })),
  ).toMatchObject(refused);
  await workspace.ask('amendment.withdraw', { seatId: employer, amendmentId });
  await toIntern();
  expect(
    await catchRefusal(workspace.ask('amendment.confirm', { seatId: intern, amendmentId })),
  ).toMatchObject({ code: 'conflict' });
  expect((await getAgreed(intern)).budget.budgetMinutes).toBe(20 * 60);
});

test('of two proposals for the same term the one confirmed first counts; one for another term is not touched', async () => {
  const more = await propose(intern, { hourBudgetMinutes: 26 * 60 });
  await toEmployer();
  const less = await propose(employer, { hourBudgetMinutes: 10 * 60 });
  const later = await propose(employer, { endsOn: '2026-06-30' });
  await toIntern();
  await workspace.ask('amendment.confirm', { seatId: employer, amendmentId: more });
  await toIntern();
  const open = (await workspace.ask('amendment.list', { seatId: intern })).filter(
    ({ state }) => state === 'proposed',
  );
  expect(Object.fromEntries(open.map((each) => [each.amendmentId, each.outdatedFields]))).toEqual({
    [less]: ['hourBudgetMinutes'],
    [later]: [],
  });
  expect(
    await catchRefusal(workspace.ask('amendment.confirm', { seatId: intern, amendmentId: less })),
  ).toMatchObject({ code: 'conflict' });
  await workspace.ask('amendment.confirm', { seatId: intern, amendmentId: later });
  const agreed = await getAgreed(intern);
  expect(agreed).toMatchObject({ endsOn: '2026-06-30' });
  expect(agreed.budget.budgetMinutes).toBe(26 * 60);
});

test('a decline says why; the same again changes nothing, and whose other words nobody reads is told', async () => {
  const amendmentId = await propose(intern, { hourBudgetMinutes: 26 * 60 });
  await toEmployer();
  const decline = { seatId: employer, amendmentId, reason: 'The budget is spent.' };
  await workspace.ask('amendment.decline', decline);
  await workspace.ask('amendment.decline', decline);
  const other = workspace.ask('amendment.decline', { ...decline, reason: 'Another reason.' });
  expect(await catchRefusal(other)).toMatchObject({ code: 'conflict' });
  await toIntern();
  const [shown] = await workspace.ask('amendment.list', { seatId: intern });
  expect(shown).toMatchObject({
    state: 'declined',
    decisionReason: 'The budget is spent.',
    decidedByName: 'Olga Weber',
  });
});

test('dates that would end before they begin are refused at once', async () => {
  expect(await catchRefusal(propose(intern, { endsOn: '2026-02-01' }))).toMatchObject({
    code: 'invalid_input',
    field: 'changes.endsOn',
  });
});

test('when the engagement has ended, what was agreed stands: open proposals lapse', async () => {
  const amendmentId = await propose(intern, { hourBudgetMinutes: 26 * 60 });
  await toEmployer();
  await workspace.ask('engagement.complete', {
    seatId: employer,
    engagementId: organization.engagementId,
  });
  expect(await workspace.ask('amendment.list', { seatId: employer })).toMatchObject([
    { state: 'lapsed' },
  ]);
  expect(
    await catchRefusal(workspace.ask('amendment.confirm', { seatId: employer, amendmentId })),
  ).toMatchObject({ code: 'refused' });
  expect(await catchRefusal(propose(employer, { hourBudgetMinutes: 60 }))).toMatchObject({
    code: 'refused',
  });
  expect((await getAgreed(employer)).budget.budgetMinutes).toBe(20 * 60);
});
