import { existsSync, globSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compareWithServer } from '../../src/cli/demo/compare-with-server.ts';
import { checkServer } from '../../src/server/check/check-server.ts';
import { SeededRandom } from '../bench/data/seeded-random.ts';
import { runOnPostgres } from '../support/postgres/run-on-postgres.ts';
import { startPostgres } from '../support/postgres/start-postgres.ts';
import { Faults } from './faults.ts';
import { loadIntents } from './intent-journal.ts';
import { listFileViolations, listViolations, type PersonsRecords } from './oracles.ts';
import { loadServerRecords } from './server-records.ts';
import { setStage, StagedServer, type StagedWorkspace } from './stage.ts';
import { loadWorkspaceRecords } from './workspace-records.ts';

export interface SoakOptions {
  readonly durationMs: number;
  readonly seed: number;
  readonly storage: 'sqlite' | 'postgres';
  readonly workspaceCount: number;
  /** Where PostgreSQL runs already; without it, one is started for this run. */
  readonly postgresUrl?: string;
  readonly say: (line: string) => void;
}

export interface SoakOutcome {
  readonly violations: readonly string[];
  readonly intents: number;
  readonly applied: number;
  readonly faults: ReadonlyMap<string, number>;
  /** Everything that was written, kept where something went wrong; undefined where it was removed. */
  readonly folder: string | undefined;
}

const settlePatienceMs = 90_000;

/** Real processes, broken lines, kills; at the end everything has to be as it was meant. */
export async function runSoak(options: SoakOptions): Promise<SoakOutcome> {
  const root = await mkdtemp(path.join(tmpdir(), 'stint-soak-'));
  await mkdir(path.join(root, 'server'));
  const closers: (() => Promise<unknown>)[] = [];
  let violations: readonly string[] = ['the run did not come to its end'];
  try {
    const databaseUrl =
      options.storage === 'postgres' ? await openPostgres(options, closers) : undefined;
    const outcome = await play(root, databaseUrl, options, closers);
    ({ violations } = outcome);
    return { ...outcome, folder: violations.length > 0 ? root : undefined };
  } finally {
    for (const close of closers.splice(0).reverse()) await close();
    if (violations.length === 0) await rm(root, { recursive: true, force: true });
    else options.say(`Everything that was written is kept in ${root}.`);
  }
}

async function openPostgres(
  { postgresUrl, seed }: SoakOptions,
  closers: (() => Promise<unknown>)[],
): Promise<string> {
  let baseUrl = postgresUrl;
  if (baseUrl === undefined) {
    const postgres = await startPostgres();
    closers.push(() => postgres.stop());
    ({ baseUrl } = postgres);
  }
  const name = `soak_${process.pid}_${seed}`;
  await runOnPostgres(`${baseUrl}/postgres`, `create database ${name}`);
  closers.push(() => runOnPostgres(`${baseUrl}/postgres`, `drop database ${name} with (force)`));
  return `${baseUrl}/${name}`;
}

