import { dirname, join } from 'node:path';
import type { DomainRow } from '../../../shared/database/domain-tables.ts';
import { type BundleOptions, wholeBundle } from '../../../shared/domain/bundle-options.ts';
import { computeSlug } from '../../../shared/domain/safe-file-name.ts';
import { StintError } from '../../../shared/errors.ts';
import type { Workspace } from '../engine/workspace.ts';
import type { Seat } from '../seats/seat.ts';
import { Turns } from '../sync/turns.ts';
import { type ArchiveWatch, describeWriteFailure } from './archive-writer.ts';
import { computeBagEntries } from './bag.ts';
import {
  type BundleSubject,
  computeBaggingDay,
  computeBundleInfo,
  computeBundlePayload,
  computeNewestAt,
  computeReportPages,
} from './bundle-contents.ts';
import {
  computeEngagementDocument,
  listBundledFiles,
  type MissingReasons,
} from './compute-engagement-document.ts';
import type {
  BundledFile,
  EngagementDocument,
  MissingFile,
} from '../../../shared/bundle/engagement-document.ts';
import { type EngagementRows, loadEngagementRows, selectRows } from './load-engagement-rows.ts';
import { Pseudonyms, redactRows } from './redact-rows.ts';
import { runAlone, writeExportInTurn, type WrittenExport } from './write-export.ts';
import { MadeContents } from './made-contents.ts';
import { writeReports } from './write-reports.ts';

/** Without these, asking for the next file would only wait for the same answer again. */
const hopeless: readonly string[] = ['server_unreachable', 'not_signed_in', 'not_a_stint_server'];

export interface BundleProgress {
  readonly phase: 'fetching' | 'writing';
  readonly doneBytes: number;
  readonly totalBytes: number;
}

export interface BundleWatch {
  readonly signal?: AbortSignal;
  onProgress?(progress: BundleProgress): void;
  /** Whether what is written is to be gone on with later, where the signal ends it. */
  keepsPart?(): boolean;
}

export type ExportedBundle = WrittenExport & { readonly missing: string[] };

/**
 * Exports one engagement or several as a bundle (design, section 6). Contents that are not on this computer are
 * fetched first; what cannot be had is named in the answer, in the report and in `engagement.json`.
 *
 * @param engagementIds in the order in which they lie in the bundle; each once.
 * @throws StintError `not_found`, `hash_mismatch` naming a file that was damaged here and cannot be fetched again,
 * `disk_full`, `cancelled`; nothing is left behind then.
 */
export async function exportBundle(
  workspace: Workspace,
  seat: Seat,
  engagementIds: readonly string[],
  options: BundleOptions = wholeBundle,
  watch: BundleWatch = {},
): Promise<ExportedBundle> {
  const turns = new Turns(() => seat.clock.monotonicMs());
  const all: EngagementRows[] = [];
  for (const engagementId of new Set(engagementIds))
    all.push(selectRows(await loadEngagementRows(seat, engagementId, turns), options));
  const [first] = all;
  if (first === undefined)
    throw new StintError('invalid_input', 'a bundle is about one engagement at least', {
      field: 'engagementIds',
    });
  const pseudonyms = options.redactsNames ? new Pseudonyms(all) : undefined;
  const rows: EngagementRows[] = [];
  const wanted: BundledFile[] = [];
  for (const each of all) {
    await turns.pass();
    const named = pseudonyms === undefined ? each : redactRows(each, pseudonyms);
    rows.push(named);
    await turns.pass();
    wanted.push(...listBundledFiles(computeEngagementDocument(named, new Map(), options)));
  }
  const write = async (): Promise<ExportedBundle> => {
    const attachments = all.flatMap((each) => each.attachments);
    const missing = await fetchMissingFiles(workspace, seat, wanted, attachments, watch);
    const documents: EngagementDocument[] = [];
    for (const each of rows) {
      await turns.pass();
      documents.push(computeEngagementDocument(each, missing, options));
    }
    const subject = computeSubject(documents);
    const day = computeBaggingDay(subject);
    const slug = computeSlug(computeCalling(subject));
    const name = `${slug === '' ? 'bundle' : slug}-${day}`;
    const written = await runAlone(workspace, () =>
      writeBundle(workspace, seat, first.engagement.id, { subject, name, day }, watch),
    );
    return {
      ...written,
      missing: documents.flatMap((document) => document.missing.map(({ path }) => path)),
    };
  };
  try {
    return await write();
  } catch (error) {
    const isDamaged = error instanceof StintError && error.code === 'hash_mismatch';
    if (!isDamaged || !(await replaceDamagedFiles(workspace, seat, wanted, watch))) throw error;
    return await write();
  }
}

