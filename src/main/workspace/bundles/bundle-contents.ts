import { computeCanonicalJson } from '../../../shared/canonical-json.ts';
import type { FileFolder } from '../files/file-folder.ts';
import type { ArchiveEntry, MadeEntry } from './archive-writer.ts';
import type { BagInfo } from './bag.ts';
import { listBundledFiles } from './compute-engagement-document.ts';
import {
  type BundledTask,
  computeEngagementJsonSchema,
  type EngagementDocument,
} from './engagement-document.ts';
import {
  computeBriefMarkdown,
  computeProjectMarkdown,
  computeReviewMarkdown,
} from './report/markdown-files.ts';
import { computeReportHtml } from './report/report-html.ts';
import { computeTimesheetCsv } from './timesheet-csv.ts';

/** The bundle's payload, below `data/`: what people read first, then the texts, then the files, by path. */
export function computeBundlePayload(
  document: EngagementDocument,
  files: Pick<FileFolder, 'read'>,
): ArchiveEntry[] {
  const { timeZone } = document.project;
  const made = [
    makeText('report/index.html', computeReportHtml(document)),
    makeText('brief/project.md', computeProjectMarkdown(document)),
    makeText('timesheet.csv', computeTimesheetCsv(document)),
    makeJson('engagement.json', document),
    makeJson('engagement.schema.json', computeEngagementJsonSchema()),
    ...document.tasks.flatMap((task) => computeTaskTexts(task, document, timeZone)),
  ];
  const stored = listBundledFiles(document).map(({ path, sha256, sizeBytes }) => ({
    path: path ?? '',
    sha256,
    sizeBytes,
    open: () => files.read(sha256),
  }));
  return [...made, ...stored].sort((left, right) => (left.path < right.path ? -1 : 1));
}

/** What bag-info.txt says; `Bagging-Date` is the day of the newest moment in the data, not of the export. */
export function computeBundleInfo(document: EngagementDocument): BagInfo {
  const { organization, project, engagement, missing } = document;
  return [
    ['Source-Organization', organization.name],
    ['External-Description', `${project.title}: the work of ${engagement.intern.name}`],
    ['External-Identifier', `urn:uuid:${engagement.id}`],
    ['Bag-Group-Identifier', `urn:uuid:${project.id}`],
    ['Internal-Sender-Description', 'stint-bundle-1'],
    ['Bagging-Date', computeBaggingDay(document)],
    ['Bag-Software-Agent', 'Stint'],
    ...missing.map(({ path, reason }) => ['Stint-Missing', `${path} (${reason})`] as const),
  ];
}

/** A calendar day in UTC. */
export function computeBaggingDay(document: EngagementDocument): string {
  return document.newestAt.slice(0, 10);
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

function makeText(path: string, text: string): MadeEntry {
  return { path, content: Buffer.from(text.toWellFormed(), 'utf8') };
}

/** Keys in one order, whatever database they came from, and indented, since people open it too. */
function makeJson(path: string, value: unknown): MadeEntry {
  const ordered: unknown = JSON.parse(computeCanonicalJson(value));
  return makeText(path, `${JSON.stringify(ordered, undefined, 2)}\n`);
}
