import { expect, type Page } from '@playwright/test';
import { expectNoFindings } from '../support/journeys/accessibility.ts';
import { fillAccount, inviteIntern, setUpOrganization } from '../support/journeys/forms.ts';
import type { Person } from '../support/journeys/person.ts';
import { playTaskOrder } from '../support/journeys/play-task-order.ts';
import { test } from '../support/journeys/stage.ts';

/** Clicks, and fields that were filled in: what a person does with their hands. */
interface Effort {
  actions: number;
}

function countEffort(page: Page): Effort {
  const effort: Effort = { actions: 0 };
  void page.exposeFunction('countAction', () => {
    effort.actions += 1;
  });
  void page.addInitScript(() => {
    const count = () => {
      (globalThis as unknown as { countAction(): void }).countAction();
    };
    addEventListener('click', count, true);
    addEventListener('change', count, true);
  });
  return effort;
}

test('a first-time employer gets from an empty server to a project with three interns in under three minutes', async ({
  stage,
}, testInfo) => {
  test.setTimeout(200_000);
  await stage.startServer();
  const employer = await stage.seat('employer', { timeZone: 'Europe/Berlin' });
  const { page } = employer;
  const effort = countEffort(page);
  await page.reload();
  const startedAt = performance.now();

  await setUpOrganization(page, stage.line.url, 'Haferwerk', {
    name: 'Ada Brandt',
    email: 'ada@haferwerk.example',
    password: 'a long enough password',
  });
  await page.getByRole('link', { name: 'Projects' }).click();
  await page.getByRole('button', { name: 'Write the first project' }).click();
  await page.getByRole('button', { name: /What the others charge/u }).click();
  await page.getByRole('textbox', { name: 'Sum for the whole project' }).fill('400');
  await page.getByRole('button', { name: 'Create the project' }).click();
  await expect(
    page.getByRole('heading', { name: 'What the others charge', level: 2 }),
  ).toBeVisible();

  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: /Invite interns from a list/u }).click();
  const importing = page.getByRole('dialog', { name: 'Invite interns from a list' });
  await importing
    .getByRole('textbox', { name: 'Or paste the rows' })
    .fill('name,email\nInês Duarte,ines@example.org\nNoor Haddad,noor@example.org\nBo Lind,');
  await importing.getByRole('button', { name: 'Import 3 interns' }).click();
  const invited = page.getByRole('dialog', { name: '3 interns are invited' });
  await expect(invited.getByRole('code')).toHaveCount(3);
  await invited.getByRole('button', { name: 'Done' }).click();

  await page.getByRole('button', { name: 'Assign templates…' }).click();
  await page
    .getByRole('dialog', { name: 'Assign templates' })
    .getByRole('button', { name: 'Assign 9 tasks' })
    .click();
  await employer.seeSyncState(/All saved on the server/u);
  const seconds = (performance.now() - startedAt) / 1000;
  const said = `from an empty server to three interns with nine tasks: ${effort.actions} clicks and fields, ${seconds.toFixed(1)} s by the machine`;
  console.log(said);
  testInfo.annotations.push({ type: 'effort', description: said });
  // A person takes two to four seconds for each; three minutes are 45 to 90 of them.
  expect(effort.actions).toBeLessThan(45);
  expect(seconds).toBeLessThan(180);

  const { items } = await employer.ask('tasks.list', {
    seatId: (await employer.ask('app.state', {})).seats[0]?.seatId ?? '',
  });
  expect(items).toHaveLength(9);

  await test.step('importing the same list again makes nothing', async () => {
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: /Invite interns from a list/u }).click();
    await importing
      .getByRole('textbox', { name: 'Or paste the rows' })
      .fill('name,email\nInês Duarte,ines@example.org\nNobody,not an address');
    await expect(importing.getByText('Already there')).toBeVisible();
    await expect(importing.getByText('"not an address" is no e-mail address')).toBeVisible();
    await expect(importing.getByRole('button', { name: 'Import', exact: true })).toBeDisabled();
    await expectNoFindings(page);
    await importing.getByRole('button', { name: 'Cancel' }).click();
  });
  await expectNoFindings(page);

  await test.step('what was typed in an edited project outlasts a look elsewhere, and saves no more than that', () =>
    playEditedProject(employer));

  await test.step('screens that were not opened yet are fetched when the page is idle', async () => {
    const hasFetched = async (screen: string) =>
      page.evaluate(
        (name) =>
          performance.getEntriesByType('resource').some((entry) => entry.name.includes(name)),
        screen,
      );
    for (const screen of ['history-screen', 'ledger-screen', 'vault-screen'])
      await expect.poll(async () => hasFetched(screen)).toBe(true);
  });
  await test.step('with sixty interns, tables show fifty at once, sort all of them, and find one', () =>
    playManyInterns(employer));
  await test.step('of more than a thousand tasks any is put in any place', () =>
    playTaskOrder(employer, 'zoe@example.org'));
  employer.expectNoComplaints();
});

