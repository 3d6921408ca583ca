import { readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, type Page } from '@playwright/test';
import { testProjectTerms } from '../server/test-organization.ts';
import type { Person } from './person.ts';
import { pickFiles } from './pick-files.ts';
import { playLeavingForGood } from './play-leaving-for-good.ts';
import type { Stage } from './stage.ts';

const hourMs = 3_600_000;
const zone = 'Europe/Berlin';
const longMs = 60_000;

/** Called with each screen once it stands. */
export type Look = (name: string, page: Page) => Promise<void>;

/**
 * What an organization can get into: two computers of one person, work carried by file, a change that is refused,
 * clocks that contradict each other, access that ends, a damaged workspace. Brings each about and shows its screen.
 */
export async function playSituations(stage: Stage, look: Look): Promise<void> {
  await stage.startServer();
  const serverUrl = stage.line.url;
  const desk = await stage.seat('desk', { timeZone: zone });
  const laptop = await stage.seat('laptop', { timeZone: zone });
  const ines = await stage.seat('ines', { timeZone: 'Europe/Lisbon' });
  const noor = await stage.seat('noor', { timeZone: 'Europe/Lisbon' });
  await desk.ask('settings.update', { deviceName: 'Desk in the office' });
  await laptop.ask('settings.update', { deviceName: 'Ada’s laptop' });
  const { seatId } = await desk.ask('setup.createOrganization', {
    serverUrl,
    organizationName: 'Haferwerk',
    timeZone: zone,
    account: createAccount('Ada Brandt', zone),
  });
  const { projectId } = await desk.ask('project.create', {
    seatId,
    terms: { ...testProjectTerms, graceMinutes: 24 * 60 },
  });
  const employ = async (name: string, person?: Person) => {
    const invited = { seatId, projectId, name, email: null };
    const { link, engagementId } = await desk.ask('people.inviteIntern', invited);
    if (person !== undefined) {
      await desk.ask('sync.now', {});
      const account = createAccount(name, 'Europe/Lisbon');
      await person.ask('setup.acceptInvitation', { link, account });
    }
    return engagementId;
  };
  const assign = async (engagementId: string, title: string, dueInMs: number) =>
    desk.ask('task.assign', {
      seatId,
      engagementId,
      title,
      instructions: 'Ask six shops in the centre what they charge for muesli, and write it down.',
      criteria: ['Six shops', 'Prices with their source'],
      deadline: { wall: computeWall(dueInMs), zone },
      estimateMinutes: null,
    });
  const inesEngagementId = await employ('Inês Sharma', ines);
  const noorEngagementId = await employ('Noor Haddad', noor);
  const boEngagementId = await employ('Bo Lind');
  const shops = await assign(inesEngagementId, 'Call six shops', 72 * hourMs);
  const fair = await assign(noorEngagementId, 'Prices at the fair', 1.5 * hourMs);
  await settle(desk);
  await settle(ines);
  await settle(noor);
  const { seatIds } = await laptop.ask('session.signIn', {
    serverUrl,
    email: 'ada@haferwerk.example',
    password,
  });
  const laptopSeatId = seatIds[0] ?? '';
  await settle(laptop);
  const handIn = async (person: Person, taskId: string, note: string) => {
    const { seats } = await person.ask('app.state', {});
    const key = { seatId: seats[0]?.seatId ?? '', taskId };
    await person.ask('draft.writeNote', { ...key, note });
    await person.ask('submission.create', key);
  };

  await show(desk, '/settings', 'Settings');
  const devices = desk.page.getByRole('list', { name: 'Your devices' });
  await expect(devices.getByRole('listitem')).toHaveCount(2);
  await scrollToTop(desk.page, 'Your devices');
  await look('devices', desk.page);
  await devices.getByRole('button', { name: /^Sign out there/u }).click();
  await lookAtQuestion(desk.page, 'sign-out-there', look);

  // Without a line: work on the laptop, and work handed in under a clock that is three hours behind.
  await stage.killServer();
  const { taskId } = await laptop.ask('task.assign', {
    seatId: laptopSeatId,
    engagementId: boEngagementId,
    title: 'Visit the market hall',
    instructions: 'Note who sells oats there.',
    criteria: ['All stalls'],
    deadline: { wall: computeWall(96 * hourMs), zone },
    estimateMinutes: null,
  });
  await laptop.ask('task.moveDeadline', {
    seatId: laptopSeatId,
    taskId,
    deadline: { wall: computeWall(120 * hourMs), zone },
  });
  await show(laptop, '/settings', 'Settings');
  // Until it is known that nobody answers, what is below may move.
  await expect(laptop.page.getByText(/^Not known now/u)).toBeVisible();
  await laptop.page.getByRole('button', { name: 'Export unsent work' }).click();
  await expect(laptop.page.getByText(/\.stintpack$/u)).toBeVisible();
  await scrollToTop(laptop.page, 'Carry unsent work by file');
  await look('carry-by-file', laptop.page);
  await laptop.page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await lookAtQuestion(laptop.page, 'sign-out-with-unsent', look);
  const { path: packFile } = await laptop.ask('pack.export', {});
  await show(desk, '/settings', 'Settings');
  const importing = desk.page.getByRole('button', { name: /^Import unsent work/u });
  await pickFiles(desk.page, importing, [packFile]);
  await expect(
    desk.page.getByRole('dialog').getByRole('list', { name: 'Changes in the file' }),
  ).toBeVisible();
  await look('carry-by-file-import', desk.page);
  await desk.page.keyboard.press('Escape');
  await laptop.killHost();

  await noor.killHost();
  await noor.startAgain(-3 * hourMs);
  await handIn(noor, fair.taskId, 'All stalls but one.');
  await noor.killHost();

  // The server is back; meanwhile the engagement that the laptop's task is for was ended.
  await stage.startServer();
  await desk.ask('engagement.withdraw', { seatId, engagementId: boEngagementId });
  await settle(desk);
  await laptop.startAgain();
  await laptop.seeSyncState(/Needs your attention: 1/u, longMs);
  await show(laptop, '/waiting', 'Synchronisation');
  await expect(laptop.page.getByText('Waits for this one, and follows it:')).toBeVisible();
  await look('needs-attention', laptop.page);

  // Access ends while the intern works without a line.
  await ines.killHost();
  await stage.killServer();
  await ines.startAgain();
  await handIn(ines, shops.taskId, 'Five of six answered. The sixth opens on Monday.');
  await ines.killHost();
  await stage.startServer();
  await show(desk, '/people', 'People');
  await desk.page.getByRole('button', { name: 'End access… Inês Sharma' }).click();
  await expect(desk.page.getByRole('alertdialog')).toBeVisible();
  await look('end-access', desk.page);
  await desk.page.getByRole('alertdialog').getByRole('button', { name: 'End access' }).click();
  await expect(desk.page.getByText('Access ended', { exact: true })).toBeVisible();
  await settle(desk);
  await ines.startAgain();
  await show(ines, '/waiting', 'Synchronisation');
  await expect(ines.page.getByText(/Your access to .* has ended/u)).toBeVisible({
    timeout: longMs,
  });
  await expect(ines.page.getByRole('heading', { name: /^With the organization/u })).toBeVisible({
    timeout: longMs,
  });
  await look('access-ended', ines.page);
  await ines.page.getByRole('link', { name: 'Call six shops' }).first().click();
  await expect(ines.page.getByRole('heading', { name: 'Call six shops', level: 1 })).toBeVisible();
  await look('kept', ines.page);
  await ines.page.getByRole('button', { name: /^Remove/u }).click();
  await lookAtQuestion(ines.page, 'remove-kept', look);
  await settle(desk);
  await show(desk, '/review/held', 'Sent after access ended');
  await expect(desk.page.getByRole('article', { name: /Inês Sharma/u })).toBeVisible({
    timeout: longMs,
  });
  await look('held', desk.page);
  await desk.page.getByRole('button', { name: /^Decline/u }).click();
  await expect(desk.page.getByRole('dialog', { name: 'Decline this work?' })).toBeVisible();
  await look('decline-held', desk.page);
  await desk.page.keyboard.press('Escape');

  // A disk that fails, after there was a copy.
  await expect
    .poll(async () => listCopies(laptop.dataFolder), { timeout: 2 * longMs })
    .not.toEqual([]);
  await laptop.killHost();
  await damageSeat(laptop.dataFolder);
  await laptop.startAgain();
  const { page: damaged } = laptop;
  await expect(damaged.getByRole('heading', { name: 'This workspace is damaged' })).toBeVisible();
  await expect(damaged.getByRole('heading', { name: '2. Go on from a copy' })).toBeVisible();
  await look('recovery', damaged);

  // Two hours later the work with the wrong clock arrives: after its deadline, within the grace time.
  await desk.killHost();
  await stage.killServer();
  await stage.startServer(2 * hourMs);
  await noor.page.clock.setFixedTime(Date.now() - hourMs);
  await noor.startAgain(-hourMs);
  await show(noor, '/tasks', 'Tasks');
  await noor.seeSyncState(/All saved on the server/u, longMs);
  await expect(noor.page.getByText(/^This computer’s clock is/u)).toBeVisible();
  await look('clock', noor.page);
  await desk.page.clock.setFixedTime(Date.now() + 2 * hourMs);
  await desk.startAgain(2 * hourMs);
  await settle(desk);
  const { waiting } = await desk.ask('review.queue', { seatId });
  const submissionId = waiting[0]?.submission.submissionId ?? '';
  await show(desk, `/review/${submissionId}`, 'Review');
  await expect(desk.page.getByRole('heading', { name: /You decide$/u })).toBeVisible();
  await look('lateness-decision', desk.page);

  await playLeavingForGood({ noor, desk, password }, look);
}

