import { randomBytes } from 'node:crypto';
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { locateAppFiles } from '../../main/hosting/app-files.ts';
import { askEngine } from '../../main/sample/ask-engine.ts';
import { SampleDays } from '../../main/sample/sample-days.ts';
import { SampleEmployer } from '../../main/sample/sample-employer.ts';
import { SampleIntern } from '../../main/sample/sample-intern.ts';
import { loadSample, type Sample } from '../../server/sample/sample-format.ts';
import { verifyCommand } from '../commands/verify-command.ts';
import { printLine } from '../print.ts';
import { type Comparison, compareWithServer } from './compare-with-server.ts';
import { type DemoWorkspace, openDemoWorkspace } from './demo-workspace.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';
import { StepPrinter } from './step-printer.ts';

/** The shortest stretch that the timer records is a second. */
const timerRunMs = 1100;

/**
 * Plays the sample micro-internship in `folder`: a server process on this machine, a workspace for each
 * person, the server stopped while the intern works.
 *
 * @returns whether the bundle is whole and both workspaces agree with the server.
 */
export async function runDemo(folder: string): Promise<boolean> {
  const { version, resourcesFolder } = locateAppFiles(import.meta.dirname);
  const sampleFolder = path.join(resourcesFolder, 'sample');
  const sample = await loadSample(sampleFolder);
  const demo = new Demo(folder, sample, sampleFolder, version);
  try {
    return await demo.run();
  } finally {
    await demo.close();
  }
}

class Demo {
  readonly #folder: string;
  readonly #sample: Sample;
  readonly #sampleFolder: string;
  readonly #version: string;
  readonly #days: SampleDays;
  readonly #steps = new StepPrinter();
  readonly #taskIds = new Map<string, string>();
  #server: ServerProcess | undefined;
  readonly #workspaces: DemoWorkspace[] = [];

  constructor(folder: string, sample: Sample, sampleFolder: string, version: string) {
    this.#folder = folder;
    this.#sample = sample;
    this.#sampleFolder = sampleFolder;
    this.#version = version;
    this.#days = new SampleDays(Date.now(), sample.project.timeZone);
  }

