import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test as base } from '@playwright/test';
import { openLine, type Line } from './line.ts';
import { Person, type PersonOptions } from './person.ts';
import { type Program, startProgram } from './program.ts';

/** Where a journey happens: a folder, people at their computers, and a server behind a line. */
export interface Stage {
  /** Removed with everything in it when the journey ends. */
  readonly folder: string;
  readonly line: Line;
  readonly serverFolder: string;
  /** @param clockShiftMs how far the server's clock is ahead of this machine's */
  startServer(clockShiftMs?: number): Promise<void>;
  /** Ends the server like a power cut. */
  killServer(): Promise<void>;
  /** @param name of their workspace folder within the stage's */
  seat(name: string, options: Omit<PersonOptions, 'dataFolder'>): Promise<Person>;
}

export const test = base.extend<{ stage: Stage }>({
  stage: async ({ browser }, provide, testInfo) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'stint-journey-'));
    const serverFolder = path.join(folder, 'server');
    const people: Person[] = [];
    let server: Program | undefined;
    let serverPort: number | undefined;
    let isUp = false;
    const line = await openLine(() => (isUp ? serverPort : undefined));
    try {
      await provide({
        folder,
        line,
        serverFolder,
        startServer: async (clockShiftMs = 0) => {
          const port = String(serverPort ?? 0);
          server = await startProgram(
            'stint.js',
            ['server', '--data', serverFolder, '--port', port],
            { clockShiftMs },
          );
          serverPort = Number(new URL(server.announcement.url).port);
          isUp = true;
        },
        killServer: async () => {
          isUp = false;
          await server?.kill();
        },
        seat: async (name, options) => {
          const person = await Person.sitDown(browser, {
            ...options,
            dataFolder: path.join(folder, name),
          });
          people.push(person);
          return person;
        },
      });
    } finally {
      if (testInfo.status !== testInfo.expectedStatus)
        await writeFile(
          testInfo.outputPath('complaints.txt'),
          people.map((person) => person.describe()).join('\n\n'),
        );
      try {
        await endAll([
          ...people.map((person) => person.leave()),
          server?.stop() ?? Promise.resolve(),
        ]);
      } finally {
        await line.close();
        await rm(folder, { recursive: true, force: true });
      }
    }
  },
});

/** Each is tried, whatever becomes of the others. */
async function endAll(endings: readonly Promise<void>[]): Promise<void> {
  const outcomes = await Promise.allSettled(endings);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
