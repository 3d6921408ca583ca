import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import {
  categorySchema,
  emailSchema,
  lineSchema,
  paySchema,
  textSchema,
  timeZoneSchema,
} from '../../shared/domain/fields.ts';
import { StintError } from '../../shared/errors.ts';
import { parseInput } from '../../shared/validation.ts';

/** A long text: one string, or a list of lines, so that Markdown stays readable inside JSON. */
const longTextSchema = z
  .union([z.string(), z.array(z.string())], 'expected a text or a list of lines')
  .transform((value) => (typeof value === 'string' ? value : value.join('\n')))
  .pipe(textSchema.min(1, 'expected some text'));

/** Relative to the sample's folder, with `/`, never leading out of it. */
const samplePathSchema = z
  .string()
  .refine(
    (path) =>
      !/[\\:\0]/.test(path) &&
      path.split('/').every((part) => part !== '' && part !== '.' && part !== '..'),
    'expected a path inside the sample folder, such as reference/brief.pdf',
  );

/** Days are counted from the day on which the sample is created, in the project's time zone. */
const dayOffsetSchema = z.int().min(-365).max(365);
const clockTimeSchema = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time such as 17:00');
const sampleWallTimeSchema = z.strictObject({ dayOffset: dayOffsetSchema, time: clockTimeSchema });
export type SampleWallTime = z.infer<typeof sampleWallTimeSchema>;

const samplePersonSchema = z.strictObject({
  name: lineSchema,
  email: emailSchema,
  timeZone: timeZoneSchema,
});

const sampleTaskSchema = z.strictObject({
  key: z.string().regex(/^[a-z][a-z0-9-]*$/, 'expected a key such as price-survey'),
  title: lineSchema,
  instructions: longTextSchema,
  criteria: z.array(lineSchema).min(1).max(50),
  referenceFiles: z.array(samplePathSchema),
  /** A wall time in the project's zone. */
  deadline: sampleWallTimeSchema,
  estimateMinutes: z.int().min(1),
});
export type SampleTask = z.infer<typeof sampleTaskSchema>;

const sampleTimeEntrySchema = z.strictObject({
  kind: z.enum(['timer', 'manual']),
  /** A wall time in the intern's zone, on a day before today. */
  startedAt: sampleWallTimeSchema.refine(
    (start) => start.dayOffset < 0,
    'expected a day before today',
  ),
  minutes: z.int().min(1).max(1440),
  note: lineSchema,
});

/** Position in the task's list of criteria, from 0. */
const criterionIndexSchema = z.int().min(0);

const sampleReviewSchema = z.strictObject({
  decision: z.enum(['accepted', 'changes_requested']),
  comment: longTextSchema,
  criterionComments: z.array(
    z.strictObject({ criterion: criterionIndexSchema, comment: longTextSchema }),
  ),
});
export type SampleReview = z.infer<typeof sampleReviewSchema>;

const sampleRoundSchema = z.strictObject({
  timeEntries: z.array(sampleTimeEntrySchema),
  criteriaTicked: z.array(criterionIndexSchema),
  deliverables: z.array(samplePathSchema).min(1),
  note: longTextSchema,
  review: sampleReviewSchema,
});
export type SampleRound = z.infer<typeof sampleRoundSchema>;

const sampleWorkSchema = z.strictObject({
  task: z.string(),
  rounds: z.array(sampleRoundSchema).min(1),
});
export type SampleWork = z.infer<typeof sampleWorkSchema>;

/** The format of `sample.json`; `resources/sample/README.md` describes each field for people. */
export const sampleSchema = z
  .strictObject({
    version: z.literal(1),
    organization: z.strictObject({ name: lineSchema }),
    employer: samplePersonSchema,
    intern: samplePersonSchema,
    project: z.strictObject({
      title: lineSchema,
      brief: longTextSchema,
      category: categorySchema,
      hourBudgetMinutes: z.int().min(1),
      pay: paySchema,
      timeZone: timeZoneSchema,
      startsOn: z.strictObject({ dayOffset: dayOffsetSchema }),
      endsOn: z.strictObject({ dayOffset: dayOffsetSchema }),
      graceMinutes: z.int().min(0),
      latePolicy: longTextSchema,
      roundsIncluded: z.int().min(0),
    }),
    tasks: z.array(sampleTaskSchema).min(1),
    work: z.array(sampleWorkSchema),
  })
  .superRefine((sample, context) => {
    const report = (path: readonly (string | number)[], message: string): void => {
      context.addIssue({ code: 'custom', path: [...path], message });
    };
    if (sample.project.endsOn.dayOffset < sample.project.startsOn.dayOffset) {
      report(['project', 'endsOn', 'dayOffset'], 'expected a day not before startsOn');
    }
    const tasks = new Map(sample.tasks.map((task) => [task.key, task]));
    if (tasks.size !== sample.tasks.length) report(['tasks'], 'expected each key only once');
    sample.work.forEach((work, workIndex) => {
      const task = tasks.get(work.task);
      if (task === undefined) {
        report(['work', workIndex, 'task'], 'expected the key of a task');
        return;
      }
      work.rounds.forEach((round, roundIndex) => {
        const path = ['work', workIndex, 'rounds', roundIndex];
        const isLast = roundIndex === work.rounds.length - 1;
        if ((round.review.decision === 'accepted') !== isLast) {
          report(
            [...path, 'review', 'decision'],
            isLast ? 'expected "accepted" in the last round' : 'expected "changes_requested"',
          );
        }
        const expected = `expected a position from 0 to ${String(task.criteria.length - 1)}`;
        round.criteriaTicked.forEach((criterion, index) => {
          if (criterion >= task.criteria.length)
            report([...path, 'criteriaTicked', index], expected);
        });
        round.review.criterionComments.forEach(({ criterion }, index) => {
          if (criterion >= task.criteria.length) {
            report([...path, 'review', 'criterionComments', index, 'criterion'], expected);
          }
        });
      });
    });
  });
export type Sample = z.infer<typeof sampleSchema>;

/** Every file that the sample names, once each, in the order in which they are named. */
export function listSamplePaths(sample: Sample): string[] {
  return [
    ...new Set([
      ...sample.tasks.flatMap((task) => task.referenceFiles),
      ...sample.work.flatMap((work) => work.rounds.flatMap((round) => round.deliverables)),
    ]),
  ];
}

/**
 * Reads `sample.json` in `folder` and checks that each file it names is there. Throws `file_missing` for a file
 * that is not, and `invalid_input` with the field at fault for contents that do not fit.
 */
export async function loadSample(folder: string): Promise<Sample> {
  let text: string;
  try {
    text = await readFile(join(folder, 'sample.json'), 'utf8');
  } catch (cause) {
    throw new StintError('file_missing', `The sample's sample.json cannot be read in ${folder}.`, {
      cause,
    });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new StintError('invalid_input', "The sample's sample.json is not valid JSON.", { cause });
  }
  const sample = parseInput(sampleSchema, value, 'sample.json');
  for (const path of listSamplePaths(sample)) {
    const found = await stat(join(folder, path)).catch(() => undefined);
    if (found?.isFile() !== true) {
      throw new StintError(
        'file_missing',
        `The sample names the file "${path}", which is not in ${folder}.`,
      );
    }
  }
  return sample;
}
