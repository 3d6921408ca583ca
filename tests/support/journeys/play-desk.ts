import { expect, type Page } from '@playwright/test';
import { helloTemplate } from './hello-template.ts';
import type { Person } from './person.ts';
import { openScreen, type SampleIds } from './sample-screens.ts';

/** Looks at what stands on the page, under this name. */
type Look = (name: string, page: Page) => Promise<void>;

const tasksCsv = `title,intern,deadline,hours,criteria
Map the twelve fairs,,2031-05-09,3,One line for each fair | With its address
Write to the organizers,Inês Carvalho,2031-05-16,2,
Sum up what they answer,,soon,1,
`;

/** The dialogs of an employer's desk that the sample's screens do not open by themselves, and what comes at the end. */
export async function playDesk(person: Person, ids: SampleIds, look: Look): Promise<void> {
  await playProject(person, ids, look);
  await playTask(person, ids, look);
  await playQuestion(person, ids, look);
  await playOlderRevision(person, ids, look);
  await playPeople(person, ids, look);
  await playEnd(person, ids, look);
}

/** Looks at a dialog that was just opened, and leaves it. */
async function lookAt(page: Page, title: RegExp, name: string, look: Look): Promise<void> {
  const dialog = page
    .getByRole('dialog', { name: title })
    .or(page.getByRole('alertdialog', { name: title }));
  await expect(dialog).toBeVisible();
  await look(name, page);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
}

