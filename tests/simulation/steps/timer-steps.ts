import { type Action, listTasks } from './scene.ts';

/** The timer, and what it asks after sleep, kills and clocks that jumped. */
export const timerActions = {
  'intern.startTimer': async (scene) => {
    const { simulation, step, random, device, seatId, canary } = scene;
    const task = random.pick(listTasks(scene));
    if (task === undefined) return;
    const note = `${canary} timer ${step.index}`;
    simulation.ledger.timers.add(note);
    await simulation.act(device, step, 'timer.start', () =>
      device.attempt('timer.start', { seatId, taskId: task.id, note }),
    );
  },
  'intern.stopTimer': async ({ simulation, step, device }) => {
    await simulation.act(device, step, 'timer.stop', () => device.attempt('timer.stop', {}));
  },
  'intern.answerTimer': async ({ simulation, step, random, device }) => {
    const asked = device.attempt('timer.questions', {});
    await simulation.world.drain();
    const question = random.pick(asked.value ?? []);
    if (question === undefined || !device.isRunning) return;
    const { seatId, questionId } = question;
    await simulation.act(device, step, 'timer.answer', () =>
      device.attempt('timer.answer', {
        seatId,
        questionId,
        counted: random.chance(0.7) ? 'all' : 'none',
      }),
    );
  },
} satisfies Record<string, Action>;
