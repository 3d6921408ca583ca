import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '@playwright/test';
import { testProjectTerms } from '../support/server/test-organization.ts';
import { pickFiles } from '../support/journeys/pick-files.ts';
import type { Person } from '../support/journeys/person.ts';
import { countServerRows } from '../support/journeys/server-rows.ts';
import { test } from '../support/journeys/stage.ts';

const taskTitle = 'Call six shops';
const note = 'Five of six answered.';

/** An employer with a project, an intern on it, and a task; what it takes to get there has its own journey. */
async function setUp(employer: Person, intern: Person, serverUrl: string): Promise<void> {
  const { seatId } = await employer.ask('setup.createOrganization', {
    serverUrl,
    organizationName: 'Acorn Tools',
    timeZone: 'Europe/Berlin',
    account: {
      kind: 'new',
      name: 'Ada Owner',
      email: 'ada@acorn.example',
      password: 'a long enough password',
      timeZone: 'Europe/Berlin',
    },
  });
  const { projectId } = await employer.ask('project.create', { seatId, terms: testProjectTerms });
  const { link, engagementId } = await employer.ask('people.inviteIntern', {
    seatId,
    projectId,
    name: 'Ines Sharma',
    email: null,
  });
  await employer.ask('task.assign', {
    seatId,
    engagementId,
    title: taskTitle,
    instructions: 'Ask what they charge.',
    criteria: ['Six shops'],
    deadline: { wall: '2099-12-31T17:00', zone: 'Europe/Berlin' },
    estimateMinutes: null,
  });
  await employer.page.goto(employer.origin);
  await employer.seeSyncState(/All saved on the server/u);
  await intern.ask('setup.acceptInvitation', {
    link,
    account: {
      kind: 'new',
      name: 'Ines Sharma',
      email: 'ines@example.org',
      password: 'another long password',
      timeZone: 'Asia/Kolkata',
    },
  });
  await intern.page.goto(intern.origin);
}

test('access ends while the intern works offline: nothing is lost, and the employer takes the work over', async ({
  stage,
}) => {
  test.setTimeout(240_000);
  const reportFile = path.join(stage.folder, 'Report of the calls.md');
  await writeFile(reportFile, '# Calls\n\nFive of six answered.\n');
  await stage.startServer();
  const employer = await stage.seat('employer', { timeZone: 'Europe/Berlin' });
  const intern = await stage.seat('intern', { timeZone: 'Asia/Kolkata' });
  const desk = employer.page;
  const work = intern.page;
  await setUp(employer, intern, stage.line.url);

  await test.step('the intern has the task and loses the line', async () => {
    await work.getByRole('link', { name: 'Tasks' }).click();
    await work.getByRole('row', { name: taskTitle }).click();
    await expect(work.getByText('Ask what they charge.')).toBeVisible();
    await intern.seeSyncState(/All saved on the server/u);
    await stage.killServer();
    await intern.seeSyncState(/offline now|Saved on this computer/u);
  });

  await test.step('the intern works on and hands in, and shuts the computer down', async () => {
    await pickFiles(work, work.getByRole('button', { name: 'Add files…' }), [reportFile]);
    await expect(work.getByRole('link', { name: 'Save “Report of the calls.md”' })).toBeVisible();
    await work.getByRole('textbox', { name: 'Note to the employer' }).fill(note);
    await work.getByRole('button', { name: 'Submit…' }).click();
    const submitting = work.getByRole('dialog', { name: `Submit “${taskTitle}”` });
    await submitting.getByRole('button', { name: 'Submit' }).click();
    await work
      .getByRole('dialog', { name: 'Handed in' })
      .getByRole('button', { name: 'Done' })
      .click();
    await intern.seeSyncState(/Saved on this computer: \d+ changes/u);
    await intern.killHost();
  });

  await test.step('the employer ends access, after reading what that means', async () => {
    await stage.startServer();
    await desk.getByRole('link', { name: 'People' }).click();
    await desk.getByRole('button', { name: 'End access… Ines Sharma' }).click();
    const asking = desk.getByRole('alertdialog', { name: 'End Ines Sharma’s access?' });
    await expect(asking.getByText(/stay with you/u)).toBeVisible();
    await asking.getByRole('button', { name: 'End access' }).click();
    await expect(desk.getByText('Access ended', { exact: true })).toBeVisible();
    await employer.seeSyncState(/All saved on the server/u, 60_000);
  });

  await test.step('the intern comes back and sees what happened, and what is kept', async () => {
    await intern.startAgain();
    await work.getByRole('link', { name: /^Synchronisation:/u }).click();
    await expect(work.getByText('Your access to Acorn Tools has ended')).toBeVisible({
      timeout: 60_000,
    });
    await expect(work.getByRole('heading', { name: 'With the organization: 1' })).toBeVisible();
    await expect(work.getByRole('heading', { name: 'Kept on this computer: 1' })).toBeVisible();
    await work.getByRole('link', { name: taskTitle }).click();
    await expect(work.getByRole('heading', { name: taskTitle, level: 1 })).toBeVisible();
    await expect(work.getByText(note)).toBeVisible();
    await expect(work.getByRole('link', { name: 'Report of the calls.md' })).toBeVisible();
    await work.getByRole('button', { name: 'Export' }).click();
    await expect(work.getByRole('link', { name: /^kept-work-acorn-tools.*\.zip$/u })).toBeVisible();
  });

  await test.step('the employer accepts what was sent, by keyboard, and it stands as a revision with its mark', async () => {
    await desk.getByRole('link', { name: 'Review' }).click();
    await expect(desk.getByRole('link', { name: /sent after access ended/u })).toBeVisible({
      timeout: 60_000,
    });
    await expect(desk.getByRole('heading', { name: 'Sent after access ended' })).toBeVisible();
    const held = desk.getByRole('article', { name: /Ines Sharma/u });
    await expect(held.getByText('Report of the calls.md')).toBeVisible();
    await expect(held.getByText(taskTitle)).toBeVisible();
    expect(countServerRows(stage.serverFolder, 'submissions')).toBe(0);
    await desk.keyboard.press('d');
    await expect(desk.getByRole('textbox', { name: 'Reason' })).toBeFocused();
    await desk.keyboard.press('Escape');
    await expect(desk.getByRole('dialog')).toBeHidden();
    await desk.keyboard.press('a');
    await desk
      .getByRole('row', { name: taskTitle })
      .or(desk.getByRole('option', { name: taskTitle }))
      .first()
      .click({ timeout: 60_000 });
    await expect(desk.getByText('Engagement had ended').first()).toBeVisible();
    await expect(desk.getByText(note).first()).toBeVisible();
    expect(countServerRows(stage.serverFolder, 'submissions')).toBe(1);
    await desk.goto(`${employer.origin}/review/held`);
    await expect(
      desk.getByText(`Ines Sharma, Submit work, ${taskTitle}: accepted`, { exact: true }),
    ).toBeVisible();
  });

  await test.step('the file is served to the employer, and the intern reads the decision', async () => {
    await expect
      .poll(async () =>
        countServerRows(stage.serverFolder, 'submissions', '"filesCompleteAt" is not null'),
      )
      .toBe(1);
    await work.getByRole('link', { name: /^Synchronisation:/u }).click();
    await expect(work.getByRole('heading', { name: /^With the organization/u })).toBeHidden({
      timeout: 120_000,
    });
  });
  intern.complaints.splice(0);
  employer.expectNoComplaints();
});
