import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AccountService } from '../../../src/main/workspace/accounts/account-service.ts';
import { agreementHandlers } from '../../../src/main/workspace/agreement/agreement-handlers.ts';
import { workspaceMigrations } from '../../../src/main/workspace/database/migration-lists.ts';
import { getBundleJobs } from '../../../src/main/workspace/bundles/bundle-jobs.ts';
import { openDatabase } from '../../../src/main/workspace/database/open-database.ts';
import type { WorkspaceDatabase } from '../../../src/main/workspace/database/workspace-tables.ts';
import { deskHandlers } from '../../../src/main/workspace/desk/desk-handlers.ts';
import type { Workspace } from '../../../src/main/workspace/engine/workspace.ts';
import { FileFolder } from '../../../src/main/workspace/files/file-folder.ts';
import { ImportList } from '../../../src/main/workspace/files/import-list.ts';
import { FileSecretStore } from '../../../src/main/workspace/ports/file-secret-store.ts';
import {
  createSystemPorts,
  type WorkspacePorts,
} from '../../../src/main/workspace/ports/system-ports.ts';
import { hoursRuleHandlers } from '../../../src/main/workspace/hours/hours-rule-handlers.ts';
import { SeatRegistry } from '../../../src/main/workspace/seats/seat-registry.ts';
import type { Seat } from '../../../src/main/workspace/seats/seat.ts';
import { WorkspaceSync } from '../../../src/main/workspace/sync/workspace-sync.ts';
import { TimerService } from '../../../src/main/workspace/timer/timer-service.ts';
import { askedHandlers } from '../../../src/main/workspace/work/asked-handlers.ts';
import { workHandlers } from '../../../src/main/workspace/work/work-handlers.ts';
import {
  contract,
  type RequestInput,
  type RequestOutput,
} from '../../../src/shared/contract/contract.ts';
import type { EngineEvent } from '../../../src/shared/contract/events.ts';
import type { StagedFile } from '../../../src/shared/contract/shapes.ts';
import type { Role } from '../../../src/shared/domain/fields.ts';
import { domainTables } from '../../../src/shared/database/domain-tables.ts';
import { StintError } from '../../../src/shared/errors.ts';
import { parseInput } from '../../../src/shared/validation.ts';
import { importHandlers } from '../../../src/main/workspace/imports/import-handlers.ts';
import { FakeMachine } from './fake-machine.ts';

const handlers = {
  ...workHandlers,
  ...hoursRuleHandlers,
  ...deskHandlers,
  ...askedHandlers,
  ...agreementHandlers,
  ...importHandlers,
};
type HandledName = keyof typeof handlers;

export const uuid = (): string => createSystemPorts().randomness.uuid();

export interface TestWorkspace {
  readonly workspace: Workspace;
  readonly machine: FakeMachine;
  readonly events: EngineEvent[];
  /** Passes the request through the contract's schemas on both ways, as `dispatch` does. */
  ask<Name extends HandledName>(
    name: Name,
    input: RequestInput<Name>,
  ): Promise<RequestOutput<Name>>;
  /** The program ends without a word and starts again `offMs` later, on the same folder. */
  kill(offMs: number): Promise<void>;
  /** Lets the machine run, with every alarm's consequences done. */
  run(durationMs: number): Promise<void>;
  stage(name: string, content: string | Uint8Array): Promise<StagedFile>;
  close(): Promise<void>;
}

/**
 * A workspace in a folder of its own: real databases and files, clocks that the test holds, and a sync that
 * was never started (there is no server).
 */