  async run(): Promise<boolean> {
    const { employer: boss, intern: student } = this.#sample;
    const serverUrl = await this.#startServer('Start the server', 0);
    const employerDesk = await this.#open('employer', boss.timeZone);
    const internDesk = await this.#open('intern', student.timeZone);
    const employer = this.#play(SampleEmployer, employerDesk);
    const intern = this.#play(SampleIntern, internDesk);

    const engagementId = await this.#assign({
      employer,
      employerDesk,
      intern,
      internDesk,
      serverUrl,
    });

    const { port } = this.#getServer();
    await this.#steps.run('Stop the server: the intern is on a train', () => this.#stopServer());
    await this.#workOffline(intern, internDesk);
    await this.#startServer('Start the server again, on the same data', port);
    await this.#handIn(employerDesk, internDesk);
    await this.#review(employer, employerDesk, internDesk);
    await this.#resubmit(intern, internDesk, employerDesk);
    await this.#acceptTheRest(employer, employerDesk, engagementId);
    await this.#steps.run("The intern's workspace receives the decisions", internDesk.settle);

    const isWhole = await this.#exportBundle(employer, employerDesk, engagementId);
    for (const workspace of this.#workspaces.splice(0)) await workspace.close();
    const agrees = [await this.#compare('employer'), await this.#compare('intern')];
    await this.#steps.run('Stop the server', () => this.#stopServer());
    const isGood = isWhole && agrees.every(Boolean);
    printLine('');
    printLine(
      isGood
        ? `Done in ${this.#steps.computeTotalMs()} ms: ${path.join(this.#folder, 'bundle.zip')}`
        : 'The demo did not end well; the lines above say where.',
    );
    return isGood;
  }

  async close(): Promise<void> {
    for (const workspace of this.#workspaces.splice(0)) await workspace.close();
    await this.#stopServer();
  }

  async #assign(roles: {
    readonly employer: SampleEmployer;
    readonly employerDesk: DemoWorkspace;
    readonly intern: SampleIntern;
    readonly internDesk: DemoWorkspace;
    readonly serverUrl: string;
  }): Promise<string> {
    const { employer, employerDesk, intern, internDesk, serverUrl } = roles;
    await this.#steps.run(
      `${this.#sample.employer.name} sets up ${this.#sample.organization.name}`,
      () => employer.setUpOrganization(serverUrl, createPassword()),
    );
    const projectId = await this.#steps.run('Create the project', () => employer.createProject());
    const { engagementId, link } = await this.#steps.run('Invite the intern', async () => {
      const invited = await employer.inviteIntern(projectId);
      await employerDesk.settle();
      return invited;
    });
    await this.#steps.run(`${this.#sample.intern.name} joins with the link`, () =>
      intern.join(link, createPassword()),
    );
    for (const task of this.#sample.tasks) {
      const taskId = await this.#steps.run(
        `Assign "${task.title}"`,
        () => employer.assignTask(engagementId, task),
        () => `${task.referenceFiles.length} reference files`,
      );
      this.#taskIds.set(task.key, taskId);
    }
    await this.#steps.run('Send tasks and reference files', employerDesk.settle);
    await this.#steps.run(
      "They arrive in the intern's workspace",
      internDesk.settle,
      ({ receivedRows }) => `${receivedRows} rows received`,
    );
    return engagementId;
  }

  async #workOffline(intern: SampleIntern, desk: DemoWorkspace): Promise<void> {
    for (const [index, work] of this.#sample.work.entries()) {
      const taskId = this.#getTaskId(work.task);
      const [round] = work.rounds;
      if (round === undefined) continue;
      await this.#steps.run(
        `Offline: work on "${this.#getTitle(work.task)}"`,
        async () => {
          await intern.readBrief(taskId);
          await intern.recordTime(taskId, round);
          if (index === 0) await runTimer(desk, intern.seatId, taskId);
          await intern.prepareDraft(taskId, round);
          await intern.submit(taskId);
        },
        () => `${round.deliverables.length} files, ${round.timeEntries.length} stretches of time`,
      );
    }
    await this.#steps.run(
      'Offline: everything is saved on this computer and waits',
      () => askEngine(desk.engine, 'sync.status', {}),
      ({ overall }) => {
        if (overall.isOnline || overall.waitingChanges === 0)
          throw new Error('expected the workspace to be offline, with changes waiting');
        return `${overall.waitingChanges} changes, ${overall.waitingBytes} bytes`;
      },
    );
  }

  async #handIn(employerDesk: DemoWorkspace, internDesk: DemoWorkspace): Promise<void> {
    const count = this.#sample.work.length;
    await this.#steps.run("The employer's workspace is back online", employerDesk.settle);
    await this.#steps.run(
      'The intern is back online: changes and files go by themselves',
      internDesk.settle,
      ({ sentChanges }) => `${sentChanges} changes sent so far`,
    );
    await this.#steps.run('The intern has a receipt for each submission', async () => {
      for (const { taskId, seatId } of await listOwnTasks(internDesk)) {
        const { submissions } = await askEngine(internDesk.engine, 'task.get', { seatId, taskId });
        if (submissions.some(({ receipt }) => receipt === null))
          throw new Error('a submission has no receipt');
      }
    });
    await this.#steps.run(
      'The employer is told of each submission',
      () => employerDesk.waitForArrivals('submission', count),
      () => `${count} submissions`,
    );
    await this.#steps.run('Their files arrive as well', employerDesk.settle);
  }

  async #review(
    employer: SampleEmployer,
    employerDesk: DemoWorkspace,
    internDesk: DemoWorkspace,
  ): Promise<void> {
    const decisions = await this.#steps.run(
      'The employer reviews every submission',
      async () => {
        const counts = { accepted: 0, changes_requested: 0 };
        for (const { submission } of await employer.listWaiting()) {
          const review = this.#getWork(submission.taskId).rounds[submission.revision - 1]?.review;
          if (review === undefined) throw new Error('the sample has no such review');
          await employer.decide(submission, review);
          counts[review.decision] += 1;
        }
        await employerDesk.settle();
        return counts;
      },
      ({ accepted, changes_requested }) =>
        `${accepted} accepted, ${changes_requested} with changes requested`,
    );
    await this.#steps.run('The intern is told of each decision', async () => {
      await internDesk.waitForArrivals('review', decisions.accepted + decisions.changes_requested);
    });
  }

  async #resubmit(
    intern: SampleIntern,
    internDesk: DemoWorkspace,
    employerDesk: DemoWorkspace,
  ): Promise<void> {
    for (const work of this.#sample.work) {
      const taskId = this.#getTaskId(work.task);
      for (const round of work.rounds.slice(1)) {
        await this.#steps.run(`Hand in "${this.#getTitle(work.task)}" again`, async () => {
          await intern.recordTime(taskId, round);
          await intern.prepareDraft(taskId, round);
          await intern.submit(taskId);
          await internDesk.settle();
        });
      }
    }
    await this.#steps.run('The new revisions arrive at the employer', employerDesk.settle);
  }

  async #acceptTheRest(
    employer: SampleEmployer,
    desk: DemoWorkspace,
    engagementId: string,
  ): Promise<void> {
    await this.#steps.run('Accept what was handed in again', async () => {
      for (const { submission } of await employer.listWaiting()) {
        const review = this.#getWork(submission.taskId).rounds[submission.revision - 1]?.review;
        if (review !== undefined) await employer.decide(submission, review);
      }
    });
    await this.#steps.run('Complete the engagement', async () => {
      const { seatId } = employer;
      await askEngine(desk.engine, 'engagement.complete', { seatId, engagementId });
      await desk.settle();
    });
  }

  async #exportBundle(
    employer: SampleEmployer,
    desk: DemoWorkspace,
    engagementId: string,
  ): Promise<boolean> {
    const target = path.join(this.#folder, 'bundle.zip');
    const exported = await this.#steps.run(
      'Export the bundle',
      async () => {
        const { seatId } = employer;
        const bundle = await askEngine(desk.engine, 'bundle.export', { seatId, engagementId });
        await copyFile(bundle.path, target);
        return bundle;
      },
      ({ sizeBytes }) => `${sizeBytes} bytes`,
    );
    for (const missing of exported.missing) printLine(`    missing  ${missing}`);
    const status = await this.#steps.run('stint verify bundle.zip', () =>
      verifyCommand.run([target]),
    );
    return status === 0 && exported.missing.length === 0;
  }

  async #compare(name: 'employer' | 'intern'): Promise<boolean> {
    const comparison = await this.#steps.run<Comparison>(
      `Compare the ${name}'s workspace with the server`,
      () => compareWithServer(path.join(this.#folder, name)),
      ({ rows, scopes, differences }) =>
        differences.length === 0 ? `${rows} rows in ${scopes} scopes agree` : 'they differ',
    );
    for (const difference of comparison.differences) printLine(`    ${difference}`);
    return comparison.differences.length === 0 && comparison.rows > 0;
  }

  async #open(name: string, timeZone: string): Promise<DemoWorkspace> {
    const workspace = await this.#steps.run(`Open the ${name}'s workspace`, () =>
      openDemoWorkspace(path.join(this.#folder, name), timeZone, this.#version),
    );
    this.#workspaces.push(workspace);
    return workspace;
  }

  #play<Person>(
    person: new (
      engine: DemoWorkspace['engine'],
      sample: Sample,
      days: SampleDays,
      folder: string,
    ) => Person,
    desk: DemoWorkspace,
  ): Person {
    return new person(desk.engine, this.#sample, this.#days, this.#sampleFolder);
  }

  async #startServer(title: string, port: number): Promise<string> {
    this.#server = await this.#steps.run(
      title,
      () => startServerProcess(path.join(this.#folder, 'server'), port),
      ({ url }) => url,
    );
    return this.#server.url;
  }

  async #stopServer(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    await server?.stop();
  }

  #getServer(): ServerProcess {
    if (this.#server === undefined) throw new Error('the server does not run');
    return this.#server;
  }

  #getTaskId(key: string): string {
    const taskId = this.#taskIds.get(key);
    if (taskId === undefined) throw new Error(`the sample has no task "${key}"`);
    return taskId;
  }

  #getTitle(key: string): string {
    return this.#sample.tasks.find((task) => task.key === key)?.title ?? key;
  }

  #getWork(taskId: string): Sample['work'][number] {
    const work = this.#sample.work.find(({ task }) => this.#taskIds.get(task) === taskId);
    if (work === undefined) throw new Error(`the sample has no work on task ${taskId}`);
    return work;
  }
}

async function runTimer(desk: DemoWorkspace, seatId: string, taskId: string): Promise<void> {
  await askEngine(desk.engine, 'timer.start', { seatId, taskId, note: 'On the train' });
  await new Promise((resolve) => setTimeout(resolve, timerRunMs));
  const { timeEntryId } = await askEngine(desk.engine, 'timer.stop', {});
  if (timeEntryId === null) throw new Error('the timer recorded nothing');
}

async function listOwnTasks(desk: DemoWorkspace) {
  const { items } = await askEngine(desk.engine, 'tasks.list', {});
  return items;
}

function createPassword(): string {
  return randomBytes(18).toString('base64url');
}
