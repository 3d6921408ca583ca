import { z } from 'zod';
import { idSchema } from '../domain/fields.ts';
import { extensionReasonSchema, extraTimeFields } from '../mutations/extension-requests.ts';
import { questionTextSchema } from '../mutations/question-mutations.ts';
import { defineRequest } from './request.ts';
import { extensionRequestSchema, questionSchema, seatIdSchema, taskItemSchema } from './shapes.ts';

const nothing = z.object({});
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
    'Says which tasks of the same engagement come before this one',
    z.object({
      seatId: seatIdSchema,
      taskId: idSchema,
      dependsOn: z.array(idSchema).max(100),
    }),
    nothing,
  ),
  'task.order': defineRequest(
    "Puts an engagement's tasks in order",
    z.object({
      seatId: seatIdSchema,
      engagementId: idSchema,
      taskIds: z.array(idSchema).min(1).max(1000),
    }),
    nothing,
  ),
} as const;
