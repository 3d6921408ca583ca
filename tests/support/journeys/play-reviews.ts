import path from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { testProjectTerms } from '../server/test-organization.ts';
import { tabTo } from './keyboard.ts';
import type { Person } from './person.ts';
import { pickFiles } from './pick-files.ts';
import type { Look } from './situations.ts';
import type { Stage } from './stage.ts';

const zone = 'Europe/Berlin';
const longMs = 60_000;
const dayMs = 86_400_000;
const password = 'a long enough password';
const deliverables = path.join(import.meta.dirname, '../../../resources/sample/deliverables');
const inFirst = (name: string) => path.join(deliverables, 'first', name);
const inSecond = (name: string) => path.join(deliverables, 'second', name);

const picture = 'Preisvergleich pro 100 g.png';
const text = 'résumé of findings.md';
const plan = '🌱 launch plan.pdf';

const criteria = ['Six shops', 'Prices with their source'];
const phrase = 'Thank you, this is just what we need.';
/** Beside the one with files. */
const plainTitles = Array.from({ length: 9 }, (_, index) => `Shop ${index + 1}`);
const filesTitle = 'Survey of the six shops';

export interface Reviewing {
  readonly ada: Person;
  readonly adaSeatId: string;
  readonly bea: Person;
  readonly ines: Person;
  readonly inesSeatId: string;
}

const account = (name: string, timeZone: string) => ({
  kind: 'new' as const,
  name,
  email: `${name.split(' ')[0]?.toLowerCase() ?? ''}@haferwerk.example`,
  password,
  timeZone,
});

export async function settle(person: Person): Promise<void> {
  await person.ask('sync.now', {});
  await person.seeSyncState(/All saved on the server/u, longMs);
}

/** Two managers at two computers, and an intern with ten tasks. */
export async function setUpReviewing(stage: Stage): Promise<Reviewing> {
  await stage.startServer();
  const ada = await stage.seat('ada', { timeZone: zone });
  const bea = await stage.seat('bea', { timeZone: zone });
  const ines = await stage.seat('ines', { timeZone: 'Europe/Lisbon' });
  const { seatId } = await ada.ask('setup.createOrganization', {
    serverUrl: stage.line.url,
    organizationName: 'Haferwerk',
    timeZone: zone,
    account: account('Ada Brandt', zone),
  });
  const { projectId } = await ada.ask('project.create', {
    seatId,
    terms: {
      ...testProjectTerms,
      rubric: [
        { text: 'Care', points: 10 },
        { text: 'Clear words', points: 5 },
      ],
    },
  });
  const { link, engagementId } = await ada.ask('people.inviteIntern', {
    seatId,
    projectId,
    name: 'Ines Sharma',
    email: null,
  });
  const manager = await ada.ask('people.inviteManager', { seatId, name: 'Bea Lorenz' });
  for (const title of [filesTitle, ...plainTitles])
    await ada.ask('task.assign', {
      seatId,
      engagementId,
      title,
      instructions: 'Ask what they charge for muesli, and write it down.',
      criteria,
      deadline: {
        wall: `${new Date(Date.now() + 3 * dayMs).toISOString().slice(0, 10)}T17:00`,
        zone,
      },
      estimateMinutes: null,
    });
  await ada.page.goto(ada.origin);
  await settle(ada);
  await bea.ask('setup.acceptInvitation', {
    link: manager.link,
    account: account('Bea Lorenz', zone),
  });
  const { seatId: inesSeatId } = await ines.ask('setup.acceptInvitation', {
    link,
    account: account('Ines Sharma', 'Europe/Lisbon'),
  });
  for (const person of [bea, ines]) {
    await person.page.goto(person.origin);
    await settle(person);
  }
  return { ada, adaSeatId: seatId, bea, ines, inesSeatId };
}

async function listTaskIds({ ines, inesSeatId }: Reviewing): Promise<Map<string, string>> {
  const { items } = await ines.ask('tasks.list', { seatId: inesSeatId });
  return new Map(items.map(({ title, taskId }) => [title, taskId]));
}

async function attach(reviewing: Reviewing, taskId: string, files: readonly string[]) {
  const { page, origin } = reviewing.ines;
  await page.goto(`${origin}/tasks/${reviewing.inesSeatId}/${taskId}`);
  await pickFiles(page, page.getByRole('button', { name: /^Add (?:more )?files/u }).first(), files);
  const list = page.getByRole('list', { name: 'Files to hand in' });
  for (const file of files)
    await expect(list.getByRole('link', { name: `Save “${path.basename(file)}”` })).toBeVisible();
}

