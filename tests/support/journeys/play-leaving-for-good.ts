import { expect, type Page } from '@playwright/test';
import type { Person } from './person.ts';

const longMs = 60_000;

/** Leaving is looked at, and then the account is closed, after a wrong password; the employer sees what is asked for. */
export async function playLeavingForGood(
  people: { readonly noor: Person; readonly desk: Person; readonly password: string },
  look: (name: string, page: Page) => Promise<void>,
): Promise<void> {
  const { noor, desk, password } = people;
  const { page } = noor;
  await page.goto(`${noor.origin}/settings`);
  await page.getByRole('button', { name: 'Your data in Haferwerk' }).click();
  await page.getByRole('menuitem', { name: /^Leave the organization/u }).click();
  const leaving = page.getByRole('alertdialog', { name: 'Leave Haferwerk?' });
  await expect(leaving.getByText(/stay with the organization/u)).toBeVisible();
  await look('leave-organization', page);
  await leaving.getByRole('button', { name: 'Stay' }).click();
  await expect(leaving).toBeHidden();

  const changed = `${password}, changed`;
  await page.getByRole('button', { name: /^Change password…/u }).click();
  const changing = page.getByRole('dialog', { name: 'Change password' });
  await changing.getByLabel('Current password').fill('another password than hers');
  await changing.getByLabel('New password').fill(changed);
  await page.keyboard.press('Enter');
  await expect(changing.getByText(/not the current password/u)).toBeVisible();
  await expect(changing.getByLabel('Current password')).toBeFocused();
  await look('change-password', page);
  await changing.getByLabel('Current password').fill(password);
  await changing.getByRole('button', { name: 'Change password' }).click();
  await expect(changing).toBeHidden({ timeout: longMs });

  await page.getByRole('button', { name: /^Close the account…/u }).click();
  const closing = page.getByRole('alertdialog', { name: /^Close the account noor@/u });
  await closing.getByLabel('Password').fill('another password than hers');
  await closing.getByRole('button', { name: 'Close the account' }).click();
  await expect(closing.getByText(/not the password/u)).toBeVisible();
  await expect(closing.getByLabel('Password')).toBeFocused();
  await look('close-account', page);
  await closing.getByRole('button', { name: 'Export my data in Haferwerk' }).click();
  await expect(page.getByText('Your data are exported')).toBeVisible();
  await closing.getByLabel('Password').fill(changed);
  await page.keyboard.press('Enter');
  await expect(closing).toBeHidden({ timeout: longMs });
  await expect(page.getByText('The account is closed').first()).toBeVisible({ timeout: longMs });
  await expect(page.getByRole('button', { name: 'Sign in again' })).toBeHidden();
  await page.goto(`${noor.origin}/waiting`);
  await expect(page.getByText(/^Your account on .* is closed$/u)).toBeVisible();
  await look('account-closed', page);

  await desk.ask('sync.now', {});
  await desk.page.goto(`${desk.origin}/people`);
  await expect(desk.page.getByText('Asks for erasure')).toBeVisible({ timeout: longMs });
  await look('asks-for-erasure', desk.page);
  await desk.page.getByRole('button', { name: /^More for Noor/u }).click();
  await desk.page.getByRole('menuitem', { name: /^Erase data/u }).click();
  await expect(desk.page.getByRole('alertdialog', { name: /^Erase the data of/u })).toBeVisible();
  await look('erase-person', desk.page);
  await desk.page.keyboard.press('Escape');

  await desk.page.goto(`${desk.origin}/settings`);
  await desk.page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await desk.page.getByRole('button', { name: 'Sign in again', exact: true }).click();
  await expect(desk.page.getByRole('heading', { name: 'Sign in again' })).toBeVisible();
  await look('sign-in-again', desk.page);
  await desk.page.getByLabel('Password').fill('another password than hers');
  await desk.page.keyboard.press('Enter');
  await expect(desk.page.getByText('You are not signed in')).toBeVisible();
  await look('sign-in-again-refused', desk.page);
  await desk.page.getByLabel('Password').fill(password);
  await desk.page.keyboard.press('Enter');
  await desk.seeSyncState(/All saved on the server/u, longMs);
}
