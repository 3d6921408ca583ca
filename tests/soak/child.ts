import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { nodeFlags } from '../../scripts/node-flags.mjs';

const longestEndMs = 60_000;

/** A program that says things in lines of JSON, and can be killed. */
export class Child {
  readonly #child: ChildProcess;
  readonly #lines: Readonly<Record<string, unknown>>[] = [];
  readonly ended: Promise<unknown>;
  #heard = Promise.withResolvers<void>();
  /** Whether its end was asked for. */
  #isExpected = false;

  constructor(
    program: string,
    args: readonly string[],
    options: { readonly env?: NodeJS.ProcessEnv; readonly complaintsPath: string },
  ) {
    this.#child = spawn(process.execPath, [...nodeFlags, program, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...options.env },
    });
    this.ended = once(this.#child, 'exit');
    void this.ended.then(() => this.#wake());
    this.#child.stdin?.on('error', () => undefined);
    this.#child.stderr?.on('data', (text: Buffer) => appendFileSync(options.complaintsPath, text));
    if (this.#child.stdout !== null)
      createInterface({ input: this.#child.stdout }).on('line', (line) => {
        if (!line.startsWith('{')) return;
        this.#lines.push(JSON.parse(line) as Readonly<Record<string, unknown>>);
        this.#wake();
      });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** It has ended, or was asked to: a process that was killed lives on for a moment. */
  get isEnding(): boolean {
    return this.#isExpected || !this.isRunning;
  }

  /** The child ended, and nobody had asked it to. */
  get hasCrashed(): boolean {
    return !this.isRunning && !this.#isExpected;
  }

  #wake(): void {
    this.#heard.resolve();
    this.#heard = Promise.withResolvers<void>();
  }

  /** What it said last under this name, whenever that was; waits for the first time. Undefined when it ended before. */
  async hear(name: string, accept: (value: unknown) => boolean = () => true): Promise<unknown> {
    for (;;) {
      const line = this.#lines.findLast((candidate) => name in candidate);
      if (line !== undefined && accept(line[name])) return line[name];
      if (!this.isRunning) return undefined;
      await this.#heard.promise;
    }
  }

  forgetLines(): void {
    this.#lines.length = 0;
  }

  tell(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  /** @throws where it goes on for a minute although it was asked to end. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    this.#isExpected = true;
    this.#child.kill(signal);
    let isLate = false;
    const patience = setTimeout(() => {
      isLate = true;
      this.#child.kill('SIGKILL');
    }, longestEndMs);
    await this.ended;
    clearTimeout(patience);
    if (isLate) throw new Error(`a process did not end within a minute of ${signal}`);
  }

  /** Waits for an end that it was asked for by other means. */
  async waitForEnd(): Promise<void> {
    this.#isExpected = true;
    await this.ended;
  }

  /** At this very moment, without waiting. */
  killNow(): void {
    this.#isExpected = true;
    this.#child.kill('SIGKILL');
  }
}
