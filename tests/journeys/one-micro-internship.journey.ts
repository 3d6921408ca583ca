import { stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '@playwright/test';
import {
  computeDayDigits,
  createProject,
  fillAccount,
  inviteIntern,
  setUpOrganization,
  tickCriterion,
  typeSegments,
} from '../support/journeys/forms.ts';
import { computeFileHash, pickFiles, writeRandomFile } from '../support/journeys/pick-files.ts';
import { runProgram } from '../support/journeys/program.ts';
import { countServerRows } from '../support/journeys/server-rows.ts';
import { test } from '../support/journeys/stage.ts';

const mebibyte = 1024 * 1024;
const largeBytes = 64 * mebibyte;
/** What one request of an upload carries: all that may have to be sent a second time. */
const chunkBytes = 8 * mebibyte;

const employerZone = 'Europe/Berlin';
const internZone = 'Asia/Kolkata';
const projectTitle = 'Market research: shared tools';
const taskTitle = 'Compare what twelve shops charge';
const criteria = ['Twelve shops are covered', 'Each price has its source', 'A summary of one page'];

test('one micro-internship, from the invitation to the bundle, through a dead server and a killed workspace', async ({
  stage,
}) => {
  test.setTimeout(240_000);
  const referenceFile = path.join(stage.folder, 'Preisliste für März 📎.csv');
  const summaryFile = path.join(stage.folder, 'Résumé of the findings.md');
  const largeFile = path.join(stage.folder, 'Interviews, raw.bin');
  await writeFile(referenceFile, `shop,price\n${'Werkzeug & Söhne,12.50\n'.repeat(2000)}`);
  await writeFile(summaryFile, '# Findings\n\nMost shops charge by the day.\n');
  await writeRandomFile(largeFile, largeBytes);
  await stage.startServer();
  const employer = await stage.seat('employer', { timeZone: employerZone });
  const intern = await stage.seat('intern', { timeZone: internZone });
  const desk = employer.page;
  const work = intern.page;

  await test.step('the employer sets up an organization and a project, and invites an intern', async () => {
    await setUpOrganization(desk, stage.line.url, 'Acorn Tools', {
      name: 'Ada Owner',
      email: 'ada@acorn.example',
      password: 'a long enough password',
    });
    await createProject(desk, {
      title: projectTitle,
      brief: 'Find out **what shops charge**, and how they say it.',
      pay: '480',
    });
  });
  const invitation = await inviteIntern(desk, 'Ines Sharma');

  await test.step('the intern reads the terms and joins', async () => {
    await work.getByRole('link', { name: /Join with an invitation/u }).click();
    await work.getByRole('textbox', { name: 'Invitation link' }).fill(invitation);
    await work.getByRole('button', { name: 'Show the invitation' }).click();
    await expect(work.getByRole('heading', { name: projectTitle })).toBeVisible();
    await expect(work.getByText('€480, a fixed sum')).toBeVisible();
    await fillAccount(work, {
      name: 'Ines Sharma',
      email: 'ines@example.org',
      password: 'another long password',
    });
    await work.getByRole('button', { name: 'Accept the terms and join' }).click();
    await expect(work.getByRole('heading', { name: 'Today', level: 1 })).toBeVisible();
    await expect(work.getByText('Nothing is assigned to you right now')).toBeVisible();
  });

  /** The title and the file that were put into the form for a new task. */
  const seeTheFormFilled = async () => {
    await expect(desk.getByRole('textbox', { name: 'Title' })).toHaveValue(taskTitle);
    await expect(desk.getByRole('button', { name: /^Remove Preisliste/u })).toBeVisible();
    await expect(desk.getByRole('button', { name: 'Assign to Ines Sharma' })).toBeEnabled();
  };

  await test.step('the employer writes a task', async () => {
    await desk.getByRole('button', { name: 'Assign the first task' }).click();
    await desk.getByRole('textbox', { name: 'Title' }).fill(taskTitle);
    await desk
      .getByRole('textbox', { name: 'Instructions' })
      .fill('## Steps\n\n1. Choose **twelve** shops.\n2. Write down what they charge.\n');
    for (const [index, criterion] of criteria.entries()) {
      if (index > 0) await desk.getByRole('button', { name: 'Add a criterion' }).click();
      await desk
        .getByRole('textbox', { name: `Criterion ${index + 1}`, exact: true })
        .fill(criterion);
    }
    // The line breaks while the file goes to the workspace: it goes again, and the form waits for it.
    await desk.route('**/api/import?*', (route) => route.abort('connectionreset'), { times: 1 });
    await pickFiles(desk, desk.getByRole('button', { name: 'Add files' }), [referenceFile]);
    await expect(desk.getByRole('button', { name: /^Remove Preisliste/u })).toBeVisible();
    await expect(desk.getByRole('button', { name: 'Assign to Ines Sharma' })).toBeEnabled();
  });

  await test.step('a failed question, a look elsewhere and a reload take nothing out of the form', async () => {
    let failed = 0;
    await desk.route(/\/api\/request\/(?:engagement|project)\.get$/u, async (route) => {
      failed += 1;
      await route.fulfill({ json: { ok: false, error: { code: 'internal', message: 'a fault' } } });
    });
    await employer.ask('settings.update', { theme: 'light' });
    await expect.poll(() => failed).toBeGreaterThan(2);
    await seeTheFormFilled();
    await desk.unrouteAll();
    await desk.getByRole('link', { name: 'Projects', exact: true }).click();
    await expect(desk.getByRole('heading', { name: projectTitle, level: 2 })).toBeVisible();
    await desk.goBack();
    await seeTheFormFilled();
    await desk.reload();
    await seeTheFormFilled();
    // The browser's own words on the line that broke.
    expect(employer.complaints.splice(0)).toEqual([
      expect.stringContaining('net::ERR_CONNECTION_RESET'),
    ]);
  });

  await test.step('the employer assigns the task', async () => {
    await typeSegments(
      desk.getByRole('group', { name: 'Due on' }),
      computeDayDigits(10, employerZone),
    );
    await desk.getByRole('button', { name: 'Assign to Ines Sharma' }).click();
    await expect(desk.getByRole('heading', { name: taskTitle, level: 2 })).toBeVisible();
    await employer.seeSyncState(/All saved on the server/u);
  });

  await test.step('the intern sees it without doing anything, and its file is there before it is needed', async () => {
    await expect(work.getByRole('heading', { name: taskTitle, level: 2 })).toBeVisible();
    await work.getByRole('button', { name: 'Open the task' }).click();
    await expect(work.getByRole('heading', { name: 'Steps' })).toBeVisible();
    await expect(work.getByText('available offline')).toBeVisible();
    await intern.seeSyncState(/All saved on the server/u);
  });

  await stage.killServer();

  await test.step('without a server the intern reads, works, and is told where the work is', async () => {
    await intern.seeSyncState(/offline now|Saved on this computer/u);
    await work.reload();
    await expect(work.getByRole('heading', { name: 'Steps' })).toBeVisible();
    const download = work.waitForEvent('download');
    await work
      .getByRole('link', { name: /Save “Preisliste/u })
      .last()
      .click();
    const saved = path.join(stage.folder, 'saved.csv');
    await (await download).saveAs(saved);
    expect(await computeFileHash(saved)).toBe(await computeFileHash(referenceFile));

    for (const criterion of criteria.slice(0, 2)) await tickCriterion(work, criterion);
    await pickFiles(work, work.getByRole('button', { name: 'Add files…' }), [
      summaryFile,
      largeFile,
    ]);
    const files = work.getByRole('list', { name: 'Files to hand in' });
    await expect(files.getByRole('link', { name: 'Save “Interviews, raw.bin”' })).toBeVisible();
    await expect(files.getByRole('listitem')).toHaveCount(2);
    await work
      .getByRole('textbox', { name: 'Note to the employer' })
      .fill('The **raw interviews** are attached.');
    await intern.seeSyncState(/Saved on this computer: \d+ changes, 6[\d.]+ MB waiting/u);

    await work.getByRole('link', { name: 'Hours', exact: true }).click();
    await work.getByRole('button', { name: 'Add time', exact: true }).click();
    const adding = work.getByRole('dialog', { name: 'Add time' });
    await adding.getByRole('button', { name: /Task/u }).click();
    await work.getByRole('option', { name: taskTitle }).click();
    await typeSegments(
      adding.getByRole('group', { name: 'Day' }),
      computeDayDigits(-1, internZone),
    );
    await typeSegments(adding.getByRole('group', { name: 'From' }), '0900');
    await typeSegments(adding.getByRole('group', { name: 'To' }), '1130');
    await adding.getByRole('textbox', { name: 'Note' }).fill('Called six shops');
    await adding.getByRole('button', { name: 'Add', exact: true }).click();
    await expect(adding).toBeHidden();

    await work.getByRole('link', { name: 'Tasks' }).click();
    await work.getByRole('row', { name: taskTitle }).click();
    await work.getByRole('button', { name: 'Start the timer', exact: true }).click();
    await expect(work.getByRole('button', { name: 'Stop the timer' }).first()).toBeVisible();
    await expect(work.getByText('Called six shops')).toBeVisible();
  });

  await test.step('the workspace is killed while the timer runs and an upload is under way', async () => {
    stage.line.count();
    stage.line.holdFilesAfter(20 * mebibyte);
    await stage.startServer();
    await expect.poll(() => stage.line.isHolding(), { timeout: 90_000 }).toBe(true);
    await intern.seeSyncState(/Saved on this computer: sending/u);
    // The small file may be on its way as well.
    const large = work
      .getByRole('list', { name: 'Files to hand in' })
      .getByRole('listitem')
      .filter({ hasText: 'Interviews, raw.bin' });
    await expect(large.getByText(/^File \d+ ?%$/u)).toBeVisible();
    await intern.killHost();
    await expect(work.getByText('Stint is not answering').first()).toBeVisible();
    stage.line.release();
    await intern.startAgain();
  });

  await test.step('the timer is still there and asks about the gap', async () => {
    await work.getByRole('link', { name: 'Tasks' }).click();
    await work.getByRole('row', { name: taskTitle }).click();
    await expect(work.getByText(`Were you working on “${taskTitle}” meanwhile?`)).toBeVisible();
    await work.getByRole('button', { name: 'Yes, count it' }).click();
    await expect(work.getByText(/meanwhile\?/u)).toBeHidden();
    await expect(work.getByRole('button', { name: 'Stop the timer' }).first()).toBeVisible();
  });

  const seatId = (await intern.ask('app.state', {})).seats[0]?.seatId ?? '';
  const taskId = (await intern.ask('tasks.list', {})).items[0]?.taskId ?? '';

  await test.step('nothing is lost or doubled, and the upload went on from where it was', async () => {
    await intern.seeSyncState(/All saved on the server/u, 90_000);
    const sentBytes = stage.line.sentBytes();
    const summaryBytes = (await stat(summaryFile)).size;
    expect(sentBytes).toBeGreaterThan(largeBytes);
    expect(sentBytes).toBeLessThan(largeBytes + summaryBytes + chunkBytes);
    const files = work.getByRole('list', { name: 'Files to hand in' });
    await expect(files.getByRole('listitem')).toHaveCount(2);
    for (const criterion of criteria.slice(0, 2))
      await expect(work.getByRole('checkbox', { name: criterion })).toBeChecked();
    await expect(work.getByRole('textbox', { name: 'Note to the employer' })).toHaveText(
      'The **raw interviews** are attached.',
    );
    const { draft, timeEntries } = await intern.ask('task.get', { seatId, taskId });
    expect(draft?.files).toHaveLength(2);
    expect(timeEntries.map(({ source }) => source)).toEqual(['manual']);
    expect(countServerRows(stage.serverFolder, 'timeEntries')).toBe(1);
    expect(countServerRows(stage.serverFolder, 'attachments', `"ownerKind" = 'draft'`)).toBe(2);
    expect(countServerRows(stage.serverFolder, 'submissions')).toBe(0);
  });

  await test.step('the intern submits and holds a receipt; the employer is told at once', async () => {
    await desk.getByRole('link', { name: 'People' }).click();
    await work.getByRole('button', { name: 'Submit…' }).click();
    const submitting = work.getByRole('dialog', { name: `Submit “${taskTitle}”` });
    await expect(submitting.getByText('On time by this computer’s clock')).toBeVisible();
    await expect(submitting.getByText('2 of 3')).toBeVisible();
    await submitting.getByRole('button', { name: 'Submit' }).click();
    const handedIn = work.getByRole('dialog', { name: 'Handed in' });
    await expect(handedIn.getByText('Revision 1 is on the server')).toBeVisible();
    await expect(handedIn.getByText('On time', { exact: true })).toBeVisible();
    await handedIn.getByText('Details of the receipt').click();
    await expect(handedIn.getByText(/Signature \(Ed25519\)/u)).toBeVisible();
    await handedIn.getByRole('button', { name: 'Done' }).click();
    await expect(desk.getByRole('alertdialog').filter({ hasText: taskTitle })).toBeVisible();
  });

  await test.step('the employer sees files, hours and criteria, and requests changes', async () => {
    await desk.getByRole('link', { name: 'Review' }).click();
    const submission = desk.getByRole('article', { name: taskTitle });
    await expect(submission.getByText('The raw interviews are attached.')).toBeVisible();
    await expect(submission.getByText('2 of 3 ticked by Ines')).toBeVisible();
    await expect(
      submission.getByRole('button', { name: 'Interviews, raw.bin', exact: true }),
    ).toBeVisible();
    await expect(submission.getByText('Most shops charge by the day.')).toBeVisible();
    await submission.getByRole('button', { name: '2 time entries' }).click();
    await expect(submission.getByText('Called six shops')).toBeVisible();
    await submission.getByRole('button', { name: 'Comment on criterion 3' }).click();
    await submission
      .getByRole('textbox', { name: 'Comment on criterion 3' })
      .fill('Please add the summary.');
    await submission.getByRole('button', { name: 'Request changes' }).click();
    await submission
      .getByRole('textbox', { name: 'What should change?' })
      .fill('Nearly there: one page is missing.');
    await submission.getByRole('button', { name: 'Review and send' }).click();
    const asking = desk.getByRole('dialog', { name: 'Ask Ines for these changes?' });
    await expect(asking.getByText('Please add the summary.')).toBeVisible();
    await asking.getByRole('button', { name: 'Send to Ines' }).click();
    await expect(asking).toBeHidden();
  });

  await test.step('the intern sees what should change, and hands in again', async () => {
    await expect(work.getByText('Changes were requested')).toBeVisible();
    await expect(work.getByText('Please add the summary.').first()).toBeVisible();
    await tickCriterion(work, criteria[2] ?? '');
    await work
      .getByRole('textbox', { name: 'Note to the employer' })
      .fill('The summary is in it now.');
    await work.getByRole('button', { name: 'Submit revision 2…' }).click();
    const submitting = work.getByRole('dialog', { name: `Submit revision 2 of “${taskTitle}”` });
    await submitting.getByRole('button', { name: 'Submit', exact: true }).click();
    const handedIn = work.getByRole('dialog', { name: 'Handed in' });
    await expect(handedIn.getByText('Revision 2 is on the server')).toBeVisible();
    await handedIn.getByRole('button', { name: 'Done' }).click();
  });

  await test.step('the employer accepts', async () => {
    await desk
      .getByRole('grid', { name: 'Waiting for your decision' })
      .getByRole('row', { name: taskTitle })
      .click();
    const submission = desk.getByRole('article', { name: taskTitle });
    await expect(submission.getByText('The summary is in it now.')).toBeVisible();
    await submission.getByRole('button', { name: 'Accept' }).click();
    await submission.getByRole('button', { name: 'Accept revision 2' }).click();
    await expect(desk.getByText('Nothing waits for you')).toBeVisible();
    await expect(work.getByText('There is nothing left to do here.')).toBeVisible();
  });

  await test.step('all three agree on what there is', async () => {
    await employer.seeSyncState(/All saved on the server/u);
    await intern.seeSyncState(/All saved on the server/u);
    const employerSeatId = (await employer.ask('app.state', {})).seats[0]?.seatId ?? '';
    for (const [person, seat] of [
      [intern, seatId],
      [employer, employerSeatId],
    ] as const) {
      const task = await person.ask('task.get', { seatId: seat, taskId });
      expect(task.item.state).toBe('accepted');
      expect(task.submissions.map(({ revision, files }) => [revision, files.length])).toEqual([
        [2, 2],
        [1, 2],
      ]);
      expect(task.timeEntries.map(({ source }) => source).toSorted()).toEqual(['manual', 'timer']);
      expect(task.references).toHaveLength(1);
    }
    expect(countServerRows(stage.serverFolder, 'submissions')).toBe(2);
    expect(countServerRows(stage.serverFolder, 'receipts')).toBe(2);
    expect(countServerRows(stage.serverFolder, 'reviews')).toBe(2);
    expect(countServerRows(stage.serverFolder, 'timeEntries')).toBe(2);
    expect(countServerRows(stage.serverFolder, 'uploads', '"finishedAt" is not null')).toBe(3);
  });

  await test.step('the employer exports the bundle, and it is whole', async () => {
    await desk.getByRole('link', { name: 'Bundles' }).click();
    await desk.getByRole('button', { name: /^Export the work of/ }).click();
    await desk.getByRole('button', { name: 'Export', exact: true }).click();
    const save = desk.getByRole('link', { name: 'Save', exact: true }).first();
    await expect(save).toBeVisible({ timeout: 60_000 });
    const download = desk.waitForEvent('download');
    await save.click();
    const bundle = path.join(stage.folder, 'bundle.zip');
    await (await download).saveAs(bundle);
    const { status, output } = runProgram('stint.js', ['verify', bundle]);
    expect(output).toMatch(/^whole: \d+ files/mu);
    expect(status).toBe(0);
    expect((await stat(bundle)).size).toBeGreaterThan(largeBytes);
  });

  employer.expectNoComplaints();
  intern.expectNoComplaints();
});
