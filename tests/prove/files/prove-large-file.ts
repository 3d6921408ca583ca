import { createCipheriv, createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readProcessMemory } from '../../bench/harness/process-memory.ts';
import { Child } from '../../soak/child.ts';
import { setStage, StagedServer, type StagedWorkspace } from '../../soak/stage.ts';
import type { HostCommand, Moved } from './workspace-host.ts';

/** What one request carries: as much as may go twice. */
const chunkBytes = 8 * 1024 * 1024;

interface Resumption {
  /** Who ended, and what was on its way. */
  readonly event: string;
  /** What had been moved when it ended, as the workspace said last. */
  readonly movedBytes: number;
  /** What was there to go on from. */
  readonly keptBytes: number;
  /** Where it went on. */
  readonly resumedAtBytes: number;
}

export interface Proof {
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly fetchedSha256: string;
  readonly resumptions: readonly Resumption[];
  /** The most that each process ever had in memory, in MB, by name. */
  readonly peaksMb: Readonly<Record<string, number>>;
}

const hostProgram = path.join(import.meta.dirname, 'workspace-host.ts');

/** Incompressible bytes that a seed decides. */
async function* generateBytes(sizeBytes: number, seed: number): AsyncGenerator<Buffer> {
  const key = createHash('sha256').update(`large file ${seed}`).digest();
  const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  const zeros = Buffer.alloc(1024 * 1024);
  for (let rest = sizeBytes; rest > 0; rest -= zeros.byteLength)
    yield cipher.update(rest < zeros.byteLength ? zeros.subarray(0, rest) : zeros);
}

async function computeSha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file, { highWaterMark: 1024 * 1024 }))
    hash.update(piece as Buffer);
  return hash.digest('hex');
}

/**
 * One file from a workspace to the server and on to another workspace, each in a process of its own. On the way
 * workspaces are killed three times and the server is restarted twice, once with a kill.
 */
export async function proveLargeFile(options: {
  readonly root: string;
  readonly sizeBytes: number;
  readonly seed: number;
  readonly tell: (line: string) => void;
}): Promise<Proof> {
  const { root, sizeBytes, seed, tell } = options;
  const source = path.join(root, 'recording.mp4');
  await pipeline(Readable.from(generateBytes(sizeBytes, seed)), createWriteStream(source));
  const sha256 = await computeSha256(source);
  const server = new StagedServer(root, 0, undefined);
  const stage = await setStage({ root, servers: [server], workspaceCount: 2 });
  const [employer, intern] = stage;
  if (employer === undefined || intern === undefined) throw new Error('the stage is not set');
  const course = new Course({ root, server, stage, sha256, tell });
  try {
    await course.goUp(intern, source, sizeBytes);
    const fetchedPath = await course.comeDown(employer, sizeBytes);
    course.notePeaks();
    return {
      sizeBytes,
      sha256,
      fetchedSha256: await computeSha256(fetchedPath),
      resumptions: course.resumptions,
      peaksMb: course.peaksMb,
    };
  } finally {
    await course.endAll();
  }
}

class Course {
  readonly resumptions: Resumption[] = [];
  readonly peaksMb: Record<string, number> = {};
  readonly #root: string;
  readonly #server: StagedServer;
  readonly #stage: readonly StagedWorkspace[];
  readonly #sha256: string;
  readonly #tell: (line: string) => void;
  readonly #running = new Map<string, { readonly child: Child; readonly pid: number }>();

  constructor(options: {
    readonly root: string;
    readonly server: StagedServer;
    readonly stage: readonly StagedWorkspace[];
    readonly sha256: string;
    readonly tell: (line: string) => void;
  }) {
    this.#root = options.root;
    this.#server = options.server;
    this.#stage = options.stage;
    this.#sha256 = options.sha256;
    this.#tell = options.tell;
  }

