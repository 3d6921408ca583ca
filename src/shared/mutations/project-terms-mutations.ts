import { z } from 'zod';
import type { DomainRow } from '../database/domain-tables.ts';
import { getRow } from '../database/mutation-store.ts';
import { idSchema } from '../domain/fields.ts';
import { computeRounding, computeRoundingColumns, roundingSchema } from '../domain/rounding.ts';
import { parseRubric, rubricSchema } from '../domain/rubric.ts';
import { projectScope } from '../domain/scopes.ts';
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
