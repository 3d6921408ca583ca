import { z } from 'zod';
import { computeCanonicalJson } from '../canonical-json.ts';
import type { Sha256Hex } from '../ports.ts';
import {
  fileNameSchema,
  idSchema,
  mediaTypeSchema,
  sha256Schema,
  sizeBytesSchema,
} from './fields.ts';

/** What one submission holds at most. */
export const maximumSubmissionFiles = 2000;

/** A deliverable as a submission names it. The attachment's id makes two uses of one content distinct. */
export const manifestFileSchema = z.object({
  attachmentId: idSchema,
  name: fileNameSchema,
  sha256: sha256Schema,
  sizeBytes: sizeBytesSchema,
  mediaType: mediaTypeSchema,
});
export type ManifestFile = z.infer<typeof manifestFileSchema>;

/**
 * The hash that names what was handed in: files (name, content, size), note, criteria ticked and the
 * brief version answered. The ids that a device invents are left out, so the same work handed in from
 * two devices has one manifest hash (design, section 4, conflicts).
 */
export function computeManifestHash(
  work: {
    readonly taskId: string;
    readonly briefVersionId: string;
    readonly note: string;
    readonly ticked: readonly string[];
    readonly files: readonly ManifestFile[];
  },
  sha256Hex: Sha256Hex,
): string {
  const files = work.files
    .map(({ name, sha256, sizeBytes }) => ({ name, sha256, sizeBytes }))
    .sort((left, right) =>
      left.name < right.name
        ? -1
        : left.name > right.name
          ? 1
          : left.sha256 < right.sha256
            ? -1
            : 1,
    );
  return sha256Hex(
    computeCanonicalJson({
      briefVersionId: work.briefVersionId,
      files,
      note: work.note,
      taskId: work.taskId,
      ticked: [...work.ticked].sort(),
    }),
  );
}
