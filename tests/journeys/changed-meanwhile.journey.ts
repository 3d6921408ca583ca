import { expect } from '@playwright/test';
import { openSample } from '../support/journeys/sample-screens.ts';
import { test } from '../support/journeys/stage.ts';

test('a manager edits a task, its brief and the terms while another one does, and takes nothing back unseen', async ({
  stage,
}) => {
  const person = await stage.seat('first', { timeZone: 'Europe/Lisbon' });
  const { page, origin } = person;
  const { projectId, runningTaskId: taskId, engagementId, internSeatId } = await openSample(person);
  await person.seeSyncState(/All saved on the server/u);
  const { seats } = await person.ask('app.state', {});
  const seatId = seats.find(({ role }) => role === 'owner')?.seatId ?? '';
  const places = page.getByRole('navigation', { name: 'Places' });
  const owner = places.getByRole('button', { name: / Owner, /u });
  if ((await owner.getAttribute('aria-pressed')) !== 'true') await owner.click();
  await person.ask('task.edit', { seatId, taskId, patch: { estimateMinutes: 126 } });
  await page.goto(`${origin}/projects/${projectId}/tasks/${taskId}`);
  const openEdit = async () => {
    await page.getByRole('button', { name: 'More for this task' }).click();
    await page.getByRole('menuitem', { name: /Edit title and estimate/u }).click();
    return page.getByRole('dialog', { name: 'Edit the task' });
  };
  const readItem = async () => (await person.ask('task.get', { seatId, taskId })).item;

  // Walked through by the keyboard: what is shown is what there is, and it stays.
  let dialog = await openEdit();
  const estimate = dialog.getByRole('textbox', { name: /Estimate/u });
  await expect(estimate).toHaveValue('2.1');
  await estimate.focus();
  await page.keyboard.press('Tab');
  await expect(estimate).toHaveValue('2.1');
  await estimate.press('ArrowUp');
  await expect(estimate).toHaveValue('2.25');
  await estimate.fill('2.1');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toHaveCount(0);
  expect((await readItem()).estimateMinutes).toBe(126);

  // Renamed by somebody else while only the estimate is changed here.
  dialog = await openEdit();
  await person.ask('task.edit', { seatId, taskId, patch: { title: 'Renamed elsewhere' } });
  await expect(dialog.getByRole('status')).toContainText('Title: “Renamed elsewhere” by now.');
  await dialog.getByRole('textbox', { name: /Estimate/u }).fill('4');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toHaveCount(0);
  expect(await readItem()).toMatchObject({ title: 'Renamed elsewhere', estimateMinutes: 240 });

  // The estimate is changed by somebody else while another one is being typed here: that counts before it is finished.
  await expect(page.getByText(/of about 4h/u).first()).toBeVisible();
  dialog = await openEdit();
  await dialog.getByRole('textbox', { name: /Estimate/u }).fill('5');
  await person.ask('task.edit', { seatId, taskId, patch: { estimateMinutes: 360 } });
  await expect(dialog.getByRole('status')).toContainText(
    'Estimate: 6h by now. What you have written here is to replace that.',
  );
  await dialog.getByRole('textbox', { name: /Estimate/u }).fill('4');
  await page.keyboard.press('Tab');
  await expect(dialog.getByRole('status')).toContainText('you have changed nothing here.');
  await dialog.getByRole('button', { name: 'Leave it as it is' }).click();
  await expect(dialog).toHaveCount(0);

  // Another version of the brief comes while one is written.
  await page.getByRole('button', { name: 'Change the brief' }).click();
  dialog = page.getByRole('dialog', { name: 'Change the brief' });
  await expect(dialog.getByRole('textbox', { name: 'Instructions' })).toBeFocused();
  const { brief } = await person.ask('task.get', { seatId, taskId });
  await person.ask('task.reviseBrief', {
    seatId,
    taskId,
    instructions: `${brief.instructions}\n\nAsk Mara first.`,
    criteria: brief.criteria,
  });
  await expect(dialog.getByRole('status')).toContainText(
    `Version ${brief.version + 1} was published meanwhile`,
  );
  await expect(dialog.getByText('Ask Mara first.')).toBeVisible();
  // Nothing was written here: nothing is published over it.
  await dialog.getByRole('button', { name: /^Publish version/u }).click();
  await expect(dialog).toHaveCount(0);
  const after = await person.ask('task.get', { seatId, taskId });
  expect(after.brief.version).toBe(brief.version + 1);
  expect(after.brief.instructions).toContain('Ask Mara first.');

  // Both write a paragraph: what was published meanwhile is put together with what stands in the form.
  await page.getByRole('button', { name: 'Change the brief' }).click();
  dialog = page.getByRole('dialog', { name: 'Change the brief' });
  const instructions = dialog.getByRole('textbox', { name: 'Instructions' });
  await expect(instructions).toBeFocused();
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.insertText('Begin on Monday.\n\n');
  await person.ask('task.reviseBrief', {
    seatId,
    taskId,
    instructions: `${after.brief.instructions}\n\nSend it to Tom.`,
    criteria: after.brief.criteria,
  });
  await dialog.getByRole('button', { name: 'Put both together' }).click();
  await expect(dialog.getByText('put together', { exact: false })).toBeVisible();
  await dialog.getByRole('button', { name: /^Publish version/u }).click();
  await expect(dialog).toHaveCount(0);
  const together = (await person.ask('task.get', { seatId, taskId })).brief;
  expect(together.instructions).toMatch(/^Begin on Monday\.\n\n/u);
  expect(together.instructions).toMatch(/Ask Mara first\.\n\nSend it to Tom\.$/u);

  // More hours are confirmed while something else is proposed.
  const { amendmentId } = await person.ask('amendment.propose', {
    seatId: internSeatId,
    engagementId,
    reason: 'Longer than we thought.',
    changes: { hourBudgetMinutes: 33 * 60 },
  });
  const listAmendments = async () => person.ask('amendment.list', { seatId, engagementId });
  await expect
    .poll(async () => (await listAmendments()).map((amendment) => amendment.amendmentId))
    .toContain(amendmentId);
  await page.goto(`${origin}/people/${engagementId}`);
  await page.getByRole('button', { name: 'Propose a change…' }).click();
  dialog = page.getByRole('dialog', { name: 'Propose a change to what was agreed' });
  await person.ask('amendment.confirm', { seatId, amendmentId });
  await expect(dialog.getByRole('status')).toContainText('Hour budget: 33h by now.');
  const budget = dialog.getByRole('textbox', { name: 'Hour budget' });
  const agreedHours = await budget.inputValue();
  await expect(dialog.getByRole('status')).toContainText('you have changed nothing here.');
  await budget.pressSequentially('1');
  await expect(dialog.getByRole('status')).toContainText('is to replace that.');
  await budget.fill(agreedHours);
  await dialog.getByRole('textbox', { name: 'Why' }).fill('One more point.');
  await dialog.getByRole('textbox', { name: 'What the work covers' }).fill('The harbour, too.');
  await dialog.getByRole('button', { name: 'Propose' }).click();
  await expect(dialog).toHaveCount(0);
  const proposed = (await listAmendments()).filter(({ reason }) => reason === 'One more point.');
  expect(proposed.map(({ changes }) => Object.keys(changes))).toEqual([['scope']]);
});
