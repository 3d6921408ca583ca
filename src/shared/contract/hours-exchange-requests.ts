import { z } from 'zod';
import { dateSchema, idSchema, instantSchema, timeZoneSchema } from '../domain/fields.ts';
import { defineRequest } from './request.ts';
import { seatIdSchema } from './shapes.ts';

const rangeShape = {
  /** Left out: the intern's own hours over all their seats. */
  seatId: seatIdSchema.optional(),
  engagementId: idSchema.optional(),
  /** Days, both included, by each entry's own zone. */
  from: dateSchema,
  to: dateSchema,
};

const importRowSchema = z.object({
  /** Where it stands in the file, counting from 1 and from the header. */
  line: z.int(),
  project: z.string(),
  note: z.string(),
  startedAt: instantSchema.nullable(),
  endedAt: instantSchema.nullable(),
  /**
   * `new` is added, `asked` lies in days that are approved, so that the employer is asked about it, `duplicate` is here
   * already, `unmapped` has no task yet, `bad` cannot be read.
   */
  state: z.enum(['new', 'asked', 'duplicate', 'unmapped', 'bad']),
  problem: z.string().nullable(),
  /** What of the row's note is left out; null where nothing is. */
  cutNote: z.string().nullable(),
});
export type ImportRow = z.infer<typeof importRowSchema>;

/** To which task the rows of one project (and task) of the file belong. */
const mappingSchema = z.object({
  key: z.string().max(2000),
  seatId: seatIdSchema,
  taskId: idSchema,
});

const importInput = z.object({
  stagedId: idSchema,
  /** The zone in which the other program wrote its times. */
  zone: timeZoneSchema,
  mappings: z.array(mappingSchema).max(1000).default([]),
});

export const hoursExchangeRequests = {
  'hours.export': defineRequest(
    'Writes the hours of some days as CSV, iCalendar, or a page to print into the exports folder',
    z.object({ ...rangeShape, format: z.enum(['csv', 'ics', 'html']) }),
    z.object({
      fileName: z.string(),
      path: z.string(),
      sizeBytes: z.int(),
      entries: z.int(),
      seconds: z.int(),
    }),
  ),
  'hours.inspectImport': defineRequest(
    'Reads a CSV of Toggl Track, Clockify or Kimai, and says what an import would bring',
    importInput,
    z.object({
      source: z.enum(['toggl', 'clockify', 'kimai']),
      rows: z.array(importRowSchema),
      groups: z.array(
        z.object({
          key: z.string(),
          /** Project and task as the other program calls them. */
          label: z.string(),
          rows: z.int(),
          seconds: z.int(),
          /** The task that it is mapped to, or that is called the same. */
          suggestion: z
            .object({ seatId: seatIdSchema, taskId: idSchema, title: z.string() })
            .nullable(),
        }),
      ),
      counts: z.object({
        new: z.int(),
        asked: z.int(),
        duplicate: z.int(),
        unmapped: z.int(),
        bad: z.int(),
      }),
      /** Of what is new. */
      seconds: z.int(),
    }),
  ),
  'hours.import': defineRequest(
    'Records the time of such a file; what is here already is not recorded again',
    importInput,
    z.object({
      added: z.int(),
      /** Rows of days that are approved already: each waits for the employer's answer as a time change request. */
      asked: z.int(),
      duplicates: z.int(),
      skipped: z.int(),
      /** Rows that the rules do not let in, by their lines in the file, with the reason; the others are imported. */
      refused: z.array(z.object({ line: z.int(), reason: z.string() })),
      /** Of what was added. */
      seconds: z.int(),
    }),
  ),
  'calendar.export': defineRequest(
    "Writes the deadlines of a person's open tasks as iCalendar into the exports folder",
    z.object({ seatId: seatIdSchema.optional() }),
    z.object({ fileName: z.string(), path: z.string(), sizeBytes: z.int(), events: z.int() }),
  ),
  'calendar.getFeed': defineRequest(
    'The subscription to deadlines that a server serves for the account of a seat; asks the server',
    z.object({ seatId: seatIdSchema }),
    z.object({
      createdAt: instantSchema.nullable(),
      lastUsedAt: dateSchema.nullable(),
      /** Only on the computer on which it was made; the server knows its hash alone. */
      url: z.string().nullable(),
    }),
  ),
  'calendar.renewFeed': defineRequest(
    'Makes the subscription, or gives it another secret address; the one before stops working',
    z.object({ seatId: seatIdSchema }),
    z.object({ url: z.string() }),
  ),
  'calendar.endFeed': defineRequest(
    'Ends the subscription: its address answers nothing any more',
    z.object({ seatId: seatIdSchema }),
    z.object({}),
  ),
} as const;
