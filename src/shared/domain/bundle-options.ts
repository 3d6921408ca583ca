import { z } from 'zod';
import { idSchema } from './fields.ts';

/** Which revisions of each task's work a bundle holds; the others are not named in it. */
export const bundledRevisionsSchema = z.enum(['all', 'accepted', 'newest']);

/** What goes into a bundle, beyond the engagements that it is about. */
export const bundleOptionsSchema = z.object({
  revisions: bundledRevisionsSchema,
  /** These submissions alone, whatever `revisions` says; null for no choice of single ones. */
  submissionIds: z.array(idSchema).max(10_000).nullable(),
  hours: z.boolean(),
  evaluations: z.boolean(),
  /** People's names and addresses are replaced by the same invented ones everywhere. */
  redactsNames: z.boolean(),
});
export type BundleOptions = z.infer<typeof bundleOptionsSchema>;

/** The whole of it, with names: what a bundle is where nobody chose. */
export const wholeBundle: BundleOptions = {
  revisions: 'all',
  submissionIds: null,
  hours: true,
  evaluations: true,
  redactsNames: false,
};