async function handIn({ ines, inesSeatId }: Reviewing, taskId: string, note: string) {
  await ines.ask('draft.writeNote', { seatId: inesSeatId, taskId, note });
  const { submissionId } = await ines.ask('submission.create', { seatId: inesSeatId, taskId });
  return submissionId;
}

async function openReview({ page, origin }: Person, submissionId: string): Promise<Locator> {
  await page.goto(`${origin}/review/${submissionId}`);
  const article = page.getByRole('article');
  await expect(article.getByRole('heading', { name: 'Files' })).toBeVisible({ timeout: longMs });
  return article;
}

/** Two managers at one submission know of each other, and both see what came of it. */
export async function playTwoManagers(reviewing: Reviewing, look: Look): Promise<void> {
  const { ada, bea, ines, adaSeatId } = reviewing;
  const taskId = (await listTaskIds(reviewing)).get(filesTitle) ?? '';
  await attach(reviewing, taskId, [inFirst(picture), inFirst(text)]);
  const submissionId = await handIn(
    reviewing,
    taskId,
    'Five of six. The last one opens on Monday.',
  );
  await settle(ines);
  const atAda = await openReview(ada, submissionId);
  await ada.page.keyboard.press('1');
  await atAda.getByRole('textbox', { name: 'Comment on criterion 1' }).fill('Only five are there.');
  const atBea = await openReview(bea, submissionId);
  await expect(atBea.getByText('Ada Brandt is reviewing this')).toBeVisible({ timeout: longMs });
  await expect(bea.page.getByRole('row', { name: /Ada Brandt is reviewing it/u })).toBeVisible();
  // Looking on is no taking over.
  await bea.page.keyboard.press('2');
  await atBea.getByRole('textbox', { name: 'Comment on criterion 2' }).fill('Which pages?');
  await bea.page.keyboard.press('Escape');
  await expect(atAda.getByText(/is reviewing this/u)).toHaveCount(0);
  await look('review-claimed', bea.page);
  await bea.page.keyboard.press('T');
  await expect(atAda.getByText('Bea Lorenz is reviewing this')).toBeVisible({ timeout: longMs });
  await expect(atBea.getByText(/is reviewing this/u)).toHaveCount(0);

  // By when the answer comes; the intern reads it. The decision that was begun leaves the keys to the dialog.
  await bea.page.keyboard.press('R');
  await bea.page.keyboard.press('Escape');
  await bea.page.keyboard.press('P');
  const promising = bea.page.getByRole('dialog', { name: 'Promise an answer' });
  await expect(promising).toBeVisible();
  await look('review-promise', bea.page);
  await bea.page.keyboard.press('Control+Enter');
  await expect(promising).toBeHidden();
  await expect(atBea.getByText('promised by Bea Lorenz')).toBeVisible();
  await expect(ines.page.getByText(/^Bea Lorenz answers by/u)).toBeVisible({ timeout: longMs });

  // Bea decides; what Ada has written is not lost, and not sent.
  await bea.page.keyboard.press('R');
  await bea.page.keyboard.press('Control+Enter');
  await expect(bea.page.getByRole('dialog', { name: /for these changes\?$/u })).toBeVisible();
  await bea.page.keyboard.press('Control+Enter');
  await expect(bea.page.getByText('Nothing waits for you.')).toBeVisible();
  await expect(atAda.getByText('The decision was made while you were writing')).toBeVisible({
    timeout: longMs,
  });
  await expect(atAda.getByText('Only five are there.')).toBeVisible();
  await expect(atAda.getByRole('region', { name: 'Decision' })).toContainText('Bea Lorenz');
  await look('review-decided-by-another', ada.page);
  await settle(bea);
  await settle(ada);
  const { reviews } = await ada.ask('submission.get', { seatId: adaSeatId, submissionId });
  expect(reviews.map(({ reviewerName, counts }) => [reviewerName, counts])).toEqual([
    ['Bea Lorenz', true],
  ]);
}

/** Chooses what a comment is measured by: the field after the comment. */
async function measureBy(page: Page, criterion: number): Promise<void> {
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const options = page.getByRole('listbox');
  await expect(options).toBeVisible();
  for (let step = 0; step < criterion; step += 1) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(options).toBeHidden();
  await expect(page.locator(':focus')).toContainText(`A change, by criterion ${criterion}`);
}

