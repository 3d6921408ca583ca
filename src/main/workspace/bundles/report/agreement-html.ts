import type { BundledEvaluation } from '../../../../shared/bundle/agreement-parts.ts';
import type {
  BundledTask,
  EngagementDocument,
} from '../../../../shared/bundle/engagement-document.ts';
import { escapeHtml } from './escape-html.ts';
import { computeMarkdownHtml } from './markdown-to-html.ts';
import { computeReadableMoment } from './readable-values.ts';

const readableRevisions = {
  all: '',
  accepted: 'It holds accepted revisions only.',
  newest: 'It holds the newest revision of each task only.',
  chosen: 'It holds chosen revisions only.',
} as const;

/** What was left out, so that nobody takes the bundle for more than it is. */
export function computeChoiceHtml({ contents }: EngagementDocument): string {
  const sentences = [
    readableRevisions[contents.revisions],
    contents.hours ? '' : 'Hours were left out.',
    contents.evaluations ? '' : 'Evaluations were left out.',
    contents.namesRedacted
      ? "People's names and addresses were replaced by invented ones, the same everywhere; what is inside the files was not changed. A receipt that names somebody cannot be checked here: it has the hash of what was signed."
      : '',
  ].filter((sentence) => sentence !== '');
  return sentences.length === 0 ? '' : `<p class="soft">${sentences.join(' ')}</p>`;
}

export function computeTimesheetsHtml({ timesheets, project }: EngagementDocument): string {
  if (timesheets.length === 0) return '';
  const rows = timesheets.map((sheet) => {
    const comments = sheet.comments.map(({ text, by }) => `${by}: ${text}`);
    const notes = [sheet.note, sheet.decisionNote ?? '', ...comments].filter((text) => text !== '');
    return `<tr><td>${sheet.startsOn} to ${sheet.endsOn}</td><td>${sheet.state}</td><td>${computeReadableMoment(sheet.submittedAt, project.timeZone)}</td><td>${sheet.decidedAt === null ? '' : `${escapeHtml(sheet.decidedBy ?? '')}, ${computeReadableMoment(sheet.decidedAt, project.timeZone)}`}</td><td>${notes.map(escapeHtml).join('<br>')}</td></tr>`;
  });
  return `<h3>Timesheets</h3>
<table><thead><tr><th>Days</th><th>State</th><th>Handed in</th><th>Decided</th><th>Notes</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

export function computeQuestionsHtml(
  { questions, briefVersions }: BundledTask,
  zone: string,
): string {
  if (questions.length === 0) return '';
  const versions = new Map(briefVersions.map(({ id, version }) => [id, version]));
  const items = questions.map((question) => {
    const answers = question.answers.map((answer) => {
      const version =
        answer.briefVersionId === null ? undefined : versions.get(answer.briefVersionId);
      return `<h5>${escapeHtml(answer.answeredBy)} answers</h5>
<p class="soft">${computeReadableMoment(answer.answeredAt, zone)}${version === undefined ? '' : `, made part of version ${version} of the brief`}</p>
${computeMarkdownHtml(answer.text, 6)}`;
    });
    return `<div class="card"><h4>${escapeHtml(question.askedBy)} asks</h4>
<p class="soft">${computeReadableMoment(question.askedAt, zone)}</p>
${computeMarkdownHtml(question.text, 5)}${answers.join('')}</div>`;
  });
  return `<h3>Questions</h3>${items.join('')}`;
}

export function computeAmendmentsHtml({ amendments, project }: EngagementDocument): string {
  if (amendments.length === 0) return '';
  const items = amendments.map((amendment) => {
    const decision =
      amendment.decidedAt === null
        ? ''
        : ` by ${escapeHtml(amendment.decidedBy ?? '')}, ${computeReadableMoment(amendment.decidedAt, project.timeZone)}`;
    return `<div class="card"><h4>Proposed by ${escapeHtml(amendment.proposedBy)}: ${amendment.state}${decision}</h4>
<p class="soft">${computeReadableMoment(amendment.proposedAt, project.timeZone)}</p>
${computeMarkdownHtml(amendment.reason, 5)}
<pre>${escapeHtml(JSON.stringify(amendment.changes, undefined, 2))}</pre></div>`;
  });
  return `<h2>Amendments</h2>${items.join('')}`;
}

export function computeEvaluationsHtml({ evaluations, project }: EngagementDocument): string {
  if (evaluations.length === 0) return '';
  const items = evaluations.map(
    (evaluation) =>
      `<div class="card"><h4>${escapeHtml(evaluation.by)}, for the ${evaluation.side === 'employer' ? 'employer' : 'intern'}</h4>
<p class="soft">${computeReadableMoment(evaluation.writtenAt, project.timeZone)}${evaluation.afterOpening ? ', when the other side’s could be read already' : ''}</p>
${computeRatingsHtml(evaluation.content)}${computeWordsHtml(evaluation.content)}</div>`,
  );
  return `<h2>Evaluations</h2>${items.join('')}`;
}

function computeRatingsHtml({ ratings }: BundledEvaluation['content']): string {
  const given = Object.entries(ratings).filter(([, score]) => score !== null);
  if (given.length === 0) return '';
  return `<dl>${given.map(([name, score]) => `<dt>${escapeHtml(name)}</dt><dd>${score} of 5</dd>`).join('')}</dl>`;
}

function computeWordsHtml(content: BundledEvaluation['content']): string {
  const parts: (readonly [title: string, text: string])[] = [
    ['What went well', content.wentWell],
    ['What could be better', content.couldImprove],
  ];
  if (content.side === 'employer') {
    parts.push(['Testimonial', content.testimonial]);
    if (content.offer !== null)
      parts.push([
        content.offer.kind === 'permanent_role'
          ? 'Offer of a permanent role'
          : 'Offer of more work',
        content.offer.text,
      ]);
  } else if (content.wouldWorkAgain !== null) {
    parts.push(['Would work here again', content.wouldWorkAgain ? 'Yes' : 'No']);
  }
  return parts
    .filter(([, text]) => text !== '')
    .map(([title, text]) => `<h5>${title}</h5>${computeMarkdownHtml(text, 6)}`)
    .join('');
}
