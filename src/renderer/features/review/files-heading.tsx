import type { Submission } from '../../../shared/contract/shapes.ts';
import { useShortcut } from '../../frame/shortcuts.ts';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/select.tsx';
import styles from './submission-view.module.css';

export interface FilesHeadingProps {
  readonly submission: Submission;
  /** All revisions of the task, newest first. */
  readonly others: readonly Submission[];
  /** The one that stands beside this one now. */
  readonly compared: Submission | undefined;
  readonly onCompare: (submissionId: string | null) => void;
}

/** Above the files: what they are, and the way to see them beside those of an earlier revision. */
export function FilesHeading({ submission, others, compared, onCompare }: FilesHeadingProps) {
  const earlier = others.filter(({ revision }) => revision < submission.revision);
  const [previous] = earlier;
  const toggle = () =>
    onCompare(compared === undefined && previous !== undefined ? previous.submissionId : null);
  useShortcut(
    { keys: ['D'], label: 'Compare with the revision before', group: 'Reviewing' },
    toggle,
    previous !== undefined,
  );
  return (
    <div className={styles.filesHeading}>
      <h3 className={styles.label}>
        {compared === undefined ? 'Files' : `What changed since revision ${compared.revision}`}
        {compared === undefined ? (
          <span className={styles.count}>{submission.files.length}</span>
        ) : null}
      </h3>
      {compared !== undefined && earlier.length > 1 ? (
        <Select
          label="Compared with"
          value={compared.submissionId}
          onChange={onCompare}
          options={earlier.map(({ submissionId, revision }) => ({
            id: submissionId,
            label: `Revision ${revision}`,
          }))}
        />
      ) : null}
      {previous === undefined ? null : (
        <Button size="small" keys={['D']} onPress={toggle}>
          {compared === undefined ? `Compare with revision ${previous.revision}` : 'Show the files'}
        </Button>
      )}
    </div>
  );
}
