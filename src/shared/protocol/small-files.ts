import { z } from 'zod';
import { mediaTypeSchema, sha256Schema } from '../domain/fields.ts';

/** What one request, or one answer, may carry; larger files go by themselves. */
export const smallFileLimits = {
  files: 512,
  fileBytes: 256 * 1024,
  bodyBytes: 8 * 1024 * 1024,
} as const;

/** The header of what is sent; the contents follow in its order. */
export const smallFilesHeaderSchema = z.object({
  files: z
    .array(
      z.object({
        sha256: sha256Schema,
        sizeBytes: z.int().min(0).max(smallFileLimits.fileBytes),
        mediaType: mediaTypeSchema.optional(),
      }),
    )
    .min(1)
    .max(smallFileLimits.files),
});

/** What became of each file, by its hash. What did not arrive is sent by tus, which says why. */
export const smallFilesResponseSchema = z.object({ arrived: z.array(z.string()) });

export const fetchSmallFilesRequestSchema = z.object({
  hashes: z.array(sha256Schema).min(1).max(smallFileLimits.files),
});

/** The header of what is fetched. What is not in it is asked for by itself, which says why. */
export const fetchedSmallFilesHeaderSchema = z.object({
  files: z
    .array(
      z.object({
        sha256: sha256Schema,
        sizeBytes: z.int().min(0).max(smallFileLimits.fileBytes),
      }),
    )
    .max(smallFileLimits.files),
});
