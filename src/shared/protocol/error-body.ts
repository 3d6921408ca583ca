import { z } from 'zod';
import { errorCodes } from '../errors.ts';

/** The body of every answer that is not a success. Unknown codes of a newer server are read as `server_error`. */
export const wireErrorSchema = z.object({
  error: z.object({
    code: z.enum(errorCodes).catch('server_error'),
    message: z.string(),
    field: z.string().optional(),
  }),
});
export type WireError = z.infer<typeof wireErrorSchema>;
