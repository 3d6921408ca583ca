import { expect } from '@playwright/test';
import { expectVisibleFocus, tabTo } from '../support/journeys/keyboard.ts';
import { openSample } from '../support/journeys/sample-screens.ts';
import { test } from '../support/journeys/stage.ts';
import { testProjectTerms } from '../support/server/test-organization.ts';

const timeZone = 'Europe/Lisbon';

test('an intern and an employer work with the keyboard alone, and always see where they are', async ({
  stage,
}) => {
  test.setTimeout(240_000);
  const person = await stage.seat('first', { timeZone });
  const { page } = person;
  const { keyboard } = page;

  await test.step('into the sample', async () => {
    await expect(page.getByRole('heading', { name: 'Welcome to Stint' })).toBeVisible();
    await tabTo(page, page.getByRole('button', { name: /^Try the sample/u }));
    await keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'Review', level: 1 })).toBeVisible({
      timeout: 60_000,
    });
  });

  await test.step('the intern opens the next task, and works on it', async () => {
    await tabTo(page, page.getByRole('button', { name: / Intern, /u }));
    await keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'Today', level: 1 })).toBeVisible();
    await expect(page.getByRole('region', { name: 'Next' })).toBeVisible();
    await keyboard.press('O');
    const title = page.getByRole('heading', { name: 'Competitor price survey', level: 2 });
    await expect(title).toBeVisible();
    await keyboard.press('S');
    await expect(page.getByRole('button', { name: 'Stop the timer' }).first()).toBeVisible();

    const box = page.getByRole('checkbox').first();
    await tabTo(page, box);
    const wasTicked = await box.isChecked();
    await keyboard.press('Space');
    await expect(box).toBeChecked({ checked: !wasTicked });

    await tabTo(page, page.getByRole('textbox', { name: 'Note to the employer' }));
    await keyboard.press('Control+A');
    await keyboard.type('The rows have their day of collection now.');
    await keyboard.press('Control+Enter');
    const submitting = page.getByRole('dialog', { name: /^Submit revision 2/u });
    await expect(submitting.getByText('On time by this computer’s clock')).toBeVisible();
    // Not yet, after all; and then yes.
    await keyboard.press('Escape');
    await expect(submitting).toBeHidden();
    await keyboard.press('Control+Enter');
    await expect(submitting.getByText('On time by this computer’s clock')).toBeVisible();
    await keyboard.press('Control+Enter');
    const handedIn = page.getByRole('dialog', { name: 'Handed in' });
    await expect(handedIn.getByText('Revision 2 is on the server')).toBeVisible();
    await keyboard.press('Escape');
    await expect(handedIn).toBeHidden();
    await expectVisibleFocus(page);
  });

  await test.step('the intern takes the files out of the next revision again, one after the other', async () => {
    const removing = page
      .getByRole('list', { name: 'Files to hand in' })
      .getByRole('button', { name: /^Remove “/u });
    const count = await removing.count();
    expect(count).toBeGreaterThan(1);
    await tabTo(page, removing.first());
    for (let left = count - 1; left > 0; left -= 1) {
      await keyboard.press('Enter');
      await expect(removing).toHaveCount(left);
      // The line took its button with it: the next one's has the focus.
      await expect(removing.first()).toBeFocused();
    }
    await keyboard.press('Enter');
    await expect(removing).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Add files…' })).toBeFocused();
    await expectVisibleFocus(page);
  });

  await test.step('the intern goes from task to task, and adds time by hand', async () => {
    await keyboard.press('J');
    await expect(page.getByRole('heading', { name: /^Clean and sort/u, level: 2 })).toBeVisible();
    await keyboard.press('G');
    await keyboard.press('H');
    await expect(page.getByRole('heading', { name: 'Hours', level: 1 })).toBeVisible();
    await keyboard.press('A');
    await expect(page.getByRole('dialog', { name: 'Add time' })).toBeVisible();
    await expectVisibleFocus(page);
    await keyboard.press('Escape');
    await expect(page.getByRole('dialog', { name: 'Add time' })).toBeHidden();
  });

  await test.step('the employer finds a place by typing, and decides', async () => {
    await tabTo(page, page.getByRole('button', { name: / Owner, /u }));
    await keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'Review', level: 1 })).toBeVisible();
    await keyboard.press('Control+K');
    await keyboard.type('Bundles');
    await keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'Bundles', level: 1 })).toBeVisible();
    await keyboard.press('G');
    await keyboard.press('R');
    const submission = page.getByRole('article', { name: /^Clean and sort/u });
    await expect(submission).toBeVisible();
    // Another decision asks for other words in the same place, and says where they belong.
    await keyboard.press('A');
    await expect(submission.getByRole('textbox', { name: /^A word to/u })).toBeFocused();
    await keyboard.press('Escape');
    await keyboard.press('R');
    await expect(submission.getByRole('textbox', { name: 'What should change?' })).toBeFocused();
    await expect(submission.getByText(/is said at its criterion: press its number/u)).toBeVisible();
    await keyboard.press('Control+Enter');
    await expect(submission.getByRole('alert')).toContainText('with the button beside it');
    await keyboard.press('Escape');
    await keyboard.press('2');
    await expect(submission.getByRole('textbox', { name: 'Comment on criterion 2' })).toBeFocused();
    await keyboard.type('One pass over the makers’ names.');
    await keyboard.press('Escape');
    await keyboard.press('R');
    await expect(submission.getByRole('textbox', { name: 'What should change?' })).toBeFocused();
    await keyboard.type('Nearly there.');
    await keyboard.press('Control+Enter');
    await expect(page.getByRole('dialog', { name: /for these changes\?$/u })).toBeVisible();
    await keyboard.press('Control+Enter');
    const next = page.getByRole('article', { name: 'Competitor price survey' });
    await expect(next.getByText('The rows have their day of collection now.')).toBeVisible();
    await keyboard.press('A');
    await keyboard.press('Control+Enter');
    await expect(page.getByText('Nothing waits for you')).toBeVisible();
  });
  person.expectNoComplaints();
});

