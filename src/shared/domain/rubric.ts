import { z } from 'zod';
import { idSchema, lineSchema } from './fields.ts';

/** What a submission is scored on: `points` is what full marks are worth. */
export const rubricCriterionSchema = z.object({
  id: idSchema,
  text: lineSchema,
  points: z.int().min(1, 'expected at least 1 point').max(1000, 'expected at most 1,000 points'),
});
export type RubricCriterion = z.infer<typeof rubricCriterionSchema>;

export const rubricSchema = z.array(rubricCriterionSchema).max(50);

/** The rubric of a project's row; empty where nothing is scored, as in all projects from before version 3. */
export function parseRubric(rubricJson: string | null): RubricCriterion[] {
  return rubricJson === null ? [] : rubricSchema.parse(JSON.parse(rubricJson));
}
