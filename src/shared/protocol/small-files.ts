import { z } from 'zod';

/** What one request may carry; larger files go by tus. */
export const smallFileLimits = {
  files: 128,
  fileBytes: 256 * 1024,
  bodyBytes: 4 * 1024 * 1024,
} as const;

/** What became of each file, by its hash. What did not arrive is sent by tus, which says why. */
export const smallFilesResponseSchema = z.object({ arrived: z.array(z.string()) });
