import { z } from 'zod';
import { idSchema, nameSchema } from '../domain/fields.ts';
import { roundingSchema } from '../domain/rounding.ts';
import { rubricCriterionSchema } from '../domain/rubric.ts';
import {
  fullProjectTermsSchema,
  taskTemplateSchema,
} from '../mutations/project-terms-mutations.ts';

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

export const templateSchema = taskTemplateSchema.extend({ templateId: idSchema });

export const writtenTemplateSchema = taskTemplateSchema.extend({ title: nameSchema });
