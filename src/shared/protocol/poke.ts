import { z } from 'zod';
import { idSchema } from '../domain/fields.ts';

/** SY-13: says that an organization has something new, and never what. The SSE event's name is `poke`. */
export const pokeSchema = z.object({ orgId: idSchema, seq: z.int().min(0) });
export type Poke = z.infer<typeof pokeSchema>;