async function play(
  root: string,
  databaseUrl: string | undefined,
  options: SoakOptions,
  closers: (() => Promise<unknown>)[],
): Promise<Omit<SoakOutcome, 'folder'>> {
  const { seed, say, workspaceCount, durationMs } = options;
  const serverCount = databaseUrl === undefined ? 1 : 4;
  const servers = Array.from(
    { length: serverCount },
    (_, index) => new StagedServer(root, index, databaseUrl),
  );
  closers.push(() => Promise.all(servers.map(async (server) => server.child?.end('SIGKILL'))));
  say(`${workspaceCount} workspaces, ${serverCount} server processes on ${options.storage}.`);
  const workspaces = await setStage({ root, servers, workspaceCount });
  closers.push(() => Promise.all(workspaces.map(({ proxy }) => proxy.close())));
  closers.push(() => Promise.all(workspaces.map(async ({ child }) => child?.end('SIGKILL'))));
  for (const workspace of workspaces) await workspace.start(seed);

  say(`Breaking things for ${Math.round(durationMs / 1000)} s.`);
  const faults = new Faults({
    servers,
    workspaces,
    random: new SeededRandom(seed),
    seed,
    ...(databaseUrl === undefined ? {} : { breakConnections: () => breakConnections(databaseUrl) }),
  });
  await faults.run(durationMs);
  say('No more faults: everybody finishes, and everything has to settle.');
  await faults.end();
  const unsettled = await settleAll(workspaces);

  const records: PersonsRecords[] = workspaces.map(({ name, folder, journalPath }) => ({
    name,
    intents: loadIntents(journalPath),
    workspace: loadWorkspaceRecords(folder),
  }));
  const replicas = await Promise.all(workspaces.map(compareReplica));
  for (const server of servers) await server.child?.end('SIGTERM');
  const dataFolder = path.join(root, 'server');
  const server = await loadServerRecords(dataFolder, databaseUrl);
  const { problems } = await checkServer({ dataFolder, databaseUrl });
  const files = await listFileViolations(
    workspaces.map(({ folder }) => folder),
    dataFolder,
    server.grantedHashes,
  );
  const intents = records.reduce((sum, person) => sum + person.intents.length, 0);
  return {
    violations: [
      ...unsettled,
      ...listViolations(records, server),
      ...replicas.flat(),
      ...files,
      ...problems,
      ...(intents === 0 ? ['nobody did anything, so nothing is proven'] : []),
      ...listComplaints(root, workspaces),
    ],
    intents,
    applied: server.log.filter(({ deviceId }) => deviceId !== null).length,
    faults: faults.counts,
  };
}

/** As an administrator, or a proxy before PostgreSQL, might end them. */
async function breakConnections(databaseUrl: string): Promise<void> {
  await runOnPostgres(
    databaseUrl,
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() order by random() limit 3`,
  );
}

/** Everybody stops acting; when the last is done, all settle once more, and end. */
async function settleAll(workspaces: readonly StagedWorkspace[]): Promise<string[]> {
  const isSettled = (outcome: unknown): boolean =>
    (outcome as { isSettled?: boolean }).isSettled === true;
  const settleEach = () =>
    Promise.all(
      workspaces.map(async ({ name, child }) => {
        const given = Promise.withResolvers<false>();
        const timer = setTimeout(() => given.resolve(false), settlePatienceMs);
        const settled = await Promise.race([child?.hear('settled', isSettled), given.promise]);
        clearTimeout(timer);
        if (settled !== false && settled !== undefined) return [];
        const last = settled === false ? await child?.hear('settled') : 'the process ended';
        return [`${name} did not settle: ${JSON.stringify(last)}`];
      }),
    );
  for (const { child } of workspaces) child?.tell('finish');
  const first = (await settleEach()).flat();
  if (first.length > 0) return first;
  // What the last of them sent has to reach the others: only what is said from now on counts.
  for (const { child } of workspaces) child?.forgetLines();
  const second = (await settleEach()).flat();
  for (const { child } of workspaces) child?.tell('end');
  for (const { child } of workspaces) await child?.waitForEnd();
  return second;
}

async function compareReplica({ name, folder }: StagedWorkspace): Promise<string[]> {
  const { differences, rows } = await compareWithServer(folder);
  return [
    ...differences.map((difference) => `${name} differs from the server: ${difference}`),
    ...(rows === 0 ? [`${name} sees nothing on the server`] : []),
  ];
}

/** A workspace complains on standard error of nothing but its own crash; a server may log faults of its database. */
function listComplaints(root: string, workspaces: readonly StagedWorkspace[]): string[] {
  const read = (name: string): string => {
    const file = path.join(root, `${name}.log`);
    return existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  };
  const ofWorkspaces = workspaces.flatMap(({ name }) => {
    const text = read(name);
    return text === '' ? [] : [`the process of ${name} complained: ${text.slice(0, 500)}`];
  });
  const ofServers = globSync('server-*.log', { cwd: root }).flatMap((file) => {
    const line = readFileSync(path.join(root, file), 'utf8')
      .split('\n')
      .find((candidate) => /Warning: |a fault in Stint/.test(candidate));
    return line === undefined ? [] : [`${file}: ${line.slice(0, 500)}`];
  });
  return [...ofWorkspaces, ...ofServers];
}
