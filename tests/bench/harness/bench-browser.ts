import { type Browser, chromium } from '@playwright/test';
import { obtainBrowser } from '../../../scripts/find-browser.ts';

/** The same browser, with the same arguments, as the journeys use. */
export async function launchBenchBrowser(): Promise<Browser> {
  const found = await obtainBrowser();
  return chromium.launch({
    executablePath: found.executable,
    headless: true,
    args: [
      // Chromium's own sandbox refuses to start as root.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
