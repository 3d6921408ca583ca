import { z } from 'zod';
import { idSchema } from '../domain/fields.ts';

/**
 * SY-16: the session that asks goes on as the device named, under the token answered. The token it asked with
 * stays valid, as the device that it was: a copy of the workspace may hold it. Asking again with the same id is
 * harmless; each time another token is answered.
 */
export const rekeyRequestSchema = z.object({ deviceId: idSchema });
export type RekeyRequest = z.infer<typeof rekeyRequestSchema>;

export const rekeyResponseSchema = z.object({ token: z.string() });
export type RekeyResponse = z.infer<typeof rekeyResponseSchema>;
