import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, type Download, type Page } from '@playwright/test';
import { Temporal } from 'temporal-polyfill';
import { setUpOrganization } from '../support/journeys/forms.ts';
import { pickFiles } from '../support/journeys/pick-files.ts';
import { openSample } from '../support/journeys/sample-screens.ts';
import { test } from '../support/journeys/stage.ts';

const timeZone = 'Europe/Lisbon';

const toggl = `User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration
Ines,ines@example.org,,Coffee,,"Called, five owners",No,2026-03-02,09:00:00,2026-03-02,10:30:00,01:30:00
Ines,ines@example.org,,Coffee,,Night shift,No,2026-03-02,23:00:00,2026-03-03,01:00:00,02:00:00
Ines,ines@example.org,,Coffee,,Never was,No,2026-03-32,23:00:00,2026-03-33,01:00:00,02:00:00
`;

async function readDownload(page: Page, press: () => Promise<void>): Promise<[string, string]> {
  const coming: Promise<Download> = page.waitForEvent('download');
  await press();
  const download = await coming;
  return [download.suggestedFilename(), await readFile(await download.path(), 'utf8')];
}

test('hours go out in three forms and come in once, and deadlines have an address that ends', async ({
  stage,
}) => {
  test.setTimeout(300_000);
  await stage.startServer();
  const person = await stage.seat('first', { timeZone });
  const { page } = person;
  const { internSeatId, engagementId } = await openSample(person);
  await page
    .getByRole('navigation', { name: 'Places' })
    .getByRole('button', { name: / Intern, /u })
    .click();
  await page.goto(`${person.origin}/hours`);
  const dialog = page.getByRole('dialog');

  await test.step('a week goes out as a table, as a calendar and as a page to print', async () => {
    // The sample counts its days from the one on which it is made: late in the week most of them lie in that week itself.
    if (Temporal.Now.plainDateISO(timeZone).dayOfWeek < 5)
      await page.getByRole('button', { name: 'The week before' }).click();
    await expect(page.getByRole('table', { name: 'Time entries by day' })).toBeVisible();
    const exportAs = (format: RegExp) =>
      readDownload(page, async () => {
        await page.keyboard.press('e');
        await dialog.getByRole('radio', { name: format }).check({ force: true });
        await dialog.getByRole('button', { name: 'Export', exact: true }).click();
        await expect(dialog).toHaveCount(0);
      });
    const [csvName, csv] = await exportAs(/^CSV/u);
    expect(csvName).toMatch(/^hours-\d{4}-\d\d-\d\d-to-\d{4}-\d\d-\d\d.*\.csv$/u);
    const range = /hours-(.{10})-to-(.{10})/u.exec(csvName);
    const [, from = '', to = ''] = range ?? [];
    const { totalSeconds } = await person.ask('hours.list', { seatId: internSeatId, from, to });
    const lines = csv.trimEnd().split('\r\n').slice(1);
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.reduce((sum, line) => sum + Number(line.split(',')[4]), 0)).toBe(totalSeconds);
    const [icsName, ics] = await exportAs(/^iCalendar/u);
    expect(icsName).toMatch(/\.ics$/u);
    expect(ics.match(/^BEGIN:VEVENT/gmu)).toHaveLength(lines.length);
    const [htmlName, html] = await exportAs(/^Timesheet/u);
    expect(htmlName).toMatch(/\.html$/u);
    expect(html).toContain('<th scope="row" colspan="5">Total</th>');
  });

  await test.step('hours of another program come in once, however often they are given', async () => {
    const file = path.join(stage.folder, 'Toggl_report.csv');
    await writeFile(file, toggl);
    const give = async () => {
      await page.keyboard.press('i');
      await pickFiles(page, dialog.getByRole('button', { name: /^Choose a CSV file/u }), [file]);
    };
    await give();
    await expect(dialog.getByText(/2 without a task, 1 that cannot be read/u)).toBeVisible();
    await expect(dialog.getByText(/found "2026-03-32 23:00:00"/u)).toBeVisible();
    const task = dialog.getByRole('combobox', { name: 'Coffee' });
    await task.click();
    await page.getByRole('option').first().click();
    await dialog.getByRole('button', { name: 'Import 2 entries' }).click();
    await expect(page.getByText('2 entries imported, 3h 30m')).toBeVisible();
    const march = { seatId: internSeatId, from: '2026-03-01', to: '2026-03-31' };
    expect((await person.ask('hours.list', march)).totalSeconds).toBe(3.5 * 3600);

    await give();
    await dialog.getByRole('combobox', { name: 'Coffee' }).click();
    await page.getByRole('option').first().click();
    await expect(dialog.getByText(/^0 new .*2 already here/u)).toBeVisible();
    await expect(dialog.getByRole('button', { name: 'Import', exact: true })).toBeDisabled();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    expect((await person.ask('hours.list', march)).entries).toHaveLength(2);
  });

  await test.step('a dialog that stays open when its button can be pressed no more keeps the keyboard', async () => {
    const { seats } = await person.ask('app.state', {});
    const seatId = seats.find(({ role }) => role === 'owner')?.seatId ?? '';
    const { timesheetId } = await person.ask('timesheet.submit', {
      seatId: internSeatId,
      engagementId,
      of: { from: '2026-03-02', to: '2026-03-02' },
    });
    await expect.poll(async () => (await person.ask('timesheets.list', { seatId })).length).toBe(1);
    const { contentHash } = await person.ask('timesheet.get', { seatId, timesheetId });
    await person.ask('timesheet.decide', {
      seatId,
      timesheetId,
      decision: 'approved',
      comments: [],
      contentHash,
    });
    await expect
      .poll(async () => (await person.ask('timesheets.list', { seatId: internSeatId }))[0]?.state)
      .toBe('approved');
    const file = path.join(stage.folder, 'Approved day.csv');
    await writeFile(
      file,
      toggl.replaceAll('Night shift,No,2026-03-02,23', 'Noon,No,2026-03-02,12'),
    );
    await page.keyboard.press('i');
    await pickFiles(page, dialog.getByRole('button', { name: /^Choose a CSV file/u }), [file]);
    await dialog.getByRole('combobox', { name: 'Coffee' }).click();
    await page.getByRole('option').first().click();
    await dialog.getByRole('button', { name: 'Import 1 entry' }).click();
    await expect(dialog.getByText('1 row waits for the employer’s agreement')).toBeVisible();
    await expect(dialog.getByRole('button', { name: 'Import', exact: true })).toBeDisabled();
    await expect(dialog).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  });

  await test.step('deadlines go out as a file', async () => {
    await page.goto(`${person.origin}/settings`);
    const [name, ics] = await readDownload(page, () =>
      page.getByRole('button', { name: 'Export deadlines' }).click(),
    );
    expect(name).toMatch(/^deadlines-.*\.ics$/u);
    expect(ics).toContain('BEGIN:VEVENT');
  });
  person.expectNoComplaints();

  await test.step('their address answers until it is made anew or ended', async () => {
    const employer = await stage.seat('employer', { timeZone });
    const desk = employer.page;
    await setUpOrganization(desk, stage.line.url, 'Acorn Tools', {
      name: 'Ada Owner',
      email: 'ada@acorn.example',
      password: 'a long enough password',
    });
    await desk.goto(`${employer.origin}/settings`);
    const address = desk.getByText(/\/calendar\//u);
    await desk.getByRole('button', { name: 'Make an address' }).click();
    await expect(address).toBeVisible();
    const first = await address.innerText();
    const fetched = await fetch(first);
    expect(fetched.headers.get('content-type')).toMatch(/^text\/calendar/u);
    expect(await fetched.text()).toMatch(/^BEGIN:VCALENDAR/u);

    await desk.getByRole('button', { name: 'Make a new address' }).click();
    await desk.getByRole('button', { name: 'Make a new one' }).click();
    await expect(address).not.toHaveText(first);
    const second = await address.innerText();
    expect((await fetch(first)).status).toBe(404);
    expect((await fetch(second)).status).toBe(200);

    await desk.getByRole('button', { name: 'End it' }).click();
    await desk.getByRole('alertdialog').getByRole('button', { name: 'End it' }).click();
    await expect(desk.getByRole('button', { name: 'Make an address' })).toBeVisible();
    expect((await fetch(second)).status).toBe(404);
  });
});
