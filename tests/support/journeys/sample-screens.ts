import { expect, type Page } from '@playwright/test';
import type { Person } from './person.ts';

/** What the addresses of the sample's screens are made of. */
export interface SampleIds {
  readonly internSeatId: string;
  readonly projectId: string;
  readonly engagementId: string;
  readonly waitingSubmissionId: string;
  readonly runningTaskId: string;
  readonly returnedTaskId: string;
  /** An invitation that nobody has accepted. */
  readonly invitation: string;
}

export interface SampleScreen {
  readonly name: string;
  /** Whose screen it is; undefined where nobody's seat matters. */
  readonly role?: 'Owner' | 'Intern';
  readonly path: (ids: SampleIds) => string;
  /** The heading that shows that it has come. */
  readonly heading: RegExp;
  /** What a person does on it before it is looked at. */
  readonly prepare?: (page: Page) => Promise<void>;
}

/** The screens that come before there is an organization. */
export const firstScreens: readonly SampleScreen[] = [
  { name: 'first-start', path: () => '/start', heading: /^Welcome to Stint$/u },
  { name: 'join', path: () => '/join', heading: /^Join with an invitation$/u },
  { name: 'sign-in', path: () => '/sign-in', heading: /^Sign in$/u },
  {
    name: 'set-up-organization',
    path: () => '/create-organization',
    heading: /^Set up an organization$/u,
  },
];

const pickFirst = async (page: Page, role: 'button' | 'link', name: RegExp | string) =>
  page.getByRole(role, { name }).first().click();

