import type { RequestArguments, RequestOutput } from '../../../shared/contract/contract.ts';
import type { workRequests } from '../../../shared/contract/work-requests.ts';
import type { HandlersOf } from '../engine/request-handlers.ts';
import { computeNow, getSeat, type Workspace } from '../engine/workspace.ts';
import type { Pausing } from '../sync/turns.ts';
import { draftHandlers } from './draft-handlers.ts';
import { hoursHandlers } from './hours-handlers.ts';
import { submissionHandlers } from './submission-handlers.ts';
import { loadTaskDetail } from './task-detail.ts';
import { readInOneState } from './kept-read.ts';
import { completeTaskItems } from './task-list.ts';
import { compareByDue, loadTaskOutlines, type TaskOutline } from './task-outlines.ts';
import { loadToday } from './today.ts';
import { loadWorkedHours } from './worked-hours.ts';

async function listTasks(
  args: RequestArguments<'tasks.list'>,
  workspace: Workspace,
): Promise<RequestOutput<'tasks.list'>> {
  const { seatId, engagementId, projectId, states, text, offset, limit } = args;
  const seats = seatId === undefined ? workspace.seats.list() : [getSeat(workspace, seatId)];
  const wanted = text?.trim().toLocaleLowerCase() ?? '';
  const isWanted = ({ state, title }: TaskOutline) =>
    (states?.includes(state) ?? true) &&
    (wanted === '' || title.toLocaleLowerCase().includes(wanted));
  const now = computeNow(workspace);
  const read = async (turns: Pausing): Promise<RequestOutput<'tasks.list'>> => {
    const found: TaskOutline[] = [];
    for (const seat of seats)
      for (const outline of await loadTaskOutlines(seat, { engagementId, projectId }))
        if (isWanted(outline)) found.push(outline);
    // Those of one seat are in this order already.
    const shown = found.sort(compareByDue).slice(offset, offset + limit);
    return { total: found.length, items: await completeTaskItems(shown, now, { turns }) };
  };
  return readInOneState(seats, read, loadWorkedHours);
}

export const workHandlers = {
  'today.get': async ({ seatId }, workspace) => loadToday(workspace, seatId),
  'tasks.list': listTasks,
  'task.get': async ({ seatId, taskId }, workspace) =>
    loadTaskDetail(workspace, getSeat(workspace, seatId), taskId),
  ...draftHandlers,
  ...submissionHandlers,
  'timer.get': async (_, workspace) => workspace.timer.find(),
  'timer.start': async ({ seatId, taskId, note }, workspace) =>
    workspace.timer.start(getSeat(workspace, seatId), taskId, note),
  'timer.setNote': async ({ note }, workspace) => workspace.timer.setNote(note),
  'timer.stop': async (_, workspace) => workspace.timer.stop(),
  'timer.resolveGap': async (answer, workspace) => workspace.timer.resolveGap(answer),
  'timer.questions': async (_, workspace) => workspace.timer.listQuestions(),
  'timer.answer': async ({ seatId, questionId, counted }, workspace) => {
    await workspace.timer.answer(getSeat(workspace, seatId), questionId, counted);
    return {};
  },
  'timer.noteHidden': async ({ hiddenSeconds }, workspace) => {
    // Where the system tells whether anybody is at the computer, a page says nothing more.
    if (workspace.host.readIdleMs === undefined)
      await workspace.timer.noteHidden(hiddenSeconds * 1000);
    return {};
  },
  ...hoursHandlers,
} satisfies HandlersOf<typeof workRequests>;
