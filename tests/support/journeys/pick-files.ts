import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';

/** Chooses files as a person does: the button opens the system's own dialog, and that is answered. */
export async function pickFiles(
  page: Page,
  button: Locator,
  files: readonly string[],
): Promise<void> {
  const asked = page.waitForEvent('filechooser');
  await button.click();
  await (await asked).setFiles([...files]);
}

/** Bytes that no compression and no deduplication can shorten. */
export async function writeRandomFile(path: string, sizeBytes: number): Promise<void> {
  const step = 4 * 1024 * 1024;
  const file = await open(path, 'w');
  try {
    for (let done = 0; done < sizeBytes; done += step)
      await file.write(randomBytes(Math.min(step, sizeBytes - done)));
  } finally {
    await file.close();
  }
}

export async function computeFileHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
