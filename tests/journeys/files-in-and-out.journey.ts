import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '@playwright/test';
import { expectNoFindings } from '../support/journeys/accessibility.ts';
import {
  computeDayDigits,
  createProject,
  fillAccount,
  inviteIntern,
  setUpOrganization,
  typeSegments,
} from '../support/journeys/forms.ts';
import { computeFileHash, pickFiles } from '../support/journeys/pick-files.ts';
import { test } from '../support/journeys/stage.ts';

const taskTitle = 'Photograph the shop windows';
const zone = 'Europe/Berlin';

/** One page, and a script that the browser's own viewer would run. */
function makePdf(words: string): string {
  const stream = `BT /F1 18 Tf 40 120 Td (${words}) Tj ET`;
  return `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\("runs"\\);)>>>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj
4 0 obj<</Length ${stream.length}>>stream
${stream}
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
%%EOF`;
}

test('a folder becomes a draft, a file is replaced and brought back, and what is handed in is looked at and saved', async ({
  stage,
}) => {
  test.setTimeout(180_000);
  await stage.startServer();
  const employer = await stage.seat('employer', { timeZone: zone });
  const intern = await stage.seat('intern', { timeZone: zone });
  const desk = employer.page;
  const work = intern.page;
  const dialogs: string[] = [];
  desk.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await setUpOrganization(desk, stage.line.url, 'Acorn Tools', {
    name: 'Ada Owner',
    email: 'ada@acorn.example',
    password: 'a long enough password',
  });
  await createProject(desk, { title: 'Windows', brief: 'What they show.', pay: '120' });
  const invitation = await inviteIntern(desk, 'Ines Sharma');
  await work.getByRole('link', { name: /Join with an invitation/u }).click();
  await work.getByRole('textbox', { name: 'Invitation link' }).fill(invitation);
  await work.getByRole('button', { name: 'Show the invitation' }).click();
  await fillAccount(work, {
    name: 'Ines Sharma',
    email: 'ines@example.org',
    password: 'another long password',
  });
  await work.getByRole('button', { name: 'Accept the terms and join' }).click();
  await desk.getByRole('button', { name: 'Assign the first task' }).click();
  await desk.getByRole('textbox', { name: 'Title' }).fill(taskTitle);
  await desk.getByRole('textbox', { name: 'Instructions' }).fill('Ten of them.');
  await desk.getByRole('textbox', { name: 'Criterion 1', exact: true }).fill('Ten windows');
  await typeSegments(desk.getByRole('group', { name: 'Due on' }), computeDayDigits(10, zone));
  await desk.getByRole('button', { name: 'Assign to Ines Sharma' }).click();
  await work.getByRole('button', { name: 'Open the task' }).click();

  const folder = path.join(stage.folder, 'windows');
  await mkdir(path.join(folder, 'north'), { recursive: true });
  await writeFile(path.join(folder, 'list.csv'), 'shop,windows\nAhorn,3\n');
  await writeFile(path.join(folder, 'north', 'list.csv'), 'shop,windows\nBirke,4\n');
  await writeFile(path.join(folder, 'Thumbs.db'), 'litter');
  const report = path.join(stage.folder, 'report.pdf');
  const files = work.getByRole('list', { name: 'Files to hand in' });

  await test.step('a whole folder is taken in, each file with the folder it lay in', async () => {
    await pickFiles(work, work.getByRole('button', { name: 'Add a folder…' }), [folder]);
    await expect(files.getByText('windows/list.csv')).toBeVisible();
    await expect(files.getByText('windows/north/list.csv')).toBeVisible();
    await expect(files.getByRole('listitem')).toHaveCount(2);
  });

  await test.step('a pasted picture has the moment in its name', async () => {
    await work.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array([1, 2, 3])], 'image.png', { type: 'image/png' }));
      globalThis.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data }));
    });
    await expect(files.getByText(/^Pasted picture \d{4}-/u)).toBeVisible();
    await files.getByRole('button', { name: /^Remove “Pasted picture/u }).click();
    await expect(files.getByRole('listitem')).toHaveCount(2);
  });

  await test.step('what waits to be sent is ended by keyboard alone, and stays in the draft or leaves it', async () => {
    // What was added before is sent by now, or it would wait as well.
    await expect
      .poll(async () => (await intern.ask('sync.status', {})).overall.state)
      .toBe('saved');
    await intern.ask('transfers.pause', {});
    const [film, sound] = ['film.mp4', 'sound.mp3'].map((name) => path.join(stage.folder, name));
    await writeFile(film ?? '', randomBytes(300_000));
    await writeFile(sound ?? '', randomBytes(400_000));
    await pickFiles(work, work.getByRole('button', { name: 'Add more files…' }), [
      film ?? '',
      sound ?? '',
    ]);
    await expect(files.getByRole('listitem')).toHaveCount(4);
    await work.keyboard.press('G');
    await work.keyboard.press('S');
    const stopFilm = work.getByRole('button', { name: 'Stop sending “film.mp4”' });
    await stopFilm.focus();
    await work.keyboard.press('Enter');
    const menu = work.getByRole('menu', { name: 'Stop sending “film.mp4”' });
    await expect(menu.getByRole('menuitem')).toHaveCount(2);
    await expectNoFindings(work, 'stop-sending');
    await work.keyboard.press('Enter');
    await expect(stopFilm).toBeHidden();
    // The line has taken its button with it: the next one's has the focus.
    await expect(work.getByRole('button', { name: 'Stop sending “sound.mp3”' })).toBeFocused();
    await work.keyboard.press('Enter');
    await work.keyboard.press('ArrowDown');
    await expect(work.getByRole('menuitem', { name: /remove it from the draft/u })).toBeFocused();
    await work.keyboard.press('Enter');
    await expect(work.getByRole('menu')).toBeHidden();
    await expect(work.getByRole('button', { name: /^Stop sending/u })).toHaveCount(0);
    await expect(work.locator('body')).not.toBeFocused();
    await intern.ask('transfers.resume', {});
    await work.goBack();
    await expect(files.getByText('sound.mp3')).toBeHidden();
    await files.getByRole('button', { name: 'Remove “film.mp4”' }).click();
    await expect(files.getByRole('listitem')).toHaveCount(2);
  });

  await test.step('a file of the same name replaces the earlier one, which is brought back', async () => {
    await writeFile(report, makePdf('The first report'));
    const first = await computeFileHash(report);
    await pickFiles(work, work.getByRole('button', { name: 'Add more files…' }), [report]);
    // What is changed while it is still being added is not taken.
    await expect(work.getByText(/^3 files, /u)).toBeVisible();
    await writeFile(report, makePdf('The second one, longer'));
    await pickFiles(work, work.getByRole('button', { name: 'Add more files…' }), [report]);
    await work.getByRole('button', { name: '4 earlier versions…' }).click();
    const versions = work.getByRole('dialog', { name: 'Earlier versions' });
    await expect(versions.getByText('report.pdf')).toBeVisible();
    await expectNoFindings(work, 'earlier versions');
    await versions.getByRole('button', { name: /^Bring back “report.pdf”/u }).click();
    await expect(versions).toBeHidden();
    const seatId = (await intern.ask('app.state', {})).seats[0]?.seatId ?? '';
    const taskId = (await intern.ask('tasks.list', {})).items[0]?.taskId ?? '';
    const { draft } = await intern.ask('task.get', { seatId, taskId });
    expect(draft?.files.find(({ name }) => name === 'report.pdf')?.sha256).toBe(first);
    await writeFile(report, makePdf('The first report'));
  });

  await test.step('the employer looks at what was handed in, and saves it', async () => {
    await work.getByRole('button', { name: 'Submit…' }).click();
    await work
      .getByRole('dialog', { name: `Submit “${taskTitle}”` })
      .getByRole('button', { name: 'Submit' })
      .click();
    await expect(work.getByText('Revision 1 is on the server')).toBeVisible();
    await work.keyboard.press('Escape');
    const place = work.getByRole('region', { name: 'Files on this computer' });
    await expect(place.getByText('kept as long as the task is due')).toBeVisible();
    await place.getByRole('button', { name: 'Keep…' }).click();
    await work.getByRole('menuitem', { name: /^Always available offline/u }).click();
    await expect(place.getByText('kept until you say otherwise')).toBeVisible();
    await desk.getByRole('link', { name: 'Review' }).click();
    const submission = desk.getByRole('article', { name: taskTitle });
    await expect(submission.getByRole('cell', { name: 'Ahorn' })).toBeVisible();
    await expect(
      submission.getByRole('img', { name: 'Page 1 of 1: The first report' }),
    ).toBeVisible();
    await expectNoFindings(desk, 'what was handed in');
    const download = desk.waitForEvent('download');
    await submission.getByRole('link', { name: 'Save report.pdf' }).click();
    const saved = path.join(stage.folder, 'saved.pdf');
    await (await download).saveAs(saved);
    expect(await computeFileHash(saved)).toBe(await computeFileHash(report));
    expect((await download).suggestedFilename()).toBe('report.pdf');
    expect(dialogs).toEqual([]);
  });
});
