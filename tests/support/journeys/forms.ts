import { expect, type Locator, type Page } from '@playwright/test';

/** Types into a field of segments (a date, a time); each moves on to the next by itself. */
export async function typeSegments(group: Locator, digits: string): Promise<void> {
  const first = group.getByRole('spinbutton').first();
  await first.click();
  await first.pressSequentially(digits);
}

/** The day so many days from now as people in Britain write it, without the signs in between. */
export function computeDayDigits(days: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
  }).format(Date.now() + days * 86_400_000);
  return parts.replaceAll('/', '');
}

export interface Account {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/** Sets up an organization from the first screen on. */
export async function setUpOrganization(
  page: Page,
  serverUrl: string,
  organization: string,
  account: Account,
): Promise<void> {
  await page.getByRole('link', { name: /Set up an organization/u }).click();
  await page.getByRole('textbox', { name: 'Address of the server' }).fill(serverUrl);
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('textbox', { name: 'Name of the organization' }).fill(organization);
  await fillAccount(page, account);
  await page.getByRole('button', { name: 'Set up the organization' }).click();
  await page.getByRole('heading', { name: 'Review', level: 1 }).waitFor();
}

export async function fillAccount(page: Page, account: Account): Promise<void> {
  await page.getByRole('textbox', { name: 'Your name' }).fill(account.name);
  await page.getByRole('textbox', { name: 'E-mail' }).fill(account.email);
  await page.getByRole('textbox', { name: 'Password' }).fill(account.password);
}

/** Writes a project and opens it; leaves the terms that the form begins with. */
export async function createProject(
  page: Page,
  project: { readonly title: string; readonly brief: string; readonly pay: string },
): Promise<void> {
  await page.getByRole('link', { name: 'Projects' }).click();
  await page.getByRole('button', { name: 'Write the first project' }).click();
  await page.getByRole('textbox', { name: 'Title' }).fill(project.title);
  await page.getByRole('textbox', { name: 'Brief' }).fill(project.brief);
  await page.getByRole('textbox', { name: 'Sum for the whole project' }).fill(project.pay);
  await page.getByRole('button', { name: 'Create the project' }).click();
  await page.getByRole('heading', { name: project.title, level: 2 }).waitFor();
}

/** Invites somebody to the project that is open, and reads the link when it works. */
export async function inviteIntern(page: Page, name: string): Promise<string> {
  await page.getByRole('button', { name: 'Invite an intern' }).first().click();
  const asking = page.getByRole('dialog', { name: 'Invite an intern' });
  await asking.getByRole('textbox', { name: 'Name' }).fill(name);
  await asking.getByRole('button', { name: 'Make the link' }).click();
  const made = page.getByRole('dialog', { name: `${name} is invited` });
  await made.getByText('It works once, for one person.').waitFor();
  return (await made.getByRole('code').textContent()) ?? '';
}

/** Ticks an acceptance criterion by its words; the box itself lies under its sign. */
export async function tickCriterion(page: Page, words: string): Promise<void> {
  const criteria = page.getByRole('region', { name: 'Acceptance criteria' });
  await criteria.getByText(words, { exact: true }).click();
  await expect(criteria.getByRole('checkbox', { name: words })).toBeChecked();
}
