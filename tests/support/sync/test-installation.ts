import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AccountService } from '../../../src/main/workspace/accounts/account-service.ts';
import { workspaceMigrations } from '../../../src/main/workspace/database/migration-lists.ts';
import { openDatabase } from '../../../src/main/workspace/database/open-database.ts';
import type { WorkspaceDatabase } from '../../../src/main/workspace/database/workspace-tables.ts';
import { FileFolder } from '../../../src/main/workspace/files/file-folder.ts';
import { FileSecretStore } from '../../../src/main/workspace/ports/file-secret-store.ts';
import { createSystemPorts } from '../../../src/main/workspace/ports/system-ports.ts';
import { SeatRegistry } from '../../../src/main/workspace/seats/seat-registry.ts';
import type { Seat } from '../../../src/main/workspace/seats/seat.ts';
import { WorkspaceSync } from '../../../src/main/workspace/sync/workspace-sync.ts';
import type { EngineEvent } from '../../../src/shared/contract/events.ts';
import type { MembershipSummary } from '../../../src/shared/protocol/accounts.ts';
import { StintError } from '../../../src/shared/errors.ts';
import type { Clock } from '../../../src/shared/ports.ts';

const systemPorts = createSystemPorts();
export { systemPorts as ports };
export const uuid = (): string => systemPorts.randomness.uuid();

/** A folder of its own for one test, removed when `remove` is called. */
export async function makeTemporaryFolder(): Promise<{
  path: string;
  remove: () => Promise<void>;
}> {
  const path = await mkdtemp(join(tmpdir(), 'stint-test-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/**
 * The part of a workspace that synchronises: real databases, real files, a real server at the other end, and
 * no handlers. `sync` starts when the test says so.
 */
export interface TestInstallation {
  readonly folder: string;
  readonly files: FileFolder;
  readonly accounts: AccountService;
  readonly seats: SeatRegistry;
  readonly sync: WorkspaceSync;
  readonly events: EngineEvent[];
  takeSeat(accountKey: string, membership: MembershipSummary): Promise<Seat>;
  close(): Promise<void>;
}

/** @param clock this computer's, where it is not the machine's own. */
export async function openTestInstallation(
  folder: string,
  clock: Clock = systemPorts.clock,
): Promise<TestInstallation> {
  const ports = { ...systemPorts, clock };
  await mkdir(folder, { recursive: true });
  const events: EngineEvent[] = [];
  const emit = (event: EngineEvent) => events.push(event);
  const opened = await openDatabase<WorkspaceDatabase>(
    join(folder, 'workspace.db'),
    workspaceMigrations,
  );
  const files = new FileFolder(join(folder, 'files'), ports.randomness);
  await files.prepare();
  const secrets = new FileSecretStore(join(folder, 'secrets'));
  const accounts = new AccountService(opened, secrets, ports, emit);
  const seats = new SeatRegistry(join(folder, 'seats'), opened, ports, emit);
  await seats.openAll();
  const sync = new WorkspaceSync(seats, accounts, files, ports);
  return {
    folder,
    files,
    accounts,
    seats,
    sync,
    events,
    takeSeat: async (accountKey, membership) =>
      seats.open(await accounts.ensureSeat(accountKey, membership)),
    close: async () => {
      await sync.stop();
      await seats.closeAll();
      await opened.close();
    },
  };
}

/** Synchronises until nothing waits; fails the test, saying why, if that does not come about. */
export async function settle(installation: TestInstallation, timeoutMs = 15_000): Promise<void> {
  const outcome = await installation.sync.settle(timeoutMs);
  if (!outcome.isSettled)
    throw new Error(`not settled within ${timeoutMs} ms: ${JSON.stringify(outcome)}`);
}

/** Asks again and again until `condition` answers something; fails after `timeoutMs`. */
export async function waitFor<Value>(
  what: string,
  condition: () => Promise<Value | undefined | false>,
  timeoutMs = 15_000,
): Promise<Value> {
  const endMs = performance.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > endMs) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export async function catchStintError(action: () => Promise<unknown>): Promise<StintError> {
  try {
    await action();
  } catch (error) {
    if (error instanceof StintError) return error;
    throw error;
  }
  throw new Error('expected a StintError, and nothing was thrown');
}
