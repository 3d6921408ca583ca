import { readableEndReasons, readEndReason } from '../../../../shared/domain/end-reason.ts';
import { computeCoveredSeconds } from '../../../../shared/domain/worked-time.ts';
import type {
  BundledFile,
  BundledReview,
  BundledSubmission,
  BundledTask,
  EngagementDocument,
} from '../../../../shared/bundle/engagement-document.ts';
import { describeRemarkPlace } from '../../../../shared/bundle/describe-remark-place.ts';
import {
  computeAmendmentsHtml,
  computeChoiceHtml,
  computeEvaluationsHtml,
  computeQuestionsHtml,
  computeTimesheetsHtml,
} from './agreement-html.ts';
import { escapeHtml } from './escape-html.ts';
import { eachOf, type HtmlParts, inParts } from './html-parts.ts';
import { computeMarkdownHtml } from './markdown-to-html.ts';
import {
  computeReadableCount,
  computeReadableDuration,
  computeReadableMoment,
  computeReadablePay,
  computeReadableSize,
  computeReadableWall,
  readableContradictions,
  readableDecidedVerdicts,
  readableDecisions,
  readableMarks,
  readableReasons,
  readableStates,
  readableVerdicts,
} from './readable-values.ts';
import { reportStyle, reportStyleHash } from './report-style.ts';

/** The page at report/index.html, part by part: everything a person wants to read, with links into the bundle, without scripts. */
export function eachReportPart(document: EngagementDocument): HtmlParts {
  const { project, engagement, organization } = document;
  const zone = project.timeZone;
  const title = `${project.title} – ${engagement.intern.name}`;
  return inParts`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${reportStyleHash}'; form-action 'none'; base-uri 'none'">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<style>${reportStyle}</style>
</head>
<body>
<header>
<h1>${escapeHtml(project.title)}</h1>
<p class="soft">${escapeHtml(engagement.intern.name)} at ${escapeHtml(organization.name)}. State of ${computeReadableMoment(document.newestAt, zone)}.</p>
</header>
<main>
${computeMissingHtml(document)}
${computeChoiceHtml(document)}
${computeSummaryHtml(document)}
<h2>Brief</h2>
${computeMarkdownHtml(project.brief, 3)}
${eachOf(document.tasks, (task) => eachTaskPart(task, zone), '\n')}
${eachHoursPart(document)}
${computeTimesheetsHtml(document)}
${computeAmendmentsHtml(document)}
${computeEvaluationsHtml(document)}
${computeCheckingHtml()}
</main>
</body>
</html>
`;
}

function computeMissingHtml({ missing }: EngagementDocument): string {
  if (missing.length === 0) return '';
  const items = missing.map(
    ({ path, name, sizeBytes, reason }) =>
      `<li><bdi>${escapeHtml(name)}</bdi> (${computeReadableSize(sizeBytes)}), for <code>${escapeHtml(path)}</code>: ${readableReasons[reason]}</li>`,
  );
  return `<section class="warning"><strong>${missing.length === 1 ? 'One file is' : `${missing.length} files are`} not in this bundle</strong><ul>${items.join('')}</ul></section>`;
}

function computeSummaryHtml(document: EngagementDocument): string {
  const { engagement, project, employers, tasks, totals } = document;
  const accepted = tasks.filter(({ state }) => state === 'accepted').length;
  return computeListHtml([
    ['Intern', computePersonText(engagement.intern)],
    ['Employer', employers.map(computePersonText).join('; ')],
    ['Engagement', engagement.status],
    ['Ended', computeEndText(engagement, project.timeZone)],
    ['Dates', `${engagement.startsOn} to ${engagement.endsOn} (${project.timeZone})`],
    ['Pay', computeReadablePay(engagement.pay)],
    ['Tasks', `${accepted} of ${tasks.length} accepted`],
    ['Hours', totals === null ? '' : computeHoursText(totals, engagement.hourBudgetMinutes)],
  ]);
}

function computeEndText(
  { endedAt, endReason }: EngagementDocument['engagement'],
  zone: string,
): string {
  if (endedAt === null) return '';
  const reason = readEndReason(endReason);
  return `${computeReadableMoment(endedAt, zone)}${reason === null ? '' : `: ${readableEndReasons[reason]}`}`;
}

function computeHoursText(
  { workedSeconds, coveredSeconds }: NonNullable<EngagementDocument['totals']>,
  budgetMinutes: number,
): string {
  const overlap = workedSeconds - coveredSeconds;
  return `${computeReadableDuration(workedSeconds)} of ${computeReadableDuration(budgetMinutes * 60)}${overlap > 0 ? `; ${computeReadableDuration(overlap)} of it overlap` : ''}`;
}

function computePersonText(person: EngagementDocument['engagement']['intern']): string {
  return person.email === null || person.email === ''
    ? person.name
    : `${person.name}, ${person.email}`;
}

