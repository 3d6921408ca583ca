import { z } from 'zod';
import { deadlineSchema, idSchema, nameSchema, textSchema } from '../domain/fields.ts';
import { defineRequest } from './request.ts';
import { dueSchema, seatIdSchema } from './shapes.ts';

/** What one list can hold: a page that a person can still look through. */
export const maximumImportRows = 2000;

const importInput = z.object({
  seatId: seatIdSchema,
  projectId: idSchema,
  kind: z.enum(['tasks', 'interns']),
  /** The file's text: commas, semicolons or tabs, the first line with the columns' names. */
  csv: z.string().max(5_000_000, 'expected a file of at most 5 MB'),
});

export const importPreviewSchema = z.object({
  rows: z.array(
    z.object({
      /** The line of the file on which it begins; the header is line 1. */
      line: z.int(),
      /** `there`: made before, so that nothing will be made. */
      state: z.enum(['new', 'there', 'wrong']),
      title: z.string(),
      /** For whom it will be made. */
      details: z.array(z.string()),
      /** Of a task: until when, and how long it may take. */
      due: dueSchema.optional(),
      estimateMinutes: z.int().nullable().optional(),
      problems: z.array(z.object({ column: z.string(), message: z.string() })),
    }),
  ),
  /** Columns that this import does not know; nothing of them is taken. */
  unknownColumns: z.array(z.string()),
  /** What is wrong with the file as a whole; then there are no rows. */
  problem: z.string().nullable(),
});
export type ImportPreview = z.infer<typeof importPreviewSchema>;

/** Lists that come from elsewhere, and one task for many. */
export const importRequests = {
  'project.previewImport': defineRequest(
    'What a CSV file of tasks or interns would make in a project, row by row; makes nothing',
    importInput,
    importPreviewSchema,
  ),
  'project.import': defineRequest(
    'Makes what the preview shows: all of it, or, where a row is wrong, nothing. Importing again makes nothing twice',
    importInput.extend({ validDays: z.int().min(1).max(365).default(14) }),
    z.object({
      made: z.int(),
      alreadyThere: z.int(),
      /** Of interns: the links to send, in the rows' order. */
      links: z.array(
        z.object({ name: z.string(), email: z.string().nullable(), link: z.string() }),
      ),
    }),
  ),
  'task.assignToMany': defineRequest(
    'Assigns one task in several engagements, in all of them or in none',
    z.object({
      seatId: seatIdSchema,
      engagementIds: z.array(idSchema).min(1).max(500),
      title: nameSchema,
      instructions: textSchema,
      criteria: z.array(z.string().trim().min(1).max(1000)).max(100),
      deadline: deadlineSchema,
      estimateMinutes: z.int().min(1).max(60_000).nullable(),
      referenceStagedIds: z.array(idSchema).max(200).default([]),
    }),
    z.object({ taskIds: z.array(idSchema) }),
  ),
  'template.assign': defineRequest(
    'Assigns task templates to interns of their project; who has been assigned one before does not get it again, unless it was cancelled',
    z.object({
      seatId: seatIdSchema,
      projectId: idSchema,
      templateIds: z.array(idSchema).min(1).max(200),
      engagementIds: z.array(idSchema).min(1).max(500),
    }),
    z.object({ assigned: z.int(), alreadyThere: z.int() }),
  ),
} as const;
