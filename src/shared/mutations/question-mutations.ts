import { z } from 'zod';
import { getRow } from '../database/mutation-store.ts';
import { idSchema } from '../domain/fields.ts';
import { quoteAnswer } from '../domain/quoted-answer.ts';
import { StintError } from '../errors.ts';
import { defineMutation, employerRoles, internRole } from './mutation.ts';
import { getOwnTask } from './ownership.ts';
import { carryReplacedUnseen, insertNextBrief } from './brief-mutations.ts';

export const questionTextSchema = z
  .string()
  .trim()
  .min(1, 'expected some text')
  .max(10_000, 'expected at most 10,000 characters');

/** The intern asks; on any task of theirs, whatever became of it. */
export const askQuestion = defineMutation({
  name: 'question.ask',
  version: 1,
  schema: z.object({ questionId: idSchema, taskId: idSchema, text: questionTextSchema }),
  by: internRole,
  label: 'Ask a question',
  async apply(store, { questionId, taskId, text }, context) {
    const task = await getOwnTask(store, taskId, context.actor);
    await store.insert('questions', {
      orgId: store.orgId,
      id: questionId,
      scope: task.scope,
      taskId: task.id,
      text,
      askedBy: context.actor.membershipId,
      claimedAt: context.claimedAt,
      createdAt: context.at,
    });
  },
});

/** Two who answer do not collide: both answers are kept, and shown. */
export const answerQuestion = defineMutation({
  name: 'question.answer',
  version: 1,
  schema: z.object({ answerId: idSchema, questionId: idSchema, text: questionTextSchema }),
  by: employerRoles,
  label: 'Answer a question',
  async apply(store, { answerId, questionId, text }, context) {
    const question = await getRow(store, 'questions', questionId);
    await store.insert('answers', {
      orgId: store.orgId,
      id: answerId,
      scope: question.scope,
      questionId,
      taskId: question.taskId,
      text,
      answeredBy: context.actor.membershipId,
      claimedAt: context.claimedAt,
      createdAt: context.at,
      briefVersionId: null,
    });
  },
});

/**
 * A new version of the brief that quotes question and answer below the instructions which stand when this is
 * applied; so a brief that a colleague revised meanwhile is not undone. An answer is quoted once.
 */
export const quoteAnswerInBrief = defineMutation({
  name: 'question.quoteInBrief',
  version: 1,
  schema: z.object({ answerId: idSchema, briefVersionId: idSchema }),
  by: employerRoles,
  label: 'Make an answer part of the brief',
  async apply(store, { answerId, briefVersionId }, context) {
    const answer = await getRow(store, 'answers', answerId);
    if (answer.briefVersionId !== null) return;
    const question = await getRow(store, 'questions', answer.questionId);
    const task = await getRow(store, 'tasks', answer.taskId);
    const brief = await getRow(store, 'briefVersions', task.briefVersionId);
    const instructions = quoteAnswer(brief.instructions, question.text, answer.text);
    if (instructions.length > 200_000)
      throw new StintError('refused', 'the brief would be longer than 200,000 characters');
    await insertNextBrief(
      store,
      task,
      { briefVersionId, instructions, criteriaJson: brief.criteriaJson },
      context,
    );
    await carryReplacedUnseen(store, task, { standingId: brief.id, briefVersionId }, context);
    await store.patch('answers', answerId, { briefVersionId });
  },
});
