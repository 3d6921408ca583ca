import { z } from 'zod';
import { computeEpochMs, computeIsoInstant } from '../ports.ts';

const wordsSchema = z.string().trim().max(5000, 'expected at most 5,000 characters');
const scoreSchema = z.int().min(1).max(5);

/** After so long, what one side said is opened, even if the other has said nothing. */
export const sealedDays = 14;

/** What the employer can be asked about an intern, and the intern about the work; each from 1 to 5. */
export const ratedByEmployer = ['quality', 'reliability', 'communication', 'independence'] as const;
export const ratedByIntern = ['clarity', 'feedback', 'fairness', 'learning'] as const;

const createRatings = <const Names extends readonly string[]>(names: Names) =>
  z.object(
    Object.fromEntries(names.map((name) => [name, scoreSchema.nullable()])) as {
      [Name in Names[number]]: z.ZodNullable<typeof scoreSchema>;
    },
  );

const offerSchema = z.object({
  kind: z.enum(['more_work', 'permanent_role']),
  text: wordsSchema,
});

export const evaluationContentSchema = z.discriminatedUnion('side', [
  z.object({
    side: z.literal('employer'),
    ratings: createRatings(ratedByEmployer),
    wentWell: wordsSchema,
    couldImprove: wordsSchema,
    /** Words that the intern may show to others; empty where there is none. */
    testimonial: wordsSchema,
    offer: offerSchema.nullable(),
  }),
  z.object({
    side: z.literal('intern'),
    ratings: createRatings(ratedByIntern),
    wentWell: wordsSchema,
    couldImprove: wordsSchema,
    wouldWorkAgain: z.boolean().nullable(),
  }),
]);
export type EvaluationContent = z.infer<typeof evaluationContentSchema>;

/** Whether it says anything at all. */
export function isEmptyEvaluation(content: EvaluationContent): boolean {
  const words =
    content.side === 'employer'
      ? [content.wentWell, content.couldImprove, content.testimonial]
      : [content.wentWell, content.couldImprove];
  const hasMore =
    content.side === 'employer' ? content.offer !== null : content.wouldWorkAgain !== null;
  return (
    !hasMore &&
    words.every((text) => text === '') &&
    Object.values(content.ratings).every((score) => score === null)
  );
}

/** When it is opened in any case. */
export function computeOpensAt(endedAt: string): string {
  return computeIsoInstant(computeEpochMs(endedAt) + sealedDays * 86_400_000);
}
