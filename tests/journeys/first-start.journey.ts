import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, type Locator } from '@playwright/test';
import { startServer } from '../../src/server/start-server.ts';
import { fillAccount, setUpOrganization } from '../support/journeys/forms.ts';
import { runProgram } from '../support/journeys/program.ts';
import { rehearsedMark } from '../../src/renderer/rehearsed-mark.ts';
import { test } from '../support/journeys/stage.ts';

const timeZone = 'Europe/Lisbon';
const dayMs = 86_400_000;

/** What is wrong stands at the field itself, in words, and what was typed is still there. */
async function expectSaidAtField(field: Locator, words: RegExp, typed: string): Promise<void> {
  await expect(field).toHaveAccessibleDescription(words);
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(field).toHaveValue(typed);
}

async function listenOnLoopback(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('a first start offers three ways in, and the sample opens both roles', async ({ stage }) => {
  const person = await stage.seat('first', { timeZone });
  const { page } = person;
  await expect(page.getByRole('heading', { name: 'Welcome to Stint', level: 1 })).toBeVisible();
  await expect(page.getByRole('button', { name: /Try the sample/u })).toBeVisible();
  await expect(page.getByRole('link', { name: /Join with an invitation/u })).toBeVisible();
  await expect(page.getByRole('link', { name: /Set up an organization/u })).toBeVisible();

  await page.getByRole('button', { name: /Try the sample/u }).click();
  await expect(page.getByRole('heading', { name: 'Review', level: 1 })).toBeVisible({
    timeout: 60_000,
  });
  const places = page.getByRole('navigation', { name: 'Places' });
  await expect(places.getByRole('link', { name: 'Projects' })).toBeVisible();
  await places.getByRole('button', { name: / Intern, /u }).click();
  await expect(page.getByRole('heading', { name: 'Today', level: 1 })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Next' }).getByRole('heading')).toBeVisible();
  await places.getByRole('link', { name: 'Tasks' }).click();
  await expect(
    page.getByRole('grid', { name: 'Tasks by deadline' }).getByRole('row'),
  ).not.toHaveCount(0);
  await places.getByRole('button', { name: / Owner, /u }).click();
  await expect(page.getByRole('heading', { name: 'Review', level: 1 })).toBeVisible();
  await person.seeSyncState(/All saved on the server/u);

  await test.step('what may be opened next is there before it is asked for', async () => {
    await page.reload();
    await page.waitForFunction(
      (mark) => performance.getEntriesByName(mark).length > 0,
      rehearsedMark,
      { timeout: 60_000 },
    );
    expect(
      await page.evaluate(() => [...document.fonts].map(({ status }) => status)),
    ).not.toContain('unloaded');
    // From here on the workspace answers nothing.
    await page.route('**/api/request/**', () => {});
    await places.getByRole('link', { name: 'Projects' }).click();
    await expect(
      page.getByRole('grid', { name: 'Projects' }).getByRole('row').first(),
    ).toBeVisible();
    await places.getByRole('link', { name: 'Overview' }).click();
    await expect(
      page.getByRole('table', { name: 'Engagements' }).getByRole('row').nth(1),
    ).toBeVisible();
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  });
  person.expectNoComplaints();
});

test('a server that cannot be used is told at its field, and the right one is taken afterwards', async ({
  stage,
}) => {
  const pages = createServer((_request, response) =>
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>Not this</title>'),
  );
  const pagesUrl = await listenOnLoopback(pages);
  const gone = createServer();
  const goneUrl = await listenOnLoopback(gone);
  gone.close();
  await stage.startServer();
  const person = await stage.seat('first', { timeZone });
  const { page } = person;
  await page.getByRole('link', { name: /Set up an organization/u }).click();
  const field = page.getByRole('textbox', { name: 'Address of the server' });
  const goOn = page.getByRole('button', { name: 'Go on' });

  for (const [typed, words] of [
    ['not an address', /expected a server's address/iu],
    [goneUrl, /does not answer/iu],
    [pagesUrl, /not a Stint server/iu],
  ] as const) {
    await field.fill(typed);
    await goOn.click();
    await expectSaidAtField(field, words, typed);
  }
  pages.close();

  expect((await person.ask('app.state', {})).seats).toEqual([]);
  await page.getByRole('link', { name: 'Back' }).click();
  await setUpOrganization(page, stage.line.url, 'Acorn Tools', {
    name: 'Ada Owner',
    email: 'ada@acorn.example',
    password: 'a long enough password',
  });
  await person.seeSyncState(/All saved on the server/u);
  person.expectNoComplaints();
});

test('an invitation that cannot be used is told in words, and leaves nothing behind', async ({
  stage,
}) => {
  // A server of the future, so that an invitation can have expired.
  let aheadMs = 0;
  const server = await startServer({
    dataFolder: path.join(stage.folder, 'future'),
    logLevel: 'silent',
    ports: {
      clock: {
        nowMs: () => Date.now() + aheadMs,
        monotonicMs: () => performance.now(),
        bootId: 'journey',
      },
    },
  });
  try {
    const employer = await stage.seat('employer', { timeZone });
    await setUpOrganization(employer.page, server.url, 'Acorn Tools', {
      name: 'Ada Owner',
      email: 'ada@acorn.example',
      password: 'a long enough password',
    });
    const seatId = (await employer.ask('app.state', {})).seats[0]?.seatId ?? '';
    const { link } = await employer.ask('people.inviteManager', {
      seatId,
      name: 'Max Manager',
      validDays: 1,
    });
    await employer.seeSyncState(/All saved on the server/u);
    aheadMs = 2 * dayMs;

    const person = await stage.seat('first', { timeZone });
    const { page } = person;
    await page.getByRole('link', { name: /Join with an invitation/u }).click();
    const field = page.getByRole('textbox', { name: 'Invitation link' });
    const show = page.getByRole('button', { name: 'Show the invitation' });

    await field.fill('https://example.org/something else');
    await show.click();
    await expectSaidAtField(
      field,
      /not an invitation link/iu,
      'https://example.org/something else',
    );

    const unknown = link.replace(/.{43}$/u, 'A'.repeat(43));
    for (const [typed, words] of [
      [unknown, /knows no such invitation/iu],
      [link, /has expired/iu],
    ] as const) {
      await field.fill(typed);
      await show.click();
      await expect(page.getByText(words)).toBeVisible();
      await expect(field).toHaveValue(typed);
    }
    expect((await person.ask('app.state', {})).seats).toEqual([]);
    person.expectNoComplaints();

    aheadMs = 0;
    await show.click();
    await fillAccount(page, {
      name: 'Max Manager',
      email: 'max@acorn.example',
      password: 'one more long password',
    });
    await page.getByRole('button', { name: 'Accept the terms and join' }).click();
    await expect(page.getByRole('heading', { name: 'Review', level: 1 })).toBeVisible();
  } finally {
    await server.close();
  }
});

test('a second Stint on the same folder says whose it is, and the first goes on', async ({
  stage,
}) => {
  const person = await stage.seat('first', { timeZone });
  const { status, complaints } = runProgram('loopback.js', [
    '--data',
    path.join(stage.folder, 'first'),
    '--json',
  ]);
  expect(status).toBe(1);
  expect(complaints).toMatch(/in use by another Stint/u);
  await person.page.reload();
  await expect(person.page.getByRole('heading', { name: 'Welcome to Stint' })).toBeVisible();
  person.expectNoComplaints();
});