test('two presses of Ctrl+Enter make one project', async ({ stage }) => {
  await stage.startServer();
  const { page } = await stage.seat('employer', { timeZone: 'Europe/Berlin' });
  await setUpOrganization(page, stage.line.url, 'Haferwerk', {
    name: 'Ada Brandt',
    email: 'ada@haferwerk.example',
    password: 'a long enough password',
  });
  await page.getByRole('link', { name: 'Projects' }).click();
  await page.getByRole('button', { name: 'Write the first project' }).click();
  await page.getByRole('textbox', { name: 'Title' }).fill('Survey');
  await page.getByRole('textbox', { name: 'Sum for the whole project' }).fill('400');
  const title = page.getByRole('textbox', { name: 'Title' });
  await title.focus();
  // One after the other, before the screen can show that the first is being saved.
  await title.evaluate((field) => {
    const press = () =>
      field.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, bubbles: true }),
      );
    press();
    press();
  });
  await expect(page.getByRole('heading', { name: 'Survey', level: 2 })).toBeVisible();
  await page.getByRole('link', { name: 'Overview' }).click();
  await page.getByRole('link', { name: 'Projects' }).click();
  await expect(page.getByText('Nobody invited yet')).toHaveCount(1);
});

async function playEditedProject(employer: Person): Promise<void> {
  const { page } = employer;
  const seatId = (await employer.ask('app.state', {})).seats[0]?.seatId ?? '';
  const projectId = (await employer.ask('projects.list', { seatId }))[0]?.projectId ?? '';
  const { terms } = await employer.ask('project.get', { seatId, projectId });
  const title = page.getByRole('textbox', { name: 'Title', exact: true });
  const brief = page.getByRole('textbox', { name: 'Brief' });
  await page.keyboard.press('E');
  await title.fill('What others charge in spring');
  await brief.click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('Ask before you guess.');
  await page.getByRole('link', { name: 'People' }).click();
  await expect(page.getByRole('heading', { name: 'People', level: 1 })).toBeVisible();
  // Another manager changes something else meanwhile.
  await employer.ask('project.edit', {
    seatId,
    projectId,
    patch: { latePolicy: 'Tell us the day before.' },
    seen: { latePolicy: terms.latePolicy },
  });
  await page.goBack();
  await expect(title).toHaveValue('What others charge in spring');
  await expect(brief).toContainText('Ask before you guess.');
  await page.reload();
  await expect(title).toHaveValue('What others charge in spring');
  await expect(brief).toContainText('Ask before you guess.');
  await title.press('Control+Enter');
  await expect(title).toBeHidden();
  const saved = await employer.ask('project.get', { seatId, projectId });
  expect(saved.terms).toMatchObject({
    ...terms,
    title: 'What others charge in spring',
    brief: `Ask before you guess.${terms.brief}`,
    latePolicy: 'Tell us the day before.',
  });
  // What was cancelled does not come back.
  await page.keyboard.press('E');
  await title.fill('Another title');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.keyboard.press('E');
  await expect(title).toHaveValue('What others charge in spring');
  await page.getByRole('button', { name: 'Cancel' }).click();
}

