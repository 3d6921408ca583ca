import type { Remark } from '../domain/annotation.ts';
import { describeSelectors } from '../domain/describe-selectors.ts';
import type { BundledSubmission, BundledTask } from './engagement-document.ts';

/**
 * What a remark is about, in words: "The sources are named", "shops.csv, “the third row”", or both, since a change in a
 * file names the criterion that it is by; undefined for the work as a whole.
 */
export function describeRemarkPlace(
  { criterionId, attachmentId, selectors }: Remark,
  { briefVersions }: Pick<BundledTask, 'briefVersions'>,
  { briefVersionId, files }: Pick<BundledSubmission, 'briefVersionId' | 'files'>,
): string | undefined {
  const answered = briefVersions.find(({ id }) => id === briefVersionId);
  const criterion = [...(answered === undefined ? [] : [answered]), ...briefVersions.toReversed()]
    .flatMap(({ criteria }) => criteria)
    .find(({ id }) => id === criterionId);
  const file = files.find((each) => each.attachmentId === attachmentId);
  const parts = criterion === undefined ? [] : [criterion.text];
  if (file !== undefined)
    parts.push(
      selectors.length === 0 ? file.name : `${file.name}, ${describeSelectors(selectors)}`,
    );
  return parts.length === 0 ? undefined : parts.join(' · ');
}
