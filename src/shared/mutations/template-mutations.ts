import { z } from 'zod';
import { computeCanonicalJson } from '../canonical-json.ts';
import type { DomainRow } from '../database/domain-tables.ts';
import { createRowNotFound, getRow, type MutationStore } from '../database/mutation-store.ts';
import { idSchema, lineSchema, textSchema } from '../domain/fields.ts';
import { deskScope } from '../domain/scopes.ts';
import { StintError } from '../errors.ts';
import { applyFieldEdits } from './field-edits.ts';
import { defineMutation, employerRoles, type MutationContext } from './mutation.ts';

const maximumCriteria = 100;

export const taskTemplateSchema = z.object({
  title: lineSchema,
  instructions: textSchema,
  criteria: z.array(z.string().trim().min(1).max(1000)).max(maximumCriteria),
  estimateMinutes: z.int().min(1).max(60_000).nullable(),
  /** Due so many days after the engagement's begin, */
  dueDays: z.int().min(0).max(3650),
  /** at this time of the project's zone. */
  dueTime: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time of day such as 17:00'),
});
export type TaskTemplate = z.output<typeof taskTemplateSchema>;
type TemplateRow = DomainRow<'taskTemplates'>;

const computeColumns = ({ criteria, ...columns }: TaskTemplate) => ({
  ...columns,
  criteriaJson: JSON.stringify(criteria),
});

const parseCriteria = (row: TemplateRow): string[] =>
  taskTemplateSchema.shape.criteria.parse(JSON.parse(row.criteriaJson));

/** What a template's row holds. */
export function computeTemplate(row: TemplateRow): TaskTemplate {
  const { title, instructions, estimateMinutes, dueDays, dueTime } = row;
  return {
    title,
    instructions,
    criteria: parseCriteria(row),
    estimateMinutes,
    dueDays,
    dueTime,
  };
}

const saveFields = {
  templateId: idSchema,
  projectId: idSchema,
  position: z.int().min(0).max(10_000),
  template: taskTemplateSchema,
};

interface SavedTemplate {
  readonly templateId: string;
  readonly projectId: string;
  readonly position: number;
  readonly template: TaskTemplate;
}

/** The template that is there already; undefined where this one was new, and has been made. */
async function findOrInsert(
  store: MutationStore,
  { templateId, projectId, position, template }: SavedTemplate,
  context: MutationContext,
): Promise<TemplateRow | undefined> {
  await getRow(store, 'projects', projectId);
  const existing = await store.find('taskTemplates', templateId);
  if (existing === undefined)
    await store.insert('taskTemplates', {
      orgId: store.orgId,
      id: templateId,
      scope: deskScope,
      projectId,
      ...computeColumns(template),
      position,
      createdBy: context.actor.membershipId,
      createdAt: context.at,
      removedAt: null,
    });
  else if (existing.projectId !== projectId) throw createRowNotFound('taskTemplates', templateId);
  return existing;
}

/** Makes a template, or writes one anew as a whole, as older programs do: the later to reach the server wins. */
export const saveTemplateV1 = defineMutation({
  name: 'template.save',
  version: 1,
  schema: z.object(saveFields),
  by: employerRoles,
  label: 'Save a task template',
  async apply(store, args, context) {
    const existing = await findOrInsert(store, args, context);
    if (existing === undefined) return;
    const { template, position } = args;
    // Like time: an edit beats a removal that came in between.
    const patch = { ...computeColumns(template), position, removedAt: null };
    await applyFieldEdits(store, 'taskTemplates', existing, patch, { removedAt: null }, context);
  },
});

/**
 * Criteria as they are after what one person added and took away, over what others did meanwhile. They have no ids: one
 * that both wrote anew is there in both versions.
 */
function mergeCriteria(
  current: readonly string[],
  wanted: readonly string[],
  seen: readonly string[],
): string[] {
  const added = current.filter((text) => !seen.includes(text));
  const removed = new Set(seen.filter((text) => !current.includes(text)));
  return [...new Set([...wanted.filter((text) => !removed.has(text)), ...added])];
}

/** The columns that are to be other ones than were seen. */
function computePatch(
  current: TaskTemplate,
  wanted: TaskTemplate,
  seen: TaskTemplate,
): Record<string, unknown> {
  const { criteria, ...fields } = wanted;
  const merged = mergeCriteria(current.criteria, criteria, seen.criteria);
  const changed = Object.entries(fields).filter(
    ([field, value]) => value !== seen[field as keyof typeof fields],
  );
  return {
    ...Object.fromEntries(changed),
    criteriaJson: JSON.stringify(merged.length > maximumCriteria ? criteria : merged),
  };
}

/**
 * Makes a template, or changes of one what is not as it was seen. Of the same field the later to reach the server wins, and
 * what it replaced is kept; criteria merge one by one.
 */
export const saveTemplate = defineMutation({
  name: 'template.save',
  version: 2,
  schema: z.object({
    ...saveFields,
    /** The template as it was when the change began; null for a new one. */
    seen: taskTemplateSchema.extend({ isRemoved: z.boolean() }).nullable(),
  }),
  by: employerRoles,
  label: 'Save a task template',
  async apply(store, args, context) {
    const existing = await findOrInsert(store, args, context);
    if (existing === undefined) return;
    const current = computeTemplate(existing);
    const { isRemoved, ...seen } = args.seen ?? { ...current, isRemoved: false };
    await applyFieldEdits(
      store,
      'taskTemplates',
      existing,
      { ...computePatch(current, args.template, seen), removedAt: null },
      { ...seen, removedAt: isRemoved ? existing.removedAt : null },
      context,
    );
  },
});

async function remove(
  store: MutationStore,
  template: TemplateRow,
  context: MutationContext,
): Promise<void> {
  if (template.removedAt === null)
    await applyFieldEdits(store, 'taskTemplates', template, { removedAt: context.at }, {}, context);
}

export const removeTemplateV1 = defineMutation({
  name: 'template.remove',
  version: 1,
  schema: z.object({ templateId: idSchema }),
  by: employerRoles,
  label: 'Remove a task template',
  async apply(store, { templateId }, context) {
    await remove(store, await getRow(store, 'taskTemplates', templateId), context);
  },
});

/** Removes the template that was seen; one that somebody has changed meanwhile stays. */
export const removeTemplate = defineMutation({
  name: 'template.remove',
  version: 2,
  schema: z.object({ templateId: idSchema, seen: taskTemplateSchema }),
  by: employerRoles,
  label: 'Remove a task template',
  async apply(store, { templateId, seen }, context) {
    const template = await getRow(store, 'taskTemplates', templateId);
    if (
      template.removedAt === null &&
      computeCanonicalJson(computeTemplate(template)) !== computeCanonicalJson(seen)
    )
      throw new StintError(
        'conflict',
        `the task template “${template.title}” was changed by somebody else meanwhile, and stays; look at it, and remove it again if it is to go`,
      );
    await remove(store, template, context);
  },
});
