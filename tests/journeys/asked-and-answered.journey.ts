import { expect } from '@playwright/test';
import { expectNoFindings } from '../support/journeys/accessibility.ts';
import { testProjectTerms } from '../support/server/test-organization.ts';
import type { Person } from '../support/journeys/person.ts';
import { test } from '../support/journeys/stage.ts';

const employerZone = 'Europe/Berlin';
const internZone = 'America/New_York';
const longMs = 60_000;

/** The Friday before clocks change in New York next year; those in Berlin follow two or three weeks later. */
function computeFridayBeforeChange(): string {
  const march = new Date(Date.UTC(new Date().getUTCFullYear() + 1, 2, 1));
  const secondSunday = 1 + ((7 - march.getUTCDay()) % 7) + 7;
  march.setUTCDate(secondSunday - 2);
  return march.toISOString().slice(0, 10);
}

async function createTasks(employer: Person, intern: Person, serverUrl: string) {
  const account = (name: string, timeZone: string) => ({
    kind: 'new' as const,
    name,
    email: `${name.split(' ')[0]?.toLowerCase()}@haferwerk.example`,
    password: 'a long enough password',
    timeZone,
  });
  const { seatId } = await employer.ask('setup.createOrganization', {
    serverUrl,
    organizationName: 'Haferwerk',
    timeZone: employerZone,
    account: account('Ada Brandt', employerZone),
  });
  const { projectId } = await employer.ask('project.create', { seatId, terms: testProjectTerms });
  const { link, engagementId } = await employer.ask('people.inviteIntern', {
    seatId,
    projectId,
    name: 'Noor Haddad',
    email: null,
  });
  const assign = async (title: string) =>
    employer.ask('task.assign', {
      seatId,
      engagementId,
      title,
      instructions: 'Ask six shops what they charge for muesli.',
      criteria: ['Six shops', 'Prices with their source'],
      deadline: { wall: `${computeFridayBeforeChange()}T17:00`, zone: employerZone },
      estimateMinutes: 240,
    });
  const { taskId } = await assign('Call six shops');
  await assign('Write it up');
  await employer.ask('sync.now', {});
  const joined = await intern.ask('setup.acceptInvitation', {
    link,
    account: account('Noor Haddad', internZone),
  });
  await intern.ask('sync.now', {});
  return { projectId, taskId, internSeatId: joined.seatId };
}

