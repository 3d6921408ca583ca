import { expect, type Page } from '@playwright/test';
import { expectNoFindings } from '../support/journeys/accessibility.ts';
import { openSample } from '../support/journeys/sample-screens.ts';
import { test } from '../support/journeys/stage.ts';

const timeZone = 'Europe/Lisbon';

async function sitAs(page: Page, origin: string, role: 'Owner' | 'Intern'): Promise<void> {
  await page.goto(origin);
  const seat = page
    .getByRole('navigation', { name: 'Places' })
    .getByRole('button', { name: new RegExp(` ${role}, `, 'u') });
  if ((await seat.getAttribute('aria-pressed')) !== 'true') await seat.click();
  await page.goto(`${origin}/timesheets`);
}

test('hours are handed in, returned, handed in again, approved, and asked about afterwards', async ({
  stage,
}) => {
  test.setTimeout(240_000);
  const person = await stage.seat('first', { timeZone });
  const { page } = person;
  const { internSeatId, engagementId } = await openSample(person);
  const { origin } = person;

  await test.step('the intern sees where the budget stands, and asks for more hours', async () => {
    await sitAs(page, origin, 'Intern');
    await expect(page.getByText('Only you see this.').first()).toBeVisible();
    await expectNoFindings(page);
    await page.getByRole('button', { name: 'Ask for more hours' }).first().click();
    await page.getByRole('textbox', { name: 'Why' }).fill('The list is twice as long.');
    await page.getByRole('button', { name: 'Propose' }).click();
    await expect(page.getByText(/will be asked/u).first()).toBeVisible();
    const amendments = await person.ask('amendment.list', { seatId: internSeatId, engagementId });
    expect(amendments[0]).toMatchObject({
      state: 'proposed',
      proposedSide: 'intern',
      reason: 'The list is twice as long.',
    });
  });

  const { entries } = await person.ask('hours.list', {
    seatId: internSeatId,
    engagementId,
    from: new Date(Date.now() - 60 * 86_400_000).toISOString().slice(0, 10),
    to: new Date().toISOString().slice(0, 10),
  });
  const newest = entries[0];
  if (newest === undefined) throw new Error('the sample has no hours');
  const day = newest.startedAt.slice(0, 10);
  const handIn = async () =>
    person.ask('timesheet.submit', {
      seatId: internSeatId,
      engagementId,
      of: { from: day, to: day },
    });

  await test.step('the intern hands in by the keyboard', async () => {
    await page.keyboard.press('h');
    await expect(page.getByRole('dialog', { name: 'Hand in hours' })).toBeVisible();
    await expectNoFindings(page);
    await page.keyboard.press('Escape');
    const { timesheetId } = await handIn();
    await page.goto(`${origin}/timesheets/${timesheetId}`);
    await expect(page.getByRole('table', { name: 'Entries by day' })).toBeVisible();
    await expectNoFindings(page);
  });

  await test.step('the employer returns it with a comment on an entry', async () => {
    await person.seeSyncState(/All saved on the server/u);
    await sitAs(page, origin, 'Owner');
    await page.getByRole('option').or(page.getByRole('row')).first().click();
    await page.getByRole('button', { name: /^Return with comments/u }).click();
    await page.getByRole('textbox', { name: 'What has to be different' }).fill('One question.');
    await page.getByRole('dialog').getByRole('textbox').nth(1).fill('What was this for?');
    await expectNoFindings(page, 'returning hours');
    await page.getByRole('button', { name: 'Return it' }).click();
    await expect(page.getByText(/^Returned by /u)).toBeVisible();
    await expect(page.getByText('What was this for?')).toBeVisible();
    await expectNoFindings(page);
  });

  await test.step('the intern hands it in again, and the employer approves it with a key', async () => {
    await person.seeSyncState(/All saved on the server/u);
    await expect
      .poll(async () => (await person.ask('timesheets.list', { seatId: internSeatId }))[0]?.state)
      .toBe('returned');
    const { timesheetId } = await handIn();
    await person.seeSyncState(/All saved on the server/u);
    await expect(page.getByText('Waiting for approval').first()).toBeVisible();
    await page.goto(`${origin}/timesheets/${timesheetId}`);
    await expect(page.getByRole('button', { name: /^Approve / })).toBeEnabled();
    await page.keyboard.press('a');
    await expect(page.getByText(/^Approved by /u)).toBeVisible();
  });

  await test.step('the intern asks to change it, and the employer accepts', async () => {
    await person.seeSyncState(/All saved on the server/u);
    await expect
      .poll(async () =>
        (await person.ask('timesheets.list', { seatId: internSeatId })).map(({ state }) => state),
      )
      .toContain('approved');
    await sitAs(page, origin, 'Intern');
    const sheets = await person.ask('timesheets.list', { seatId: internSeatId });
    const approved = sheets.find(({ state }) => state === 'approved');
    await page.goto(`${origin}/timesheets/${approved?.timesheetId ?? ''}`);
    await page
      .getByRole('button', { name: /^Ask to change/u })
      .first()
      .click();
    const dialog = page.getByRole('dialog', { name: 'Ask to change approved time' });
    await dialog.getByRole('textbox', { name: 'Why' }).fill('I forgot what it was for');
    await dialog.getByRole('textbox', { name: /^Note/u }).fill('Calls with two makers');
    await expectNoFindings(page, 'asking to change approved time');
    await dialog.getByRole('button', { name: 'Ask', exact: true }).click();
    await expect(page.getByText('The employer will be asked')).toBeVisible();
    await person.seeSyncState(/All saved on the server/u);
    await sitAs(page, origin, 'Owner');
    await page.getByRole('button', { name: 'Accept the change' }).click();
    await expect(page.getByRole('button', { name: 'Accept the change' })).toHaveCount(0);
    await expectNoFindings(page);
    await person.seeSyncState(/All saved on the server/u);
    await expect
      .poll(async () => {
        const [entry] = (
          await person.ask('timesheet.get', {
            seatId: internSeatId,
            timesheetId: approved?.timesheetId ?? '',
          })
        ).entries.filter((line) => line.entry.note === 'Calls with two makers');
        return entry?.editCount;
      })
      .toBe(1);
    await page.goto(`${origin}/timesheets/${approved?.timesheetId ?? ''}`);
    await page
      .getByRole('button', { name: /^History of/u })
      .first()
      .click();
    const history = page.getByRole('dialog', { name: 'What was done to this entry' });
    await expect(history.getByRole('listitem').first()).toBeVisible();
    await expectNoFindings(page, 'the history of an entry');
    await page.keyboard.press('Escape');
  });

  await test.step('the ledger says what is recorded', async () => {
    await page.goto(`${origin}/ledger`);
    await expect(
      page.getByRole('heading', { name: 'What the employer does not get' }),
    ).toBeVisible();
    await expectNoFindings(page);
  });
  person.expectNoComplaints();
});

