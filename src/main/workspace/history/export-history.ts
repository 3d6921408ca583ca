import type { HistoryFilter } from '../../../shared/contract/history-requests.ts';
import { computeCsvLine, csvStart } from '../../../shared/csv.ts';
import { privateActName } from '../../../shared/protocol/history.ts';
import { StintError } from '../../../shared/errors.ts';
import { computeSlug } from '../../../shared/domain/safe-file-name.ts';
import { encodeParts, makePiecesEntry } from '../bundles/text-entry.ts';
import { writeExport } from '../bundles/write-export.ts';
import { computeNow, type Workspace } from '../engine/workspace.ts';
import type { Seat } from '../seats/seat.ts';
import { Turns } from '../sync/turns.ts';
import { computeLocalTimeZone } from '../ports/local-time-zone.ts';
import { filterHistory, splitHistory } from './history-rows.ts';
import { describeEntries, loadNames } from './list-history.ts';

const header = [
  'number',
  'received_utc',
  'claimed_utc',
  'person',
  'membership_id',
  'device',
  'act',
  'name',
  'subject',
  'arguments',
  'arguments_sha256',
  'hash',
];

/**
 * Writes entries of the history into one ZIP in the exports folder, oldest first: `history.csv` (RFC 4180, harmless in a
 * spreadsheet) and `history.jsonl`, a JSON object for each line with all that the chain of hashes is made of, which
 * `stint history check` follows.
 * @throws StintError `not_found` where there is nothing to write.
 */
export async function exportHistory(
  workspace: Workspace,
  seat: Seat,
  filter: Omit<HistoryFilter, 'seatId'>,
): Promise<{ fileName: string; path: string; sizeBytes: number; entries: number }> {
  const turns = new Turns(() => seat.clock.monotonicMs());
  const names = await loadNames(seat);
  const zone = computeLocalTimeZone(workspace.ports);
  const table = [`${csvStart}${computeCsvLine(header)}`];
  const lines: string[] = [];
  // The chain goes through private acts as well; a part of it is none.
  const isWhole = Object.values(filter).every((value) => value === undefined);
  const query = isWhole
    ? seat.db.selectFrom('historyEntries').selectAll()
    : filterHistory(seat, filter, zone);
  for await (const { after, upTo } of splitHistory(seat)) {
    const rows = await query
      .where('seq', '>', after)
      .where('seq', '<=', upTo)
      .orderBy('seq')
      .execute();
    const items = await describeEntries(seat, rows, names);
    for (const [index, row] of rows.entries()) {
      const { personName = '', label = '', subject = '' } = items[index] ?? {};
      lines.push(`${JSON.stringify({ ...row, personName, label, subject })}\n`);
      if (row.name === privateActName) continue;
      const cells = [
        String(row.seq),
        row.receivedAt,
        row.claimedAt,
        personName,
        row.actorMembershipId,
        row.deviceName ?? '',
        label,
        row.name,
        subject,
        row.argsJson ?? '',
        row.argsHash,
        row.hash,
      ];
      table.push(computeCsvLine(cells));
      await turns.pass();
    }
  }
  if (lines.length === 0)
    throw new StintError('not_found', 'there is no act that fits; fetch the history first');
  const day = computeNow(workspace).slice(0, 10);
  const slug = computeSlug(seat.record.organizationName);
  const name = `history${slug === '' ? '' : `-${slug}`}-${day}`;
  const { fileName, path, sizeBytes } = await writeExport(workspace, {
    seatId: seat.record.seatId,
    engagementId: null,
    name,
    day,
    entries: [
      await makePiecesEntry(`${name}/history.csv`, await encodeParts(table, turns), turns),
      await makePiecesEntry(`${name}/history.jsonl`, await encodeParts(lines, turns), turns),
    ],
  });
  return { fileName, path, sizeBytes, entries: table.length - 1 };
}
