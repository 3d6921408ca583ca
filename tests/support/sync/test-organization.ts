import type { Seat } from '../../../src/main/workspace/seats/seat.ts';
import type { ManifestFile } from '../../../src/shared/domain/manifest.ts';
import {
  type RunningServer,
  startServer,
  type StartServerOptions,
} from '../../../src/server/start-server.ts';
import { placeMigratedDatabase } from '../server/migrated-database.ts';
import { quickPasswords } from '../server/quick-passwords.ts';
import { ports, settle, type TestInstallation, uuid } from './test-installation.ts';

const password = 'correct horse battery';

export async function startTestServer(
  dataFolder: string,
  port = 0,
  changes: Partial<StartServerOptions> = {},
): Promise<RunningServer> {
  await placeMigratedDatabase(dataFolder);
  const ports = { ...quickPasswords, ...changes.ports };
  return startServer({ dataFolder, port, logLevel: 'silent', ...changes, ports });
}

/** An employer's seat in a new organization on this server. */
export async function setUpOrganization(
  installation: TestInstallation,
  serverUrl: string,
): Promise<Seat> {
  const { accountKey } = await installation.accounts.enter(
    serverUrl,
    {
      kind: 'new',
      email: `${uuid()}@example.org`,
      password,
      name: 'Ada Owner',
      timeZone: 'Europe/Berlin',
    },
    { deviceName: 'Desk' },
  );
  const membership = await installation.accounts.createOrganization(accountKey, {
    name: 'Acorn',
    timeZone: 'Europe/Berlin',
  });
  return installation.takeSeat(accountKey, membership);
}

export interface Employment {
  readonly projectId: string;
  readonly engagementId: string;
  readonly code: string;
}

/** A project and an invitation to it, made on the employer's seat and not yet sent. */
export async function inviteToProject(employer: Seat): Promise<Employment> {
  const projectId = uuid();
  await employer.mutate(
    'project.create',
    {
      projectId,
      terms: {
        title: 'Market research',
        brief: 'Find out what people pay.',
        category: 'research',
        categoryName: null,
        hourBudgetMinutes: 1200,
        pay: { kind: 'fixed', amountMinor: 40_000, currency: 'EUR' },
        timeZone: 'Europe/Berlin',
        startsOn: '2026-01-01',
        endsOn: '2027-12-31',
        graceMinutes: 720,
        latePolicy: 'Late work is read as well.',
        roundsIncluded: 2,
        rubric: [],
        rounding: null,
      },
    },
    { subject: 'Market research' },
  );
  const code = Buffer.from(ports.randomness.bytes(32)).toString('base64url');
  const engagementId = uuid();
  await employer.mutate(
    'engagement.invite',
    {
      invitationId: uuid(),
      engagementId,
      projectId,
      codeHash: ports.sha256Hex(code),
      invitedName: 'Ines',
      invitedEmail: null,
      expiresAt: '2099-01-01T00:00:00.000Z',
    },
    { subject: 'Ines' },
  );
  return { projectId, engagementId, code };
}

/** The invited person's seat, on an installation of theirs. */
export async function join(
  installation: TestInstallation,
  serverUrl: string,
  code: string,
  email = `${uuid()}@example.org`,
): Promise<Seat> {
  const { accountKey } = await installation.accounts.enter(
    serverUrl,
    { kind: 'new', email, password, name: 'Ines Intern', timeZone: 'Europe/Lisbon' },
    { invitationCode: code, deviceName: 'Laptop' },
  );
  const membership = await installation.accounts.acceptInvitation(accountKey, code);
  return installation.takeSeat(accountKey, membership);
}

/** A second device of a person who has an account on the server already. */
export async function signInAgain(
  installation: TestInstallation,
  serverUrl: string,
  email: string,
  newPassword = password,
): Promise<Seat> {
  const { accountKey, account } = await installation.accounts.enter(
    serverUrl,
    { kind: 'existing', email, password: newPassword },
    { deviceName: 'Second laptop' },
  );
  const membership = account.memberships[0];
  if (membership === undefined) throw new Error('this account belongs to no organization');
  return installation.takeSeat(accountKey, membership);
}

export interface AssignedTask {
  readonly taskId: string;
  readonly briefVersionId: string;
  readonly deadlineId: string;
  readonly criterionIds: readonly string[];
}

export async function assignTask(
  employer: Seat,
  engagementId: string,
  options: {
    readonly title?: string;
    readonly wall?: string;
    readonly references?: ManifestFile[];
  } = {},
): Promise<AssignedTask> {
  const task = {
    taskId: uuid(),
    briefVersionId: uuid(),
    deadlineId: uuid(),
    criterionIds: [uuid(), uuid()],
  };
  await employer.mutate(
    'task.assign',
    {
      taskId: task.taskId,
      engagementId,
      title: options.title ?? 'Survey prices',
      briefVersionId: task.briefVersionId,
      instructions: '# Prices\n\nLook at twelve shops.',
      criteria: task.criterionIds.map((id, index) => ({ id, text: `Criterion ${index + 1}` })),
      deadlineId: task.deadlineId,
      deadline: { wall: options.wall ?? '2099-06-30T17:00', zone: 'Europe/Berlin' },
      estimateMinutes: 240,
      references: options.references ?? [],
    },
    { subject: options.title ?? 'Survey prices' },
  );
  return task;
}

export async function submit(
  intern: Seat,
  task: AssignedTask,
  work: { readonly note?: string; readonly files?: ManifestFile[] } = {},
): Promise<string> {
  const submissionId = uuid();
  await intern.mutate(
    'submission.create',
    {
      submissionId,
      taskId: task.taskId,
      briefVersionId: task.briefVersionId,
      deadlineId: task.deadlineId,
      note: work.note ?? 'Done.',
      ticked: [...task.criterionIds],
      files: work.files ?? [],
    },
    { subject: 'Survey prices' },
  );
  return submissionId;
}

export interface Pair {
  readonly employer: Seat;
  readonly intern: Seat;
  readonly internEmail: string;
  readonly employment: Employment;
  readonly task: AssignedTask;
}

/** An employer and an intern with one task, each on an installation of their own, in step with the server. */
export async function setUpPair(
  employerInstallation: TestInstallation,
  internInstallation: TestInstallation,
  serverUrl: string,
  internServerUrl = serverUrl,
): Promise<Pair> {
  const employer = await setUpOrganization(employerInstallation, serverUrl);
  employerInstallation.sync.start();
  const employment = await inviteToProject(employer);
  await settle(employerInstallation);
  const internEmail = `${uuid()}@example.org`;
  const intern = await join(internInstallation, internServerUrl, employment.code, internEmail);
  const task = await assignTask(employer, employment.engagementId);
  await settle(employerInstallation);
  internInstallation.sync.start();
  await settle(internInstallation);
  return { employer, intern, internEmail, employment, task };
}
