import { computeDeadlineInstant } from '../../../src/shared/domain/deadline.ts';
import type { Simulation } from '../simulation.ts';

/**
 * SY-18: who was received before every deadline that the task ever had is on time, and who was received after all
 * of them, with all extra time, is not on time by receipt.
 */
export function checkVerdicts(simulation: Simulation): string[] {
  const server = simulation.world.server.connection;
  const submissions = server
    .prepare('select id, taskId, verdict, receivedAt from submissions')
    .all() as { id: string; taskId: string; verdict: string; receivedAt: string }[];
  return submissions.flatMap(({ id, taskId, verdict, receivedAt }) => {
    const deadlines = server
      .prepare('select wall, zone from deadlines where taskId = ?')
      .all(taskId) as { wall: string; zone: string }[];
    const extensions = server
      .prepare('select days, minutes from extensions where taskId = ? order by createdAt')
      .all(taskId) as { days: number; minutes: number }[];
    const bare = deadlines.map((deadline) => computeDeadlineInstant(deadline, [])).sort();
    const extended = deadlines
      .map((deadline) => computeDeadlineInstant(deadline, extensions))
      .sort();
    const isSurelyInTime = receivedAt <= (bare[0] ?? '');
    const isSurelyAfter = receivedAt > (extended.at(-1) ?? '');
    if (isSurelyInTime && verdict !== 'on_time')
      return [
        `verdict: ${id} was received at ${receivedAt}, before every deadline, and is ${verdict}`,
      ];
    return isSurelyAfter && verdict === 'on_time'
      ? [`verdict: ${id} was received at ${receivedAt}, after every deadline, and is on time`]
      : [];
  });
}
