import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron, expect, test } from '@playwright/test';
import { findElectron } from '../../scripts/find-electron.ts';

const repositoryFolder = path.resolve(import.meta.dirname, '../..');

test('the desktop app opens on an empty folder and offers the three ways to begin', async () => {
  const executablePath = findElectron();
  test.skip(executablePath === undefined, "Electron's executable is not on this machine");
  const folder = await mkdtemp(path.join(tmpdir(), 'stint-desktop-journey-'));
  const desktop = await _electron.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [repositoryFolder, '--data', folder],
  });
  try {
    const page = await desktop.firstWindow();
    await expect(page).toHaveURL('app://stint/');
    await expect(page.getByRole('main')).toBeVisible();
    const exposed = await page.evaluate(() => Object.keys(Reflect.get(window, 'stint') as object));
    expect(exposed.toSorted()).toEqual(['request', 'subscribe']);
    expect(await page.evaluate(() => typeof Reflect.get(window, 'require'))).toBe('undefined');
  } finally {
    await desktop.close();
    await rm(folder, { recursive: true, force: true });
  }
});