function eachTaskPart(task: BundledTask, zone: string): HtmlParts {
  const brief = task.briefVersions.find(({ id }) => id === task.currentBriefVersionId);
  const versions =
    task.briefVersions.length < 2
      ? ''
      : `<p class="soft">Versions of the brief: ${task.briefVersions.map(({ version, path }) => computeLinkHtml(path, `version ${version}`)).join(', ')}.</p>`;
  const extensions = task.extensions.map(
    ({ reason, givenBy, ...extraTime }) =>
      `<li>Extra time from ${escapeHtml(givenBy)}: ${computeExtraTimeText(extraTime)}${reason === '' ? '' : `. ${escapeHtml(reason)}`}</li>`,
  );
  return inParts`<section>
<h2>${task.number}. ${escapeHtml(task.title)} <span class="state">${readableStates[task.state]}</span></h2>
<p class="soft">Due ${computeReadableWall(task.due.wall, task.due.zone)}.${task.workedSeconds === null ? '' : ` Recorded: ${computeReadableDuration(task.workedSeconds)}.`}</p>
${extensions.length === 0 ? '' : `<ul>${extensions.join('')}</ul>`}
${brief === undefined ? '' : computeMarkdownHtml(brief.instructions, 3)}
${brief === undefined || brief.criteria.length === 0 ? '' : `<h3>Acceptance criteria</h3><ol>${brief.criteria.map(({ text }) => `<li>${escapeHtml(text)}</li>`).join('')}</ol>`}
${versions}
${task.references.length === 0 ? '' : inParts`<h3>Reference files</h3>${eachFilesPart(task.references)}`}
${computeQuestionsHtml(task, zone)}
${eachOf(task.submissions, (submission) => eachSubmissionPart(task, submission, zone), '\n')}
</section>`;
}

/** Days are wall time and not 24 hours each. */
function computeExtraTimeText({
  days,
  minutes,
}: Pick<BundledTask['extensions'][number], 'days' | 'minutes'>): string {
  const parts = [
    days > 0 ? computeReadableCount(days, 'day', 'days') : '',
    minutes > 0 ? computeReadableCount(minutes, 'minute', 'minutes') : '',
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function eachSubmissionPart(
  task: BundledTask,
  submission: BundledSubmission,
  zone: string,
): HtmlParts {
  const brief = task.briefVersions.find(({ id }) => id === submission.briefVersionId);
  const ticked = new Set(submission.tickedCriterionIds);
  const criteria = brief?.criteria ?? [];
  const { receipt } = submission;
  return inParts`<h3>Revision ${submission.revision}</h3>
${computeListHtml([
  [
    'Handed in',
    `${computeReadableMoment(submission.claimedAt, zone)}, by the intern's clock: claimed`,
  ],
  [
    'Received',
    submission.receivedAt === null
      ? 'not yet'
      : `${computeReadableMoment(submission.receivedAt, zone)}, by the server's clock: proven`,
  ],
  ...computeClockItems(submission, zone),
  ['Verdict', submission.verdict === null ? 'none yet' : readableVerdicts[submission.verdict]],
  ['Decision', computeLatenessText(submission, zone)],
  ['When it arrived', submission.marks.map((mark) => readableMarks[mark]).join('; ')],
  ['Brief', brief === undefined ? '' : `version ${brief.version}`],
  [
    'Recorded by then',
    submission.workedSeconds === null ? '' : computeReadableDuration(submission.workedSeconds),
  ],
  [
    'Criteria ticked',
    criteria.length === 0
      ? ''
      : `${criteria.filter(({ id }) => ticked.has(id)).length} of ${criteria.length}`,
  ],
  ['Receipt', computeReceiptText(receipt)],
])}
${eachFilesPart(submission.files)}
${submission.note.trim() === '' ? '' : `<div class="card"><h4>Note</h4>${computeMarkdownHtml(submission.note, 5)}</div>`}
${eachOf(submission.reviews, (review) => computeReviewHtml(task, submission, review, zone), '\n')}`;
}

function computeReceiptText(receipt: BundledSubmission['receipt']): string {
  if (receipt === null) return 'none yet';
  return receipt.signature === null
    ? `${receipt.id}, with names taken out: what the server signed has the SHA-256 ${receipt.statementSha256}`
    : `${receipt.id}, signed with key ${receipt.keyId}`;
}

/** SY-18: what else is known of the two clocks. */
function computeClockItems(
  { verdictInputs }: BundledSubmission,
  zone: string,
): (readonly [term: string, text: string])[] {
  if (verdictInputs === null) return [];
  const { anchorAt, estimatedAt, differenceMs, rule } = verdictInputs;
  const differenceSeconds = Math.round(Math.abs(differenceMs ?? 0) / 1000);
  return [
    [
      'Deadline that counted',
      `${computeReadableMoment(verdictInputs.deadline, zone)}${verdictInputs.isSeenDeadline ? ', the one that the intern could see' : ''}`,
    ],
    [
      "Server's time before",
      anchorAt === null
        ? ''
        : `${computeReadableMoment(anchorAt, zone)}${estimatedAt === null ? '' : `; handed in no earlier than ${computeReadableMoment(estimatedAt, zone)} by it`}`,
    ],
    [
      "Intern's clock",
      differenceMs === null || differenceSeconds < 1
        ? ''
        : `${computeReadableDuration(differenceSeconds)} ${differenceMs > 0 ? 'ahead of' : 'behind'} the server's at that time`,
    ],
    ['Contradiction', readableContradictions[rule] ?? ''],
  ];
}

