import type { Intent } from '../intent-ledger.ts';
import {
  type Action,
  listOwnTimes,
  listTasks,
  noteTime,
  type OwnTime,
  type Scene,
  toInstant,
} from './scene.ts';

/** Hours put in order, brought back, and imported from another program. */
export const hoursActions = {
  'intern.split': async (scene) => {
    const { simulation, step, random, device, seatId, canary } = scene;
    const entry = random.pick(listOwnTimes(scene));
    if (entry === undefined) return;
    const { startedAt, endedAt } = entry;
    const lengthMs = Date.parse(endedAt) - Date.parse(startedAt);
    const splitAt = toInstant(Date.parse(startedAt) + Math.floor(lengthMs / 3) + step.index);
    if (splitAt <= startedAt || splitAt >= endedAt) return;
    const note = `${canary} part ${step.index}`;
    const { intent, value } = await simulation.act(device, step, 'hours.split', () =>
      device.attempt('hours.split', {
        seatId,
        timeEntryId: entry.id,
        parts: [
          { startedAt, endedAt: splitAt },
          { startedAt: splitAt, endedAt, note },
        ],
      }),
    );
    noteTime(scene, note, intent, { startedAt: splitAt, endedAt });
    noteEnd(scene, entry, intent, splitAt);
    if (value === undefined) return;
    simulation.ledger.rearranged.set(device.name, {
      undo: value.undo,
      note: (undoing) => {
        noteEnd(scene, entry, undoing, endedAt);
        simulation.ledger.times.get(note)?.deletes.push(undoing);
      },
    });
  },
  'intern.merge': async (scene) => {
    const { simulation, step, random, device, seatId } = scene;
    const entries = listOwnTimes(scene);
    const one = random.pick(entries);
    const other = random.pick(
      entries.filter(
        ({ engagementId, startedAt }) =>
          engagementId === one?.engagementId && startedAt !== one.startedAt,
      ),
    );
    if (one === undefined || other === undefined) return;
    const [first, second] = one.startedAt < other.startedAt ? [one, other] : [other, one];
    const { intent, value } = await simulation.act(device, step, 'hours.merge', () =>
      device.attempt('hours.merge', {
        seatId,
        timeEntryIds: [one.id, other.id],
        coversGaps: true,
      }),
    );
    const { times, rearranged } = simulation.ledger;
    const model = times.get(first.note);
    // The same entry by another name.
    if (model !== undefined) times.set(`${first.note}; ${second.note}`, model);
    noteEnd(scene, first, intent, first.endedAt > second.endedAt ? first.endedAt : second.endedAt);
    times.get(second.note)?.deletes.push(intent);
    if (value === undefined) return;
    rearranged.set(device.name, {
      undo: value.undo,
      note: (undoing) => {
        noteEnd(scene, first, undoing, first.endedAt);
        times.get(second.note)?.restores.push(undoing);
      },
    });
  },
  'intern.undoRearranging': async ({ simulation, step, device, seatId }) => {
    const last = simulation.ledger.rearranged.get(device.name);
    if (last === undefined) return;
    simulation.ledger.rearranged.delete(device.name);
    const { intent } = await simulation.act(device, step, 'hours.rearrange', () =>
      device.attempt('hours.rearrange', { seatId, undo: last.undo }),
    );
    last.note(intent);
  },
  'intern.bringBackTime': async (scene) => {
    const { simulation, step, random, device, seatId } = scene;
    const entry = random.pick(listOwnTimes(scene, 'deletedAt is not null'));
    if (entry === undefined) return;
    const { intent } = await simulation.act(device, step, 'hours.restore', () =>
      device.attempt('hours.delete', { seatId, timeEntryId: entry.id, deleted: false }),
    );
    simulation.ledger.times.get(entry.note)?.restores.push(intent);
  },
  // Three files for each person, imported again and again, on one computer and the other.
  'intern.importTime': async (scene) => {
    const { simulation, step, random, device, seatId, canary } = scene;
    const task = random.pick(listTasks(scene));
    if (task === undefined) return;
    const file = random.between(1, 3);
    const note = `${canary} import ${file} of ${device.options.person}`;
    const csv = [
      'Project,Task,Description,Start date,Start time,End date,End time,Duration',
      `Acme,,${note},2026-03-01,1${file}:00:00,2026-03-01,1${file}:30:00,00:30:00`,
    ].join('\n');
    const staged = device.attemptImport('toggl.csv', csv);
    await simulation.world.drain();
    const stagedId = staged.value?.stagedId;
    if (stagedId === undefined || !device.isRunning) return;
    const { intent } = await simulation.act(device, step, 'hours.import', () =>
      device.attempt('hours.import', {
        stagedId,
        zone: 'UTC',
        mappings: [{ key: JSON.stringify(['Acme', '']), seatId, taskId: task.id }],
      }),
    );
    noteTime(scene, note, intent, {
      startedAt: `2026-03-01T1${file}:00:00.000Z`,
      endedAt: `2026-03-01T1${file}:30:00.000Z`,
    });
  },
} satisfies Record<string, Action>;

function noteEnd({ simulation }: Scene, { note }: OwnTime, intent: Intent, endedAt: string): void {
  simulation.ledger.times.get(note)?.edits.push({ intent, endedAt });
}
