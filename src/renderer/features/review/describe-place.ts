import type { Submission } from '../../../shared/contract/shapes.ts';
import type { Remark } from '../../../shared/domain/annotation.ts';
import { computeReadableName } from '../../../shared/domain/hidden-characters.ts';
import { describeSelectors } from '../../../shared/domain/describe-selectors.ts';

type Place = Pick<Remark, 'criterionId' | 'attachmentId'> & {
  readonly selectors: readonly Remark['selectors'][number][];
};

/** "Criterion 2: The sources are named". */
export function describeCriterion(
  { brief }: Pick<Submission, 'brief'>,
  criterionId: string,
): string {
  const index = brief.criteria.findIndex(({ id }) => id === criterionId);
  const criterion = brief.criteria[index];
  return criterion === undefined
    ? 'A criterion of another version of the brief'
    : `Criterion ${index + 1}: ${criterion.text}`;
}

/** What a change was measured by, "a change, by criterion 2", or what a remark that asks for nothing is about as well. */
export function describeMeasure(
  { brief }: Pick<Submission, 'brief'>,
  { kind, criterionId }: Pick<Remark, 'kind' | 'criterionId'>,
): string {
  if (criterionId === null) return kind === 'change' ? 'a change' : '';
  const index = brief.criteria.findIndex(({ id }) => id === criterionId);
  const criterion =
    index === -1 ? 'a criterion of another version of the brief' : `criterion ${index + 1}`;
  return kind === 'change' ? `a change, by ${criterion}` : `on ${criterion}`;
}

/** What a remark is about, in words: "Criterion 2", "shops.csv, “the third row”", or the work as a whole. */
export function describePlace(
  submission: Pick<Submission, 'brief' | 'files'>,
  { criterionId, attachmentId, selectors }: Place,
): string {
  const parts: string[] = [];
  if (criterionId !== null) parts.push(describeCriterion(submission, criterionId));
  if (attachmentId !== null) {
    const name = submission.files.find((file) => file.attachmentId === attachmentId)?.name;
    parts.push(
      [
        name === undefined ? 'A file' : computeReadableName(name),
        ...(selectors.length === 0 ? [] : [describeSelectors(selectors)]),
      ].join(', '),
    );
  }
  return parts.length === 0 ? 'On the whole' : parts.join(' · ');
}