test('what is typed while returning a timesheet stays when the intern changes an entry', async ({
  stage,
}) => {
  const person = await stage.seat('first', { timeZone });
  const { page, origin } = person;
  const { internSeatId, engagementId } = await openSample(person);
  const { entries } = await person.ask('hours.list', {
    seatId: internSeatId,
    engagementId,
    from: new Date(Date.now() - 60 * 86_400_000).toISOString().slice(0, 10),
    to: new Date().toISOString().slice(0, 10),
  });
  const newest = entries[0];
  if (newest === undefined) throw new Error('the sample has no hours');
  const day = newest.startedAt.slice(0, 10);
  await person.ask('timesheet.submit', {
    seatId: internSeatId,
    engagementId,
    of: { from: day, to: day },
  });
  await person.seeSyncState(/All saved on the server/u);
  await sitAs(page, origin, 'Owner');
  await page.getByRole('option').or(page.getByRole('row')).first().click();
  await page.getByRole('button', { name: /^Return with comments/u }).click();
  const words = page.getByRole('textbox', { name: 'What has to be different' });
  await words.fill('Say whom you asked.');
  await person.ask('hours.edit', {
    seatId: internSeatId,
    timeEntryId: newest.timeEntryId,
    patch: { note: 'Asked five owners' },
  });
  await expect(page.getByText(/has changed this timesheet meanwhile/u)).toBeVisible();
  await expect(words).toHaveValue('Say whom you asked.');
  // Whoever leaves it is where they were, though what stands there is another one by now.
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(page.getByRole('button', { name: /^Return with comments/u })).toBeFocused();
  await page.keyboard.press('R');
  await words.fill('Say whom you asked.');
  await page.getByRole('button', { name: 'Return it' }).click();
  await expect(page.getByText(/^Returned to/u).first()).toBeVisible();
});
