import { join } from 'node:path';
import { Readable } from 'node:stream';
import type Database from 'better-sqlite3';
import { type Engine, openEngine } from '../../../src/main/workspace/engine/open-engine.ts';
import { sha256Hex } from '../../../src/main/workspace/ports/system-ports.ts';
import { computeUuidV7 } from '../../../src/server/ports/system-randomness.ts';
import type {
  RequestInput,
  RequestName,
  RequestOutput,
} from '../../../src/shared/contract/contract.ts';
import { StintError } from '../../../src/shared/errors.ts';
import { createRandom } from '../core/seeded-random.ts';
import type { SqliteHook } from '../core/sqlite-hook.ts';
import { SimulatedMachine, type VirtualTime } from '../core/virtual-time.ts';
import type { SimulatedNetwork } from '../network/simulated-network.ts';
import { createUploadStack } from '../network/upload-stack.ts';
import { copyFolder } from './copy-folder.ts';

export interface SimulatedDeviceOptions {
  readonly name: string;
  readonly person: string;
  readonly email: string;
  readonly zone: string;
  readonly folder: string;
  readonly seed: string;
  readonly epochMs: number;
  readonly time: VirtualTime;
  readonly network: SimulatedNetwork;
  readonly hook: SqliteHook;
  readonly trace: (line: string) => void;
}

/** What became of a request to a workspace: it may wait for the network, or its program may have ended. */
export interface Attempt<Value> {
  state: 'pending' | 'done' | 'refused' | 'broken';
  value: Value | undefined;
  error: Error | undefined;
}

/** A person's computer with a workspace: the real engine, on real files, behind a simulated line. */
export class SimulatedDevice {
  readonly options: SimulatedDeviceOptions;
  readonly name: string;
  #folder: string;
  #engine: Engine | undefined;
  #machine: SimulatedMachine | undefined;
  #run = 0;
  readonly #restored: string[] = [];
  #crashIn = 0;
  #unwatch: () => void = () => {};
  #wallOffsetMs = 0;
  /** The intents that this device's files hold. */
  held = new Set<number>();
  onCrash: () => void = () => {};

  constructor(options: SimulatedDeviceOptions) {
    this.options = options;
    this.name = options.name;
    this.#folder = options.folder;
  }

  get folder(): string {
    return this.#folder;
  }

  get isRunning(): boolean {
    return this.#engine !== undefined;
  }

  get isAsleep(): boolean {
    return this.#machine?.isAsleep === true;
  }

  get wallOffsetMs(): number {
    return this.#wallOffsetMs;
  }

  /** The present moment by this computer's clock. */
  computeNowMs(): number {
    return this.options.epochMs + this.options.time.nowMs + this.#wallOffsetMs;
  }

