import { rmSync } from 'node:fs';
import type Database from 'better-sqlite3';
import type { SeededRandom } from './core/seeded-random.ts';
import { createRandom } from './core/seeded-random.ts';
import { IntentLedger, type Intent } from './intent-ledger.ts';
import { CanaryWatch } from './oracles/canary-watch.ts';
import { ApprovalWatch } from './oracles/approval-watch.ts';
import { SealWatch } from './oracles/seal-watch.ts';
import { VerdictWatch } from './oracles/verdict-watch.ts';
import type { Step } from './steps/plan.ts';
import type { Attempt, SimulatedDevice } from './world/simulated-device.ts';
import { copyTemplate, type DeviceSeat, loadTemplate, makeWorldFolder } from './world/template.ts';
import type { TravellingRequest } from './network/simulated-network.ts';
import { World } from './world/world.ts';

/** Breaks the product on purpose, to see that the oracles see it. */
export interface Sabotage {
  readonly rewrite?: (request: TravellingRequest) => TravellingRequest;
  /** Once everything has come to rest, before the oracles look. */
  readonly atEnd?: (simulation: Simulation) => Promise<void> | void;
  readonly afterStep?: (simulation: Simulation, step: Step) => Promise<void> | void;
}

/** One run: a world, what its people meant to do in it, and what was noticed on the way. */
export class Simulation {
  readonly seed: number;
  readonly world: World;
  readonly seats: Readonly<Record<string, DeviceSeat>>;
  readonly ledger = new IntentLedger();
  readonly canaries: CanaryWatch;
  readonly verdicts = new VerdictWatch();
  readonly approvals = new ApprovalWatch();
  readonly seals: SealWatch;
  readonly violations: string[] = [];
  readonly #folder: string;
  /** By device: from when on it speaks the newest protocol again. */
  readonly oldClients = new Set<string>();
  readonly deviceBackups = new Map<string, { folder: string; held: Set<number> }>();
  serverBackup: string | undefined;
  hasRestoredServer = false;
  hasHadOldClients = false;
  hasEndedAccess = false;
  clones = 0;
  /** Everybody's computers sleep; none wakes before the morning. */
  isNight = false;

  private constructor(
    seed: number,
    folder: string,
    seats: Readonly<Record<string, DeviceSeat>>,
    sabotage: Sabotage,
  ) {
    this.seed = seed;
    this.#folder = folder;
    this.seats = seats;
    this.canaries = new CanaryWatch(seats);
    this.seals = new SealWatch(seats);
    this.world = new World({
      seed: String(seed),
      folder,
      onDelivered: (request, answer) => {
        const leak = this.canaries.findLeak(request, answer);
        if (leak !== undefined) this.violate(leak);
        const { server, hook } = this.world;
        const broken = hook.lookUnseen(() =>
          this.seals.findBroken(request, answer, server.isUp ? server.connection : undefined),
        );
        if (broken !== undefined) this.violate(broken);
      },
      rewrite: (request) => {
        const rewritten = this.oldClients.has(request.who) ? makeOld(request) : request;
        return sabotage.rewrite?.(rewritten) ?? rewritten;
      },
    });
    for (const device of this.world.devices) this.#adopt(device);
  }

  static async open(seed: number, sabotage: Sabotage = {}): Promise<Simulation> {
    const template = await loadTemplate();
    const folder = makeWorldFolder();
    copyTemplate(template, folder);
    const simulation = new Simulation(seed, folder, template.seats, sabotage);
    const { world } = simulation;
    world.server.onCrash = () => {
      const downMs = createRandom(seed, 'server downtime', world.time.nowMs).between(200, 90_000);
      world.plan(downMs, 'server', () => simulation.openServer());
    };
    await world.server.open();
    for (const device of world.devices) {
      await device.open();
      simulation.ledger.forgetSeen(device);
    }
    await world.drain();
    return simulation;
  }

