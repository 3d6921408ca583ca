import { z } from 'zod';
import { idSchema } from './fields.ts';

/** What a reviewer gives for one line of the project's rubric. */
export const rubricScoreSchema = z.object({
  rubricCriterionId: idSchema,
  points: z.int().min(0).max(1000),
});
export type RubricScore = z.infer<typeof rubricScoreSchema>;
