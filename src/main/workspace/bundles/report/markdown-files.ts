import type {
  BundledBrief,
  BundledSubmission,
  BundledTask,
  EngagementDocument,
} from '../../../../shared/bundle/engagement-document.ts';
import { describeRemarkPlace } from '../../../../shared/bundle/describe-remark-place.ts';
import {
  computeReadableDuration,
  computeReadableMoment,
  computeReadablePay,
  computeReadableWall,
  readableDecisions,
} from './readable-values.ts';

/** The Markdown texts of a bundle: project, briefs, notes and reviews, each with what is needed to read it alone. */

export function computeProjectMarkdown({ project, organization }: EngagementDocument): string {
  return joinBlocks(
    `# ${project.title}`,
    [
      `- Organization: ${organization.name}`,
      `- Category: ${project.categoryName ?? project.category}`,
      `- Hour budget: ${computeReadableDuration(project.hourBudgetMinutes * 60)}`,
      `- Pay: ${computeReadablePay(project.pay)}`,
      `- From ${project.startsOn} to ${project.endsOn} (${project.timeZone})`,
      `- Rounds of changes included: ${project.roundsIncluded}`,
      `- Grace after a deadline: ${computeReadableDuration(project.graceMinutes * 60)}`,
    ].join('\n'),
    project.brief,
    project.latePolicy === '' ? '' : `## When something is late\n\n${project.latePolicy}`,
  );
}

export function computeBriefMarkdown(
  task: BundledTask,
  brief: BundledBrief,
  timeZone: string,
): string {
  return joinBlocks(
    `# ${task.title}`,
    [
      `- Version ${brief.version} of the brief, written by ${brief.writtenBy}, ${computeReadableMoment(brief.writtenAt, timeZone)}`,
      `- Due ${computeReadableWall(task.due.wall, task.due.zone)}`,
    ].join('\n'),
    brief.instructions,
    brief.criteria.length === 0
      ? ''
      : `## Acceptance criteria\n\n${brief.criteria.map(({ text }, index) => `${index + 1}. ${text}`).join('\n')}`,
  );
}

export function computeReviewMarkdown(
  task: BundledTask,
  submission: BundledSubmission,
  timeZone: string,
): string {
  return joinBlocks(
    `# ${task.title}: reviews of revision ${submission.revision}`,
    ...submission.reviews.map((review) => {
      const comments = review.comments.map((remark) => {
        const place = describeRemarkPlace(remark, task, submission);
        const text = indent(remark.text);
        return place === undefined ? `- ${text}` : `- **${place}**: ${text}`;
      });
      return joinBlocks(
        `## ${review.reviewer}: ${readableDecisions[review.decision]}`,
        [
          computeReadableMoment(review.receivedAt ?? review.claimedAt, timeZone),
          review.receivedAt === null ? ', not on the server yet' : '',
          review.counts ? '' : '. An earlier decision counts.',
        ].join(''),
        review.comment,
        comments.join('\n'),
      );
    }),
  );
}

function indent(text: string): string {
  return text.replaceAll(/\r?\n/g, '\n  ');
}

function joinBlocks(...blocks: readonly string[]): string {
  const parts = blocks.map((block) => block.trim()).filter((block) => block !== '');
  return `${parts.join('\n\n')}\n`;
}
