import { type Annotation, createAnnotation } from '../../../shared/domain/annotation.ts';
import type {
  BundledSubmission,
  EngagementDocument,
} from '../../../shared/bundle/engagement-document.ts';

/**
 * Everything that reviews say about a place, as annotations of the W3C Web Annotation Data Model (JSON-LD), in the order of the
 * document. A file in the bundle is named by its path from there, so that a reader finds it; what is not in it, a criterion and a
 * submission by `urn:uuid:`.
 */
export function computeAnnotations(document: EngagementDocument): Annotation[] {
  return document.tasks.flatMap(({ submissions }) =>
    submissions.flatMap((submission) => computeSubmissionAnnotations(submission)),
  );
}

function computeSubmissionAnnotations(submission: BundledSubmission): Annotation[] {
  const paths = new Map(
    submission.files.map(({ attachmentId, path }) => [attachmentId, path] as const),
  );
  const places = {
    computeFileIri: (attachmentId: string): string => {
      const path = paths.get(attachmentId) ?? null;
      return path === null
        ? `urn:uuid:${attachmentId}`
        : path.split('/').map(encodeURIComponent).join('/');
    },
    computeCriterionIri: (criterionId: string): string => `urn:uuid:${criterionId}`,
    submissionIri: `urn:uuid:${submission.id}`,
  };
  return submission.reviews.flatMap(({ comments, reviewer, receivedAt, claimedAt }) =>
    comments.map((remark) =>
      createAnnotation(remark, { name: reviewer, at: receivedAt ?? claimedAt }, places),
    ),
  );
}
