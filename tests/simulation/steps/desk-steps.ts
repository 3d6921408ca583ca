import { readDependencies } from '../../../src/shared/domain/task-dependencies.ts';
import { type Action, createDeadline, listTasks, noteText, type Scene } from './scene.ts';

/** The order of tasks, the brief as it was seen, and what reviewers tell each other and keep for themselves. */
export const deskActions = {
  'employer.order': async (scene) => {
    const { simulation, step, random, device, seatId, rows } = scene;
    const tasks = rows<{ id: string; engagementId: string }>(
      'select id, engagementId from tasks order by id',
    );
    const task = random.pick(tasks);
    const engaged = tasks.filter(
      ({ id, engagementId }) => engagementId === task?.engagementId && id !== task.id,
    );
    if (task === undefined || engaged.length === 0) return;
    await simulation.act(device, step, 'task.order', () =>
      device.attempt('task.order', {
        seatId,
        engagementId: task.engagementId,
        moves: [
          {
            taskId: task.id,
            afterTaskId: random.chance(0.3) ? null : (random.pick(engaged)?.id ?? null),
          },
        ],
      }),
    );
  },
  'employer.depend': async (scene) => {
    const { simulation, step, random, device, seatId, rows } = scene;
    const tasks = rows<{ id: string; engagementId: string; dependsOnJson: string | null }>(
      'select id, engagementId, dependsOnJson from tasks order by id',
    );
    const task = random.pick(tasks);
    if (task === undefined) return;
    const before = tasks.filter(
      ({ id, engagementId }) => engagementId === task.engagementId && id !== task.id,
    );
    const known = readDependencies(task.dependsOnJson);
    const wanted = before.filter(() => random.chance(0.4)).map(({ id }) => id);
    await simulation.act(device, step, 'task.setDependencies', () =>
      device.attempt('task.setDependencies', {
        seatId,
        taskId: task.id,
        added: wanted.filter((id) => !known.includes(id)),
        removed: known.filter((id) => !wanted.includes(id)),
      }),
    );
  },
  'intern.seeBrief': async (scene) => {
    const { simulation, step, random, device, seatId } = scene;
    const task = random.pick(listTasks(scene));
    if (task === undefined) return;
    await simulation.act(device, step, 'task.acknowledgeBrief', () =>
      device.attempt('task.acknowledgeBrief', {
        seatId,
        taskId: task.id,
        briefVersionId: task.briefVersionId,
      }),
    );
  },
  'intern.detach': async ({ simulation, step, random, device, seatId, rows }) => {
    const file = random.pick(
      rows<{ id: string }>(`select id from attachments where scope like 'private:%' order by id`),
    );
    if (file === undefined) return;
    await simulation.act(device, step, 'draft.detach', () =>
      device.attempt('draft.detach', {
        seatId,
        attachmentId: file.id,
        detached: random.chance(0.6),
      }),
    );
  },
  'employer.claim': async (scene) => {
    const { simulation, step, random, device, seatId } = scene;
    const submissionId = random.pick(listSubmissions(scene));
    if (submissionId === undefined) return;
    if (random.chance(0.7))
      await simulation.act(device, step, 'review.claim', () =>
        device.attempt('review.claim', { seatId, submissionId, takesOver: random.chance(0.5) }),
      );
    else
      await simulation.act(device, step, 'review.release', () =>
        device.attempt('review.release', { seatId, submissionId }),
      );
  },
  'employer.promise': async (scene) => {
    const { simulation, step, random, device, seatId } = scene;
    const submissionId = random.pick(listSubmissions(scene));
    if (submissionId === undefined) return;
    await simulation.act(device, step, 'review.promise', () =>
      device.attempt('review.promise', { seatId, submissionId, answerBy: createDeadline(scene) }),
    );
  },
  'employer.phrase': async (scene) => {
    const { simulation, step, random, device, seatId, canary, rows } = scene;
    const phrase = random.pick(rows<{ id: string }>('select id from phrases order by id'));
    if (phrase !== undefined && random.chance(0.4)) {
      await simulation.act(device, step, 'phrase.remove', () =>
        device.attempt('phrase.remove', { seatId, phraseId: phrase.id }),
      );
      return;
    }
    const text = `${canary} phrase ${step.index}`;
    const { intent } = await simulation.act(device, step, 'phrase.save', () =>
      device.attempt('phrase.save', { seatId, phraseId: null, text }),
    );
    noteText(scene, intent, 'phrases.text', text);
  },
  'employer.lateness': async ({ simulation, step, random, device, seatId, rows }) => {
    const submission = random.pick(
      rows<{ id: string }>(
        `select id from submissions where verdict = 'clock_inconsistent' order by id`,
      ),
    );
    if (submission === undefined) return;
    await simulation.act(device, step, 'submission.decideLateness', () =>
      device.attempt('submission.decideLateness', {
        seatId,
        submissionId: submission.id,
        verdict: random.chance(0.5) ? 'on_time' : 'late',
        reason: 'as they say',
      }),
    );
  },
} satisfies Record<string, Action>;

const listSubmissions = ({ rows }: Scene): string[] =>
  rows<{ id: string }>('select id from submissions order by id').map(({ id }) => id);
