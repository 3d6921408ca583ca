import type { SeededRandom } from '../core/seeded-random.ts';
import type { Simulation } from '../simulation.ts';
import type { PersonStepKind, Step } from './plan.ts';
import {
  type Action,
  createDeadline,
  listOwnTimes,
  listTasks,
  minuteMs,
  noteText,
  noteTime,
  openScene,
  type Scene,
  toInstant,
} from './scene.ts';

/** One thing that a person does on one of their computers, or a stretch of time in which nobody does anything. */
export async function runPersonStep(
  simulation: Simulation,
  step: Step,
  kind: PersonStepKind,
): Promise<void> {
  const random = simulation.createRandom(step);
  if (kind === 'time.short' || kind === 'time.long' || kind === 'time.night') {
    await passTime(simulation, random, kind);
    return;
  }
  const scene = openScene(simulation, step, random, kind);
  if (scene === undefined) return;
  await actions[kind](scene);
}

async function passTime(
  simulation: Simulation,
  random: SeededRandom,
  kind: 'time.short' | 'time.long' | 'time.night',
): Promise<void> {
  const { world } = simulation;
  if (kind === 'time.short') await world.advance(random.between(1, 4000));
  else if (kind === 'time.long') await world.advance(random.between(4000, 240_000));
  else {
    for (const device of world.devices) {
      world.network.cut(device.name, 'ECONNRESET');
      device.sleep();
    }
    world.trace('night');
    simulation.isNight = true;
    await world.advance(random.between(2, 14) * 3_600_000 + random.between(0, 3_600_000));
    simulation.isNight = false;
    for (const device of world.devices) device.wake();
    await world.drain();
  }
}