  #adopt(device: SimulatedDevice): void {
    device.onCrash = () => {
      const name = `${device.name} downtime`;
      const downMs = createRandom(this.seed, name, this.world.time.nowMs).between(100, 120_000);
      this.world.plan(downMs, device.name, () => this.openDevice(device));
    };
  }

  /** A second computer with a copy of the first one's workspace. */
  async clone(device: SimulatedDevice, folder: string): Promise<SimulatedDevice> {
    this.clones += 1;
    const name = `${device.name}-clone${this.clones}`;
    const copy = this.world.addDevice(name, device.options.person, folder);
    copy.held = new Set(device.held);
    (this.seats as Record<string, DeviceSeat>)[name] = this.getSeat(device);
    this.#adopt(copy);
    await this.openDevice(copy);
    this.ledger.forgetSeen(copy);
    return copy;
  }

  async openDevice(device: SimulatedDevice): Promise<void> {
    if (device.isRunning) return;
    device.clearAway();
    await device.open();
    if (this.isNight) device.sleep();
    this.world.trace(`${device.name} started`);
  }

  async openServer(): Promise<void> {
    if (this.world.server.isUp) return;
    this.world.server.clearAway();
    await this.world.server.open();
    this.world.trace('the server started');
  }

  getSeat(device: SimulatedDevice): DeviceSeat {
    const seat = this.seats[device.name];
    if (seat === undefined) throw new Error(`${device.name} has no seat`);
    return seat;
  }

  /** The seat's own database as the program has it open; undefined while it does not run. */
  findSeatDatabase(device: SimulatedDevice): Database.Database | undefined {
    const { seatId } = this.getSeat(device);
    return device.listSeatConnections().find(({ name }) => name.includes(`/${seatId}/`));
  }

  violate(what: string): void {
    this.violations.push(what);
    this.world.trace(`VIOLATION ${what}`);
  }

  /** Asks a device's workspace for what a person means, and writes down what came of it. */
  async act<Value>(
    device: SimulatedDevice,
    step: Step,
    kind: string,
    ask: () => Attempt<Value>,
  ): Promise<{ intent: Intent; isDone: boolean; value: Value | undefined }> {
    const intent = this.ledger.begin(step.index, device, this.getSeat(device).orgId, kind);
    const attempt = ask();
    await this.world.drain();
    intent.mutationIds.push(...(device.isRunning ? this.ledger.listNewMutations(device) : []));
    const isDone = attempt.state === 'done';
    const reason = attempt.error === undefined ? '' : `: ${describeError(attempt.error)}`;
    this.world.trace(`${device.name} ${kind} ${attempt.state}${reason}`);
    if (attempt.state === 'broken')
      this.violate(`${device.name}: ${kind} failed with something else than a reason${reason}`);
    if (isDone && intent.mutationIds.length > 0) this.ledger.promise(intent, device);
    return { intent, isDone, value: attempt.value };
  }

  createRandom(step: Step): SeededRandom {
    return createRandom(this.seed, 'step', step.index);
  }

  async close(): Promise<void> {
    try {
      await this.world.close();
    } finally {
      this.world.hook.closeAll(this.#folder);
      rmSync(this.#folder, { recursive: true, force: true });
    }
  }
}

function describeError(error: Error): string {
  return 'code' in error ? String(error.code) : `${error.name} ${error.message}`;
}

/** What a program of protocol version 1 would send in its place. */
function makeOld(request: TravellingRequest): TravellingRequest {
  const headers = { ...request.headers, 'stint-protocol': '1' };
  if (request.body === undefined || request.headers['content-type'] !== 'application/json')
    return { ...request, headers };
  const {
    head,
    knownHeads: _heads,
    mutations,
    ...rest
  } = JSON.parse(new TextDecoder().decode(request.body)) as Record<string, unknown> & {
    mutations?: Record<string, unknown>[];
  };
  const body = {
    ...rest,
    ...(mutations === undefined
      ? head === undefined
        ? {}
        : { head }
      : {
          mutations: mutations.map(
            ({ anchor: _anchor, acknowledged: _acknowledged, ...mutation }) => mutation,
          ),
        }),
  };
  return { ...request, headers, body: new TextEncoder().encode(JSON.stringify(body)) };
}
