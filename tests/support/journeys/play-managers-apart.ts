import { expect, type Locator } from '@playwright/test';
import { helloTemplate } from './hello-template.ts';
import type { Person } from './person.ts';
import { type Reviewing, settle } from './play-reviews.ts';
import type { Look } from './situations.ts';
import type { Stage } from './stage.ts';

const longMs = 60_000;
const dayMs = 86_400_000;
const title = 'Write to the makers';

/** Where the makers' task and its template are. */
interface Place {
  readonly projectId: string;
  readonly taskId: string;
  readonly templateId: string;
}

/**
 * Two managers without a line write into the same brief and the same template. The second one to come back is shown what
 * was left out and puts both together; the intern is shown one version with both paragraphs.
 */
export async function playManagersApart(
  stage: Stage,
  reviewing: Reviewing,
  look: Look,
): Promise<void> {
  const { ada, bea, ines, inesSeatId } = reviewing;
  const place = await prepare(reviewing);
  const openTask = async (person: Person, path: string) => {
    await person.page.goto(`${person.origin}${path}`);
    const article = person.page.getByRole('article', { name: title });
    await expect(article).toBeVisible({ timeout: longMs });
    return article;
  };
  const desk = `/projects/${place.projectId}/tasks/${place.taskId}`;
  const internPath = `/tasks/${inesSeatId}/${place.taskId}`;
  await settle(ines);
  await openTask(ines, internPath);
  for (const person of [ines, ada, bea]) await settle(person);

  await stage.killServer();
  await openTask(ada, desk);
  await openTask(bea, desk);
  await writeIntoBrief(ada, 'Home', 'Begin with the makers at the harbour.\n\n');
  await writeIntoBrief(bea, 'End', '\n\nSend it to Tom as well.');
  await replaceTemplate(reviewing, place);
  await bea.killHost();
  await stage.startServer();
  await settle(ada);
  await bea.startAgain();
  await settle(bea);

  await lookAtTemplate(bea, place, look);
  await putBothTogether(bea, await openTask(bea, desk), look);
  await settle(bea);
  await settle(ines);
  await acknowledge(ines, await openTask(ines, internPath), look);
  await lookAtInvitation(bea, place, look);
}

async function prepare({ ada, adaSeatId: seatId, bea }: Reviewing): Promise<Place> {
  const { engagements } = await ada.ask('people.list', { seatId });
  const { engagementId = '', projectId = '' } = engagements[0] ?? {};
  const { templateId } = await ada.ask('template.save', {
    seatId,
    projectId,
    template: helloTemplate,
  });
  const { taskId } = await ada.ask('task.assign', {
    seatId,
    engagementId,
    title,
    instructions: 'One e-mail of ten lines to each of them.',
    criteria: ['All twelve makers'],
    deadline: {
      wall: `${new Date(Date.now() + 5 * dayMs).toISOString().slice(0, 10)}T17:00`,
      zone: 'Europe/Berlin',
    },
    estimateMinutes: null,
  });
  await settle(ada);
  await settle(bea);
  return { projectId, taskId, templateId };
}

async function writeIntoBrief({ page }: Person, at: 'Home' | 'End', words: string): Promise<void> {
  await page.keyboard.press('e');
  const dialog = page.getByRole('dialog', { name: 'Change the brief' });
  await expect(dialog.getByRole('textbox', { name: 'Instructions' })).toBeFocused();
  await page.keyboard.press(`ControlOrMeta+${at}`);
  await page.keyboard.insertText(words);
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(dialog).toBeHidden();
  await expect(page.getByText('version 2', { exact: true })).toBeVisible();
}

async function replaceTemplate(
  { ada, adaSeatId, bea }: Reviewing,
  { projectId, templateId }: Place,
): Promise<void> {
  const { seats } = await bea.ask('app.state', {});
  await ada.ask('template.save', {
    seatId: adaSeatId,
    projectId,
    templateId,
    template: {
      ...helloTemplate,
      title: 'Write to the makers',
      instructions: 'One e-mail of ten lines to each of them, in their own language.',
      dueDays: 5,
    },
  });
  await bea.ask('template.save', {
    seatId: seats[0]?.seatId ?? '',
    projectId,
    templateId,
    template: {
      ...helloTemplate,
      title: 'Greet the makers',
      instructions: 'One short e-mail, with a picture.',
      dueDays: 3,
    },
  });
}

