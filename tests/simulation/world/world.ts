import { join } from 'node:path';
import { drainEventLoop } from '../core/drain-event-loop.ts';
import { installSqliteHook, type SqliteHook } from '../core/sqlite-hook.ts';
import { VirtualTime } from '../core/virtual-time.ts';
import { Link } from '../network/link.ts';
import {
  SimulatedNetwork,
  type TravellingAnswer,
  type TravellingRequest,
} from '../network/simulated-network.ts';
import { computeEmail, epochMs, people } from './people.ts';
import { SimulatedDevice } from './simulated-device.ts';
import { SimulatedServer } from './simulated-server.ts';

export interface WorldOptions {
  readonly seed: string;
  /** Holds `server` and one folder per device; made by `template.ts`. */
  readonly folder: string;
  readonly onDelivered?: (request: TravellingRequest, answer: TravellingAnswer) => void;
  readonly rewrite?: (request: TravellingRequest) => TravellingRequest;
}

/** Everything that happens in one run, in one process and in one order. */
export class World {
  readonly seed: string;
  readonly folder: string;
  readonly hook: SqliteHook = installSqliteHook();
  readonly time = new VirtualTime();
  readonly network: SimulatedNetwork;
  readonly server: SimulatedServer;
  readonly devices: SimulatedDevice[] = [];
  readonly traceLines: string[] = [];
  #isClosing = false;
  readonly #chores: (() => Promise<void>)[] = [];
  /** Looks at the world after each event; a simulation's ledger listens. */
  afterEvent: () => void = () => {};

  constructor(options: WorldOptions) {
    this.seed = options.seed;
    this.folder = options.folder;
    const trace = (line: string) => this.trace(line);
    const shared = { seed: options.seed, time: this.time, epochMs, hook: this.hook, trace };
    this.server = new SimulatedServer({ ...shared, folder: join(options.folder, 'server') });
    this.network = new SimulatedNetwork({
      seed: options.seed,
      time: this.time,
      destination: this.server,
      trace,
      onDelivered: options.onDelivered ?? (() => {}),
      rewrite: options.rewrite ?? ((request) => request),
    });
    for (const person of people)
      for (const name of person.devices)
        this.addDevice(name, person.name, join(options.folder, name));
  }

  addDevice(name: string, personName: string, folder: string): SimulatedDevice {
    const person = people.find((candidate) => candidate.name === personName);
    if (person === undefined) throw new Error(`nobody is called ${personName}`);
    const device = new SimulatedDevice({
      name,
      person: person.name,
      email: computeEmail(person.name),
      zone: person.zone,
      folder,
      seed: this.seed,
      epochMs,
      time: this.time,
      network: this.network,
      hook: this.hook,
      trace: (line) => this.trace(line),
    });
    this.network.links.set(name, new Link(this.time));
    this.devices.push(device);
    return device;
  }

  findDevice(name: string): SimulatedDevice {
    const found = this.devices.find((device) => device.name === name);
    if (found === undefined) throw new Error(`there is no device ${name}`);
    return found;
  }

  getLink(device: SimulatedDevice): Link {
    const found = this.network.links.get(device.name);
    if (found === undefined) throw new Error(`${device.name} has no line`);
    return found;
  }

  trace(line: string): void {
    this.traceLines.push(`${(this.time.nowMs / 1000).toFixed(3).padStart(10)} ${line}`);
  }

  /** Does `chore` after `delayMs`, between two events: opening and closing programs takes real waiting. */
  plan(delayMs: number, label: string, chore: () => Promise<void>): void {
    this.time.schedule(delayMs, `chore ${label}`, () => this.#chores.push(chore));
  }

  /** Until nothing goes on by itself. */
  async drain(): Promise<void> {
    await drainEventLoop();
    this.afterEvent();
    for (let chore = this.#chores.shift(); chore !== undefined; chore = this.#chores.shift()) {
      // At the end nothing is opened any more.
      if (this.#isClosing) continue;
      await chore();
      await drainEventLoop();
      this.afterEvent();
    }
  }

  /** Lets so much time pass, with everything that falls due in it. */
  async advance(durationMs: number): Promise<void> {
    const untilMs = this.time.nowMs + durationMs;
    while (this.time.runNext(untilMs)) await this.drain();
  }

  /** Closes all programs for good. */
  async close(): Promise<void> {
    this.#isClosing = true;
    for (const device of this.devices) {
      if (device.isAsleep) device.wake();
      if (!device.isRunning) continue;
      this.network.cut(device.name, 'ECONNRESET');
      this.getLink(device).trouble('down', 3_600_000);
      const closing = device.close();
      for (let round = 0; round < 50 && closing.state === 'pending'; round += 1)
        await this.advance(500);
      device.finishClosing();
    }
    await this.closeServer();
    this.hook.closeAll(this.folder);
  }

  async closeServer(): Promise<void> {
    let isClosed = false;
    const closing = this.server.close().finally(() => {
      isClosed = true;
    });
    for (let round = 0; round < 50; round += 1) {
      await drainEventLoop();
      if (isClosed) break;
      this.time.runNext(this.time.nowMs + 1000);
    }
    await closing;
  }
}