/** Every screen of the sample, in the order in which somebody would come by them. */
export const sampleScreens: readonly SampleScreen[] = [
  { name: 'today', role: 'Intern', path: () => '/today', heading: /^Today$/u },
  {
    name: 'task',
    role: 'Intern',
    path: (ids) => `/tasks/${ids.internSeatId}/${ids.runningTaskId}`,
    heading: /^Two blog articles/u,
  },
  {
    name: 'task-changes-requested',
    role: 'Intern',
    path: (ids) => `/tasks/${ids.internSeatId}/${ids.returnedTaskId}`,
    heading: /^Competitor price survey$/u,
  },
  {
    name: 'submit',
    role: 'Intern',
    path: (ids) => `/tasks/${ids.internSeatId}/${ids.runningTaskId}`,
    heading: /^Two blog articles/u,
    prepare: async (page) => {
      await pickFirst(page, 'button', /^Submit…/u);
      await expect(
        page.getByRole('dialog').getByText('On time by this computer’s clock'),
      ).toBeVisible();
    },
  },
  {
    name: 'hours',
    role: 'Intern',
    path: () => '/hours',
    heading: /^Hours$/u,
    // The sample's hours are those of the days before it was opened.
    prepare: async (page) => {
      await pickFirst(page, 'button', 'The week before');
      await expect(page.getByRole('table', { name: 'Time entries by day' })).toBeVisible();
    },
  },
  {
    name: 'add-time',
    role: 'Intern',
    path: () => '/hours',
    heading: /^Hours$/u,
    prepare: async (page) => {
      await pickFirst(page, 'button', /^Add time/u);
      await expect(page.getByRole('dialog', { name: 'Add time' })).toBeVisible();
    },
  },
  {
    name: 'review',
    role: 'Owner',
    path: (ids) => `/review/${ids.waitingSubmissionId}`,
    heading: /^Clean and sort/u,
  },
  {
    name: 'review-request-changes',
    role: 'Owner',
    path: (ids) => `/review/${ids.waitingSubmissionId}`,
    heading: /^Clean and sort/u,
    prepare: async (page) => {
      await pickFirst(page, 'button', 'Comment on criterion 2');
      await page
        .getByRole('textbox', { name: 'Comment on criterion 2' })
        .fill('Three spellings of “Hofgold” are left; see rows 212 to 240.');
      await pickFirst(page, 'button', /^Request changes/u);
      await page
        .getByRole('textbox', { name: 'What should change?' })
        .fill('Very nearly there. One pass over the makers’ names, and it is done.');
    },
  },
  {
    name: 'projects',
    role: 'Owner',
    path: (ids) => `/projects/${ids.projectId}`,
    heading: /^Spring market research/u,
  },
  { name: 'new-project', role: 'Owner', path: () => '/projects/new', heading: /^New project$/u },
  {
    name: 'project-task',
    role: 'Owner',
    path: (ids) => `/projects/${ids.projectId}/tasks/${ids.returnedTaskId}`,
    heading: /^Competitor price survey$/u,
  },
  { name: 'people', role: 'Owner', path: () => '/people', heading: /^People$/u },
  {
    name: 'engagement',
    role: 'Owner',
    path: (ids) => `/people/${ids.engagementId}`,
    heading: /^Inês Carvalho$/u,
  },
  {
    name: 'assign-task',
    role: 'Owner',
    path: (ids) => `/people/${ids.engagementId}/assign`,
    heading: /^A task for Inês Carvalho$/u,
  },
  { name: 'bundles', role: 'Owner', path: () => '/bundles', heading: /^Bundles$/u },
  {
    name: 'export-bundle',
    role: 'Owner',
    path: () => '/bundles',
    heading: /^Bundles$/u,
    prepare: async (page) => {
      await pickFirst(page, 'button', /^Export the work of/u);
      const dialog = page.getByRole('dialog', { name: 'Export a bundle' });
      await dialog.getByText('Single ones…').click();
      await expect(dialog.getByRole('group', { name: 'Revisions' })).toBeVisible();
      await dialog
        .getByRole('checkbox', { name: /revision 1/u })
        .first()
        .check({ force: true });
      await expect(dialog.getByText(/^About/u)).toBeVisible();
    },
  },
  {
    name: 'opened-bundle',
    role: 'Owner',
    path: () => '/bundles',
    heading: /^Bundles$/u,
    prepare: async (page) => {
      await pickFirst(page, 'button', /^Export the work of/u);
      await page.getByRole('dialog').getByRole('button', { name: 'Export', exact: true }).click();
      await page
        .getByRole('button', { name: /^Read / })
        .first()
        .click({ timeout: 30_000 });
      await expect(page.getByText(/^Whole: /u)).toBeVisible({ timeout: 30_000 });
    },
  },
  { name: 'record', role: 'Intern', path: () => '/record', heading: /^Record$/u },
  {
    name: 'overview',
    role: 'Owner',
    path: () => '/overview',
    heading: /^Overview$/u,
    prepare: async (page) => {
      await expect(page.getByRole('rowheader', { name: /^Inês Carvalho/u }).first()).toBeVisible();
    },
  },
  {
    name: 'history',
    role: 'Owner',
    path: () => '/history',
    heading: /^History$/u,
    prepare: async (page) => {
      await expect(page.getByRole('row', { name: /^Assign a task/u }).first()).toBeVisible();
    },
  },
  {
    name: 'search',
    role: 'Owner',
    path: () => '/search?q=price',
    heading: /^Search$/u,
    prepare: async (page) => {
      await expect(page.getByRole('list', { name: 'Found' })).toBeVisible();
    },
  },
  {
    name: 'roles',
    role: 'Owner',
    path: () => '/people',
    heading: /^People$/u,
    prepare: async (page) => {
      await pickFirst(page, 'button', 'What each role may do');
      await expect(page.getByRole('dialog')).toBeVisible();
    },
  },
  { name: 'waiting', role: 'Owner', path: () => '/waiting', heading: /^Synchronisation$/u },
  { name: 'settings', role: 'Owner', path: () => '/settings', heading: /^Settings$/u },
  {
    name: 'files-settings',
    role: 'Owner',
    path: () => '/settings',
    heading: /^Settings$/u,
    prepare: async (page) => {
      const heading = page.getByRole('heading', { name: 'Files on this computer' });
      await heading.evaluate((element) => element.scrollIntoView({ block: 'start' }));
      await expect(page.getByRole('radiogroup', { name: 'Sending' })).toBeVisible();
    },
  },
  {
    name: 'files-of-task',
    role: 'Intern',
    path: (ids) => `/tasks/${ids.internSeatId}/${ids.returnedTaskId}`,
    heading: /^Competitor price survey$/u,
    prepare: async (page) => {
      const keep = page.getByRole('button', { name: 'Keep…' });
      await keep.evaluate((element) => element.scrollIntoView({ block: 'center' }));
      await keep.click();
      await expect(page.getByRole('menuitem', { name: /^Free the space/u })).toBeVisible();
    },
  },
  { name: 'shortcuts', role: 'Owner', path: () => '/shortcuts', heading: /^Keyboard shortcuts$/u },
  {
    name: 'command-palette',
    role: 'Owner',
    path: (ids) => `/review/${ids.waitingSubmissionId}`,
    heading: /^Clean and sort/u,
    prepare: async (page) => {
      await page.keyboard.press('Control+K');
      await expect(page.getByRole('dialog')).toBeVisible();
    },
  },
  {
    name: 'invitation-terms',
    path: (ids) => `/join?link=${encodeURIComponent(ids.invitation)}`,
    heading: /^(?:Join with an invitation|Spring market research)/u,
    prepare: async (page) => {
      await pickFirst(page, 'button', 'Show the invitation');
      await expect(page.getByRole('heading', { name: /^Spring market research/u })).toBeVisible();
    },
  },
];

