import type { Sha256Hex } from '../../../shared/ports.ts';
import { findMutation } from '../../../shared/mutations/mutation-registry.ts';
import { listNamedFiles } from '../bundles/attention-export.ts';
import {
  readUnrecordedTime,
  readUnsentPage,
  type UnsentReading,
  type UnsentRow,
  readUnsentUploads,
  type SeatIdentity,
} from '../database/read-unsent-rows.ts';
import type { Seat } from '../seats/seat.ts';
import { yieldToOthers } from '../sync/turns.ts';
import { isRowIntact } from './outbox-row-hash.ts';
import {
  longestShown,
  type PackedChange,
  packedChangeSchema,
  type PackedFile,
  shorten,
  unsentStates,
} from './pack-format.ts';

/** A seat's unsent work, wherever it is read from. */
export interface PackSource {
  readonly identity: SeatIdentity;
  /** In the order in which they were made. `problems` is complete when they have come to their end. */
  changes(): AsyncIterable<Omit<PackedChange, 'seat'>>;
  listUploads(): readonly PackedFile[];
  /** What could not be read, and what is no change and so is not carried, in plain words. */
  readonly problems: string[];
}

/** What an opened seat has not sent; read in pages between which others have their turn. */
export function createLiveSource(seat: Seat, sha256Hex: Sha256Hex): PackSource {
  const { connection } = seat.opened;
  const problems = readUnrecordedTime(connection);
  return {
    identity: seat.record,
    problems,
    async *changes() {
      for (let after = 0; ;) {
        const page = readUnsentPage(connection, unsentStates, after);
        if (page.length === 0) return;
        for (const row of page) {
          after = Number(row.outbox['deviceSeq']);
          const change = toChange(row, sha256Hex, problems);
          if (change !== undefined) yield change;
        }
        await yieldToOthers();
      }
    },
    listUploads: () => readUnsentUploads(connection).map(toPackedFile),
  };
}

/** What could be read of a seat whose database may be damaged. */
export function createReadSource(
  identity: SeatIdentity,
  reading: UnsentReading,
  sha256Hex: Sha256Hex,
): PackSource {
  const problems = [...reading.problems, ...(reading.unrecorded ?? [])];
  return {
    identity,
    problems,
    async *changes() {
      for (const row of reading.rows) {
        const change = toChange(row, sha256Hex, problems);
        if (change !== undefined) yield change;
      }
    },
    listUploads: () => reading.uploads.map(toPackedFile),
  };
}

function toChange(
  { outbox, state, touches }: UnsentRow,
  sha256Hex: Sha256Hex,
  problems: string[],
): Omit<PackedChange, 'seat'> | undefined {
  const parsed = packedChangeSchema.omit({ seat: true }).safeParse({
    row: { anchorJson: null, ...outbox },
    // Whether it was sent is not known: sending it again is harmless (SY-6).
    state: state?.['state'] ?? 'pending',
    subject: shorten(state?.['subject'] ?? '', longestShown.subject),
    code: state?.['code'] ?? null,
    message: shorten(state?.['message'] ?? null, longestShown.message),
    field: shorten(state?.['field'] ?? null, longestShown.field),
    answeredAt: state?.['answeredAt'] ?? null,
    touches: touches.map(({ tableName, rowId, creates }) => ({ tableName, rowId, creates })),
  });
  if (parsed.success && isRowIntact(parsed.data.row, sha256Hex)) return parsed.data;
  const name = String(outbox['name']);
  const label = findMutation(name, Number(outbox['version']))?.label ?? 'A change';
  problems.push(
    `"${label}" of ${String(outbox['claimedAt']).slice(0, 40)} is damaged, and was left out`,
  );
  return undefined;
}

/** The files that a change names. */
export function listChangeFiles({ row }: Pick<PackedChange, 'row'>): PackedFile[] {
  return listNamedFiles(JSON.parse(row.argsJson)).map(toPackedFile);
}

const toPackedFile = ({ sha256, sizeBytes, name }: PackedFile): PackedFile => ({
  sha256,
  sizeBytes,
  name: shorten(name, longestShown.name),
});
