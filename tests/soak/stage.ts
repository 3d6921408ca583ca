import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { stintProgram } from '../support/stint-program.ts';
import { type TcpProxy, startTcpProxy } from '../support/sync/tcp-proxy.ts';
import {
  openTestInstallation,
  settle,
  type TestInstallation,
  uuid,
} from '../support/sync/test-installation.ts';
import {
  assignTask,
  inviteToProject,
  join,
  setUpOrganization,
  signInAgain,
} from '../support/sync/test-organization.ts';
import { Child } from './child.ts';
import type { Role } from './person.ts';
import type { DriverOptions } from './workspace-driver.ts';

const driverProgram = path.join(import.meta.dirname, 'workspace-driver.ts');

/** One of the server's processes; it comes up on another port each time. */
export class StagedServer {
  readonly dataFolder: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #complaintsPath: string;
  child: Child | undefined;
  port = 0;

  constructor(root: string, index: number, databaseUrl: string | undefined) {
    this.dataFolder = path.join(root, 'server');
    this.#env = {
      NODE_OPTIONS: '--trace-deprecation',
      ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
    };
    this.#complaintsPath = path.join(root, `server-${index}.log`);
  }

  /** Tries again where it did not come up, as whoever watches over a service does. */
  async start(): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const child = new Child(
        stintProgram,
        ['server', '--data', this.dataFolder, '--log-level', 'error'],
        { env: this.#env, complaintsPath: this.#complaintsPath },
      );
      this.child = child;
      const url = await child.hear('url');
      if (typeof url === 'string') {
        this.port = Number(new URL(url).port);
        return;
      }
      if (attempt === 5) throw new Error(`a server did not come up; see ${this.#complaintsPath}`);
    }
  }
}

/** One person's workspace, its line to the server, and the process that works in it. */
export class StagedWorkspace {
  readonly name: string;
  readonly role: Role;
  readonly folder: string;
  readonly journalPath: string;
  readonly proxy: TcpProxy;
  readonly #root: string;
  child: Child | undefined;
  #runs = 0;

  constructor(root: string, name: string, role: Role, proxy: TcpProxy) {
    this.name = name;
    this.role = role;
    this.proxy = proxy;
    this.#root = root;
    this.folder = path.join(root, name);
    this.journalPath = path.join(root, `${name}.journal`);
    mkdirSync(path.join(root, `${name}-inputs`), { recursive: true });
  }

  async start(seed: number): Promise<void> {
    this.#runs += 1;
    const options: DriverOptions = {
      folder: this.folder,
      journalPath: this.journalPath,
      inputsFolder: path.join(this.#root, `${this.name}-inputs`),
      role: this.role,
      name: `${this.name}-${this.#runs}`,
      seed: seed + this.#runs,
      longestThoughtMs: 250,
    };
    const complaintsPath = path.join(this.#root, `${this.name}.log`);
    const child = new Child(driverProgram, [JSON.stringify(options)], { complaintsPath });
    this.child = child;
    await child.hear('ready');
    if (child.hasCrashed)
      throw new Error(`the workspace of ${this.name} did not open; see ${complaintsPath}`);
  }
}

/** Every third workspace is a second device of the intern before it. */
function computeRole(index: number): Role {
  if (index === 0) return 'employer';
  return index % 3 === 2 ? 'second_device' : 'intern';
}

const namePrefixes = { employer: 'ada', intern: 'intern', second_device: 'second' } as const;

/**
 * An employer and interns in one organization, each joined, with a task each, some with two devices; nobody runs any
 * more but the servers.
 */
export async function setStage(options: {
  readonly root: string;
  readonly servers: readonly StagedServer[];
  readonly workspaceCount: number;
}): Promise<StagedWorkspace[]> {
  const { root, servers, workspaceCount } = options;
  for (const server of servers) await server.start();
  const workspaces: StagedWorkspace[] = [];
  for (let index = 0; index < workspaceCount; index += 1) {
    const proxy = await startTcpProxy(servers[index % servers.length]?.port ?? 0);
    const role = computeRole(index);
    workspaces.push(new StagedWorkspace(root, `${namePrefixes[role]}${index}`, role, proxy));
  }
  const [employer, ...interns] = workspaces;
  if (employer === undefined) throw new Error('expected at least one workspace');
  await open(employer, async (desk) => {
    const seat = await setUpOrganization(desk, employer.proxy.url);
    desk.sync.start();
    let email = '';
    for (const intern of interns)
      await open(intern, async (laptop) => {
        if (intern.role === 'second_device') await signInAgain(laptop, intern.proxy.url, email);
        else {
          email = `${uuid()}@example.org`;
          const employment = await inviteToProject(seat);
          await settle(desk, 60_000);
          await join(laptop, intern.proxy.url, employment.code, email);
          await assignTask(seat, employment.engagementId);
          await settle(desk, 60_000);
        }
        laptop.sync.start();
        await settle(laptop, 60_000);
      });
  });
  return workspaces;
}

async function open(
  { folder }: StagedWorkspace,
  action: (installation: TestInstallation) => Promise<void>,
): Promise<void> {
  const installation = await openTestInstallation(folder);
  try {
    await action(installation);
  } finally {
    await installation.close();
  }
}
