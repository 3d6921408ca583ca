import { z } from 'zod';
import type { DomainRow } from '../database/domain-tables.ts';
import { createRowNotFound, getRow } from '../database/mutation-store.ts';
import { idSchema, lineSchema, textSchema } from '../domain/fields.ts';
import { computeRounding, computeRoundingColumns, roundingSchema } from '../domain/rounding.ts';
import { parseRubric, rubricSchema } from '../domain/rubric.ts';
import { deskScope, projectScope } from '../domain/scopes.ts';
import { applyFieldEdits } from './field-edits.ts';
import { defineMutation, employerRoles } from './mutation.ts';
import {
  assertDatesInOrder,
  computePay,
  computePayColumns,
  projectTermsSchema,
} from './project-mutations.ts';

/** The terms since version 3 of the protocol: with what is scored, and how hours are rounded. */
export const fullProjectTermsSchema = projectTermsSchema.extend({
  rubric: rubricSchema,
  /** Null where hours count to the second. */
  rounding: roundingSchema.nullable(),
});
export type FullProjectTerms = z.infer<typeof fullProjectTermsSchema>;

const termsPatchSchema = fullProjectTermsSchema.partial();

/** The columns of what is set of the terms. */
function computeTermsColumns({
  pay,
  rubric,
  rounding,
  ...columns
}: z.output<typeof termsPatchSchema>): Readonly<Record<string, unknown>> {
  return {
    ...columns,
    ...(pay === undefined ? {} : computePayColumns(pay)),
    ...(rubric === undefined
      ? {}
      : { rubricJson: rubric.length === 0 ? null : JSON.stringify(rubric) }),
    ...(rounding === undefined ? {} : computeRoundingColumns(rounding)),
  };
}

/** The terms that a project's row holds. */
export function computeProjectTerms(row: DomainRow<'projects'>): FullProjectTerms {
  return {
    title: row.title,
    brief: row.brief,
    category: row.category,
    categoryName: row.categoryName,
    hourBudgetMinutes: row.hourBudgetMinutes,
    pay: computePay(row),
    timeZone: row.timeZone,
    startsOn: row.startsOn,
    endsOn: row.endsOn,
    graceMinutes: row.graceMinutes,
    latePolicy: row.latePolicy,
    roundsIncluded: row.roundsIncluded,
    rubric: parseRubric(row.rubricJson),
    rounding: computeRounding(row),
  };
}

export const createProjectWithTerms = defineMutation({
  name: 'project.create',
  version: 2,
  schema: z.object({ projectId: idSchema, terms: fullProjectTermsSchema }),
  by: employerRoles,
  label: 'Create a project',
  async apply(store, { projectId, terms }, context) {
    assertDatesInOrder(terms.startsOn, terms.endsOn);
    const { pay, rubric, rounding, ...columns } = terms;
    await store.insert('projects', {
      orgId: store.orgId,
      id: projectId,
      scope: projectScope(projectId),
      ...columns,
      ...computePayColumns(pay),
      ...computeRoundingColumns(rounding),
      rubricJson: rubric.length === 0 ? null : JSON.stringify(rubric),
      createdBy: context.actor.membershipId,
      createdAt: context.at,
      closedAt: null,
    });
  },
});

export const editProjectTerms = defineMutation({
  name: 'project.edit',
  version: 2,
  schema: z.object({
    projectId: idSchema,
    patch: termsPatchSchema,
    seen: termsPatchSchema,
  }),
  by: employerRoles,
  label: 'Edit a project',
  async apply(store, { projectId, patch, seen }, context) {
    const project = await getRow(store, 'projects', projectId);
    assertDatesInOrder(patch.startsOn ?? project.startsOn, patch.endsOn ?? project.endsOn);
    await applyFieldEdits(
      store,
      'projects',
      project,
      computeTermsColumns(patch),
      computeTermsColumns(seen),
      context,
    );
  },
});

export const taskTemplateSchema = z.object({
  title: lineSchema,
  instructions: textSchema,
  criteria: z.array(z.string().trim().min(1).max(1000)).max(100),
  estimateMinutes: z.int().min(1).max(60_000).nullable(),
  /** Due so many days after the engagement's begin, */
  dueDays: z.int().min(0).max(3650),
  /** at this time of the project's zone. */
  dueTime: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time of day such as 17:00'),
});

/** Makes a template, or writes one anew: the later to reach the server wins. */
export const saveTemplate = defineMutation({
  name: 'template.save',
  version: 1,
  schema: z.object({
    templateId: idSchema,
    projectId: idSchema,
    position: z.int().min(0).max(10_000),
    template: taskTemplateSchema,
  }),
  by: employerRoles,
  label: 'Save a task template',
  async apply(store, { templateId, projectId, position, template }, context) {
    await getRow(store, 'projects', projectId);
    const { criteria, ...columns } = template;
    const content = { ...columns, position, criteriaJson: JSON.stringify(criteria) };
    const existing = await store.find('taskTemplates', templateId);
    if (existing === undefined) {
      await store.insert('taskTemplates', {
        orgId: store.orgId,
        id: templateId,
        scope: deskScope,
        projectId,
        ...content,
        createdBy: context.actor.membershipId,
        createdAt: context.at,
        removedAt: null,
      });
      return;
    }
    if (existing.projectId !== projectId) throw createRowNotFound('taskTemplates', templateId);
    // Like time: an edit beats a removal that came in between.
    await store.patch('taskTemplates', templateId, { ...content, removedAt: null });
  },
});

export const removeTemplate = defineMutation({
  name: 'template.remove',
  version: 1,
  schema: z.object({ templateId: idSchema }),
  by: employerRoles,
  label: 'Remove a task template',
  async apply(store, { templateId }, context) {
    const template = await getRow(store, 'taskTemplates', templateId);
    if (template.removedAt === null)
      await store.patch('taskTemplates', templateId, { removedAt: context.at });
  },
});