/** The work with files, whose second revision is commented on in three places. */
async function reviewPlaces(page: Page, look: Look): Promise<void> {
  const { keyboard } = page;
  const article = page.getByRole('article', { name: filesTitle });
  await expect(article.getByRole('button', { name: text, exact: true })).toBeVisible();

  await keyboard.press('D');
  await expect(article.getByRole('list', { name: 'Files compared' })).toBeVisible();
  await expect(article.getByRole('table').first()).toBeVisible();
  await expect(article.getByText('Added', { exact: true })).toBeVisible();
  await look('review-comparison', page);
  await keyboard.press('D');
  await expect(article.getByRole('list', { name: 'Files compared' })).toBeHidden();

  await keyboard.press('F');
  // Files that were chosen together stand in the order in which they were taken in.
  const files = article.getByRole('button', { name: /\.(?:md|png|pdf)$/u, expanded: true });
  await expect(files.first()).toBeFocused();
  await tabTo(page, article.getByRole('button', { name: 'Comment on a passage' }));
  await keyboard.press('Enter');
  const passage = article.getByRole('textbox', { name: `Contents of ${text}` });
  await tabTo(page, passage);
  await keyboard.press('Control+Home');
  await keyboard.type('nothing can be typed here');
  await keyboard.press('Shift+End');
  const words = await page.evaluate(() => getSelection()?.toString() ?? '');
  expect(words.length).toBeGreaterThan(3);
  expect(words).not.toContain('nothing can');
  await keyboard.press('Enter');
  const first = article.getByRole('textbox', { name: `Comment on place 1 in ${text}` });
  await expect(first).toBeFocused();
  await keyboard.type('Say which shops.');
  await measureBy(page, 1);
  await expect(article.locator('mark')).toHaveText(words);

  const onPicture = article.getByRole('button', { name: 'Mark a region of the picture' });
  await tabTo(page, onPicture);
  await keyboard.press('Enter');
  for (const key of ['ArrowUp', 'ArrowUp', 'ArrowLeft', 'Shift+ArrowRight', 'Shift+ArrowDown'])
    await keyboard.press(key);
  await keyboard.press('Enter');
  await expect(
    article.getByRole('textbox', { name: `Comment on place 1 in ${picture}` }),
  ).toBeFocused();
  await keyboard.type('The axis begins at 1, not at 0.');
  await measureBy(page, 2);

  const onPage = article.getByRole('button', { name: 'Mark a region of page 1' });
  await tabTo(page, onPage);
  await keyboard.press('Enter');
  await keyboard.press('Enter');
  await expect(
    article.getByRole('textbox', { name: `Comment on place 1 in ${plan}` }),
  ).toBeFocused();
  await keyboard.type('I like this part.');
  await keyboard.press('Escape');
  await look('review-annotations', page);

  await keyboard.press('R');
  await keyboard.type('Three places, and it is done.');
  await keyboard.press('Control+Enter');
  const asking = page.getByRole('dialog', { name: /for these changes\?$/u });
  await expect(asking.getByText('Say which shops.')).toBeVisible();
  await look('review-changes', page);
  await keyboard.press('Control+Enter');
  await expect(asking).toBeHidden();
}

