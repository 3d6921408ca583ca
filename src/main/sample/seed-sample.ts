import path from 'node:path';
import { loadSample, type SampleWork } from '../../server/sample/sample-format.ts';
import { StintError } from '../../shared/errors.ts';
import type { HostCapabilities } from '../workspace/engine/host-capabilities.ts';
import { type Engine, openEngine } from '../workspace/engine/open-engine.ts';
import { createSystemPorts } from '../workspace/ports/system-ports.ts';
import { SampleDays } from './sample-days.ts';
import { SampleEmployer } from './sample-employer.ts';
import { SampleIntern } from './sample-intern.ts';

const settleTimeoutMs = 60_000;

/** The workspaces that play the sample's people are nobody's: they open nothing and update nothing. */
const silentHost: HostCapabilities = {
  kind: 'command_line',
  openExternal: () => refuse(),
  startSample: () => refuse(),
  getUpdateState: () => ({ state: 'off', version: null, message: null }),
  installUpdate: () => refuse(),
};

function refuse(): Promise<never> {
  return Promise.reject(new StintError('unavailable', 'not while the sample is being prepared'));
}

/**
 * Brings the sample organization to life on a fresh server, by playing both people in two workspaces:
 * a task that came back with changes requested, one that waits for its review, one under way, one untouched.
 *
 * @param folder where the two workspaces may lie meanwhile; the caller clears it away.
 */
export async function seedSample(options: {
  readonly serverUrl: string;
  readonly folder: string;
  readonly sampleFolder: string;
  readonly employerPassword: string;
  readonly internPassword: string;
}): Promise<void> {
  const { serverUrl, sampleFolder } = options;
  const sample = await loadSample(sampleFolder);
  const open = (name: string, timeZone: string): Promise<Engine> =>
    openEngine({
      folder: path.join(options.folder, name),
      version: 'sample',
      host: silentHost,
      ports: { ...createSystemPorts(), localTimeZone: () => timeZone },
    });
  const days = new SampleDays(Date.now(), sample.project.timeZone);
  const employerEngine = await open('employer', sample.employer.timeZone);
  let internEngine: Engine | undefined;
  try {
    internEngine = await open('intern', sample.intern.timeZone);
    const employer = new SampleEmployer(employerEngine, sample, days, sampleFolder);
    const intern = new SampleIntern(internEngine, sample, days, sampleFolder);

    await employer.setUpOrganization(serverUrl, options.employerPassword);
    const { engagementId, link } = await employer.inviteIntern(await employer.createProject());
    await settle(employerEngine);
    await intern.join(link, options.internPassword);
    const taskIds = new Map<string, string>();
    for (const task of sample.tasks)
      taskIds.set(task.key, await employer.assignTask(engagementId, task));
    await settle(employerEngine);
    await settle(internEngine);

    const [returned, waiting, begun] = sample.work;
    for (const work of [returned, waiting]) await playRound(intern, taskIds, work);
    if (begun !== undefined) await beginWork(intern, taskIds, begun);
    await settle(internEngine);
    await settle(employerEngine);

    for (const { submission } of await employer.listWaiting()) {
      const review = returned?.rounds[0]?.review;
      if (review !== undefined && submission.taskId === taskIds.get(returned?.task ?? ''))
        await employer.decide(submission, review);
    }
    await settle(employerEngine);
  } finally {
    await internEngine?.close();
    await employerEngine.close();
  }
}

async function playRound(
  intern: SampleIntern,
  taskIds: ReadonlyMap<string, string>,
  work: SampleWork | undefined,
): Promise<void> {
  const taskId = taskIds.get(work?.task ?? '');
  const round = work?.rounds[0];
  if (taskId === undefined || round === undefined) return;
  await intern.readBrief(taskId);
  await intern.recordTime(taskId, round);
  await intern.prepareDraft(taskId, round);
  await intern.submit(taskId);
}

/** Time, the first file and the first tick, and nothing handed in yet. */
async function beginWork(
  intern: SampleIntern,
  taskIds: ReadonlyMap<string, string>,
  work: SampleWork,
): Promise<void> {
  const taskId = taskIds.get(work.task);
  const round = work.rounds[0];
  if (taskId === undefined || round === undefined) return;
  const begun = {
    ...round,
    timeEntries: round.timeEntries.slice(0, 1),
    criteriaTicked: round.criteriaTicked.slice(0, 1),
    note: '',
  };
  await intern.readBrief(taskId);
  await intern.recordTime(taskId, begun);
  await intern.prepareDraft(taskId, begun, round.deliverables.slice(0, 1));
}

async function settle(engine: Engine): Promise<void> {
  const outcome = await engine.settle(settleTimeoutMs);
  if (!outcome.isSettled || outcome.attentionCount > 0)
    throw new StintError(
      'internal',
      `the sample could not be prepared: ${outcome.problem ?? `${outcome.attentionCount} changes were refused`}`,
    );
}
