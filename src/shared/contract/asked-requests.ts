import { z } from 'zod';
import { idSchema } from '../domain/fields.ts';
import { extensionReasonSchema, extraTimeFields } from '../mutations/extension-requests.ts';
import { questionTextSchema } from '../mutations/question-mutations.ts';
import { dependencyChangeFields, taskMoveSchema } from '../mutations/task-order.ts';
import { defineRequest } from './request.ts';
import { extensionRequestSchema, questionSchema, seatIdSchema, taskItemSchema } from './shapes.ts';

const nothing = z.object({});
const orderedTaskSchema = taskItemSchema.pick({ taskId: true, title: true, state: true });
const requestKey = { seatId: seatIdSchema, requestId: idSchema };

/** What interns ask about their tasks, and what the employer says to it; and the tasks' order. */
export const askedRequests = {
  'asked.list': defineRequest(
    'Questions without an answer and open requests for more time, oldest first',
    z.object({ seatId: seatIdSchema }),
    z.object({
      questions: z.array(z.object({ question: questionSchema, task: taskItemSchema })),
      extensions: z.array(z.object({ request: extensionRequestSchema, task: taskItemSchema })),
    }),
  ),
  'question.ask': defineRequest(
    'Asks the employer about a task',
    z.object({ seatId: seatIdSchema, taskId: idSchema, text: questionTextSchema }),
    z.object({ questionId: idSchema }),
  ),
  'question.answer': defineRequest(
    'Answers a question',
    z.object({ seatId: seatIdSchema, questionId: idSchema, text: questionTextSchema }),
    z.object({ answerId: idSchema }),
  ),
  'question.quoteInBrief': defineRequest(
    'Makes an answer part of the brief: a new version that quotes it',
    z.object({ seatId: seatIdSchema, answerId: idSchema }),
    z.object({ briefVersionId: idSchema }),
  ),
  'extension.request': defineRequest(
    'Asks the employer for more time on a task',
    z.object({
      seatId: seatIdSchema,
      taskId: idSchema,
      ...extraTimeFields,
      reason: extensionReasonSchema,
      /** Whether the brief as it stands gave rise to it. */
      isForBrief: z.boolean().default(false),
    }),
    z.object({ requestId: idSchema }),
  ),
  'extension.grant': defineRequest(
    'Gives time that was asked for, as much as asked or another amount',
    z.object({ ...requestKey, ...extraTimeFields }),
    nothing,
  ),
  'extension.decline': defineRequest(
    'Declines a request for more time, with a reason',
    z.object({ ...requestKey, reason: extensionReasonSchema }),
    nothing,
  ),
  'extension.withdraw': defineRequest(
    "Takes back one's own request for more time",
    z.object(requestKey),
    nothing,
  ),
  'task.setDependencies': defineRequest(
    'Says which tasks of the same engagement come before this one as well, and which no longer do',
    z.object({ seatId: seatIdSchema, taskId: idSchema, ...dependencyChangeFields }),
    nothing,
  ),
  'task.order': defineRequest(
    'Moves tasks of an engagement, each right behind another one or to the first place',
    z.object({
      seatId: seatIdSchema,
      engagementId: idSchema,
      moves: z.array(taskMoveSchema).min(1).max(1000),
    }),
    nothing,
  ),
  'task.place': defineRequest(
    "A task's place among those of its engagement, what comes before it and what waits for it",
    z.object({ seatId: seatIdSchema, taskId: idSchema }),
    z.object({
      /** From 1. */
      place: z.int(),
      total: z.int(),
      before: z.array(orderedTaskSchema),
      after: z.array(orderedTaskSchema),
    }),
  ),
  'tasks.inOrder': defineRequest(
    'All tasks of an engagement, in the order that the employer gave them',
    z.object({ seatId: seatIdSchema, engagementId: idSchema }),
    z.object({ tasks: z.array(z.object({ taskId: idSchema, title: z.string() })) }),
  ),
} as const;
