import { type Browser, type BrowserContext, expect, type Page } from '@playwright/test';
import type {
  RequestInput,
  RequestName,
  RequestOutput,
} from '../../../src/shared/contract/contract.ts';
import {
  hostPaths,
  tokenHeader,
  type CarrierAnswer,
} from '../../../src/shared/contract/carriers.ts';
import { type Program, startProgram } from './program.ts';

export interface PersonOptions {
  readonly dataFolder: string;
  readonly timeZone: string;
  readonly colorScheme?: 'light' | 'dark';
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** What a browser says when a program that it speaks to is killed; nothing else may be complained of. */
const deadHostWords = /net::ERR_(?:CONNECTION|INCOMPLETE|EMPTY|NETWORK)/u;

/** Somebody with a computer: a workspace folder, a host process of their own on it, and a browser. */
export class Person {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Of the workspace on this person's computer. */
  readonly dataFolder: string;
  /** Everything that the page complained of: errors thrown, refused by the content security policy, logged. */
  readonly complaints: string[] = [];
  readonly #options: PersonOptions;
  #program: Program;

  private constructor(
    context: BrowserContext,
    page: Page,
    program: Program,
    options: PersonOptions,
  ) {
    this.context = context;
    this.page = page;
    this.#program = program;
    this.#options = options;
    this.dataFolder = options.dataFolder;
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error')
        this.complaints.push(`${message.text()} (${message.location().url})`);
    });
  }

  /** Where this person's interface is served. */
  get origin(): string {
    return new URL(this.#program.announcement.url).origin;
  }

  static async sitDown(browser: Browser, options: PersonOptions): Promise<Person> {
    const program = await startHost(options);
    const context = await browser.newContext({
      locale: 'en-GB',
      timezoneId: options.timeZone,
      colorScheme: options.colorScheme ?? 'light',
      viewport: options.viewport ?? { width: 1440, height: 900 },
      reducedMotion: 'reduce',
      acceptDownloads: true,
      // As every browser gives to a page that somebody uses; without a window some give it to none.
      permissions: ['clipboard-write'],
    });
    const person = new Person(context, await context.newPage(), program, options);
    await person.page.goto(program.announcement.url);
    return person;
  }

  /** The host process ends as in a power cut. The page stays open, and silent. */
  async killHost(): Promise<void> {
    await this.#program.kill();
  }

  /**
   * Starts Stint on the same folder again and opens it, as a person would after a crash.
   *
   * @param clockShiftMs how far this computer's clock is ahead from now on
   */
  async startAgain(clockShiftMs = 0): Promise<void> {
    this.#program = await startHost(this.#options, clockShiftMs);
    await this.page.goto(this.#program.announcement.url);
    const heard = this.complaints.filter((text) => !deadHostWords.test(text));
    this.complaints.splice(0, this.complaints.length, ...heard);
  }

  /** Asks this person's workspace itself: what it holds, and not how it is shown. */
  async ask<Name extends RequestName>(
    name: Name,
    input: RequestInput<Name>,
  ): Promise<RequestOutput<Name>> {
    const { origin, hash } = new URL(this.#program.announcement.url);
    const response = await fetch(`${origin}${hostPaths.request(name)}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        [tokenHeader]: new URLSearchParams(hash.slice(1)).get('token') ?? '',
      },
      body: JSON.stringify(input),
    });
    const answer = (await response.json()) as CarrierAnswer;
    if (!answer.ok) throw new Error(`${name}: ${answer.error.code}, ${answer.error.message}`);
    return answer.value as RequestOutput<Name>;
  }

  /** Waits until the sync state reads like this. */
  async seeSyncState(words: RegExp, timeoutMs?: number): Promise<void> {
    await expect(this.page.getByRole('link', { name: /^Synchronisation:/u })).toHaveAccessibleName(
      words,
      timeoutMs === undefined ? {} : { timeout: timeoutMs },
    );
  }

  expectNoComplaints(): void {
    expect(this.complaints).toEqual([]);
  }

  /** For the report of a journey that failed. */
  describe(): string {
    return [
      `workspace ${this.#options.dataFolder}`,
      ...this.complaints,
      this.#program.complaints(),
    ].join('\n');
  }

  async leave(): Promise<void> {
    try {
      await this.context.close();
    } finally {
      await this.#program.stop();
    }
  }
}

async function startHost(
  { dataFolder, timeZone }: PersonOptions,
  clockShiftMs = 0,
): Promise<Program> {
  const args = ['--data', dataFolder, '--json', '--port', '0'];
  return startProgram('loopback.js', args, { timeZone, clockShiftMs });
}
