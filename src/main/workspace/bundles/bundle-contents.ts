import { createHash } from 'node:crypto';
import { computeSafeFileName } from '../../../shared/domain/safe-file-name.ts';
import { computeAnnotations } from './annotations.ts';
import type { FileFolder } from '../files/file-folder.ts';
import type { Pausing } from '../sync/turns.ts';
import type { ArchiveEntry, MadeEntry } from './archive-writer.ts';
import type { BagInfo } from './bag.ts';
import { listBundledFiles } from './compute-engagement-document.ts';
import {
  type BundledTask,
  computeEngagementJsonSchema,
  type EngagementDocument,
} from '../../../shared/bundle/engagement-document.ts';
import { byName, eachJsonPiece } from './json-pieces.ts';
import { type MadeContents, openStored } from './made-contents.ts';
import { computeIndexHtml } from './report/index-html.ts';
import {
  computeBriefMarkdown,
  computeProjectMarkdown,
  computeReviewMarkdown,
} from './report/markdown-files.ts';
import type { HtmlParts } from './report/html-parts.ts';
import { eachReportPart } from './report/report-html.ts';
import { computeCrateMetadata, type CratePart } from './ro-crate.ts';
import { computeTimesheetCsv } from './timesheet-csv.ts';

/** What a bundle is about: one engagement or several, in a fixed order. */
export interface BundleSubject {
  readonly title: string;
  /** `urn:uuid:` of the engagement, or of the project where there are several. */
  readonly identifier: string;
  readonly documents: readonly EngagementDocument[];
}

/** A page of report: each has its PDF beside it. */
export interface ReportPage {
  readonly path: string;
  readonly parts: HtmlParts;
}

/** The report of each engagement, and of several the page that leads to them. */
export function computeReportPages({ documents, title }: BundleSubject): ReportPage[] {
  const folders = computeFolders(documents);
  const pages = documents.map((document, index) => ({
    path: `${folders[index] ?? ''}report/index.html`,
    parts: eachReportPart(document),
  }));
  if (documents.length === 1) return pages;
  const listed = documents.map((document, index) => ({
    document,
    folder: (folders[index] ?? '').slice(0, -1),
  }));
  return [...pages, { path: 'report/index.html', parts: [computeIndexHtml(title, listed)] }];
}

/**
 * The bundle's payload, below `data/`, by path. One engagement lies there by itself; of several, each lies in a folder
 * below `engagements/`, and a first page leads to them.
 *
 * @param reports the pages of reports and what lies beside them, by paths of the payload.
 * @param made keeps what is large on the disk.
 * @param turns taken between the parts: of many engagements it is made for seconds.
 * @throws an error with the system's code where the disk does not take what is made.
 */
export async function computeBundlePayload(
  subject: BundleSubject,
  reports: readonly ArchiveEntry[],
  files: Pick<FileFolder, 'path'>,
  made: MadeContents,
  turns: Pausing,
): Promise<ArchiveEntry[]> {
  const { documents } = subject;
  const makeJson: MakeJson = (path, value) => made.keep(path, eachJsonPiece(value, turns, byName));
  const folders = computeFolders(documents);
  const entries: ArchiveEntry[] = [];
  for (const [index, document] of documents.entries())
    for await (const entry of eachPart(document, files, makeJson, turns))
      entries.push({ ...entry, path: `${folders[index] ?? ''}${entry.path}` });
  await turns.pass();
  entries.push(await makeJson('engagement.schema.json', computeEngagementJsonSchema()));
  entries.push(...reports);
  const names = new Map(
    documents.flatMap((document, index) =>
      listBundledFiles(document).map(
        (file) => [`${folders[index] ?? ''}${file.path ?? ''}`, file] as const,
      ),
    ),
  );
  const parts: CratePart[] = [];
  for (const entry of sortByPath(entries)) {
    await turns.pass();
    const { path } = entry;
    const isMade = 'content' in entry;
    parts.push({
      path,
      sizeBytes: isMade ? entry.content.byteLength : entry.sizeBytes,
      sha256: isMade ? createHash('sha256').update(entry.content).digest('hex') : entry.sha256,
      name: names.get(path)?.name ?? path.slice(path.lastIndexOf('/') + 1),
      mediaType: names.get(path)?.mediaType ?? computeOwnMediaType(path),
    });
  }
  const day = computeBaggingDay(subject);
  const { identifier, title } = subject;
  entries.push(
    await makeJson(
      'ro-crate-metadata.json',
      computeCrateMetadata({ title, day, identifier }, documents, parts),
    ),
  );
  return sortByPath(entries);
}

