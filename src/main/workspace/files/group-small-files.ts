import { smallFileLimits } from '../../../shared/protocol/small-files.ts';

/** Of contents; the header comes on top. */
const groupBytes = smallFileLimits.bodyBytes - 128 * 1024;

export const isSmall = ({ sizeBytes }: { readonly sizeBytes: number }): boolean =>
  sizeBytes <= smallFileLimits.fileBytes;

/** Small files in groups of which each fits into one request, in their order. One alone is in none of them. */
export function groupSmallFiles<File extends { readonly sizeBytes: number }>(
  files: readonly File[],
): File[][] {
  const groups: File[][] = [];
  let group: File[] = [];
  let sizeBytes = 0;
  for (const file of files) {
    if (!isSmall(file)) continue;
    if (group.length === smallFileLimits.files || sizeBytes + file.sizeBytes > groupBytes) {
      groups.push(group);
      group = [];
      sizeBytes = 0;
    }
    group.push(file);
    sizeBytes += file.sizeBytes;
  }
  groups.push(group);
  return groups.filter(({ length }) => length > 1);
}
