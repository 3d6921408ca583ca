import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from '@playwright/test';
import { unpackArchive } from '../support/bundles/unpack-archive.ts';
import { lookWithAxe, type Findings } from '../support/journeys/accessibility.ts';
import { pickFiles } from '../support/journeys/pick-files.ts';
import { runProgram } from '../support/journeys/program.ts';
import { openSample } from '../support/journeys/sample-screens.ts';
import { test } from '../support/journeys/stage.ts';

const timeZone = 'Europe/Lisbon';

test('a bundle is exported, read in a browser from the disk, verified by the command, and opened by somebody without an account', async ({
  stage,
  browser,
}) => {
  test.setTimeout(240_000);
  const employer = await stage.seat('first', { timeZone });
  const { page } = employer;
  await openSample(employer);
  const archive = path.join(stage.folder, 'bundle.zip');
  const findings: Findings = {};

  await test.step('the employer chooses what goes into it, and saves it', async () => {
    await page.goto(`${employer.origin}/bundles`);
    await page.getByRole('button', { name: /^Export the work of Inês/u }).click();
    const dialog = page.getByRole('dialog', { name: 'Export a bundle' });
    await expect(dialog.getByText(/^About .* files/u)).toBeVisible();
    await lookWithAxe(page, 'export a bundle', findings);
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    const saved = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Save', exact: true }).first().click({ timeout: 60_000 });
    await (await saved).saveAs(archive);
    const row = page.getByRole('row', { name: /^spring-market-research/u });
    await expect(row).toContainText('Inês Carvalho');
    await expect(row).toContainText(/[0-9a-f]{12}…/u);
    await lookWithAxe(page, 'bundles', findings);
  });

  await test.step('its report opens from the disk in a clean browser without scripts', async () => {
    const files = await unpackArchive(archive, path.join(stage.folder, 'unpacked'));
    const report = files.find((file) => file.endsWith(path.join('data', 'report', 'index.html')));
    const context = await browser.newContext({ javaScriptEnabled: false });
    try {
      const reader = await context.newPage();
      const complaints: string[] = [];
      reader.on('console', (message) => complaints.push(message.text()));
      await reader.goto(pathToFileURL(report ?? '').href);
      await expect(reader.getByRole('heading', { level: 1 })).toBeVisible();
      await expect(reader.getByRole('heading', { name: 'Checking this bundle' })).toBeVisible();
      const link = reader.getByRole('link', { name: 'engagement.json', exact: true });
      const target = await link.getAttribute('href');
      expect(files.map((file) => pathToFileURL(file).href)).toContain(
        new URL(target ?? '', reader.url()).href,
      );
      expect(complaints).toEqual([]);
    } finally {
      await context.close();
    }
  });

  await test.step('the command finds it whole, with the signatures of its receipts', async () => {
    const { status, output } = runProgram('stint.js', ['verify', archive]);
    expect(output).toMatch(/^whole: \d+ files/mu);
    expect(status).toBe(0);
  });

  await test.step('somebody without an account opens it on a fresh first start', async () => {
    const stranger = await stage.seat('second', { timeZone: 'America/New_York' });
    await pickFiles(
      stranger.page,
      stranger.page.getByRole('button', { name: 'Open a bundle you were given' }),
      [archive],
    );
    await expect(stranger.page.getByText(/^Whole: \d+ files/u)).toBeVisible({ timeout: 60_000 });
    await expect(stranger.page.getByText(/signed by the server with the key/u)).toBeVisible();
    await stranger.page
      .getByRole('button', { name: /^Show .*\.(?:csv|md)$/u })
      .first()
      .click();
    await expect(stranger.page.getByRole('button', { name: /^Hide / }).first()).toBeVisible();
    await expect(
      stranger.page
        .locator('li')
        .filter({ has: stranger.page.getByRole('button', { name: /^Hide / }) })
        .first(),
    ).toContainText(/\w{4}/u);
    await lookWithAxe(stranger.page, 'an opened bundle', findings);
    await stranger.page.getByRole('button', { name: 'Close the bundle' }).click();
    await expect(stranger.page.getByRole('heading', { name: 'Welcome to Stint' })).toBeVisible();

    const changed = path.join(stage.folder, 'changed.zip');
    const bytes = await readFile(archive);
    const at = bytes.indexOf('Bag-Software-Agent');
    bytes.write('Bag-Software-agent', at);
    await writeFile(changed, bytes);
    const open = stranger.page.getByRole('button', { name: 'Open a bundle you were given' });
    await pickFiles(stranger.page, open, [changed]);
    await expect(stranger.page.getByText(/^Not as it was made/u)).toBeVisible({ timeout: 60_000 });
    await stranger.page.getByRole('link', { name: 'Back to the start' }).click();

    const letter = path.join(stage.folder, 'letter.zip');
    await writeFile(letter, 'Dear all,');
    await pickFiles(stranger.page, open, [letter]);
    await expect(stranger.page.getByText(/“letter\.zip” cannot be opened/u)).toBeVisible();
    await expect(stranger.page.getByText(/not a whole ZIP archive/u)).toBeVisible();
    stranger.expectNoComplaints();
  });

  expect(findings).toEqual({});
  employer.expectNoComplaints();
});
