import { expect } from '@playwright/test';
import type { Person } from './person.ts';

/** More than fit on a screen, and than one change could once name. */
const count = 1200;

/**
 * Puts tasks of one engagement in other places: by hand with the pointer, by the number of the place and step by step.
 *
 * @param intern by the name or the address with which they were invited
 */
export async function playTaskOrder(employer: Person, intern: string): Promise<void> {
  const { page } = employer;
  const { keyboard, mouse } = page;
  const seatId = (await employer.ask('app.state', {})).seats[0]?.seatId ?? '';
  const projectId = (await employer.ask('projects.list', { seatId }))[0]?.projectId ?? '';
  const lines = Array.from(
    { length: count },
    (_, index) => `Call ${index + 1},${intern},2031-05-09`,
  );
  const csv = ['title,intern,deadline', ...lines].join('\n');
  await employer.ask('project.import', { seatId, projectId, kind: 'tasks', csv });
  const { items } = await employer.ask('tasks.list', { seatId, projectId, limit: 5000 });
  const last = items.find(({ title }) => title === `Call ${count}`);
  if (last === undefined) throw new Error('expected the last of the imported tasks');
  const { taskId, engagementId } = last;
  const list = async () =>
    (await employer.ask('tasks.inOrder', { seatId, engagementId })).tasks.map(({ title }) => title);
  const total = (await list()).length;

  await page.goto(`${employer.origin}/projects/${projectId}/tasks/${taskId}`);
  await expect(page.getByRole('heading', { name: last.title })).toBeVisible();
  const open = async () => {
    await page.getByRole('button', { name: 'More for this task', exact: true }).click();
    await page.getByRole('menuitem', { name: /^Order of the tasks/u }).click();
  };
  await open();
  const dialog = page.getByRole('dialog', { name: 'Order of the tasks' });
  const place = (title: string) =>
    page.getByRole('textbox', { name: `Place of ${title}`, exact: true });
  // It opens where the task stands, with few of the others in the document.
  await expect(place(last.title)).toHaveValue(String(total));
  expect(await dialog.getByRole('listitem').count()).toBeLessThan(60);

  await place(last.title).focus();
  await keyboard.type('3');
  await keyboard.press('Enter');
  await expect(place(last.title)).toBeFocused();
  await expect(place(last.title)).toHaveValue('3');
  await expect(dialog.getByText(`is now task 3 of`)).toBeAttached();
  await keyboard.press('Alt+ArrowUp');
  await expect(place(last.title)).toHaveValue('2');
  await dialog.getByRole('button', { name: `Earlier: ${last.title}` }).press('Enter');
  await expect(place(last.title)).toHaveValue('1');
  // The button that led to the end gave the focus on.
  await expect(dialog.getByRole('button', { name: `Later: ${last.title}` })).toBeFocused();

  const rowOf = (title: string) => dialog.getByRole('listitem').filter({ has: place(title) });
  const from = await rowOf(last.title).getByTitle('Hold to move').boundingBox();
  const to = await place('Call 3').boundingBox();
  if (from === null || to === null) throw new Error('expected both rows to be seen');
  const x = from.x + from.width / 2;
  await mouse.move(x, from.y + from.height / 2);
  await mouse.down();
  await mouse.move(x, to.y + to.height, { steps: 5 });
  await keyboard.press('Escape');
  await mouse.up();
  await expect(place(last.title)).toHaveValue('1');
  await mouse.move(x, from.y + from.height / 2);
  await mouse.down();
  await mouse.move(x, to.y + to.height, { steps: 5 });
  await mouse.up();
  const dropped = Number(await place('Call 3').inputValue()) + 1;
  await expect(place(last.title)).toHaveValue(String(dropped));

  await dialog.getByRole('button', { name: 'Keep this order' }).click();
  await expect(dialog).toBeHidden();
  const kept = await list();
  expect(kept.indexOf(last.title) + 1).toBe(dropped);
  expect(kept[dropped - 2]).toBe('Call 3');
  expect(kept).toHaveLength(total);

  // It opens as they stand by then, and a place that is still being typed counts when the form is kept by its keys.
  await open();
  await expect(place(last.title)).toHaveValue(String(dropped));
  await place(last.title).focus();
  await keyboard.type('2');
  await keyboard.press('Control+Enter');
  await expect(dialog).toBeHidden();
  expect((await list()).indexOf(last.title) + 1).toBe(2);
}
