import { createHash } from 'node:crypto';
import { computeSafeFileName } from '../../../shared/domain/safe-file-name.ts';
import type { TakeBlock } from './block-pool.ts';
import { computeAnnotations } from './annotations.ts';
import type { FileFolder } from '../files/file-folder.ts';
import type { ArchiveEntry, MadeEntry } from './archive-writer.ts';
import type { BagInfo } from './bag.ts';
import { listBundledFiles } from './compute-engagement-document.ts';
import {
  type BundledTask,
  computeEngagementJsonSchema,
  type EngagementDocument,
} from '../../../shared/bundle/engagement-document.ts';
import { readBlocks } from './read-blocks.ts';
import { computeIndexHtml } from './report/index-html.ts';
import {
  computeBriefMarkdown,
  computeProjectMarkdown,
  computeReviewMarkdown,
} from './report/markdown-files.ts';
import { computeReportHtml } from './report/report-html.ts';
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
  readonly html: string;
}

/** The report of each engagement, and of several the page that leads to them. */
export function computeReportPages({ documents, title }: BundleSubject): ReportPage[] {
  const folders = computeFolders(documents);
  const pages = documents.map((document, index) => ({
    path: `${folders[index] ?? ''}report/index.html`,
    html: computeReportHtml(document),
  }));
  if (documents.length === 1) return pages;
  const listed = documents.map((document, index) => ({
    document,
    folder: (folders[index] ?? '').slice(0, -1),
  }));
  return [...pages, { path: 'report/index.html', html: computeIndexHtml(title, listed) }];
}

/**
 * The bundle's payload, below `data/`, by path. One engagement lies there by itself; of several, each lies in a folder
 * below `engagements/`, and a first page leads to them.
 *
 * @param reports the pages of reports and what lies beside them, by paths of the payload.
 */
export function computeBundlePayload(
  subject: BundleSubject,
  reports: readonly ArchiveEntry[],
  files: Pick<FileFolder, 'path'>,
): ArchiveEntry[] {
  const { documents } = subject;
  const folders = computeFolders(documents);
  const entries = documents.flatMap((document, index) =>
    computeEngagementPayload(document, files).map((entry) => ({
      ...entry,
      path: `${folders[index] ?? ''}${entry.path}`,
    })),
  );
  entries.push(makeJson('engagement.schema.json', computeEngagementJsonSchema()));
  entries.push(...reports);
  const names = new Map(
    documents.flatMap((document, index) =>
      listBundledFiles(document).map(
        (file) => [`${folders[index] ?? ''}${file.path ?? ''}`, file] as const,
      ),
    ),
  );
  const parts = sortByPath(entries).map((entry): CratePart => {
    const { path } = entry;
    const isMade = 'content' in entry;
    return {
      path,
      sizeBytes: isMade ? entry.content.byteLength : entry.sizeBytes,
      sha256: isMade ? createHash('sha256').update(entry.content).digest('hex') : entry.sha256,
      name: names.get(path)?.name ?? path.slice(path.lastIndexOf('/') + 1),
      mediaType: names.get(path)?.mediaType ?? computeOwnMediaType(path),
    };
  });
  const day = computeBaggingDay(subject);
  const { identifier, title } = subject;
  entries.push(
    makeJson(
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

function computeEngagementPayload(
  document: EngagementDocument,
  files: Pick<FileFolder, 'path'>,
): ArchiveEntry[] {
  const { timeZone } = document.project;
  const annotations = computeAnnotations(document);
  return [
    makeText('brief/project.md', computeProjectMarkdown(document)),
    ...(document.contents.hours ? [makeText('timesheet.csv', computeTimesheetCsv(document))] : []),
    makeJson('engagement.json', document),
    ...(annotations.length === 0 ? [] : [makeJson('annotations.jsonld', annotations)]),
    ...document.tasks.flatMap((task) => computeTaskTexts(task, document, timeZone)),
    ...listBundledFiles(document).map(({ path, sha256, sizeBytes }) => ({
      path: path ?? '',
      sha256,
      sizeBytes,
      open: (take: TakeBlock) => readBlocks(files.path(sha256), sizeBytes, take),
    })),
  ];
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

function computeTaskTexts(
  task: BundledTask,
  document: EngagementDocument,
  timeZone: string,
): MadeEntry[] {
  const briefs = task.briefVersions.map((brief) =>
    makeText(brief.path, computeBriefMarkdown(task, brief, timeZone)),
  );
  const texts = task.submissions.flatMap((submission) => {
    const entries: MadeEntry[] = [];
    const { folder, note, receipt, reviews } = submission;
    if (note.trim() !== '') entries.push(makeText(`${folder}/note.md`, `${note.trimEnd()}\n`));
    if (receipt !== null)
      entries.push(
        makeJson(`${folder}/receipt.json`, {
          ...receipt,
          publicKey: document.organization.receiptKey,
        }),
      );
    if (reviews.length > 0) {
      entries.push(makeJson(`${folder}/reviews.json`, reviews));
      entries.push(
        makeText(`${folder}/review.md`, computeReviewMarkdown(task, submission, timeZone)),
      );
    }
    return entries;
  });
  return [...briefs, ...texts];
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

/** Keys in one order, whatever database they came from, and indented, since people open it too. */
function makeJson(path: string, value: unknown): MadeEntry {
  return makeText(path, `${JSON.stringify(orderKeys(value), undefined, 2)}\n`);
}

/** By their UTF-16 code units, and without members that are undefined. */
function orderKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(orderKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, member]) => [key, orderKeys(member)]),
  );
}