const togglReport = `User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration
Ines,ines@example.org,,Makers,,"Called, five owners",No,2026-03-02,09:00:00,2026-03-02,10:30:00,01:30:00
Ines,ines@example.org,,Makers,,Prices of two fairs,No,2026-03-03,13:00:00,2026-03-03,15:20:00,02:20:00
Ines,ines@example.org,,Makers,,Never was,No,2026-03-32,23:00:00,2026-03-33,01:00:00,02:00:00
`;

const hours = { role: 'Intern', path: () => '/hours', heading: /^Hours$/u } as const;

/** More of the hours, for pictures; what axe says of them is a part of their own journey. */
export const hoursScreens: readonly SampleScreen[] = [
  {
    name: 'hours-month',
    ...hours,
    prepare: async (page) => {
      await page.keyboard.press('2');
      await expect(page.getByRole('table', { name: 'The month by days' })).toBeVisible();
    },
  },
  {
    name: 'hours-list',
    ...hours,
    prepare: async (page) => {
      await page.keyboard.press('3');
      await expect(page.getByRole('grid', { name: 'Time entries of the year' })).toBeVisible();
    },
  },
  {
    name: 'hours-export',
    ...hours,
    prepare: async (page) => {
      await page.keyboard.press('e');
      await expect(page.getByRole('dialog')).toBeVisible();
    },
  },
  {
    name: 'hours-import',
    ...hours,
    prepare: async (page) => {
      await page.keyboard.press('i');
      const asked = page.waitForEvent('filechooser');
      await pickFirst(page, 'button', /^Choose a CSV file/u);
      const buffer = Buffer.from(togglReport);
      await (await asked).setFiles([{ name: 'Toggl_report.csv', mimeType: 'text/csv', buffer }]);
      await page.getByRole('combobox', { name: 'Makers' }).click();
      await page.getByRole('option').first().click();
      await expect(page.getByRole('button', { name: 'Import 2 entries' })).toBeEnabled();
    },
  },
  {
    name: 'timer-with-a-note',
    ...hours,
    prepare: async (page) => {
      await page.keyboard.press('n');
      await expect(page.getByRole('dialog')).toBeVisible();
    },
  },
  { name: 'timesheets', role: 'Intern', path: () => '/timesheets', heading: /^Timesheets$/u },
];

