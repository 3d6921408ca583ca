import type { RequestOutput } from '../../../shared/contract/contract.ts';
import { maximumSubmissionFiles } from '../../../shared/domain/manifest.ts';
import { formatCount } from '../../format/numbers.ts';

/** Why there is nothing to hand in yet, and what to do about it. */
export interface SubmitHindrance {
  readonly title: string;
  readonly text: string;
}

/** What the workspace would refuse; undefined where the work can be handed in. */
export function findSubmitHindrance({
  files,
  note,
  revision,
  isUnchanged,
}: Pick<RequestOutput<'submission.preview'>, 'files' | 'note' | 'revision' | 'isUnchanged'>):
  | SubmitHindrance
  | undefined {
  if (isUnchanged)
    return {
      title: `This is the same work as revision ${formatCount(revision - 1)}`,
      text: 'Change a file, the note or a tick first; then there is something new to send.',
    };
  if (files.length === 0 && note.trim() === '')
    return {
      title: 'There is no file and no note yet',
      text: 'Attach a file or write a note first: ticks and hours alone are no work to hand in.',
    };
  if (files.length > maximumSubmissionFiles)
    return {
      title: `There are ${formatCount(files.length)} files, and one submission holds at most ${formatCount(maximumSubmissionFiles)}`,
      text: 'Put them into an archive, such as a ZIP file, and attach that instead.',
    };
  return undefined;
}