/** What was replaced unseen goes back into the form by a press, and out of it by another. */
async function lookAtTemplate(
  { page, origin }: Person,
  { projectId }: Place,
  look: Look,
): Promise<void> {
  await page.goto(`${origin}/projects/${projectId}`);
  await page.getByRole('button', { name: 'Edit the template “Greet the makers”' }).press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Edit the task template' });
  await expect(dialog.getByText(/replaced this without having seen it$/u)).toBeVisible();
  const written = dialog.getByRole('textbox', { name: 'Title' });
  await expect(written).toBeFocused();
  await written.fill('Greet all makers');
  await look('template-replaced', page);
  await dialog.getByRole('button', { name: /^Put it back: Title/u }).press('Enter');
  await expect(written).toHaveValue('Write to the makers');
  const undo = dialog.getByRole('button', { name: /^Undo: Title/u });
  await expect(undo).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(written).toHaveValue('Greet all makers');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
}

async function putBothTogether({ page }: Person, article: Locator, look: Look): Promise<void> {
  const notice = article.getByRole('region', { name: 'What the brief leaves out' });
  await expect(notice).toContainText('Bea Lorenz had not seen version 2 by Ada Brandt');
  await notice.getByRole('button', { name: 'Show what it changed' }).press('Enter');
  await expect(notice.getByText('Begin with the makers at the harbour.')).toBeVisible();
  await look('brief-replaced', page);
  await notice.getByRole('button', { name: 'Put both together…' }).press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Change the brief' });
  await expect(dialog.getByText('Versions 2 and 3 put together')).toBeVisible();
  await expect(dialog.getByRole('textbox', { name: 'Instructions' })).toBeFocused();
  await look('brief-put-together', page);
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(dialog).toBeHidden();
  await expect(notice).toBeHidden();
  await expect(article.getByText('version 4', { exact: true })).toBeVisible();
  // What had the focus went with the notice.
  await expect(article.getByRole('heading', { name: title })).toBeFocused();
}

async function acknowledge({ page }: Person, article: Locator, look: Look): Promise<void> {
  const change = article.getByRole('region', { name: 'What changed in the brief' });
  await expect(change).toContainText('you have seen version 1.', { timeout: longMs });
  const instructions = article.getByRole('region', { name: 'Instructions' });
  await expect(instructions).toContainText('Begin with the makers at the harbour.');
  await expect(instructions).toContainText('Send it to Tom as well.');
  await expect(
    page.getByRole('row', { name: new RegExp(title, 'u') }).getByText('brief changed'),
  ).toBeVisible();
  await look('brief-changed', page);
  await change.getByRole('button', { name: 'Mark as seen' }).press('Enter');
  await expect(change).toBeHidden();
  await expect(article.getByRole('button', { name: 'It fits' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(article.getByRole('heading', { name: title })).toBeFocused();
}

/** Somebody is invited a second time: there is a warning before, and a mark afterwards. */
async function lookAtInvitation(
  { page, origin }: Person,
  { projectId }: Place,
  look: Look,
): Promise<void> {
  await page.goto(`${origin}/projects/${projectId}`);
  await expect(page.getByRole('button', { name: /^Invite an intern/u })).toBeVisible();
  await page.keyboard.press('i');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('ines sharma');
  await expect(dialog.getByRole('status')).toContainText('Ines Sharma');
  await look('invite-twice', page);
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('button', { name: 'Copy' })).toBeFocused();
  await page.keyboard.press('Escape');
  await page.goto(`${origin}/people`);
  await expect(page.getByText('Twice on this project')).toHaveCount(3);
  await look('twice-on-project', page);
}
