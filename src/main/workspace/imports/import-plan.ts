import type { ImportPreview } from '../../../shared/contract/import-requests.ts';
import type { Change } from '../seats/seat.ts';

type PreviewRow = ImportPreview['rows'][number];

/** A row as it is shown, and what it would make; nothing where it is wrong, or there already. */
export interface PlannedRow extends PreviewRow {
  readonly change?: Change;
  readonly link?: { readonly name: string; readonly email: string | null; readonly link: string };
}

export interface ImportPlan {
  readonly rows: readonly PlannedRow[];
  readonly unknownColumns: readonly string[];
  readonly problem: string | null;
}

export const foldText = (text: string): string =>
  text.normalize('NFC').trim().toLocaleLowerCase('en').replaceAll(/\s+/gu, ' ');

/**
 * The number in the id of what a row would make, one for each time that it was made and ended. Names may have changed
 * since: the ids tell what a row made before. Undefined where that is still there.
 *
 * @param first the number from which it may be, as the names that are known now have it.
 * @param findEnd whether what has the id with that number was ended; undefined where there is none.
 */
export function findOrdinal(
  first: number,
  findEnd: (ordinal: number) => boolean | undefined,
): number | undefined {
  for (let ordinal = 0; ; ordinal += 1) {
    const isEnded = findEnd(ordinal);
    if (isEnded === false) return undefined;
    if (isEnded === undefined && ordinal >= first) return ordinal;
  }
}