const actions: Record<Exclude<PersonStepKind, `time.${string}`>, Action> = {
  'intern.addTime': async (scene) => {
    const { simulation, step, random, device, seatId, canary } = scene;
    const task = random.pick(listTasks(scene));
    if (task === undefined) return;
    const note = `${canary} time ${step.index}`;
    const startedMs = device.computeNowMs() - random.between(61, 600) * minuteMs;
    const startedAt = toInstant(startedMs);
    const endedAt = toInstant(startedMs + random.between(1, 60) * minuteMs + step.index);
    const { intent } = await simulation.act(device, step, 'hours.add', () =>
      device.attempt('hours.add', { seatId, taskId: task.id, startedAt, endedAt, note }),
    );
    noteTime(scene, note, intent, { startedAt, endedAt });
  },
  'intern.editTime': async (scene) => {
    const { simulation, step, random, device, seatId } = scene;
    const entry = random.pick(listOwnTimes(scene));
    if (entry === undefined) return;
    const endedAt = toInstant(
      Date.parse(entry.startedAt) + random.between(1, 90) * minuteMs + step.index,
    );
    const { intent } = await simulation.act(device, step, 'hours.edit', () =>
      device.attempt('hours.edit', { seatId, timeEntryId: entry.id, patch: { endedAt } }),
    );
    simulation.ledger.times.get(entry.note)?.edits.push({ intent, endedAt });
  },
  'intern.deleteTime': async (scene) => {
    const { simulation, step, random, device, seatId } = scene;
    const entry = random.pick(listOwnTimes(scene));
    if (entry === undefined) return;
    const { intent } = await simulation.act(device, step, 'hours.delete', () =>
      device.attempt('hours.delete', { seatId, timeEntryId: entry.id, deleted: true }),
    );
    simulation.ledger.times.get(entry.note)?.deletes.push(intent);
  },
  'intern.note': async (scene) => {
    const task = scene.random.pick(listTasks(scene));
    if (task !== undefined) await writeNote(scene, task.id);
  },
  'intern.tick': async (scene) => {
    const { simulation, step, random, device, seatId, rows } = scene;
    const task = random.pick(listTasks(scene));
    if (task === undefined) return;
    const brief = rows<{ criteriaJson: string; id: string }>(
      'select id, criteriaJson from briefVersions order by id',
    ).find(({ id }) => id === task.briefVersionId);
    const criteria = JSON.parse(brief?.criteriaJson ?? '[]') as { id: string }[];
    const criterion = random.pick(criteria);
    if (criterion === undefined) return;
    await simulation.act(device, step, 'draft.tickCriterion', () =>
      device.attempt('draft.tickCriterion', {
        seatId,
        taskId: task.id,
        criterionId: criterion.id,
        ticked: random.chance(0.7),
      }),
    );
  },
  'intern.attach': async (scene) => {
    const { simulation, step, random, device, seatId, canary } = scene;
    const task = random.pick(listTasks(scene));
    if (task === undefined) return;
    const content = `${canary} file ${step.index}\n`.repeat(random.between(1, 400));
    const staged = device.attemptImport(`notes ${step.index}.txt`, content);
    await simulation.world.drain();
    const stagedId = staged.value?.stagedId;
    if (stagedId === undefined || !device.isRunning) return;
    await simulation.act(device, step, 'draft.attach', () =>
      device.attempt('draft.attach', { seatId, taskId: task.id, stagedId }),
    );
  },
  'intern.submit': async (scene) => {
    const { simulation, step, random, device, seatId } = scene;
    const task = random.pick(listTasks(scene));
    if (task === undefined) return;
    const note = await writeNote(scene, task.id);
    if (note === undefined || !device.isRunning) return;
    const { intent } = await simulation.act(device, step, 'submission.create', () =>
      device.attempt('submission.create', { seatId, taskId: task.id }),
    );
    simulation.ledger.submissions.set(note, { intent, taskId: task.id });
  },
  'employer.assign': async (scene) => {
    const { simulation, step, random, device, seatId, canary, rows } = scene;
    const engagement = random.pick(
      rows<{ id: string }>(`select id from engagements where status = 'active' order by id`),
    );
    if (engagement === undefined) return;
    await simulation.act(device, step, 'task.assign', () =>
      device.attempt('task.assign', {
        seatId,
        engagementId: engagement.id,
        title: `${canary} task ${step.index}`,
        instructions: `${canary} instructions`,
        criteria: ['One', 'Two'],
        deadline: createDeadline(scene),
        estimateMinutes: 60,
      }),
    );
  },
  'employer.edit': async (scene) => {
    const { simulation, step, random, device, seatId, canary } = scene;
    const task = random.pick(listTasks(scene));
    if (task === undefined) return;
    await simulation.act(device, step, 'task.edit', () =>
      device.attempt('task.edit', {
        seatId,
        taskId: task.id,
        patch: { title: `${canary} title ${step.index}` },
      }),
    );
  },
  'employer.revise': async (scene) => {
    const { simulation, step, random, device, seatId, canary } = scene;
    const task = random.pick(listTasks(scene));
    if (task === undefined) return;
    const instructions = `${canary} brief ${step.index}`;
    const { intent } = await simulation.act(device, step, 'task.reviseBrief', () =>
      device.attempt('task.reviseBrief', {
        seatId,
        taskId: task.id,
        instructions,
        criteria: [{ text: `Criterion ${step.index}` }],
      }),
    );
    noteText(scene, intent, 'briefVersions.instructions', instructions);
  },
  'employer.deadline': async (scene) => {
    const { simulation, step, random, device, seatId } = scene;
    const task = random.pick(listTasks(scene));
    if (task === undefined) return;
    await simulation.act(device, step, 'task.moveDeadline', () =>
      device.attempt('task.moveDeadline', {
        seatId,
        taskId: task.id,
        deadline: createDeadline(scene),
      }),
    );
  },
  'employer.extend': async (scene) => {
    const { simulation, step, random, device, seatId } = scene;
    const task = random.pick(listTasks(scene));
    if (task === undefined) return;
    await simulation.act(device, step, 'task.extend', () =>
      device.attempt('task.extend', {
        seatId,
        taskId: task.id,
        days: random.below(2),
        minutes: random.between(1, 600),
        reason: 'ill',
      }),
    );
  },
  'employer.cancel': async (scene) => {
    const { simulation, step, random, device, seatId } = scene;
    const task = random.pick(listTasks(scene));
    if (task === undefined) return;
    await simulation.act(device, step, 'task.cancel', () =>
      device.attempt('task.cancel', { seatId, taskId: task.id }),
    );
  },
  'employer.review': async (scene) => {
    const { simulation, step, random, device, seatId, canary, rows } = scene;
    const submission = random.pick(
      rows<{ id: string; manifestHash: string; criteriaJson: string | null }>(
        `select "submissions"."id", "manifestHash", "criteriaJson" from "submissions"
          left join "briefVersions" on "briefVersions"."id" = "submissions"."briefVersionId"
          order by "submissions"."id"`,
      ),
    );
    if (submission === undefined) return;
    const [criterion] = JSON.parse(submission.criteriaJson ?? '[]') as { id: string }[];
    const accepts = random.chance(0.5);
    await simulation.act(device, step, 'review.decide', () =>
      device.attempt('review.decide', {
        seatId,
        submissionId: submission.id,
        manifestHash: submission.manifestHash,
        decision: accepts ? 'accepted' : 'changes_requested',
        comment: `${canary} have a look`,
        comments: accepts
          ? []
          : [
              {
                kind: 'change',
                criterionId: criterion?.id ?? null,
                attachmentId: null,
                text: `${canary} more of it`,
              },
            ],
        confirmedNotNewest: true,
      }),
    );
  },
};

async function writeNote(scene: Scene, taskId: string): Promise<string | undefined> {
  const { simulation, step, device, seatId, canary } = scene;
  const note = `${canary} note ${step.index}`;
  const { isDone } = await simulation.act(device, step, 'draft.writeNote', () =>
    device.attempt('draft.writeNote', { seatId, taskId, note }),
  );
  return isDone ? note : undefined;
}
