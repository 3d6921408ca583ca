import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SeededRandom } from '../bench/data/seeded-random.ts';
import type { Accident } from '../support/sync/tcp-proxy.ts';
import type { StagedServer, StagedWorkspace } from './stage.ts';

/** Where requests are hit; uploads are `…/uploads` and what is below it. */
const places = ['/push', '/pull', '/uploads', '/files/', '/pokes'] as const;

/** How long a moment to kill at is waited for. */
const watchMs = 3000;

export interface FaultStage {
  readonly servers: readonly StagedServer[];
  readonly workspaces: readonly StagedWorkspace[];
  readonly random: SeededRandom;
  readonly seed: number;
  /** Where the database is a program of its own: ends some of its connections. */
  readonly breakConnections?: () => Promise<void>;
}

/** Breaks things, one after the other, by the seed; everything that it ends it also starts again. */
export class Faults {
  readonly #stage: FaultStage;
  readonly #counts = new Map<string, number>();
  readonly #underWay = new Set<Promise<void>>();
  readonly #busy = new Set<StagedServer | StagedWorkspace>();
  failure: Error | undefined;

  constructor(stage: FaultStage) {
    this.#stage = stage;
  }

  /** How often what was done. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  async run(durationMs: number): Promise<void> {
    const { random } = this.#stage;
    const endMs = performance.now() + durationMs;
    while (performance.now() < endMs && this.failure === undefined) {
      this.#breakSomething();
      await sleep(random.integer(30, 400));
    }
  }

  /** Ends all faults: lines are sound, what was ended runs. */
  async end(): Promise<void> {
    for (const { proxy } of this.#stage.workspaces) proxy.heal();
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
    for (const workspace of this.#stage.workspaces) {
      workspace.proxy.heal();
      // Its refuge may have ended in the same moment.
      const [anyServer] = this.#stage.servers;
      if (this.#findServerOf(workspace) === undefined && anyServer !== undefined)
        this.#connect(workspace, anyServer.port);
    }
    if (this.failure !== undefined) throw this.failure;
  }

  #breakSomething(): void {
    const { random } = this.#stage;
    const faults: readonly [weight: number, act: () => void][] = [
      [30, () => this.#arrangeAccident()],
      [16, () => this.#spoilLine()],
      [5, () => this.#killServer()],
      [5, () => this.#killWorkspace()],
      [8, () => this.#killServerAtByte()],
      [8, () => this.#killWorkspaceAtByte()],
      [6, () => this.#killAtCommit()],
      [this.#stage.breakConnections === undefined ? 0 : 5, () => this.#breakConnections()],
    ];
    let drawn = random.fraction() * faults.reduce((sum, [weight]) => sum + weight, 0);
    faults.find(([weight]) => (drawn -= weight) < 0)?.[1]();
  }

  #breakConnections(): void {
    this.#count('connections to the database ended');
    const broken = this.#stage.breakConnections?.();
    if (broken !== undefined) this.#start(broken);
  }

  #count(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
  }

  #start(work: Promise<void>): void {
    const running = work
      .catch((error: Error) => void (this.failure ??= error))
      .finally(() => this.#underWay.delete(running));
    this.#underWay.add(running);
  }

  #pickWorkspace(): StagedWorkspace {
    return this.#stage.random.pick(this.#stage.workspaces);
  }

  #arrangeAccident(): void {
    const { random } = this.#stage;
    const at = random.pick(places);
    const afterBytes = Math.floor(4 ** (random.fraction() * 8));
    const accidents: readonly Accident[] = [
      { kind: 'cut', direction: 'request', afterBytes, at },
      { kind: 'cut', direction: 'response', afterBytes, at },
      { kind: 'swallow', at },
      { kind: 'duplicate', at },
    ];
    const accident = random.pick(accidents);
    const { proxy } = this.#pickWorkspace();
    // One that waits for a request that never comes is no use in crowds.
    if (proxy.accidents.length > 4) return;
    proxy.arrange(accident);
    this.#count(accident.kind === 'cut' ? `cut ${accident.direction}` : accident.kind);
  }

  #spoilLine(): void {
    const { random } = this.#stage;
    const { proxy } = this.#pickWorkspace();
    const [name, state] = random.pick([
      ['slow line', { delayMs: random.integer(1, 80), bytesPerSecond: 200_000 }],
      ['black hole to the server', { blackHole: 'request' }],
      ['black hole from the server', { blackHole: 'response' }],
      ['captive portal', { hasCaptivePortal: true }],
      ['line down', { isDown: true }],
    ] as const);
    proxy.change(state);
    this.#count(name);
    this.#start(
      sleep(random.integer(50, 1500)).then(() =>
        proxy.change({
          isDown: false,
          delayMs: 0,
          bytesPerSecond: Number.POSITIVE_INFINITY,
          blackHole: undefined,
          hasCaptivePortal: false,
        }),
      ),
    );
  }

  #killServer(): void {
    const { random, servers } = this.#stage;
    const server = random.pick(servers);
    const signal = random.chance(0.3) ? 'SIGTERM' : 'SIGKILL';
    this.#withServer(server, `server ${signal}`, async () => {
      await server.child?.end(signal);
    });
  }

