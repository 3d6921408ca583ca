import { type Action, listOwnTimes, minuteMs, noteText, type Scene, toInstant } from './scene.ts';

/** Timesheets handed in and decided on, and changes of what was approved. */
export const approvalActions = {
  'intern.handInHours': async (scene) => {
    const { simulation, step, random, device, seatId, canary } = scene;
    const entry = random.pick(listOwnTimes(scene));
    if (entry === undefined) return;
    const day = entry.startedAt.slice(0, 10);
    const note = `${canary} timesheet ${step.index}`;
    const { intent } = await simulation.act(device, step, 'timesheet.submit', () =>
      device.attempt('timesheet.submit', {
        seatId,
        engagementId: entry.engagementId,
        of: random.chance(0.4)
          ? { from: day, to: day }
          : { taskId: entry.taskId, submissionId: null },
        note,
      }),
    );
    noteText(scene, intent, 'timesheets.note', note);
  },
  'intern.takeBackHours': async (scene) => {
    const { simulation, step, random, device, seatId } = scene;
    const timesheetId = random.pick(listSheets(scene, 'submitted'));
    if (timesheetId === undefined) return;
    await simulation.act(device, step, 'timesheet.withdraw', () =>
      device.attempt('timesheet.withdraw', { seatId, timesheetId }),
    );
  },
  'employer.decideHours': async (scene) => {
    const { simulation, step, random, device, seatId, canary } = scene;
    const timesheetId = random.pick(listSheets(scene, 'submitted'));
    if (timesheetId === undefined) return;
    const seen = device.attempt('timesheet.get', { seatId, timesheetId });
    await simulation.world.drain();
    const contentHash = seen.value?.contentHash;
    if (contentHash === undefined || !device.isRunning) return;
    const decision = random.chance(0.8) ? 'approved' : 'returned';
    await simulation.act(device, step, `timesheet.${decision}`, () =>
      device.attempt('timesheet.decide', {
        seatId,
        timesheetId,
        decision,
        note: `${canary} looked at`,
        comments: [],
        contentHash,
      }),
    );
  },
  'employer.reopenHours': async (scene) => {
    const { simulation, step, random, device, seatId } = scene;
    const timesheetId = random.pick(listSheets(scene, 'approved'));
    if (timesheetId === undefined) return;
    await simulation.act(device, step, 'timesheet.reopen', () =>
      device.attempt('timesheet.reopen', { seatId, timesheetId, reason: 'once more' }),
    );
  },
  'intern.askChange': async (scene) => {
    const { simulation, step, random, device, seatId, canary } = scene;
    const approved = new Set(listSheets(scene, 'approved'));
    const entry = random.pick(
      listOwnTimes(scene).filter(({ timesheetId }) => approved.has(timesheetId ?? '')),
    );
    if (entry === undefined) return;
    const isDeletion = random.chance(0.3);
    const endedAt = toInstant(
      Date.parse(entry.startedAt) + random.between(1, 90) * minuteMs + step.index,
    );
    const reason = `${canary} change ${step.index}`;
    const timeEntryId = entry.id;
    const { intent, value } = await simulation.act(device, step, 'timeChange.request', () =>
      device.attempt('hours.requestChange', {
        seatId,
        change: isDeletion
          ? { kind: 'delete', timeEntryId }
          : { kind: 'edit', timeEntryId, patch: { endedAt } },
        reason,
      }),
    );
    intent.requestId = value?.requestId ?? null;
    noteText(scene, intent, 'timeChangeRequests.reason', reason);
    const model = simulation.ledger.times.get(entry.note);
    if (isDeletion) model?.deletes.push(intent);
    else model?.edits.push({ intent, endedAt });
  },
  'intern.takeBackChange': async (scene) => {
    const { simulation, step, random, device, seatId } = scene;
    const requestId = random.pick(listWaitingChanges(scene));
    if (requestId === undefined) return;
    await simulation.act(device, step, 'timeChange.withdraw', () =>
      device.attempt('timeChange.withdraw', { seatId, requestId }),
    );
  },
  'employer.decideChange': async (scene) => {
    const { simulation, step, random, device, seatId } = scene;
    const requestId = random.pick(listWaitingChanges(scene));
    if (requestId === undefined) return;
    const decision = random.chance(0.7) ? 'accepted' : 'declined';
    await simulation.act(device, step, `timeChange.${decision}`, () =>
      device.attempt('timeChange.decide', { seatId, requestId, decision, note: '' }),
    );
  },
} satisfies Record<string, Action>;

function listSheets({ rows }: Scene, state: 'submitted' | 'approved'): string[] {
  return rows<{ id: string }>(`select id from timesheets where state = '${state}' order by id`).map(
    ({ id }) => id,
  );
}

function listWaitingChanges({ rows }: Scene): string[] {
  return rows<{ id: string }>(
    `select id from timeChangeRequests where state = 'waiting' order by id`,
  ).map(({ id }) => id);
}
