import { z } from 'zod';
import { idSchema } from '../../shared/domain/fields.ts';

/**
 * An id in lower case. Ids also name folders, and on a file system that ignores case two organizations
 * whose ids differ in case only would share one.
 */
export const canonicalIdSchema = idSchema.regex(/^[^A-F]*$/, 'expected an id in lower case');

export const organizationParametersSchema = z.object({ orgId: canonicalIdSchema });