  #killServerAtByte(): void {
    const { random } = this.#stage;
    const workspace = this.#pickWorkspace();
    const server = this.#findServerOf(workspace);
    if (server === undefined) return;
    const direction = random.chance(0.7) ? 'response' : 'request';
    const at = random.chance(0.8) ? '/push' : '/uploads';
    this.#withServer(server, `server killed at a byte of a ${at} ${direction}`, () =>
      this.#awaitByte(workspace, { at, direction }, () => server.child?.killNow()),
    );
  }

  /** Ends a server by `act`, and starts it again; its workspaces may go to another one meanwhile. */
  #withServer(server: StagedServer, what: string, act: () => Promise<void>): void {
    const { random, servers, workspaces } = this.#stage;
    if (this.#busy.has(server)) return;
    this.#busy.add(server);
    const pauseMs = random.integer(0, 800);
    const others = servers.filter((other) => other !== server && !this.#busy.has(other));
    const refuge = others.length > 0 && random.chance(0.5) ? random.pick(others) : undefined;
    this.#start(
      (async () => {
        try {
          const oldPort = server.port;
          await act();
          if (server.child?.isEnding !== true) return;
          this.#count(what);
          await server.child?.ended;
          const affected = workspaces.filter((workspace) => this.#portOf(workspace) === oldPort);
          if (refuge !== undefined)
            for (const workspace of affected) this.#connect(workspace, refuge.port);
          await sleep(pauseMs);
          await server.start();
          if (refuge === undefined)
            for (const workspace of affected) this.#connect(workspace, server.port);
        } finally {
          this.#busy.delete(server);
        }
      })(),
    );
  }

  #killWorkspace(): void {
    const workspace = this.#pickWorkspace();
    this.#withWorkspace(workspace, 'workspace SIGKILL', async () => {
      await workspace.child?.end('SIGKILL');
    });
  }

  #killWorkspaceAtByte(): void {
    const { random } = this.#stage;
    const workspace = this.#pickWorkspace();
    const at = random.pick(['/push', '/push', '/pull', '/pull', '/uploads'] as const);
    const direction = random.chance(0.7) ? 'response' : 'request';
    this.#withWorkspace(workspace, `workspace killed at a byte of a ${at} ${direction}`, () =>
      this.#awaitByte(workspace, { at, direction }, () => workspace.child?.killNow()),
    );
  }

  /** Kills at the n-th write to a write-ahead log. */
  #killAtCommit(): void {
    const { random, servers } = this.#stage;
    const writes = random.integer(1, 12);
    if (random.chance(0.5) && servers.length === 1 && servers[0] !== undefined) {
      const [server] = servers;
      const wal = path.join(server.dataFolder, 'server.db-wal');
      this.#withServer(server, 'server killed as its log was written', async () => {
        await watchWrites(wal, writes, () => server.child?.killNow());
      });
      return;
    }
    const workspace = this.#pickWorkspace();
    const seatsFolder = path.join(workspace.folder, 'seats');
    const wal = path.join(seatsFolder, readdirSync(seatsFolder)[0] ?? '', 'seat.db-wal');
    this.#withWorkspace(workspace, 'workspace killed as its log was written', async () => {
      await watchWrites(wal, writes, () => workspace.child?.killNow());
    });
  }

  #withWorkspace(workspace: StagedWorkspace, what: string, act: () => Promise<void>): void {
    const { random, seed } = this.#stage;
    if (this.#busy.has(workspace)) return;
    this.#busy.add(workspace);
    const pauseMs = random.integer(0, 500);
    this.#start(
      (async () => {
        try {
          await act();
          if (workspace.child?.isEnding !== true) return;
          await workspace.child?.ended;
          if (workspace.child?.hasCrashed === true)
            throw new Error(`the workspace of ${workspace.name} ended by itself; see its log`);
          this.#count(what);
          await sleep(pauseMs);
          await workspace.start(seed);
        } finally {
          this.#busy.delete(workspace);
        }
      })(),
    );
  }

  /** Waits for the moment, or gives up after a while. */
  async #awaitByte(
    { proxy }: StagedWorkspace,
    where: { readonly at: string; readonly direction: 'request' | 'response' },
    kill: () => void,
  ): Promise<void> {
    const { random } = this.#stage;
    const reached = Promise.withResolvers<void>();
    const afterBytes =
      where.direction === 'response' ? random.integer(0, 400) : random.integer(0, 3000);
    let isOver = false;
    const accident: Accident = {
      kind: 'moment',
      ...where,
      afterBytes,
      action: () => {
        if (!isOver) kill();
        reached.resolve();
      },
    };
    proxy.arrange(accident);
    await Promise.race([reached.promise, sleep(watchMs)]);
    isOver = true;
    proxy.cancel(accident);
  }

  readonly #ports = new Map<StagedWorkspace, number>();

  #portOf(workspace: StagedWorkspace): number {
    const { servers, workspaces } = this.#stage;
    return (
      this.#ports.get(workspace) ??
      servers[workspaces.indexOf(workspace) % servers.length]?.port ??
      0
    );
  }

  #findServerOf(workspace: StagedWorkspace): StagedServer | undefined {
    return this.#stage.servers.find(({ port }) => port === this.#portOf(workspace));
  }

  #connect(workspace: StagedWorkspace, port: number): void {
    this.#ports.set(workspace, port);
    workspace.proxy.moveTo(port);
  }
}

/** Calls `kill` when the log was written to so many times: at, or within, a commit. */
async function watchWrites(file: string, writes: number, kill: () => void): Promise<void> {
  // Its size does not tell: the file is written again from its start after a checkpoint.
  const look = (): bigint | undefined =>
    statSync(file, { throwIfNoEntry: false, bigint: true })?.mtimeNs;
  const endMs = performance.now() + watchMs;
  let last = look();
  let seen = 0;
  while (performance.now() < endMs) {
    await sleep(1);
    const found = look();
    if (found === last) continue;
    last = found;
    seen += 1;
    if (seen < writes) continue;
    kill();
    return;
  }
}