function computeFolders(documents: readonly EngagementDocument[]): string[] {
  if (documents.length === 1) return [''];
  const digits = String(documents.length).length;
  return documents.map(({ engagement }, index) => {
    const number = String(index + 1).padStart(Math.max(2, digits), '0');
    return `engagements/${computeSafeFileName(`${number} ${engagement.intern.name}`, 40)}/`;
  });
}

/** Keys in one order, whatever database they came from, and indented, since people open it too. */
type MakeJson = (path: string, value: unknown) => Promise<ArchiveEntry>;

/** The parts of one engagement in the bundle, made with turns for others in between. */
async function* eachPart(
  document: EngagementDocument,
  files: Pick<FileFolder, 'path'>,
  makeJson: MakeJson,
  turns: Pausing,
): AsyncGenerator<ArchiveEntry> {
  const annotations = computeAnnotations(document);
  yield makeText('brief/project.md', computeProjectMarkdown(document));
  if (document.contents.hours)
    yield makeText('timesheet.csv', await computeTimesheetCsv(document, turns));
  yield await makeJson('engagement.json', document);
  if (annotations.length > 0) yield await makeJson('annotations.jsonld', annotations);
  for (const task of document.tasks) yield* eachTaskText(task, document, makeJson, turns);
  for (const { path, sha256, sizeBytes } of listBundledFiles(document))
    yield openStored(path ?? '', files.path(sha256), { sha256, sizeBytes });
}

/** What bag-info.txt says; `Bagging-Date` is the day of the newest moment in the data, not of the export. */
export function computeBundleInfo(subject: BundleSubject): BagInfo {
  const { documents, identifier, title } = subject;
  const [first] = documents;
  if (first === undefined) throw new TypeError('a bundle is about one engagement at least');
  const missing = documents.flatMap(({ missing: ofOne }) => ofOne);
  return [
    ['Source-Organization', first.organization.name],
    ['External-Description', title],
    ['External-Identifier', identifier],
    ['Bag-Group-Identifier', `urn:uuid:${first.project.id}`],
    ['Internal-Sender-Description', 'stint-bundle-2'],
    ['Bagging-Date', computeBaggingDay(subject)],
    ['Bag-Software-Agent', 'Stint'],
    ...missing.map(({ path, reason }) => ['Stint-Missing', `${path} (${reason})`] as const),
  ];
}

/** A calendar day in UTC. */
export function computeBaggingDay(subject: Pick<BundleSubject, 'documents'>): string {
  return computeNewestAt(subject).slice(0, 10);
}

/** The newest moment in the data: what is made of them carries it. */
export function computeNewestAt({ documents }: Pick<BundleSubject, 'documents'>): string {
  const moments = documents.map(({ newestAt }) => newestAt).sort();
  return moments.at(-1) ?? '';
}

async function* eachTaskText(
  task: BundledTask,
  document: EngagementDocument,
  makeJson: MakeJson,
  turns: Pausing,
): AsyncGenerator<ArchiveEntry> {
  const { timeZone } = document.project;
  for (const brief of task.briefVersions)
    yield makeText(brief.path, computeBriefMarkdown(task, brief, timeZone));
  for (const submission of task.submissions) {
    await turns.pass();
    const { folder, note, receipt, reviews } = submission;
    if (note.trim() !== '') yield makeText(`${folder}/note.md`, `${note.trimEnd()}\n`);
    if (receipt !== null) {
      const publicKey = document.organization.receiptKey;
      yield await makeJson(`${folder}/receipt.json`, { ...receipt, publicKey });
    }
    if (reviews.length === 0) continue;
    yield await makeJson(`${folder}/reviews.json`, reviews);
    yield makeText(`${folder}/review.md`, computeReviewMarkdown(task, submission, timeZone));
  }
}

function computeOwnMediaType(path: string): string {
  const types = {
    json: 'application/json',
    jsonld: 'application/ld+json',
    html: 'text/html',
    md: 'text/markdown',
    csv: 'text/csv',
    pdf: 'application/pdf',
  } as const;
  const extension = path.slice(path.lastIndexOf('.') + 1);
  return types[extension as keyof typeof types] ?? 'application/octet-stream';
}

function sortByPath<Entry extends { readonly path: string }>(entries: readonly Entry[]): Entry[] {
  return entries.toSorted((left, right) => (left.path < right.path ? -1 : 1));
}

function makeText(path: string, text: string): MadeEntry {
  return { path, content: Buffer.from(text.toWellFormed(), 'utf8') };
}