export async function openTestWorkspace(
  options: {
    now?: string;
    zone?: string | (() => string);
    readIdleMs?: () => number;
    /** A folder to begin with a copy of: the same person's other computer. */
    copyOf?: string;
  } = {},
): Promise<TestWorkspace> {
  const folder = await mkdtemp(join(tmpdir(), 'stint-workspace-'));
  if (options.copyOf !== undefined) await cp(options.copyOf, folder, { recursive: true });
  const machine = new FakeMachine(options.now ?? '2026-03-02T09:00:00.000Z');
  const ports: WorkspacePorts = {
    ...createSystemPorts(),
    clock: machine.clock,
    timers: machine.timers,
    localTimeZone: () =>
      typeof options.zone === 'function' ? options.zone() : (options.zone ?? 'Europe/Berlin'),
  };
  const events: EngineEvent[] = [];
  const emit = (event: EngineEvent) => void events.push(event);
  const opened = await openDatabase<WorkspaceDatabase>(
    join(folder, 'workspace.db'),
    workspaceMigrations,
  );
  const files = new FileFolder(join(folder, 'files'), ports.randomness);
  await files.prepare();
  const secrets = new FileSecretStore(join(folder, 'secrets'));
  const accounts = new AccountService(opened, secrets, ports, emit);
  const seats = new SeatRegistry(join(folder, 'seats'), opened, ports, emit);
  const workspace = {
    folder,
    version: '0.0.0',
    db: opened.db,
    opened,
    ports,
    secrets,
    accounts,
    files,
    imports: new ImportList(ports),
    seats,
    sync: new WorkspaceSync(seats, accounts, files, ports),
    timer: new TimerService({ ports, seats, emit, readIdleMs: options.readIdleMs }),
    host: {
      kind: 'command_line' as const,
      openExternal: async () => {},
      startSample: async () => {
        throw new StintError('unavailable', 'there is no sample in this test');
      },
      getUpdateState: () => ({ state: 'off' as const, version: null, message: null }),
      installUpdate: async () => {},
    },
    exportsFolder: join(folder, 'exports'),
    emit,
  };
  await seats.openAll();
  return {
    workspace,
    machine,
    events,
    ask: async (name, input) => {
      const args = parseInput(contract[name].input, input, name);
      const handler = handlers[name] as (args: unknown, workspace: Workspace) => Promise<unknown>;
      return contract[name].output.parse(await handler(args, workspace)) as never;
    },
    kill: async (offMs) => {
      machine.restart(offMs);
      await seats.closeAll();
      await seats.openAll();
      workspace.timer = new TimerService({ ports, seats, emit, readIdleMs: options.readIdleMs });
      await workspace.timer.recover();
    },
    run: (durationMs) => machine.run(durationMs, () => workspace.timer.find()),
    stage: async (name, content) => {
      const stored = await files.importStream(streamOf(content));
      const staged = { stagedId: uuid(), name, mediaType: 'text/plain', ...stored };
      await opened.db
        .insertInto('stagedFiles')
        .values({ ...staged, createdAt: machine.now })
        .execute();
      return staged;
    },
    close: async () => {
      await workspace.timer.close();
      await getBundleJobs(workspace).close();
      await seats.closeAll();
      await opened.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function* streamOf(content: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield typeof content === 'string' ? Buffer.from(content) : content;
}

export interface TestOrganization {
  readonly orgId: string;
  readonly owner: Seat;
  readonly intern: Seat;
  readonly projectId: string;
  readonly engagementId: string;
}

/** One more place in an organization on this computer, with an account of its own. */
export async function addSeat(
  test: TestWorkspace,
  seat: { orgId: string; membershipId: string; role: Role; accountId: string },
): Promise<Seat> {
  const { db } = test.workspace;
  const seatId = uuid();
  const { accountId, ...place } = seat;
  await db
    .insertInto('accounts')
    .values({
      accountKey: accountId,
      serverUrl: 'https://stint.example.org',
      accountId,
      email: `${seat.role}@example.org`,
      deviceId: uuid(),
      isSample: 0,
      signedOutAt: null,
    })
    .execute();
  await db
    .insertInto('seats')
    .values({
      seatId,
      accountKey: accountId,
      ...place,
      organizationName: 'Tidewater Research',
      createdAt: test.machine.now,
    })
    .execute();
  return test.workspace.seats.open(seatId);
}

/**
 * An organization with an owner and an active intern, both as seats of this workspace, and one project.
 * The rows are as the server would have sent them.
 */
export async function addOrganization(test: TestWorkspace): Promise<TestOrganization> {
  const orgId = uuid();
  const ownerId = uuid();
  const internId = uuid();
  const projectId = uuid();
  const engagementId = uuid();
  const ownerAccount = uuid();
  const internAccount = uuid();
  const at = '2026-03-01T08:00:00.000Z';
  const owner = await addSeat(test, {
    orgId,
    membershipId: ownerId,
    role: 'owner',
    accountId: ownerAccount,
  });
  const intern = await addSeat(test, {
    orgId,
    membershipId: internId,
    role: 'intern',
    accountId: internAccount,
  });
  await owner.db
    .insertInto('organizations')
    .values({
      orgId,
      id: orgId,
      scope: 'org',
      name: 'Tidewater Research',
      timeZone: 'Europe/Berlin',
      createdAt: at,
      receiptKeyId: 'key',
      receiptPublicKey: 'public',
    })
    .execute();
  const member = { orgId, timeZone: 'Europe/Berlin', status: 'active' as const, joinedAt: at };
  await owner.db
    .insertInto('memberships')
    .values([
      {
        ...member,
        id: ownerId,
        scope: 'org',
        accountId: ownerAccount,
        role: 'owner',
        displayName: 'Olga Weber',
        email: 'owner@example.org',
      },
      {
        ...member,
        id: internId,
        scope: `member:${internId}`,
        accountId: internAccount,
        role: 'intern',
        displayName: 'Inês Duarte',
        email: 'intern@example.org',
      },
    ])
    .execute();
  const terms = {
    hourBudgetMinutes: 20 * 60,
    payKind: 'fixed' as const,
    payAmountMinor: 30_000,
    payCurrency: 'EUR',
    startsOn: '2026-03-01',
    endsOn: '2026-04-30',
  };
  await owner.db
    .insertInto('projects')
    .values({
      orgId,
      id: projectId,
      scope: `project:${projectId}`,
      title: 'Coastal cafés',
      brief: 'Who drinks what, and where.',
      category: 'research',
      categoryName: null,
      ...terms,
      timeZone: 'Europe/Berlin',
      graceMinutes: 30,
      latePolicy: 'Tell us early.',
      roundsIncluded: 2,
      createdBy: ownerId,
      createdAt: at,
      closedAt: null,
    })
    .execute();
  await owner.db
    .insertInto('engagements')
    .values({
      orgId,
      id: engagementId,
      scope: `engagement:${engagementId}`,
      projectId,
      membershipId: internId,
      invitedName: 'Inês',
      invitedEmail: null,
      status: 'active',
      ...terms,
      createdAt: at,
      agreedAt: at,
      endedAt: null,
    })
    .execute();
  await carryRows(owner, intern);
  return { orgId, owner, intern, projectId, engagementId };
}

/** Brings what one seat holds to another, but for what is private: as a push and a pull would. */
export async function carryRows(from: Seat, to: Seat): Promise<void> {
  for (const table of domainTables)
    for (const row of await from.db
      .selectFrom(table as 'tasks')
      .selectAll()
      .where('scope', 'not like', 'private:%')
      .execute())
      await to.db
        .replaceInto(table as 'tasks')
        .values(row)
        .execute();
}

/** What the server does once it has everything: nothing is pending, and the files are there. */
export async function markAllOnServer(seat: Seat): Promise<void> {
  await seat.db.updateTable('outboxStates').set({ state: 'settled' }).execute();
}

export async function assignTestTask(
  test: TestWorkspace,
  organization: TestOrganization,
  task: Partial<RequestInput<'task.assign'>> = {},
): Promise<string> {
  const { taskId } = await test.ask('task.assign', {
    seatId: organization.owner.record.seatId,
    engagementId: organization.engagementId,
    title: 'Interview five owners',
    instructions: 'Ask about **oat milk**.',
    criteria: ['Five interviews', 'One page each'],
    deadline: { wall: '2026-03-10T17:00', zone: 'Europe/Berlin' },
    estimateMinutes: 120,
    ...task,
  });
  await markAllOnServer(organization.owner);
  await carryRows(organization.owner, organization.intern);
  return taskId;
}

/** The error that a request is refused with; fails when it is not. */
export async function catchRefusal(answer: Promise<unknown>): Promise<StintError> {
  try {
    await answer;
  } catch (error) {
    if (error instanceof StintError) return error;
    throw error;
  }
  throw new Error('expected the request to be refused, and it was answered');
}
