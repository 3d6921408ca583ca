import { type Action, listTasks, noteText, type Scene } from './scene.ts';

/** Questions with their answers, and requests for more time. */
export const askedActions = {
  'intern.ask': async (scene) => {
    const { simulation, step, random, device, seatId, canary } = scene;
    const task = random.pick(listTasks(scene));
    if (task === undefined) return;
    const text = `${canary} question ${step.index}`;
    const { intent } = await simulation.act(device, step, 'question.ask', () =>
      device.attempt('question.ask', { seatId, taskId: task.id, text }),
    );
    noteText(scene, intent, 'questions.text', text);
  },
  'employer.answer': async (scene) => {
    const { simulation, step, random, device, seatId, canary } = scene;
    const questionId = random.pick(listIds(scene, 'select id from questions order by id'));
    if (questionId === undefined) return;
    const text = `${canary} answer ${step.index}.`;
    const { intent } = await simulation.act(device, step, 'question.answer', () =>
      device.attempt('question.answer', { seatId, questionId, text }),
    );
    noteText(scene, intent, 'answers.text', text);
  },
  'employer.quote': async (scene) => {
    const { simulation, step, random, device, seatId } = scene;
    const answerId = random.pick(listIds(scene, 'select id from answers order by id'));
    if (answerId === undefined) return;
    await simulation.act(device, step, 'question.quoteInBrief', () =>
      device.attempt('question.quoteInBrief', { seatId, answerId }),
    );
  },
  'intern.askForMoreTime': async (scene) => {
    const { simulation, step, random, device, seatId, canary } = scene;
    const task = random.pick(listTasks(scene));
    if (task === undefined) return;
    const reason = `${canary} more time ${step.index}`;
    const { intent } = await simulation.act(device, step, 'extension.request', () =>
      device.attempt('extension.request', {
        seatId,
        taskId: task.id,
        days: random.below(2),
        minutes: random.between(1, 600),
        reason,
        isForBrief: random.chance(0.3),
      }),
    );
    noteText(scene, intent, 'extensionRequests.reason', reason);
  },
  'intern.takeBackAsking': async (scene) => {
    const { simulation, step, random, device, seatId } = scene;
    const requestId = random.pick(listOpenRequests(scene));
    if (requestId === undefined) return;
    await simulation.act(device, step, 'extension.withdraw', () =>
      device.attempt('extension.withdraw', { seatId, requestId }),
    );
  },
  'employer.grant': async (scene) => {
    const { simulation, step, random, device, seatId } = scene;
    const requestId = random.pick(listOpenRequests(scene));
    if (requestId === undefined) return;
    await simulation.act(device, step, 'extension.grant', () =>
      device.attempt('extension.grant', {
        seatId,
        requestId,
        days: random.below(3),
        minutes: random.between(1, 600),
      }),
    );
  },
  'employer.decline': async (scene) => {
    const { simulation, step, random, device, seatId } = scene;
    const requestId = random.pick(listOpenRequests(scene));
    if (requestId === undefined) return;
    await simulation.act(device, step, 'extension.decline', () =>
      device.attempt('extension.decline', { seatId, requestId, reason: 'not this time' }),
    );
  },
} satisfies Record<string, Action>;

const listIds = ({ rows }: Scene, sql: string): string[] =>
  rows<{ id: string }>(sql).map(({ id }) => id);

const listOpenRequests = (scene: Scene): string[] =>
  listIds(scene, `select id from extensionRequests where state = 'open' order by id`);