  async goUp(intern: StagedWorkspace, source: string, sizeBytes: number): Promise<void> {
    let host = await this.#open(intern);
    this.#command(host, { handIn: source });
    await this.#hear(host, 'handedIn');
    for (const [share, who] of [
      [0.15, 'workspace'],
      [0.4, 'server'],
      [0.65, 'workspace'],
    ] as const) {
      const movedBytes = await this.#waitForMoved(host, 'up', share * sizeBytes);
      if (who === 'server') await this.#restartServer('SIGKILL');
      else {
        await this.#kill(intern);
        host = await this.#open(intern);
      }
      await this.#noteResumption(host, 'up', `upload, ${who} killed`, movedBytes, () =>
        this.#findUploadedBytes(),
      );
    }
    const waiting = await host.hear('waiting', (value) => value === 0);
    if (waiting === undefined) throw new Error('the workspace that uploads ended');
    await this.#end(intern);
  }

  async comeDown(employer: StagedWorkspace, sizeBytes: number): Promise<string> {
    let host = await this.#open(employer);
    this.#command(host, { fetch: true });
    const first = await this.#waitForMoved(host, 'down', 0.3 * sizeBytes);
    await this.#restartServer('SIGTERM');
    await this.#noteResumption(host, 'down', 'download, server restarted', first, () =>
      this.#findPartBytes(employer),
    );
    const second = await this.#waitForMoved(host, 'down', 0.6 * sizeBytes);
    await this.#kill(employer);
    const keptBytes = this.#findPartBytes(employer);
    host = await this.#open(employer);
    this.#command(host, { fetch: true });
    await this.#noteResumption(host, 'down', 'download, workspace killed', second, () => keptBytes);
    return (await this.#hear(host, 'fetched')) as string;
  }

  async #open(workspace: StagedWorkspace): Promise<Child> {
    const complaintsPath = path.join(this.#root, `${workspace.name}.log`);
    const child = new Child(hostProgram, [workspace.folder], { complaintsPath });
    const pid = await this.#hear(child, 'ready');
    this.#running.set(workspace.name, { child, pid: Number(pid) });
    return child;
  }

  async #hear(child: Child, name: string): Promise<unknown> {
    const value = await Promise.race([
      child.hear(name),
      child.hear('problem').then((problem) => {
        if (problem !== undefined) throw new Error(JSON.stringify(problem));
      }),
    ]);
    if (value === undefined) throw new Error(`a workspace ended before it told "${name}"`);
    return value;
  }

  #command(child: Child, command: HostCommand): void {
    child.tell(JSON.stringify(command));
  }

  async #waitForMoved(
    child: Child,
    direction: Moved['direction'],
    atLeast: number,
  ): Promise<number> {
    const find = (value: unknown) =>
      (value as readonly Moved[]).find((moved) => moved.direction === direction);
    const moved = await child.hear('moved', (value) => (find(value)?.movedBytes ?? 0) >= atLeast);
    const found = moved === undefined ? undefined : find(moved);
    if (found === undefined) throw new Error(`nothing moved ${direction} any more`);
    return found.movedBytes;
  }

  async #noteResumption(
    child: Child,
    direction: Moved['direction'],
    event: string,
    movedBytes: number,
    findKept: () => number,
  ): Promise<void> {
    const keptBytes = findKept();
    child.forgetLines();
    const resumedAtBytes = await this.#waitForMoved(child, direction, 1);
    this.resumptions.push({ event, movedBytes, keptBytes, resumedAtBytes });
    this.#tell(
      `${event}: ${movedBytes} bytes had moved, ${keptBytes} were kept, it went on at ${resumedAtBytes}`,
    );
  }

  /** What lies on the server of the upload that is not whole. */
  #findUploadedBytes(): number {
    const folder = path.join(this.#server.dataFolder, 'uploads');
    return readdirSync(folder)
      .filter((name) => !name.endsWith('.json'))
      .reduce((most, name) => Math.max(most, statSync(path.join(folder, name)).size), 0);
  }

  #findPartBytes({ folder }: StagedWorkspace): number {
    const incoming = path.join(folder, 'files', 'incoming');
    const part = readdirSync(incoming).find((name) => name.startsWith(this.#sha256));
    return part === undefined || !existsSync(path.join(incoming, part))
      ? 0
      : statSync(path.join(incoming, part)).size;
  }

  async #restartServer(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    this.notePeaks();
    await this.#server.child?.end(signal);
    await this.#server.start();
    for (const { proxy } of this.#stage) proxy.moveTo(this.#server.port);
  }

  async #kill({ name }: StagedWorkspace): Promise<void> {
    this.notePeaks();
    await this.#running.get(name)?.child.end('SIGKILL');
    this.#running.delete(name);
  }

  async #end({ name }: StagedWorkspace): Promise<void> {
    this.notePeaks();
    await this.#running.get(name)?.child.end('SIGTERM');
    this.#running.delete(name);
  }

  notePeaks(): void {
    const note = (name: string, pid: number | undefined) => {
      if (pid === undefined || process.platform !== 'linux') return;
      this.peaksMb[name] = Math.max(this.peaksMb[name] ?? 0, readProcessMemory(pid).peakMb);
    };
    note('server', this.#server.child?.pid);
    for (const [name, { pid }] of this.#running) note(name, pid);
  }

  async endAll(): Promise<void> {
    for (const { child } of this.#running.values()) if (child.isRunning) await child.end('SIGKILL');
    if (this.#server.child?.isRunning === true) await this.#server.child.end('SIGTERM');
    for (const { proxy } of this.#stage) await proxy.close();
  }
}

/** Whether it arrived, and how much went twice. @returns what does not hold, in words; empty when all does. */
export function listTransferFaults(proof: Proof): string[] {
  const faults: string[] = [];
  if (proof.fetchedSha256 !== proof.sha256)
    faults.push(`the file arrived with the SHA-256 ${proof.fetchedSha256}, not ${proof.sha256}`);
  for (const { event, movedBytes, keptBytes, resumedAtBytes } of proof.resumptions) {
    if (movedBytes - keptBytes > chunkBytes)
      faults.push(`${event}: ${movedBytes - keptBytes} bytes were lost, more than one chunk`);
    if (resumedAtBytes + chunkBytes < keptBytes)
      faults.push(`${event}: it went on at ${resumedAtBytes}, though ${keptBytes} were there`);
  }
  return faults;
}

/** Which processes needed more memory than a file of any size may take. */
export function listMemoryFaults(proof: Proof): string[] {
  return Object.entries(proof.peaksMb)
    .filter(([, peakMb]) => peakMb >= 200)
    .map(([name, peakMb]) => `${name} had ${peakMb.toFixed(0)} MB in memory`);
}
