import { z } from 'zod';
import { dateSchema, instantSchema } from '../domain/fields.ts';

/** The subscription of an account to its deadlines; `createdAt` is null where there is none. */
export const calendarFeedSchema = z.object({
  createdAt: instantSchema.nullable(),
  /** The day on which a calendar asked last. */
  lastUsedAt: dateSchema.nullable(),
});

/** The secret is answered once; the server keeps its hash. */
export const renewedFeedSchema = z.object({ secret: z.string(), createdAt: instantSchema });

const feedPath = '/calendar';
export const feedRoute = `${feedPath}/:secret`;

/** The address that a calendar subscribes to. Whoever has it can read the deadlines, and nothing else. */
export function computeFeedUrl(serverUrl: string, secret: string): string {
  return `${serverUrl.replace(/\/+$/, '')}${feedPath}/${secret}.ics`;
}