test('a question, more time over a clock change, and a brief that changes while the intern is offline with half a submission', async ({
  stage,
}) => {
  test.setTimeout(300_000);
  await stage.startServer();
  const employer = await stage.seat('employer', { timeZone: employerZone });
  const intern = await stage.seat('intern', { timeZone: internZone });
  const { projectId, taskId, internSeatId } = await createTasks(employer, intern, stage.line.url);
  const { page: desk } = employer;
  const { page: work } = intern;
  const internsPage = `${intern.origin}/tasks/${internSeatId}/${taskId}`;
  const desksPage = `${employer.origin}/projects/${projectId}/tasks/${taskId}`;
  await work.goto(internsPage);
  await expect(work.getByText('11:00 for you (New York)')).toBeVisible({ timeout: longMs });
  await expect(work.getByText('17:00 for the employer (Berlin)')).toBeVisible();
  await desk.goto(desksPage);
  await expect(desk.getByText('17:00 for you (Berlin)')).toBeVisible();
  await expect(desk.getByText('11:00 for Noor Haddad (New York)')).toBeVisible();
  await employer.seeSyncState(/All saved on the server/u, longMs);
  await intern.seeSyncState(/All saved on the server/u, longMs);

  await stage.killServer();

  await test.step('without a server the intern writes half a submission, asks, and asks for more time, by keyboard', async () => {
    await work
      .getByRole('textbox', { name: 'Note to the employer' })
      .fill('Three of six answered so far.');
    await work.getByRole('heading', { name: 'Call six shops', level: 2 }).click();
    await work.keyboard.press('q');
    await expect(work.getByRole('textbox', { name: 'Ask about this task' })).toBeFocused();
    await work.keyboard.type('Do online shops count?');
    await work.keyboard.press('Control+Enter');
    const questions = work.getByRole('region', { name: 'Questions' });
    await expect(questions.getByText('Do online shops count?')).toBeVisible();
    await expect(questions.getByText('1 without an answer')).toBeVisible();

    await work.getByRole('heading', { name: 'Call six shops', level: 2 }).click();
    await work.keyboard.press('m');
    const asking = work.getByRole('dialog', { name: 'Ask for more time' });
    await asking.getByRole('textbox', { name: 'Days' }).fill('4');
    await work.keyboard.press('Tab');
    // One more hour apart on Tuesday than on Friday: five hours instead of six.
    await expect(asking.getByText('12:00 for you (New York)')).toBeVisible();
    await expect(asking.getByText('17:00 for the employer (Berlin)')).toBeVisible();
    await expect(
      asking.getByText(/^Clocks in New York go forward 1\s?h before that/u),
    ).toBeVisible();
    await asking.getByRole('textbox', { name: 'Why' }).fill('Three shops open on Monday.');
    await expectNoFindings(work);
    await asking.getByRole('button', { name: 'Ask for it' }).click();
    await expect(asking).toBeHidden();
    await expect(work.getByText('You asked for 4 days')).toBeVisible();
    await expect(work.getByText('11:00 for you (New York)')).toBeVisible();
  });

  await test.step('meanwhile the employer changes the brief', async () => {
    await desk.keyboard.press('e');
    const revising = desk.getByRole('dialog', { name: 'Change the brief' });
    await revising
      .getByRole('textbox', { name: 'Instructions' })
      .fill('Ask eight shops what they charge for muesli.');
    await revising.getByRole('button', { name: 'Publish version 2' }).click();
    await expect(revising).toBeHidden();
  });

  await stage.startServer();

  await test.step('the intern reads what changed, has lost nothing, and proposes more hours', async () => {
    await expect(work.getByText('The brief changed')).toBeVisible({ timeout: longMs });
    await expect(work.locator('del').getByText('six')).toBeVisible();
    await expect(work.locator('ins').getByText('eight')).toBeVisible();
    await expect(work.getByRole('textbox', { name: 'Note to the employer' })).toHaveText(
      'Three of six answered so far.',
    );
    await work.keyboard.press('b');
    await expect(work.getByText('Does this need more time or hours?')).toBeVisible();
    await expectNoFindings(work);
    await work.getByRole('button', { name: 'More hours…' }).click();
    const proposing = work.getByRole('dialog', { name: 'Propose more hours' });
    await proposing.getByRole('textbox', { name: 'Hour budget' }).fill('26');
    await work.keyboard.press('Tab');
    await proposing.getByRole('button', { name: /Propose/u }).click();
    await expect(proposing).toBeHidden();
    await intern.seeSyncState(/All saved on the server/u, longMs);
  });

  await test.step('the employer sees what is asked, answers by keyboard, and makes it part of the brief', async () => {
    await desk.getByRole('link', { name: /^Overview/u }).click();
    await expect(desk.getByText('2 to answer')).toBeVisible({ timeout: longMs });
    await expectNoFindings(desk);
    await desk.getByRole('region', { name: 'Asked of you' }).getByRole('link').first().click();
    await expect(desk.getByRole('heading', { name: 'Call six shops', level: 2 })).toBeVisible();
    await desk.keyboard.press('q');
    await expect(desk.getByRole('textbox', { name: 'Answer Noor Haddad' })).toBeFocused();
    await desk.keyboard.type('Two of the eight may be online.');
    await desk.keyboard.press('Control+Enter');
    await desk.getByRole('button', { name: 'Make it part of the brief' }).click();
    await expect(desk.getByText('in version 3 of the brief')).toBeVisible();
    await expect(desk.getByRole('heading', { name: 'Questions and answers' })).toBeVisible();
  });

  await test.step('and gives the time, which is right on both sides of the clock change', async () => {
    await desk.getByRole('button', { name: 'Give the time…' }).click();
    const giving = desk.getByRole('dialog', { name: 'Give extra time' });
    await expect(giving.getByText('12:00 for Noor Haddad (New York)')).toBeVisible();
    await giving.getByRole('button', { name: 'Give it' }).click();
    await expect(giving).toBeHidden();
    await expect(desk.getByText('12:00 for Noor Haddad (New York)')).toBeVisible();
    await expect(desk.getByText('17:00 for you (Berlin)')).toBeVisible();
    await expect(work.getByText('12:00 for you (New York)')).toBeVisible({ timeout: longMs });
    await expect(work.getByText('Two of the eight may be online.').first()).toBeVisible();
    await expect(work.getByText('Ada Brandt gave 4 days', { exact: false })).toBeVisible();
  });

  await test.step('the order of tasks is set, and shown without holding anybody up', async () => {
    await desk.getByRole('row', { name: /^Write it up/u }).click();
    await desk.getByRole('button', { name: 'More for this task' }).click();
    await desk.getByRole('menuitem', { name: 'Order of the tasks…' }).click();
    const ordering = desk.getByRole('dialog', { name: 'Order of the tasks' });
    await ordering.getByText('Call six shops', { exact: true }).click();
    await expectNoFindings(desk);
    await ordering.getByRole('button', { name: 'Keep this order' }).click();
    await expect(ordering).toBeHidden();
    await expect(desk.getByRole('region', { name: 'Order' })).toContainText('Call six shops');
    await expect(work.getByText('Waits for this one')).toBeVisible({ timeout: longMs });
    await work.getByRole('region', { name: 'Order' }).getByRole('link').click();
    await expect(work.getByText('You can begin with this one all the same')).toBeVisible();
    await expect(work.getByRole('button', { name: 'Submit…' })).toBeEnabled();
    await expectNoFindings(work);
  });
  employer.expectNoComplaints();
  intern.expectNoComplaints();
});
