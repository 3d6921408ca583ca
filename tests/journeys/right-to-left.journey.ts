import { expect, type Locator } from '@playwright/test';
import { openSample } from '../support/journeys/sample-screens.ts';
import { test } from '../support/journeys/stage.ts';

/** Arabic with a Latin word and a mark at its end, which stands on the left in a paragraph that runs from the right. */
const text = 'اكتب ملف CSV!';

/** Where the first letter and the last one are drawn, in pixels from the left. */
async function measureEnds(paragraph: Locator): Promise<{ first: number; last: number }> {
  return paragraph.evaluate((element) => {
    const node = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode();
    if (node === null) throw new Error('no text');
    const length = node.textContent?.length ?? 0;
    const measure = (offset: number) => {
      const range = document.createRange();
      range.setStart(node, offset);
      range.setEnd(node, offset + 1);
      return range.getBoundingClientRect().left;
    };
    return { first: measure(0), last: measure(length - 1) };
  });
}

test('what is written from right to left is read and edited in that direction', async ({
  stage,
}) => {
  const person = await stage.seat('first', { timeZone: 'Europe/Lisbon' });
  const { page, origin } = person;
  const { projectId, engagementId } = await openSample(person);
  const { seats } = await person.ask('app.state', {});
  const { taskId } = await person.ask('task.assign', {
    seatId: seats.find(({ role }) => role === 'owner')?.seatId ?? '',
    engagementId,
    title: 'CSV',
    instructions: text,
    criteria: ['UTF-8'],
    deadline: { wall: '2099-12-31T17:00', zone: 'Europe/Lisbon' },
    estimateMinutes: null,
  });
  await page.goto(`${origin}/projects/${projectId}/tasks/${taskId}`);
  const read = await measureEnds(page.getByRole('paragraph').filter({ hasText: text }));
  expect(read.last).toBeLessThan(read.first);
  await page.getByRole('button', { name: 'Change the brief' }).click();
  const editor = page.getByRole('dialog').getByRole('textbox', { name: 'Instructions' });
  const edited = await measureEnds(editor.getByText(text));
  expect(edited.last).toBeLessThan(edited.first);
  person.expectNoComplaints();
});
