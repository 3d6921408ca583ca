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