function computeLatenessText({ latenessDecision }: BundledSubmission, zone: string): string {
  if (latenessDecision === null) return '';
  const { verdict, decidedBy, decidedAt, reason } = latenessDecision;
  return `${readableDecidedVerdicts[verdict]}, decided by ${decidedBy}, ${computeReadableMoment(decidedAt, zone)}: ${reason}`;
}

function computeReviewHtml(
  task: BundledTask,
  submission: BundledSubmission,
  review: BundledReview,
  zone: string,
): string {
  const comments = review.comments.map((remark) => {
    const place = describeRemarkPlace(remark, task, submission);
    return `<li>${place === undefined ? '' : `<strong>${escapeHtml(place)}</strong>`}${computeMarkdownHtml(remark.text, 5)}</li>`;
  });
  return `<div class="card"><h4>${escapeHtml(review.reviewer)}: ${readableDecisions[review.decision]}</h4>
<p class="soft">${computeReadableMoment(review.receivedAt ?? review.claimedAt, zone)}${review.receivedAt === null ? ', not on the server yet' : ''}${review.counts ? '' : '. An earlier decision counts.'}</p>
${computeMarkdownHtml(review.comment, 5)}${comments.length === 0 ? '' : `<ul>${comments.join('')}</ul>`}</div>`;
}

function eachFilesPart(files: readonly BundledFile[]): HtmlParts {
  if (files.length === 0) return ['<p class="soft">No files.</p>'];
  const computeRow = ({ name, path, sizeBytes, sha256 }: BundledFile) =>
    `<tr><td><bdi>${path === null ? `${escapeHtml(name)} (missing)` : computeLinkHtml(path, name)}</bdi></td><td class="number">${computeReadableSize(sizeBytes)}</td><td><code title="SHA-256 ${sha256}">${sha256.slice(0, 16)}…</code></td></tr>`;
  return inParts`<table><thead><tr><th>File</th><th class="number">Size</th><th>SHA-256</th></tr></thead><tbody>${eachOf(files, computeRow)}</tbody></table>`;
}

function eachHoursPart(document: EngagementDocument): HtmlParts {
  const { timeEntries, tasks, totals } = document;
  if (totals === null) return [];
  if (timeEntries.length === 0) return ['<h2>Hours</h2><p class="soft">No time was recorded.</p>'];
  const numbers = new Map(tasks.map(({ id, number }) => [id, number]));
  const computeRow = (entry: (typeof timeEntries)[number]) =>
    `<tr><td>${computeReadableMoment(entry.startedAt, entry.zone)}</td><td class="number">${computeReadableDuration(entry.seconds)}</td><td class="number">${numbers.get(entry.taskId) ?? ''}</td><td>${entry.source === 'timer' ? 'timer' : 'by hand'}</td><td>${escapeHtml(entry.note)}</td></tr>`;
  const covered = computeCoveredSeconds(timeEntries);
  return inParts`<h2>Hours</h2>
<table><thead><tr><th>Start</th><th class="number">Time</th><th class="number">Task</th><th>How</th><th>Note</th></tr></thead><tbody>${eachOf(timeEntries, computeRow)}</tbody></table>
<p>Together ${computeReadableDuration(totals.workedSeconds)}${covered === totals.workedSeconds ? '' : `; with overlapping time counted once ${computeReadableDuration(covered)}`}. The same as a table: ${computeLinkHtml('timesheet.csv', 'timesheet.csv')}.</p>`;
}

function computeCheckingHtml(): string {
  return `<h2>Checking this bundle</h2>
<p>It is a bag (RFC 8493). In its top folder, <code>sha256sum -c manifest-sha256.txt</code> checks every file; <code>stint verify</code> on the archive as it is checks the receipts' signatures as well. The whole engagement as data: ${computeLinkHtml('engagement.json', 'engagement.json')}, described by ${computeLinkHtml('engagement.schema.json', 'engagement.schema.json')}. This report is here twice, with the same contents: as a page, ${computeLinkHtml('report/index.html', 'index.html')}, and for printing and keeping as a PDF, ${computeLinkHtml('report/report.pdf', 'report.pdf')}.</p>`;
}

export function computeListHtml(items: readonly (readonly [term: string, text: string])[]): string {
  const rows = items
    .filter(([, text]) => text !== '')
    .map(([term, text]) => `<dt>${term}</dt><dd>${escapeHtml(text)}</dd>`);
  return `<dl>${rows.join('')}</dl>`;
}

/** A link from report/ to a path below data/. */
function computeLinkHtml(path: string, label: string): string {
  const address = `../${path.split('/').map(encodeURIComponent).join('/')}`;
  return `<a href="${escapeHtml(address)}">${escapeHtml(label)}</a>`;
}