async function playManyInterns(employer: Person): Promise<void> {
  const { page } = employer;
  const seatId = (await employer.ask('app.state', {})).seats[0]?.seatId ?? '';
  const projectId = (await employer.ask('projects.list', { seatId }))[0]?.projectId ?? '';
  const names = Array.from(
    { length: 57 },
    (_, index) => `Test ${String(index + 1).padStart(2, '0')}`,
  );
  const csv = ['name,email', ...names.map((name) => `${name},`), 'Zoe Zander,zoe@example.org'].join(
    '\n',
  );
  await employer.ask('project.import', { seatId, projectId, kind: 'interns', csv });
  await page.getByRole('link', { name: 'Overview' }).click();
  const table = page.getByRole('table', { name: 'Engagements' });
  const rows = table.getByRole('rowheader');
  await expect(rows).toHaveCount(50);
  const byName = table.getByRole('columnheader', { name: 'Intern' });
  await expect(byName).toHaveAttribute('aria-sort', 'none');
  await byName.getByRole('button').click();
  await expect(byName).toHaveAttribute('aria-sort', 'ascending');
  await expect(rows.first()).toContainText('Bo Lind');
  await byName.getByRole('button').press('Enter');
  await expect(byName).toHaveAttribute('aria-sort', 'descending');
  // What was not drawn yet takes part.
  await expect(rows.first()).toContainText('Zoe Zander');
  await page.getByRole('button', { name: 'Show more of 61' }).press('Enter');
  await expect(rows).toHaveCount(61);
  await expect(page.getByRole('button', { name: /^Show more/u })).toBeHidden();

  await page.getByRole('link', { name: 'People' }).click();
  const interns = page.locator('main li a[href^="/people/"]');
  await expect(interns).toHaveCount(50);
  const find = page.getByRole('search').getByRole('textbox', { name: 'Find' });
  await find.fill('zoe@example');
  await expect(interns).toHaveCount(1);
  await expect(interns).toContainText('Zoe Zander');
  await find.fill('nobody of this name');
  // Of the interns and of the members.
  await expect(page.getByText('Nobody fits.')).toHaveCount(2);
  await find.fill('');
  await expect(interns).toHaveCount(50);

  // Four tasks for each of them: more than a list fetches at once.
  const tasks = ['One', 'Two', 'Three', 'Four'].map((title) => `${title},2031-05-02`).join('\n');
  await employer.ask('project.import', {
    seatId,
    projectId,
    kind: 'tasks',
    csv: `title,deadline\n${tasks}`,
  });
  const { items, total } = await employer.ask('tasks.list', { seatId, projectId, limit: 1000 });
  expect(total).toBe(9 + 4 * 61);
  const ofProject = page.getByRole('grid', { name: 'Tasks' });
  await page.goto(`${employer.origin}/projects/${projectId}/tasks/${items[0]?.taskId ?? ''}`);
  await expect(page.getByText('The first 200 of 253')).toBeVisible();
  await page.getByRole('button', { name: 'Show all' }).press('Enter');
  await expect(ofProject).toHaveAttribute('aria-rowcount', '253');
  // One that is not among the first is shown in its list all the same.
  await page.goto(`${employer.origin}/projects/${projectId}/tasks/${items.at(-1)?.taskId ?? ''}`);
  await expect(ofProject).toHaveAttribute('aria-rowcount', '253');
  await expect(page.getByText(/^The first 200/u)).toBeHidden();
}

