import { z } from 'zod';
import { idSchema, instantSchema, nameSchema } from '../domain/fields.ts';
import { roundingSchema } from '../domain/rounding.ts';
import { rubricCriterionSchema } from '../domain/rubric.ts';
import { fullProjectTermsSchema } from '../mutations/project-terms-mutations.ts';
import { taskTemplateSchema } from '../mutations/template-mutations.ts';

export const projectTermsSchema = fullProjectTermsSchema;

/** What is scored, as it is written: a criterion that keeps its id stays the same criterion. */
const writtenRubricSchema = z.array(rubricCriterionSchema.partial({ id: true })).max(50);

export const writtenTermsSchema = fullProjectTermsSchema.extend({
  title: nameSchema,
  categoryName: nameSchema.nullable(),
  rubric: writtenRubricSchema,
});

export type WrittenTerms = z.infer<typeof writtenTermsSchema>;

export const newProjectTermsSchema = writtenTermsSchema.extend({
  rubric: writtenRubricSchema.default([]),
  rounding: roundingSchema.nullable().default(null),
});

/** What somebody wrote over in a template without having seen it. */
const replacedInTemplateSchema = z.object({
  field: z.enum(['title', 'instructions', 'estimateMinutes', 'dueDays', 'dueTime']),
  value: z.union([z.string(), z.number(), z.null()]),
  replacedBy: z.string(),
  replacedAt: instantSchema,
});
export type ReplacedInTemplate = z.infer<typeof replacedInTemplateSchema>;

export const templateSchema = taskTemplateSchema.extend({
  templateId: idSchema,
  replaced: z.array(replacedInTemplateSchema),
});

export const writtenTemplateSchema = taskTemplateSchema.extend({ title: nameSchema });