/** Reports and archive, while no other export is written. */
async function writeBundle(
  workspace: Workspace,
  seat: Seat,
  engagementId: string,
  { subject, name, day }: { subject: BundleSubject; name: string; day: string },
  watch: BundleWatch,
): Promise<WrittenExport> {
  const made = await describingFailure(() =>
    MadeContents.open(join(dirname(workspace.exportsFolder), 'reports')),
  );
  const { signal } = watch;
  try {
    const turns = new Turns(() => seat.clock.monotonicMs());
    const payload = await describingFailure(async () => {
      const pages = computeReportPages(subject);
      const reports = await writeReports(pages, computeNewestAt(subject), made, turns, signal);
      return await computeBundlePayload(subject, reports, workspace.files, made, turns);
    });
    const entries = computeBagEntries(name, payload, computeBundleInfo(subject));
    const totalBytes = entries.reduce(
      (sum, entry) => sum + ('content' in entry ? entry.content.byteLength : entry.sizeBytes),
      0,
    );
    const archiveWatch: ArchiveWatch = {
      ...(signal === undefined ? {} : { signal }),
      keepsPart: () => watch.keepsPart?.() ?? false,
      onProgress: (writtenBytes) =>
        watch.onProgress?.({
          phase: 'writing',
          doneBytes: Math.min(writtenBytes, totalBytes),
          totalBytes,
        }),
    };
    const { seatId } = seat.record;
    const asked = { seatId, engagementId, name, day, entries, watch: archiveWatch };
    return await writeExportInTurn(workspace, asked);
  } finally {
    await made.remove();
  }
}

async function describingFailure<Result>(write: () => Promise<Result>): Promise<Result> {
  try {
    return await write();
  } catch (error) {
    throw describeWriteFailure(error);
  }
}

/** What the archive and its top folder are called by: the documents, from which names may have been taken out. */
function computeCalling({ documents, title }: BundleSubject): string {
  const [first] = documents;
  return first === undefined || documents.length > 1
    ? title
    : `${first.project.title} ${first.engagement.intern.name}`;
}

function computeSubject(documents: BundleSubject['documents']): BundleSubject {
  const [first] = documents;
  if (first === undefined) throw new TypeError('a bundle is about one engagement at least');
  if (documents.length === 1)
    return {
      title: `${first.project.title}: the work of ${first.engagement.intern.name}`,
      identifier: `urn:uuid:${first.engagement.id}`,
      documents,
    };
  const isOneProject = documents.every(({ project }) => project.id === first.project.id);
  return {
    title: isOneProject ? first.project.title : `Work at ${first.organization.name}`,
    identifier: `urn:uuid:${isOneProject ? first.project.id : first.organization.id}`,
    documents,
  };
}

/**
 * Fetches again what this computer's disk has changed.
 * @returns whether every content that was damaged is whole again.
 */
async function replaceDamagedFiles(
  workspace: Workspace,
  seat: Seat,
  wanted: readonly BundledFile[],
  { signal }: BundleWatch,
): Promise<boolean> {
  for (const { sha256, sizeBytes } of wanted) {
    if (!(await workspace.files.setAsideIfDamaged(sha256))) continue;
    try {
      await untilAborted(workspace.sync.fetchFile(seat.record.seatId, sha256, sizeBytes), signal);
    } catch (error) {
      if (!mayDoWithout(error, signal)) throw error;
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
  { signal, onProgress }: BundleWatch,
): Promise<MissingReasons> {
  const arrived = new Set(
    attachments.filter(({ arrivedAt }) => arrivedAt !== null).map(({ sha256 }) => sha256),
  );
  const absent = new Map<string, number>();
  for (const { sha256, sizeBytes } of wanted)
    if (!absent.has(sha256) && !(await workspace.files.has(sha256))) absent.set(sha256, sizeBytes);
  const totalBytes = [...absent.values()].reduce((sum, sizeBytes) => sum + sizeBytes, 0);
  const missing = new Map<string, MissingFile['reason']>();
  let doneBytes = 0;
  let isServerReachable = true;
  for (const [sha256, sizeBytes] of absent) {
    if (signal?.aborted === true) throw createCancelled();
    onProgress?.({ phase: 'fetching', doneBytes, totalBytes });
    try {
      if (isServerReachable)
        await untilAborted(workspace.sync.fetchFile(seat.record.seatId, sha256, sizeBytes), signal);
    } catch (error) {
      if (!mayDoWithout(error, signal)) throw error;
      if (hopeless.includes(error.code)) isServerReachable = false;
    }
    doneBytes += sizeBytes;
    if (await workspace.files.has(sha256)) continue;
    missing.set(sha256, arrived.has(sha256) ? 'could_not_be_fetched' : 'not_on_the_server_yet');
  }
  return missing;
}

const createCancelled = (): StintError =>
  new StintError('cancelled', 'the export was cancelled; nothing was left half written');

/** A fetch may last for hours: it goes on by itself, for whoever else wants the file, when nobody waits for it here. */
async function untilAborted(fetch: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(createCancelled());
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted === true) onAbort();
  try {
    await Promise.race([fetch, aborted]);
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

/** Whether a file that could not be fetched for this reason is merely missing in the bundle. */
function mayDoWithout(error: unknown, signal: AbortSignal | undefined): error is StintError {
  return error instanceof StintError && error.code !== 'disk_full' && signal?.aborted !== true;
}