async function pickMore(page: Page, menu: string, item: RegExp): Promise<void> {
  await page.getByRole('button', { name: menu, exact: true }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

async function playProject(person: Person, ids: SampleIds, look: Look): Promise<void> {
  const { page } = person;
  const path = () => `/projects/${ids.projectId}`;
  const heading = /^Spring market research/u;
  await openScreen(person, { name: '', role: 'Owner', path, heading }, ids);
  await page.keyboard.press('I');
  await lookAt(page, /^Invite an intern$/u, 'invite-intern', look);
  await page.getByRole('button', { name: 'New template' }).click();
  await lookAt(page, /^New task template$/u, 'task-template', look);
  const { seats } = await person.ask('app.state', {});
  await person.ask('template.save', {
    seatId: seats.find(({ role }) => role === 'owner')?.seatId ?? '',
    projectId: ids.projectId,
    template: helloTemplate,
  });
  await page.getByRole('button', { name: 'Assign templates…' }).click();
  await lookAt(page, /^Assign templates$/u, 'assign-templates', look);
  await pickMore(page, 'More', /^Close the project/u);
  await lookAt(page, /^Close this project\?$/u, 'close-project', look);
  await pickMore(page, 'More', /^Import tasks from a list/u);
  await page.getByRole('textbox', { name: 'Or paste the rows' }).fill(tasksCsv);
  await expect(page.getByText('1 row is wrong')).toBeVisible();
  await expect(page.getByText(/^It is on line 4\./u)).toBeVisible();
  await lookAt(page, /^Import tasks/u, 'import-tasks', look);
  await page.keyboard.press('E');
  await expect(page.getByRole('heading', { name: /^Edit “Spring/u })).toBeVisible();
  await look('edit-project', page);
}

async function playTask(person: Person, ids: SampleIds, look: Look): Promise<void> {
  const { page } = person;
  const path = () => `/projects/${ids.projectId}/tasks/${ids.returnedTaskId}`;
  const heading = /^Competitor price survey$/u;
  await openScreen(person, { name: '', role: 'Owner', path, heading }, ids);
  await page.keyboard.press('E');
  await lookAt(page, /^Change the brief$/u, 'change-brief', look);
  await page.keyboard.press('X');
  await lookAt(page, /^Give extra time$/u, 'give-extra-time', look);
  for (const [item, title, name] of [
    [/^Edit title/u, /^Edit the task$/u, 'edit-task'],
    [/^Reference files/u, /^Reference files$/u, 'reference-files'],
    [/^Move the deadline/u, /^Move the deadline$/u, 'move-deadline'],
    [/^Order of the tasks/u, /^Order of the tasks$/u, 'order-of-tasks'],
    [/^Cancel the task/u, /^Cancel “/u, 'cancel-task'],
  ] as const) {
    await pickMore(page, 'More for this task', item);
    await lookAt(page, title, name, look);
  }
}

/** A question that the intern asked, where the employer sees what waits, and where it is answered. */
async function playQuestion(person: Person, ids: SampleIds, look: Look): Promise<void> {
  const { page } = person;
  await person.ask('question.ask', {
    seatId: ids.internSeatId,
    taskId: ids.returnedTaskId,
    text: 'Two of the shops show prices only after signing in. Shall I make an account there, or leave them out?',
  });
  await person.ask('extension.request', {
    seatId: ids.internSeatId,
    taskId: ids.runningTaskId,
    days: 2,
    minutes: 0,
    reason: 'The second maker answers on Monday, when the fair is over.',
  });
  await openScreen(
    person,
    { name: '', role: 'Owner', path: () => '/overview', heading: /^Overview$/u },
    ids,
  );
  await expect(page.getByText('Two of the shops show prices')).toBeVisible();
  await look('asked', page);
}

/**
 * A revision that another one follows while it is looked at: it stays as it is, with the focus where it was. And what accepting
 * it all the same asks.
 */
async function playOlderRevision(person: Person, ids: SampleIds, look: Look): Promise<void> {
  const { page } = person;
  const { internSeatId: seatId, waitingSubmissionId: submissionId } = ids;
  const { taskId } = await person.ask('submission.get', { seatId, submissionId });
  const path = () => `/review/${submissionId}`;
  await openScreen(person, { name: '', role: 'Owner', path, heading: /^Clean and sort/u }, ids);
  const view = page.getByRole('article', { name: /^Clean and sort/u });
  await expect(view.getByRole('button', { name: /^Accept/u })).toBeVisible();
  const shown = await view.elementHandle();
  await view.getByRole('button', { name: 'Comment on criterion 1' }).focus();
  // The same again would be the same revision.
  await person.ask('draft.writeNote', { seatId, taskId, note: 'One more pass over the names.' });
  await person.ask('submission.create', { seatId, taskId });
  await expect(page.getByText('Revision 2 has come after this one')).toBeVisible();
  await expect(page.getByRole('row', { name: /revision 2/u })).toBeVisible();
  expect(await shown?.evaluate((element) => element.isConnected)).toBe(true);
  await expect(view.getByRole('button', { name: 'Comment on criterion 1' })).toBeFocused();
  await page.keyboard.press('A');
  await page.keyboard.press('Control+Enter');
  await lookAt(page, /^Accept revision 1, not the newest/u, 'accept-older', look);
}

async function playPeople(person: Person, ids: SampleIds, look: Look): Promise<void> {
  const { page } = person;
  const heading = /^Inês Carvalho$/u;
  const path = () => `/people/${ids.engagementId}`;
  await openScreen(person, { name: '', role: 'Owner', path, heading }, ids);
  await page.getByRole('button', { name: 'Complete', exact: true }).click();
  await lookAt(page, /^Complete Inês/u, 'complete-engagement', look);
  await pickMore(page, 'More', /^End it early/u);
  await lookAt(page, /^End Inês/u, 'end-engagement', look);
  await openScreen(
    person,
    { name: '', role: 'Owner', path: () => '/people', heading: /^People$/u },
    ids,
  );
  await page.getByRole('button', { name: 'Invite a manager' }).click();
  await lookAt(page, /^Invite a manager$/u, 'invite-manager', look);
  await page.getByRole('button', { name: 'Withdraw…' }).first().click();
  await lookAt(page, /^Withdraw the invitation/u, 'withdraw-invitation', look);
}

/** What was agreed, and what both say of each other when the engagement is complete. */
async function playEnd(person: Person, ids: SampleIds, look: Look): Promise<void> {
  const { page } = person;
  const { internSeatId, engagementId } = ids;
  const agreement = {
    name: '',
    role: 'Intern',
    path: () => `/agreement/${internSeatId}/${engagementId}`,
    heading: /^Spring market research/u,
  } as const;
  await openScreen(person, agreement, ids);
  await look('agreement', page);

  const { seats } = await person.ask('app.state', {});
  const seatId = seats.find(({ role }) => role === 'owner')?.seatId ?? '';
  await person.ask('engagement.complete', { seatId, engagementId });
  await openScreen(
    person,
    { ...agreement, role: 'Owner', path: () => `/people/${engagementId}`, heading: /^Inês/u },
    ids,
  );
  await page.getByRole('button', { name: /^Evaluate Inês Carvalho/u }).click();
  const form = page.getByRole('dialog', { name: 'Evaluate Inês Carvalho' });
  await form
    .getByRole('textbox', { name: 'What went well' })
    .fill('Every price has its source, and she asked before she guessed.');
  await form
    .getByRole('textbox', { name: 'Testimonial' })
    .fill('Inês finds what the others overlook, and writes it so that one wants to read on.');
  await form.getByText('More work of this kind', { exact: true }).click();
  await form
    .getByRole('textbox', { name: 'The offer in a few words' })
    .fill('The autumn fairs, ten hours. Write to me.');
  await look('evaluation-form', page);
  await form.getByRole('button', { name: 'Give the evaluation' }).click();
  await expect(form).toBeHidden();
  await expect
    .poll(async () => {
      const [first] = await person.ask('evaluation.list', { seatId: internSeatId });
      return first?.engagementId;
    })
    .toBe(engagementId);
  await person.ask('evaluation.write', {
    seatId: internSeatId,
    engagementId,
    content: {
      side: 'intern',
      ratings: { clarity: 5, feedback: 4, fairness: 5, learning: 4 },
      wentWell: 'Answers came the same day, and the examples said what was meant.',
      couldImprove: 'One deadline was a Sunday.',
      wouldWorkAgain: true,
    },
  });
  await openScreen(
    person,
    { name: '', role: 'Intern', path: () => '/record', heading: /^Record$/u },
    ids,
  );
  await expect(page.getByText('Offer: more work of this kind')).toBeVisible();
  await look('evaluation', page);
}