const password = 'a long enough password';

function createAccount(name: string, timeZone: string) {
  const first = name.split(' ')[0]?.toLowerCase().replace('ê', 'e') ?? '';
  return {
    kind: 'new' as const,
    name,
    email: `${first}@haferwerk.example`,
    password,
    timeZone,
  };
}

/** The wall time in Berlin so long from now. */
function computeWall(inMs: number): string {
  const wall = new Date(Date.now() + inMs).toLocaleString('sv', { timeZone: zone });
  return wall.slice(0, 16).replace(' ', 'T');
}

async function settle(person: Person): Promise<void> {
  await person.ask('sync.now', {});
  await person.page.goto(person.origin);
  await person.seeSyncState(/All saved on the server|Needs your attention/u, longMs);
}

/** A question that stands before what cannot be taken back; it is left unanswered. */
async function lookAtQuestion(page: Page, name: string, look: Look): Promise<void> {
  await expect(page.getByRole('alertdialog')).toBeVisible();
  await look(name, page);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('alertdialog')).toBeHidden();
}

async function scrollToTop(page: Page, heading: string): Promise<void> {
  await page
    .getByRole('heading', { name: heading })
    .evaluate((element) => element.scrollIntoView());
}

async function show(person: Person, address: string, heading: string): Promise<void> {
  await person.page.goto(`${person.origin}${address}`);
  await expect(person.page.getByRole('heading', { name: heading, exact: true })).toBeVisible();
  await person.page.evaluate(async () => {
    await document.fonts.ready;
  });
}

async function listCopies(workspaceFolder: string): Promise<string[]> {
  const names = await readdir(path.join(workspaceFolder, 'backups')).catch(() => []);
  return names.filter((name) => /^\d/u.test(name));
}

/** What a failing disk leaves of a seat's database; the copies stay as they are. */
async function damageSeat(workspaceFolder: string): Promise<void> {
  const seats = path.join(workspaceFolder, 'seats');
  const [seat = ''] = await readdir(seats);
  const database = path.join(seats, seat, 'seat.db');
  await writeFile(database, Buffer.alloc(16_384, 0x5a));
  for (const suffix of ['-wal', '-shm']) await rm(`${database}${suffix}`, { force: true });
}
