import { defineConfig } from '@playwright/test';
import { findBrowser } from './scripts/find-browser.ts';

const browser = findBrowser();

export default defineConfig({
  testMatch: '**/*.journey.ts',
  outputDir: 'out/test-results/journeys',
  fullyParallel: false,
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  use: {
    ...(browser === undefined
      ? {}
      : {
          launchOptions: {
            executablePath: browser.executable,
            // Without a locale of UTF-8 Chromium on Linux cannot read a file with a letter beyond ASCII in its name.
            env: { ...process.env, LC_ALL: 'C.UTF-8' },
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
          },
        }),
    headless: true,
    actionTimeout: 15_000,
    screenshot: 'only-on-failure',
    // What CI shows is the text alone; a recording is for whoever looks for the cause of a failure by hand.
    trace: process.env['STINT_TRACE'] === undefined ? 'off' : 'retain-on-failure',
  },
  projects: [
    { name: 'journeys', testDir: 'tests/journeys' },
    { name: 'electron', testDir: 'tests/journeys-electron' },
    {
      name: 'screenshots',
      testDir: 'tests/screenshots',
      testMatch: '**/*.shot.ts',
      // Of its own, so that it can be run beside the journeys.
      outputDir: 'out/screenshots-results',
      use: { trace: 'off' },
    },
  ],
});