async function playBriefGuide(page: Page): Promise<void> {
  const brief = page.getByRole('textbox', { name: 'Brief' });
  await page.getByRole('button', { name: 'What makes a good brief?' }).click();
  const guide = page.getByRole('dialog', { name: 'What makes a good brief' });
  await expect(guide.getByRole('listitem')).toHaveText([
    /^What for\?/u,
    /^What exactly\?/u,
    /^How good\?/u,
    /^What not\?/u,
    /^Whom to ask\?/u,
  ]);
  await expectNoFindings(page, 'what makes a good brief');
  await page.keyboard.press('Escape');
  await expect(guide).toBeHidden();
  const outline = page.getByRole('button', { name: 'Begin with an outline' });
  await outline.click();
  for (const heading of ['What this is about', 'What you will hand in', 'Whom to ask'])
    await expect(brief).toContainText(heading);
  // What somebody wrote is never replaced by it.
  await expect(outline).toBeHidden();
  await brief.fill('');
  await expect(outline).toBeVisible();
}

async function playWarnings(page: Page): Promise<void> {
  const hours = page.getByRole('textbox', { name: 'Hour budget' });
  const warning = page.getByText('Outside the usual 5 to 40 hours');
  const asGiven = await hours.inputValue();
  for (const [given, isUsual, reason] of [
    ['4.75', false, 'may be over before it has taught anything'],
    ['5', true, ''],
    ['40', true, ''],
    ['40.25', false, 'closer to an ordinary job'],
    [asGiven, true, ''],
  ] as const) {
    await hours.fill(given);
    await hours.press('Tab');
    await expect(warning).toBeVisible({ visible: !isUsual });
    if (!isUsual) await expect(page.getByText(reason)).toBeVisible();
  }

  const law = page.getByText('Unpaid work has its limits');
  await expect(law).toBeHidden();
  await page.getByText('Unpaid', { exact: true }).click();
  await expect(law).toBeVisible();
  await expect(page.getByText(/This is no legal advice/u)).toBeVisible();
  for (const place of ['United States', 'United Kingdom', 'Germany', 'European Union'])
    await expect(page.getByRole('link', { name: new RegExp(`^${place}`, 'u') })).toBeVisible();
  await expectNoFindings(page, 'a project without pay');
}

