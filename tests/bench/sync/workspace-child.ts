import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import path from 'node:path';
import { type ProcessMemory, readProcessMemory } from '../harness/process-memory.ts';
import { nodeFlags } from '../../../scripts/node-flags.mjs';
import type { AnswerMessage, WorkspaceCommand, WorkspaceCommands } from './workspace-commands.ts';

const closePatienceMs = 2_000;
const stopPatienceMs = 10_000;
const program = path.join(import.meta.dirname, 'workspace-process.ts');

/** Workspaces in a process of their own, told by messages what to do. */
export class WorkspaceChild {
  readonly #child: ChildProcess;
  readonly #asked = new Map<
    number,
    { resolve(value: unknown): void; reject(error: Error): void }
  >();
  readonly #ended: Promise<void>;
  #number = 0;

  constructor() {
    this.#child = fork(program, {
      execArgv: ['--no-warnings', ...nodeFlags],
      serialization: 'json',
    });
    this.#ended = new Promise((resolve) => this.#child.once('exit', () => resolve()));
    this.#child.on('message', ({ number, output, problem }: AnswerMessage) => {
      const asked = this.#asked.get(number);
      this.#asked.delete(number);
      if (problem === undefined) asked?.resolve(output);
      else asked?.reject(new Error(problem));
    });
    void this.#ended.then(() => {
      for (const { reject } of this.#asked.values())
        reject(new Error('a process with workspaces ended before it answered'));
    });
  }

  static async open(folders: readonly string[]): Promise<WorkspaceChild> {
    const child = new WorkspaceChild();
    await child.ask('open', { folders });
    return child;
  }

  ask<Command extends WorkspaceCommand>(
    command: Command,
    input: WorkspaceCommands[Command]['input'],
  ): Promise<WorkspaceCommands[Command]['output']> {
    this.#number += 1;
    const number = this.#number;
    return new Promise((resolve, reject) => {
      this.#asked.set(number, { resolve: (value) => resolve(value as never), reject });
      this.#child.send({ number, command, input });
    });
  }

  readMemory(): ProcessMemory {
    return readProcessMemory(this.#child.pid ?? -1);
  }

  /** Closes what is open, and ends the process. */
  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.connected)
      await Promise.race([this.ask('close', null).catch(() => undefined), wait(closePatienceMs)]);
    if (this.#child.connected) this.#child.disconnect();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), stopPatienceMs);
    await this.#ended;
    clearTimeout(timer);
  }
}
