import { expect } from '@playwright/test';
import { expectNoFindings } from '../support/journeys/accessibility.ts';
import { testProjectTerms } from '../support/server/test-organization.ts';
import { countServerRows } from '../support/journeys/server-rows.ts';
import { test } from '../support/journeys/stage.ts';

const account = {
  kind: 'new' as const,
  name: 'Ada Owner',
  email: 'ada@acorn.example',
  password: 'a long enough password',
  timeZone: 'Europe/Berlin',
};

test('a change that is refused says why, what waits for it, and what can be done, by keyboard alone', async ({
  stage,
}) => {
  test.setTimeout(240_000);
  await stage.startServer();
  const desk = await stage.seat('desk', { timeZone: 'Europe/Berlin' });
  const laptop = await stage.seat('laptop', { timeZone: 'Europe/Berlin' });
  const { page } = laptop;
  const serverUrl = stage.line.url;
  const { seatId } = await desk.ask('setup.createOrganization', {
    serverUrl,
    organizationName: 'Acorn Tools',
    timeZone: 'Europe/Berlin',
    account,
  });
  const { projectId } = await desk.ask('project.create', { seatId, terms: testProjectTerms });
  const { engagementId } = await desk.ask('people.inviteIntern', {
    seatId,
    projectId,
    name: 'Ines Sharma',
    email: null,
  });
  await desk.page.goto(desk.origin);
  await desk.seeSyncState(/All saved on the server/u);
  const signedIn = await laptop.ask('session.signIn', {
    serverUrl,
    email: account.email,
    password: account.password,
  });
  const laptopSeatId = signedIn.seatIds[0] ?? '';
  await page.goto(laptop.origin);
  await laptop.seeSyncState(/All saved on the server/u);

  await test.step('without a line, a task is assigned and its deadline moved', async () => {
    await stage.killServer();
    const { taskId } = await laptop.ask('task.assign', {
      seatId: laptopSeatId,
      engagementId,
      title: 'Call six shops',
      instructions: 'Ask what they charge.',
      criteria: ['Six shops', 'Prices with their source'],
      deadline: { wall: '2099-12-30T17:00', zone: 'Europe/Berlin' },
      estimateMinutes: null,
    });
    await laptop.ask('task.moveDeadline', {
      seatId: laptopSeatId,
      taskId,
      deadline: { wall: '2099-12-31T17:00', zone: 'Europe/Berlin' },
    });
    await laptop.killHost();
  });

  await test.step('meanwhile, on another computer, the engagement is ended', async () => {
    await stage.startServer();
    await desk.ask('engagement.withdraw', { seatId, engagementId });
    await desk.ask('sync.now', {});
    await expect
      .poll(() => countServerRows(stage.serverFolder, 'engagements', `"status" = 'withdrawn'`), {
        timeout: 60_000,
      })
      .toBe(1);
  });

  const card = page.getByRole('article', { name: 'Assign a task: Call six shops' });

  await test.step('the laptop comes back: the reason, and what waits for it', async () => {
    await laptop.startAgain();
    await laptop.seeSyncState(/Needs your attention: 1/u, 60_000);
    await page.getByRole('link', { name: /^Synchronisation:/u }).click();
    await expect(card.getByText(/engagement is withdrawn/u)).toBeVisible();
    await expect(card.getByText('Waits for this one, and follows it:')).toBeVisible();
    await expect(card.getByText('Move a deadline: Call six shops')).toBeVisible();
    await expectNoFindings(page, 'a refused change');
  });

  await test.step('edited in the fields in which it was written, and refused again with the reason', async () => {
    await page.keyboard.press('j');
    await expect(card).toBeFocused();
    await page.keyboard.press('e');
    const editing = page.getByRole('dialog', { name: 'Assign a task: Call six shops' });
    await expect(editing.getByRole('textbox', { name: 'Title' })).toHaveValue('Call six shops');
    await expect(editing.getByRole('textbox', { name: 'Criterion 2' })).toHaveValue(
      'Prices with their source',
    );
    await editing.getByRole('textbox', { name: 'Title' }).fill('Call seven shops');
    await editing.getByRole('button', { name: 'Send again' }).press('Enter');
    await expect(editing.getByText('Not sent again')).toBeVisible();
    await expectNoFindings(page, 'editing a refused change');
    await page.keyboard.press('Escape');
    await expect(editing).toBeHidden();
  });

  await test.step('exported, taken off the list, and put back', async () => {
    await card.getByRole('button', { name: 'Export' }).press('Enter');
    await expect(card.getByRole('link', { name: /^unsent-changes-.*\.zip$/u })).toBeVisible();
    await card.focus();
    await page.keyboard.press('d');
    await expect(card).toBeHidden();
    await page.getByRole('button', { name: 'Undo' }).press('Enter');
    await expect(card).toBeVisible();
  });
});