/** Starts the sample from the first screen, and learns what its addresses are made of. */
export async function openSample(person: Person): Promise<SampleIds> {
  await person.page.getByRole('button', { name: /^Try the sample/u }).click();
  await expect(person.page.getByRole('heading', { name: 'Review', level: 1 })).toBeVisible({
    timeout: 60_000,
  });
  const { seats } = await person.ask('app.state', {});
  const internSeatId = seats.find(({ role }) => role === 'intern')?.seatId ?? '';
  const seatId = seats.find(({ role }) => role === 'owner')?.seatId ?? '';
  // The sample comes by synchronisation, as everything does.
  await expect
    .poll(async () => (await person.ask('tasks.list', { seatId: internSeatId })).total)
    .toBeGreaterThan(3);
  const { items } = await person.ask('tasks.list', { seatId: internSeatId });
  const { waiting } = await person.ask('review.queue', { seatId });
  const project = (await person.ask('projects.list', { seatId }))[0];
  const projectId = project?.projectId ?? '';
  const { engagements } = await person.ask('people.list', { seatId });
  const { link } = await person.ask('people.inviteIntern', {
    seatId,
    projectId,
    name: 'Mehmet Yılmaz',
    email: null,
  });
  await person.seeSyncState(/All saved on the server/u);
  return {
    internSeatId,
    projectId,
    engagementId: engagements[0]?.engagementId ?? '',
    waitingSubmissionId: waiting[0]?.submission.submissionId ?? '',
    runningTaskId: items.find(({ state }) => state === 'in_progress')?.taskId ?? '',
    returnedTaskId: items.find(({ state }) => state === 'changes_requested')?.taskId ?? '',
    invitation: link,
  };
}

/** As whom a page was last shown. */
const shownRoles = new WeakMap<Page, 'Owner' | 'Intern'>();

/** Goes to a screen as whoever it belongs to, and waits until it stands. */
export async function openScreen(
  person: Person,
  screen: SampleScreen,
  ids: SampleIds | undefined,
): Promise<void> {
  const { page } = person;
  if (screen.role !== undefined && shownRoles.get(page) !== screen.role) {
    const seat = page
      .getByRole('navigation', { name: 'Places' })
      .getByRole('button', { name: new RegExp(` ${screen.role}, `, 'u') });
    // Away from whatever the last screen left open.
    await page.goto(person.origin);
    if ((await seat.getAttribute('aria-pressed')) !== 'true') await seat.click();
    await expect(seat).toHaveAttribute('aria-pressed', 'true');
    shownRoles.set(page, screen.role);
  }
  await goWithin(person, screen.path(ids ?? noIds));
  await expect(page.getByRole('heading', { name: screen.heading }).first()).toBeVisible();
  await screen.prepare?.(page);
  await page.evaluate(async () => {
    await document.fonts.ready;
  });
  // What is still being asked for is not what the screen looks like.
  await expect(
    page.getByRole('status', { name: /^(?:Adding|Fetching|Loading|Looking|Opening|Preparing)/u }),
  ).toHaveCount(0);
}

/** As a link does: a page that is loaded anew gets ready for all its other places, each time. What is open already is opened anew. */
async function goWithin({ page, origin }: Person, path: string): Promise<void> {
  const here = new URL(page.url());
  if (here.origin !== origin || here.pathname === path) {
    await page.goto(`${origin}${path}`);
    return;
  }
  await page.evaluate((to) => {
    history.pushState(null, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
  }, path);
  await expect(page).toHaveURL(`${origin}${path}`);
}

const noIds: SampleIds = {
  internSeatId: '',
  projectId: '',
  engagementId: '',
  waitingSubmissionId: '',
  runningTaskId: '',
  returnedTaskId: '',
  invitation: '',
};
