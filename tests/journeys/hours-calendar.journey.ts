import { expect } from '@playwright/test';
import { lookWithAxe, type Findings } from '../support/journeys/accessibility.ts';
import { expectVisibleFocus, tabTo } from '../support/journeys/keyboard.ts';
import { openSample, openScreen, sampleScreens } from '../support/journeys/sample-screens.ts';
import { test } from '../support/journeys/stage.ts';

test('an intern moves, splits, merges, deletes and asks about time with the keyboard alone, and takes it back', async ({
  stage,
}) => {
  test.setTimeout(300_000);
  const person = await stage.seat('first', { timeZone: 'Europe/Lisbon' });
  const { page } = person;
  const { keyboard } = page;
  const ids = await openSample(person);
  const hours = sampleScreens.find(({ name }) => name === 'hours');
  if (hours === undefined) throw new Error('expected the screen of the hours');
  await openScreen(person, hours, ids);
  const calendar = page.getByRole('region', { name: 'The week as a calendar' });
  const blocks = calendar.locator('[data-entry]');
  await expect(blocks.first()).toBeVisible();
  const first = calendar.locator('[data-entry][tabindex="0"]');
  const name = () => page.locator(':focus').getAttribute('aria-label');
  let count = 0;
  // The week's time comes with the sample's synchronisation, and need not be all there with the first of it.
  await person.seeSyncState(/All saved/u);
  await expect(async () => {
    count = await blocks.count();
    await page.waitForTimeout(500);
    expect(await blocks.count()).toBe(count);
  }).toPass();

  await test.step('a block is moved with the arrows, and put back', async () => {
    await tabTo(page, first);
    await expectVisibleFocus(page);
    const before = await name();
    await keyboard.press('ArrowDown');
    await expect.poll(name).not.toBe(before);
    await expect(page.getByText('Time moved').first()).toBeVisible();
    await keyboard.press('Control+Z');
    await expect.poll(() => first.getAttribute('aria-label')).toBe(before);
    // The answer to the move may come after it was undone, and is not seen.
    for (let look = 0; look < 8; look += 1) {
      await page.waitForTimeout(100);
      expect(await first.getAttribute('aria-label')).toBe(before);
    }
  });

  await test.step('one that the arrows move is put back before that is sent', async () => {
    await first.focus();
    const before = await name();
    await keyboard.press('ArrowDown');
    await expect.poll(name).not.toBe(before);
    await keyboard.press('Control+Z');
    await expect.poll(name).toBe(before);
    // As long as keys rest before they become a change, and more.
    await page.waitForTimeout(1500);
    expect(await name()).toBe(before);
  });

  await test.step('its lower edge is dragged with the mouse, and put back', async () => {
    const readTimes = async () =>
      /(\d\d:\d\d) – (\d\d:\d\d)/u.exec((await first.getAttribute('aria-label')) ?? '')?.slice(1) ??
      [];
    const before = await readTimes();
    expect(before).toHaveLength(2);
    await first.scrollIntoViewIfNeeded();
    const box = await first.boundingBox();
    if (box === null) throw new Error('expected a block in the calendar');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height - 3);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height + 40, { steps: 4 });
    await page.mouse.up();
    await expect.poll(async () => (await readTimes())[1]).not.toBe(before[1]);
    expect((await readTimes())[0]).toBe(before[0]);
    await keyboard.press('Control+Z');
    await expect.poll(readTimes).toEqual(before);
  });

  await test.step('it is split, merged again, and deleted, each with a way back', async () => {
    await first.focus();
    await keyboard.press('X');
    await expect(blocks).toHaveCount(count + 1);
    await expect(page.getByText('Time split in two').first()).toBeVisible();
    await first.focus();
    await keyboard.press('M');
    await expect(blocks).toHaveCount(count);
    await keyboard.press('Control+Z');
    await expect(blocks).toHaveCount(count + 1);
    await first.focus();
    await keyboard.press('M');
    await expect(blocks).toHaveCount(count);
    await first.focus();
    await keyboard.press('Delete');
    await expect(blocks).toHaveCount(count - 1);
    await keyboard.press('Control+Z');
    await expect(blocks).toHaveCount(count);
  });

  await test.step('what follows an arrow at once is done to the block where the arrow put it', async () => {
    const { internSeatId: seatId } = ids;
    const blockId = await first.getAttribute('data-entry');
    const findEntry = async () => {
      const { entries } = await person.ask('hours.list', {
        seatId,
        from: new Date(Date.now() - 30 * 86_400_000).toISOString().slice(0, 10),
        to: new Date(Date.now() + 86_400_000).toISOString().slice(0, 10),
      });
      return entries.find(({ timeEntryId }) => timeEntryId === blockId);
    };
    const before = await findEntry();
    await first.focus();
    await keyboard.press('X');
    await expect(blocks).toHaveCount(count + 1);
    await first.focus();
    await keyboard.press('ArrowDown');
    await keyboard.press('M');
    await expect(blocks).toHaveCount(count);
    // As long as keys rest before they become a change, and more.
    await page.waitForTimeout(1500);
    const merged = await findEntry();
    expect(merged?.startedAt).not.toBe(before?.startedAt);
    expect(merged?.endedAt).toBe(before?.endedAt);
    await first.focus();
    await keyboard.press('ArrowDown');
    await keyboard.press('[');
    await expect.poll(async () => (await findEntry())?.startedAt).not.toBe(merged?.startedAt);
    await keyboard.press(']');
    await expect(blocks).toHaveCount(count);
  });

  await test.step('approved time cannot be moved, but asked about', async () => {
    const { seats } = await person.ask('app.state', {});
    const seatId = seats.find(({ role }) => role === 'owner')?.seatId ?? '';
    const blockId = await first.getAttribute('data-entry');
    const { internSeatId, engagementId } = ids;
    const list = await person.ask('hours.list', {
      seatId: internSeatId,
      from: new Date(Date.now() - 30 * 86_400_000).toISOString().slice(0, 10),
      to: new Date().toISOString().slice(0, 10),
    });
    const entry = list.entries.find(({ timeEntryId }) => timeEntryId === blockId);
    const day = entry?.startedAt.slice(0, 10) ?? '';
    const { timesheetId } = await person.ask('timesheet.submit', {
      seatId: internSeatId,
      engagementId: entry?.engagementId ?? engagementId,
      of: { from: day, to: day },
    });
    const seen = async () =>
      (await person.ask('timesheets.list', { seatId })).map((item) => item.timesheetId);
    await expect.poll(seen).toContain(timesheetId);
    const { contentHash } = await person.ask('timesheet.get', { seatId, timesheetId });
    await person.ask('timesheet.decide', {
      seatId,
      timesheetId,
      decision: 'approved',
      comments: [],
      contentHash,
    });
    const locked = calendar.locator(`[data-entry="${blockId ?? ''}"]`);
    await expect(locked).toHaveAccessibleName(/, approved/u);
    const before = await locked.innerText();
    await locked.focus();
    await keyboard.press('ArrowDown');
    await expect(page.getByText(/^This time is approved\. Press Enter/u)).toBeAttached();
    expect(await locked.innerText()).toBe(before);
    await keyboard.press('Enter');
    await expect(page.getByRole('dialog', { name: 'Ask to change approved time' })).toBeVisible();
    await keyboard.press('Escape');
  });

  await test.step('every view and dialog is right in light, dark and forced colours', async () => {
    const findings: Findings = {};
    for (const [key, view] of [
      ['2', page.getByRole('table', { name: 'The month by days' })],
      ['3', page.getByRole('grid', { name: 'Time entries of the year' })],
      ['1', calendar],
    ] as const) {
      await keyboard.press(key);
      await expect(view).toBeVisible();
      await lookWithAxe(page, key, findings);
    }
    for (const [key, title] of [
      ['e', 'Export hours'],
      ['i', 'Import hours'],
      ['n', 'Start the timer'],
    ] as const) {
      await keyboard.press(key);
      await expect(page.getByRole('dialog', { name: title })).toBeVisible();
      await lookWithAxe(page, title, findings);
      await keyboard.press('Escape');
      await expect(page.getByRole('dialog', { name: title })).toHaveCount(0);
    }
    expect(findings).toEqual({});
  });

  await test.step('the timer starts with a note from another screen', async () => {
    await page.goto(`${person.origin}/today`);
    await expect(page.getByRole('heading', { name: 'Today', level: 1 })).toBeVisible();
    await keyboard.press('n');
    const dialog = page.getByRole('dialog', { name: 'Start the timer' });
    await expect(dialog.getByRole('textbox', { name: /^Note/u })).toBeFocused();
    await keyboard.type('Reading the brief');
    const task = dialog.getByRole('combobox', { name: 'Task' });
    if ((await task.inputValue()) === '') {
      await tabTo(page, task);
      await keyboard.press('ArrowDown');
      await keyboard.press('Enter');
    }
    await keyboard.press('Control+Enter');
    await expect(dialog).toHaveCount(0);
    expect(await person.ask('timer.get', {})).toMatchObject({ note: 'Reading the brief' });
  });

  await test.step('the computer was off meanwhile: what is asked, its parts, and the question that stays', async () => {
    const findings: Findings = {};
    await person.killHost();
    await person.startAgain(3 * 3_600_000);
    await expect(page.getByText(/^Were you working on “.*” meanwhile\?$/u)).toBeVisible();
    // The question comes before the screen below it.
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.getByRole('status', { name: /^(?:Fetching|Loading)/u })).toHaveCount(0);
    await lookWithAxe(page, 'a gap of the timer', findings);
    await page.getByRole('button', { name: 'Count parts…' }).press('Enter');
    const parts = page.getByRole('dialog', { name: 'Which parts did you work?' });
    await parts.getByRole('button', { name: 'Another part' }).press('Enter');
    await expect(parts.getByText(/^Each part lies between/u)).toBeVisible();
    await lookWithAxe(page, 'parts of a gap', findings);
    await keyboard.press('Escape');
    await expect(parts).toHaveCount(0);
    await person.ask('timer.stop', {});
    await expect(page.getByText(/^Were you working on “.*” then\?$/u)).toBeVisible();
    await lookWithAxe(page, 'a question of the timer', findings);
    await page.getByRole('button', { name: 'No', exact: true }).press('Enter');
    await expect(page.getByText(/^Were you working on/u)).toHaveCount(0);
    expect(findings).toEqual({});
  });

  await test.step('where text is twice as large, so is an hour', async () => {
    const findTop = async (hour: string) =>
      (await calendar.getByText(hour, { exact: true }).first().boundingBox())?.y ?? 0;
    const measure = async () => (await findTop('05:00')) - (await findTop('04:00'));
    await openScreen(person, hours, ids);
    const usual = await measure();
    expect(usual).toBeGreaterThan(0);
    await page.addInitScript(() => {
      new MutationObserver((_records, observer) => {
        document.documentElement.style.fontSize = '200%';
        observer.disconnect();
      }).observe(document, { childList: true });
    });
    await openScreen(person, hours, ids);
    expect(await measure()).toBeCloseTo(2 * usual, 0);
  });
  person.expectNoComplaints();
});