/** Ten submissions with the keyboard alone, and without a server. */
export async function playTenReviews(
  stage: Stage,
  reviewing: Reviewing,
  look: Look,
): Promise<void> {
  const { ada, adaSeatId, ines, inesSeatId } = reviewing;
  const { page } = ada;
  const { keyboard } = page;
  const taskIds = await listTaskIds(reviewing);
  const filesTaskId = taskIds.get(filesTitle) ?? '';
  await attach(reviewing, filesTaskId, [inSecond(picture), inSecond(text), inFirst(plan)]);
  const ids = new Map<string, string>();
  for (const title of [filesTitle, ...plainTitles])
    ids.set(title, await handIn(reviewing, taskIds.get(title) ?? '', `What ${title} charges.`));
  await settle(ines);
  await ada.ask('phrase.save', { seatId: adaSeatId, text: phrase });
  const first = ids.get(filesTitle) ?? '';
  await openReview(ada, first);
  await expect
    .poll(
      async () =>
        (await ada.ask('review.queue', { seatId: adaSeatId })).waiting.filter(({ submission }) =>
          submission.files.every(({ isHere }) => isHere),
        ).length,
      { timeout: longMs },
    )
    .toBe(10);
  await settle(ada);
  await stage.killServer();

  await reviewPlaces(page, look);
  const open = async (title: string) => {
    const article = page.getByRole('article', { name: title, exact: true });
    await expect(article).toBeVisible();
    await expect(article.getByText(`What ${title} charges.`)).toBeVisible();
    return article;
  };

  await open('Shop 1');
  // A phrase by its number, into the words that go with an acceptance.
  await keyboard.press('A');
  await keyboard.press('Control+.');
  await expect(page.getByRole('dialog', { name: 'Saved phrases' })).toBeVisible();
  await expect(page.getByRole('list', { name: 'Phrases' })).toBeVisible();
  await look('review-phrases', page);
  await keyboard.press('1');
  await expect(page.getByRole('textbox', { name: /^A word to Ines/u })).toHaveText(phrase);
  await keyboard.press('Control+Enter');

  // By the rubric.
  await open('Shop 2');
  await keyboard.press('S');
  await keyboard.type('8');
  await keyboard.press('Tab');
  await keyboard.type('4');
  await keyboard.press('Tab');
  await expect(page.getByText('12 of 15')).toBeVisible();
  await keyboard.press('A');
  await keyboard.press('Control+Enter');

  // What is new is agreed first.
  await open('Shop 3');
  await keyboard.press('N');
  const proposing = page.getByRole('dialog', { name: 'Propose something new' });
  await expect(proposing.getByRole('textbox', { name: 'Why' })).toBeFocused();
  await keyboard.type('The prices in the market hall too.');
  await tabTo(page, proposing.getByRole('textbox', { name: 'Hour budget' }));
  await keyboard.press('Control+A');
  await keyboard.type('14');
  await keyboard.press('Enter');
  await expect(proposing).toBeHidden();
  await keyboard.press('1');
  await keyboard.type('A shop is missing.');
  await keyboard.press('Escape');
  await keyboard.press('R');
  await keyboard.press('Control+Enter');
  await expect(page.getByRole('dialog', { name: /for these changes\?$/u })).toBeVisible();
  await keyboard.press('Control+Enter');

  for (const title of plainTitles.slice(3)) {
    await open(title);
    await keyboard.press('A');
    await keyboard.press('Control+Enter');
  }
  await expect(page.getByText('Nothing waits for you.')).toBeVisible();
  await ada.seeSyncState(/offline now|Saved on this computer/u);

  await stage.startServer();
  await settle(ada);
  await settle(ines);
  const decide = async (title: string) =>
    (
      await ines.ask('submission.get', { seatId: inesSeatId, submissionId: ids.get(title) ?? '' })
    ).reviews.find(({ counts }) => counts);
  await expect
    .poll(async () => (await decide('Shop 9'))?.decision, { timeout: longMs })
    .toBe('accepted');
  for (const title of plainTitles)
    expect([title, (await decide(title))?.decision]).toEqual([
      title,
      title === 'Shop 3' ? 'changes_requested' : 'accepted',
    ]);
  expect((await decide('Shop 1'))?.comment).toBe(phrase);
  expect((await decide('Shop 2'))?.scores.map(({ points }) => points)).toEqual([8, 4]);
  const placed = await decide(filesTitle);
  expect(placed?.comments.map(({ kind, selectors }) => [kind, selectors[0]?.type])).toEqual([
    ['change', 'TextQuoteSelector'],
    ['change', 'FragmentSelector'],
    ['remark', 'FragmentSelector'],
  ]);
}

/** The intern finds each place again, on the file itself, and sees the two revisions beside one another. */
export async function playInternReads({ ines, inesSeatId }: Reviewing, look: Look): Promise<void> {
  const { page, origin } = ines;
  const { items } = await ines.ask('tasks.list', { seatId: inesSeatId });
  const taskId = items.find(({ title }) => title === filesTitle)?.taskId ?? '';
  await page.goto(`${origin}/tasks/${inesSeatId}/${taskId}`);
  const changes = page.getByRole('region', { name: 'Changes requested' });
  await expect(changes.getByText('Say which shops.')).toBeVisible();
  await changes.getByRole('button', { name: /^Show where comment 1 is: “/u }).click();
  await expect(changes.locator('mark')).toHaveCount(1);
  await changes.getByRole('button', { name: /a region of the picture$/u }).click();
  await expect(
    changes.getByRole('button', {
      name: 'Comment 1: The axis begins at 1, not at 0., on the picture',
    }),
  ).toBeVisible();
  await look('task-annotations', page);
  await page.getByRole('button', { name: 'Compare with revision 1' }).click();
  await expect(page.getByRole('list', { name: 'Files compared' })).toBeVisible();
  await page.getByRole('list', { name: 'Files compared' }).scrollIntoViewIfNeeded();
  await look('task-comparison', page);
}
