import type { askedRequests } from '../../../shared/contract/asked-requests.ts';
import type { DomainTable } from '../../../shared/database/domain-tables.ts';
import { StintError } from '../../../shared/errors.ts';
import type { HandlersOf } from '../engine/request-handlers.ts';
import { computeNow, getSeat } from '../engine/workspace.ts';
import type { Seat } from '../seats/seat.ts';
import { loadExtensionRequests, loadQuestions } from './asked.ts';
import { loadOrderedTasks, loadTaskPlace } from './ordered-tasks.ts';
import { getTaskRow, loadTaskItems } from './task-list.ts';

/** The title of the task that a row is about. @throws StintError `not_found`. */
async function loadTitleBy(
  seat: Seat,
  table: DomainTable & ('questions' | 'answers' | 'extensionRequests'),
  id: string,
): Promise<string> {
  const row = await seat.db
    .selectFrom(table)
    .select('taskId')
    .where('orgId', '=', seat.record.orgId)
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined)
    throw new StintError('not_found', `there is nothing with the id ${id} in this organization`);
  return (await getTaskRow(seat, row.taskId)).title;
}

export const askedHandlers = {
  'asked.list': async ({ seatId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const questions = await loadQuestions(seat, 'open');
    const extensions = await loadExtensionRequests(seat, 'open');
    const taskIds = [...new Set([...questions, ...extensions].map(({ taskId }) => taskId))];
    const items = await loadTaskItems(seat, { taskIds }, computeNow(workspace));
    const tasks = new Map(items.map((item) => [item.taskId, item]));
    const withTask = <Entry extends { readonly taskId: string }>(entries: readonly Entry[]) =>
      entries.flatMap(({ taskId, ...entry }) => {
        const task = tasks.get(taskId);
        return task === undefined ? [] : [{ ...entry, task }];
      });
    return { questions: withTask(questions), extensions: withTask(extensions) };
  },

  'question.ask': async ({ seatId, ...asked }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const questionId = workspace.ports.randomness.uuid();
    const { title } = await getTaskRow(seat, asked.taskId);
    await seat.mutate('question.ask', { ...asked, questionId }, { subject: title });
    return { questionId };
  },

  'question.answer': async ({ seatId, ...answer }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const answerId = workspace.ports.randomness.uuid();
    const subject = await loadTitleBy(seat, 'questions', answer.questionId);
    await seat.mutate('question.answer', { ...answer, answerId }, { subject });
    return { answerId };
  },

  'question.quoteInBrief': async ({ seatId, answerId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const briefVersionId = workspace.ports.randomness.uuid();
    const subject = await loadTitleBy(seat, 'answers', answerId);
    await seat.mutate('question.quoteInBrief', { answerId, briefVersionId }, { subject });
    return { briefVersionId };
  },

  'extension.request': async ({ seatId, isForBrief, ...asked }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const requestId = workspace.ports.randomness.uuid();
    const { title, briefVersionId } = await getTaskRow(seat, asked.taskId);
    await seat.mutate(
      'extension.request',
      { ...asked, requestId, briefVersionId: isForBrief ? briefVersionId : null },
      { subject: title },
    );
    return { requestId };
  },

  'extension.grant': async ({ seatId, ...granted }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const extensionId = workspace.ports.randomness.uuid();
    const subject = await loadTitleBy(seat, 'extensionRequests', granted.requestId);
    await seat.mutate('extension.grant', { ...granted, extensionId }, { subject });
    return {};
  },

  'extension.decline': async ({ seatId, ...declined }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const subject = await loadTitleBy(seat, 'extensionRequests', declined.requestId);
    await seat.mutate('extension.decline', declined, { subject });
    return {};
  },

  'extension.withdraw': async ({ seatId, requestId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const subject = await loadTitleBy(seat, 'extensionRequests', requestId);
    await seat.mutate('extension.withdraw', { requestId }, { subject });
    return {};
  },

  'task.setDependencies': async ({ seatId, ...change }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const { title } = await getTaskRow(seat, change.taskId);
    await seat.mutate('task.setDependencies', change, { subject: title });
    return {};
  },

  'task.order': async ({ seatId, ...order }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const [first] = order.moves;
    const subject =
      order.moves.length === 1 && first !== undefined
        ? (await getTaskRow(seat, first.taskId)).title
        : `${order.moves.length} tasks`;
    await seat.mutate('task.order', order, { subject });
    return {};
  },

  'task.place': async ({ seatId, taskId }, workspace) =>
    loadTaskPlace(getSeat(workspace, seatId), taskId),

  'tasks.inOrder': async ({ seatId, engagementId }, workspace) => {
    const tasks = await loadOrderedTasks(getSeat(workspace, seatId), engagementId);
    return { tasks: tasks.map(({ taskId, title }) => ({ taskId, title })) };
  },
} satisfies HandlersOf<typeof askedRequests>;