  setWallOffset(offsetMs: number): void {
    this.#wallOffsetMs = offsetMs;
    if (this.#machine !== undefined) this.#machine.wallOffsetMs = offsetMs;
  }

  async open(): Promise<void> {
    const { name, seed, time, epochMs, network, hook, zone } = this.options;
    this.#run += 1;
    const machine = new SimulatedMachine(time, `${name}-${this.#run}`, {
      wallOffsetMs: this.#wallOffsetMs,
      epochMs,
    });
    const ids = createRandom(seed, 'ids', name, this.#run);
    const jitter = createRandom(seed, 'jitter', name, this.#run);
    let isAlive = true;
    const fetch = network.createFetch(name, () => isAlive);
    this.#machine = machine;
    this.#engine = await openEngine({
      folder: this.#folder,
      version: '0.0.0',
      // A thread runs when the system wants, not when the simulation does.
      keepsCopies: false,
      host: {
        kind: 'command_line',
        openExternal: async () => {},
        startSample: async () => {
          throw new StintError('unavailable', 'there is no sample in a simulation');
        },
        getUpdateState: () => ({ state: 'off', version: null, message: null }),
        installUpdate: async () => {},
      },
      ports: {
        clock: machine.clock,
        timers: machine.timers,
        randomness: {
          uuid: () => computeUuidV7(machine.clock.nowMs(), ids.bytes(10)),
          bytes: (count) => ids.bytes(count),
          fraction: () => jitter.fraction(),
        },
        fetch,
        fetchLarge: fetch,
        uploadStack: createUploadStack(fetch),
        sha256Hex,
        localTimeZone: () => zone,
      },
    });
    const use = () => {
      if (this.#crashIn === 0) return;
      this.#crashIn -= 1;
      if (this.#crashIn === 0) this.crash();
    };
    machine.onUse = use;
    this.#end = () => {
      isAlive = false;
      machine.end();
    };
    this.#unwatch = hook.watch(this.#folder, use);
  }

  #end: () => void = () => {};

  crashAfter(uses: number): void {
    this.#crashIn = uses;
  }

  /** Ends at once, in the middle of whatever it was doing; what goes on is a copy of its files as they are now. */
  crash(): void {
    if (this.#engine === undefined) return;
    this.#crashIn = 0;
    const old = this.#folder;
    this.#folder = `${this.options.folder}-${this.#run}`;
    copyFolder(old, this.#folder);
    this.#engine = undefined;
    this.#unwatch();
    this.#end();
    this.options.trace(`${this.name} was killed`);
    this.onCrash();
  }

  /** Closes what crashes left behind; only while nothing runs. */
  clearAway(): void {
    for (let run = 0; run < this.#run; run += 1) {
      const folder = run === 0 ? this.options.folder : `${this.options.folder}-${run}`;
      if (folder !== this.#folder) this.options.hook.closeAll(folder);
    }
    for (const folder of this.#restored)
      if (folder !== this.#folder) this.options.hook.closeAll(folder);
  }

  backUp(to: string): void {
    copyFolder(this.#folder, to);
  }

  /** Ends the program, and puts an older copy in the place of its workspace. */
  restore(from: string): void {
    const { onCrash } = this;
    this.onCrash = () => {};
    this.crash();
    this.onCrash = onCrash;
    this.#folder = `${this.options.folder}-restored-${this.#run}`;
    this.#restored.push(this.#folder);
    copyFolder(from, this.#folder);
  }

  sleep(): void {
    this.#machine?.sleep();
  }

  wake(): void {
    this.#machine?.wake();
  }

  /** Asks the workspace, and answers at once; what became of it shows once the event loop was drained. */
  attempt<Name extends RequestName>(
    name: Name,
    input: RequestInput<Name>,
  ): Attempt<RequestOutput<Name>> {
    const engine = this.#engine;
    // Killed a moment ago: nobody answers.
    if (engine === undefined) return observe(new Promise(() => {}));
    return observe(engine.dispatch(name, input, 'local') as Promise<RequestOutput<Name>>);
  }

  attemptImport(name: string, content: string | Uint8Array): Attempt<{ stagedId: string }> {
    const engine = this.#engine;
    if (engine === undefined) return observe(new Promise(() => {}));
    return observe(engine.importStream(name, Readable.from([Buffer.from(content)])));
  }

  /** Ends as it should. */
  close(): Attempt<void> {
    const engine = this.#engine;
    this.#engine = undefined;
    this.#unwatch();
    const end = this.#end;
    const closing = observe(engine?.close() ?? Promise.resolve());
    this.#end = () => {};
    this.#finishClosing = end;
    return closing;
  }

  #finishClosing: () => void = () => {};

  /** After `close` has gone through, or was given up. */
  finishClosing(): void {
    this.#finishClosing();
    this.options.hook.closeAll(this.#folder);
  }

  get workspaceConnection(): Database.Database | undefined {
    return this.options.hook.findConnection(join(this.#folder, 'workspace.db'));
  }

  /** The open databases of this device's seats. */
  listSeatConnections(): Database.Database[] {
    return this.options.hook
      .listConnections(this.#folder)
      .filter(({ name }) => name.endsWith('/seat.db'));
  }
}

function observe<Value>(work: Promise<Value>): Attempt<Value> {
  const attempt: Attempt<Value> = { state: 'pending', value: undefined, error: undefined };
  work.then(
    (value) => {
      attempt.state = 'done';
      attempt.value = value;
    },
    (error: unknown) => {
      attempt.state = error instanceof StintError ? 'refused' : 'broken';
      attempt.error = error as Error;
    },
  );
  return attempt;
}