test('one of more choices than are in the document at once is found and taken by the keyboard', async ({
  stage,
}) => {
  test.setTimeout(240_000);
  const person = await stage.seat('first', { timeZone });
  const { page } = person;
  const { keyboard } = page;
  await openSample(person);
  const { seats } = await person.ask('app.state', {});
  const seatId = seats.find(({ role }) => role === 'owner')?.seatId ?? '';
  const titles = Array.from({ length: 50 }, (_, index) => `Survey ${index + 10}`);
  for (const title of titles) {
    const terms = { ...testProjectTerms, title };
    const { projectId } = await person.ask('project.create', { seatId, terms });
    await person.ask('people.inviteIntern', { seatId, projectId, name: 'Bo Lind', email: null });
  }
  await page.goto(`${person.origin}/overview`);
  const field = page.getByRole('search').getByRole('button', { name: /Project$/u });
  await expect(page.getByRole('cell', { name: 'Survey 10', exact: true })).toBeVisible();

  await tabTo(page, field);
  await keyboard.press('Enter');
  await expect(page.getByRole('option', { name: 'All projects' })).toBeFocused();
  expect(await page.getByRole('option').count()).toBeLessThan(titles.length);
  await keyboard.press('End');
  await expect(page.getByRole('option').last()).toBeFocused();
  await expect(page.getByRole('option').last()).toBeInViewport({ ratio: 1 });
  await keyboard.type('Survey 37');
  const wanted = page.getByRole('option', { name: 'Survey 37' });
  await expect(wanted).toBeFocused();
  await expect(wanted).toBeInViewport({ ratio: 1 });
  await keyboard.press('Enter');
  await expect(field).toBeFocused();
  await expectVisibleFocus(page);
  await expect(field).toHaveText('Survey 37');
  await expect(page.getByRole('cell', { name: 'Survey 37', exact: true })).toBeVisible();
  await expect(page.getByRole('cell', { name: 'Survey 10', exact: true })).toHaveCount(0);
  person.expectNoComplaints();
});

test('what is pressed below a list, and goes by that, leaves the focus to the list', async ({
  stage,
}) => {
  const person = await stage.seat('first', { timeZone });
  const { page, origin } = person;
  const { projectId, runningTaskId } = await openSample(person);
  const { seats } = await person.ask('app.state', {});
  const seatId = seats.find(({ role }) => role === 'owner')?.seatId ?? '';
  const owner = page
    .getByRole('navigation', { name: 'Places' })
    .getByRole('button', { name: / Owner, /u });
  if ((await owner.getAttribute('aria-pressed')) !== 'true') await owner.click();
  // More tasks than a list holds at first.
  const { engagements } = await person.ask('project.get', { seatId, projectId });
  const intern = engagements[0]?.intern.name ?? '';
  const lines = Array.from({ length: 210 }, (_, index) => `Call ${index + 1},${intern},2031-05-09`);
  const csv = ['title,intern,deadline', ...lines].join('\n');
  await person.ask('project.import', { seatId, projectId, kind: 'tasks', csv });
  await page.goto(`${origin}/projects/${projectId}/tasks/${runningTaskId}`);
  const showAll = page.getByRole('button', { name: 'Show all', exact: true });
  await showAll.press('Enter');
  await expect(showAll).toBeHidden();
  await expect(page.locator('[role=grid]:focus, [role=grid] :focus')).toBeAttached();
});
