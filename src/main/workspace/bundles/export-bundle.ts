import type { DomainRow } from '../../../shared/database/domain-tables.ts';
import { StintError } from '../../../shared/errors.ts';
import type { Workspace } from '../engine/workspace.ts';
import type { Seat } from '../seats/seat.ts';
import { computeBagEntries } from './bag.ts';
import { computeBaggingDay, computeBundleInfo, computeBundlePayload } from './bundle-contents.ts';
import {
  computeEngagementDocument,
  listBundledFiles,
  type MissingReasons,
} from './compute-engagement-document.ts';
import type { BundledFile, MissingFile } from './engagement-document.ts';
import { loadEngagementRows } from './load-engagement-rows.ts';
import { computeSlug } from '../../../shared/domain/safe-file-name.ts';
import { writeExport, type WrittenExport } from './write-export.ts';

/** Without these, asking for the next file would only wait for the same answer again. */
const hopeless: readonly string[] = ['server_unreachable', 'not_signed_in', 'not_a_stint_server'];

/**
 * Exports an engagement as a bundle (design, section 6). Contents that are not on this computer are
 * fetched first; what cannot be had is named in the answer, in the report and in `engagement.json`.
 *
 * @throws StintError `not_found`, `hash_mismatch` naming a file that was damaged here and cannot be fetched again,
 * `disk_full`; nothing is left behind then.
 */
export async function exportBundle(
  workspace: Workspace,
  seat: Seat,
  engagementId: string,
): Promise<WrittenExport & { missing: string[] }> {
  const rows = await loadEngagementRows(seat, engagementId);
  const wanted = listBundledFiles(computeEngagementDocument(rows, new Map()));
  const write = async (): Promise<WrittenExport & { missing: string[] }> => {
    const missing = await fetchMissingFiles(workspace, seat, wanted, rows.attachments);
    const document = computeEngagementDocument(rows, missing);
    const day = computeBaggingDay(document);
    const slug = computeSlug(`${document.project.title} ${document.engagement.intern.name}`);
    const name = `${slug === '' ? 'bundle' : slug}-${day}`;
    const entries = computeBagEntries(
      name,
      computeBundlePayload(document, workspace.files),
      computeBundleInfo(document),
    );
    const { seatId } = seat.record;
    const written = await writeExport(workspace, { seatId, engagementId, name, day, entries });
    return { ...written, missing: document.missing.map(({ path }) => path) };
  };
  try {
    return await write();
  } catch (error) {
    const isDamaged = error instanceof StintError && error.code === 'hash_mismatch';
    if (!isDamaged || !(await replaceDamagedFiles(workspace, seat, wanted))) throw error;
    return await write();
  }
}

/**
 * Fetches again what this computer's disk has changed.
 * @returns whether every content that was damaged is whole again.
 */
async function replaceDamagedFiles(
  workspace: Workspace,
  seat: Seat,
  wanted: readonly BundledFile[],
): Promise<boolean> {
  for (const { sha256, sizeBytes } of wanted) {
    if (!(await workspace.files.setAsideIfDamaged(sha256))) continue;
    try {
      await workspace.sync.fetchFile(seat.record.seatId, sha256, sizeBytes);
    } catch (error) {
      if (!(error instanceof StintError) || error.code === 'disk_full') throw error;
    }
    if (!(await workspace.files.has(sha256))) return false;
  }
  return true;
}

async function fetchMissingFiles(
  workspace: Workspace,
  seat: Seat,
  wanted: readonly BundledFile[],
  attachments: readonly DomainRow<'attachments'>[],
): Promise<MissingReasons> {
  const arrived = new Set(
    attachments.filter(({ arrivedAt }) => arrivedAt !== null).map(({ sha256 }) => sha256),
  );
  const missing = new Map<string, MissingFile['reason']>();
  let isServerReachable = true;
  for (const { sha256, sizeBytes } of wanted) {
    if (missing.has(sha256) || (await workspace.files.has(sha256))) continue;
    try {
      if (isServerReachable) await workspace.sync.fetchFile(seat.record.seatId, sha256, sizeBytes);
    } catch (error) {
      if (!(error instanceof StintError) || error.code === 'disk_full') throw error;
      if (hopeless.includes(error.code)) isServerReachable = false;
    }
    if (await workspace.files.has(sha256)) continue;
    missing.set(sha256, arrived.has(sha256) ? 'could_not_be_fetched' : 'not_on_the_server_yet');
  }
  return missing;
}