test('what was agreed is amended by both, the engagement ends with its consequences said, and both evaluate it sealed', async ({
  stage,
}) => {
  test.setTimeout(300_000);
  await stage.startServer();
  const employer = await stage.seat('employer', { timeZone: 'Europe/Berlin' });
  const intern = await stage.seat('intern', { timeZone: 'Europe/Lisbon' });
  const desk = employer.page;
  const work = intern.page;
  await setUpOrganization(desk, stage.line.url, 'Haferwerk', {
    name: 'Ada Brandt',
    email: 'ada@haferwerk.example',
    password: 'a long enough password',
  });
  await desk.getByRole('link', { name: 'Projects' }).click();
  await desk.getByRole('button', { name: 'Write the first project' }).click();
  await test.step('what makes a good brief is said beside it, with an outline to begin from', () =>
    playBriefGuide(desk));
  await desk.getByRole('button', { name: /Four portraits/u }).click();
  await test.step('hours out of the ordinary and unpaid work are warned of, and stay possible', () =>
    playWarnings(desk));
  await desk.getByRole('button', { name: 'Create the project' }).click();
  await desk.getByRole('heading', { name: /Four portraits/u, level: 2 }).waitFor();
  const link = await inviteIntern(desk, 'Inês Duarte');
  await desk.getByRole('button', { name: 'Done' }).click();
  await desk.getByRole('button', { name: 'Assign templates…' }).click();
  await desk.getByRole('button', { name: 'Assign 3 tasks' }).click();
  await employer.seeSyncState(/All saved on the server/u);

  await work.getByRole('link', { name: /Join with an invitation/u }).click();
  await work.getByRole('textbox', { name: 'Invitation link' }).fill(link);
  await work.getByRole('button', { name: 'Show the invitation' }).click();
  await fillAccount(work, {
    name: 'Inês Duarte',
    email: 'ines@example.org',
    password: 'another long password',
  });
  await work.getByRole('button', { name: 'Accept the terms and join' }).click();
  await expect(work.getByRole('heading', { name: 'Today', level: 1 })).toBeVisible();

  await test.step('the intern asks for six more hours, the employer agrees', async () => {
    await work.getByRole('button', { name: 'Open the task' }).click();
    await work
      .getByRole('link', { name: /Four portraits/u })
      .first()
      .click();
    await work.getByRole('button', { name: 'Propose a change…' }).click();
    const dialog = work.getByRole('dialog', { name: 'Propose a change to what was agreed' });
    await dialog.getByRole('textbox', { name: 'Why' }).fill('Two of the four live far away.');
    await dialog.getByRole('textbox', { name: 'Hour budget' }).fill('30');
    await expectNoFindings(work);
    await dialog.getByRole('button', { name: 'Propose' }).click();
    await expect(work.getByText('Waiting for the other side.')).toBeVisible();
    await desk.getByRole('link', { name: 'Inês Duarte' }).first().click();
    await expect(desk.getByText('Two of the four live far away.')).toBeVisible();
    await expect(desk.getByText('+6')).toBeVisible();
    await desk.getByRole('button', { name: 'Confirm' }).click();
    await expect(desk.getByText('Agreed', { exact: true }).last()).toBeVisible();
    await expect(work.getByText('Ada Brandt confirmed it', { exact: false })).toBeVisible();
  });

  await test.step('completing says what is open', async () => {
    await desk.getByRole('button', { name: 'Complete' }).click();
    const dialog = desk.getByRole('alertdialog');
    await expect(dialog.getByText('3 tasks are not accepted', { exact: false })).toBeVisible();
    await dialog.getByRole('button', { name: 'Complete it' }).click();
  });

  await test.step('both evaluate; neither reads the other’s before both are in', async () => {
    await desk.getByRole('button', { name: 'Evaluate Inês Duarte…' }).click();
    const asked = desk.getByRole('dialog', { name: 'Evaluate Inês Duarte' });
    await asked.getByRole('textbox', { name: 'What went well' }).fill('The tone of the portraits.');
    await asked.getByRole('textbox', { name: 'Testimonial' }).fill('She finds the sentence.');
    await asked.getByText('A permanent role', { exact: true }).click();
    await asked
      .getByRole('textbox', { name: 'The offer in a few words' })
      .fill('Two days a week from May.');
    await expectNoFindings(desk);
    await asked.getByRole('button', { name: 'Give the evaluation' }).click();
    await expect(desk.getByText('Yours is sealed', { exact: false })).toBeVisible();
    await employer.seeSyncState(/All saved on the server/u);

    await work.getByRole('link', { name: 'Record' }).click();
    await expect(work.getByText('You have not given one yet', { exact: false })).toBeVisible();
    await expect(work.getByText('She finds the sentence.')).toBeHidden();
    await expect(work.getByText('Two days a week from May.')).toBeHidden();
    await work.getByRole('button', { name: 'Evaluate Haferwerk…' }).click();
    const own = work.getByRole('dialog', { name: 'Evaluate Haferwerk' });
    await own.getByRole('textbox', { name: 'What could be better' }).fill('Answers came late.');
    await own.getByRole('button', { name: 'Give the evaluation' }).click();

    await expect(work.getByRole('blockquote')).toHaveText('She finds the sentence.');
    await expect(work.getByText('Offer: a permanent role')).toBeVisible();
    await expect(work.getByText('Two days a week from May.')).toBeVisible();
    await expect(desk.getByText('Answers came late.')).toBeVisible();
    await expectNoFindings(work);
  });
  employer.expectNoComplaints();
  intern.expectNoComplaints();
});
