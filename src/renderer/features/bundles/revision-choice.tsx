import type { RequestOutput } from '../../../shared/contract/contract.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { formatBytes, formatPlural } from '../../format/numbers.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Muted } from '../../ui/stack.tsx';
import styles from './export-dialog.module.css';

export interface RevisionChoiceProps {
  readonly revisions: RequestOutput<'bundles.measure'>['revisions'];
  readonly hasSeveralPeople: boolean;
  readonly chosenIds: ReadonlySet<string>;
  readonly onChange: (chosenIds: ReadonlySet<string>) => void;
}

const decisions = { accepted: 'accepted', changes_requested: 'changes requested' } as const;

/** Single revisions. What belongs to somebody who is no longer chosen is not listed, and does no harm. */
export function RevisionChoice({
  revisions,
  hasSeveralPeople,
  chosenIds,
  onChange,
}: RevisionChoiceProps) {
  const choose = (id: string, isChosen: boolean) => {
    const next = new Set(chosenIds);
    if (isChosen) next.add(id);
    else next.delete(id);
    onChange(next);
  };
  return (
    <fieldset className={styles.group}>
      <legend>Revisions</legend>
      <div className={styles.choices}>
        {revisions.length === 0 ? <Muted>Nothing was handed in.</Muted> : null}
        {revisions.map((each) => (
          <Checkbox
            key={each.submissionId}
            isSelected={chosenIds.has(each.submissionId)}
            onChange={(isChosen) => choose(each.submissionId, isChosen)}
          >
            <bdi>{each.taskTitle}</bdi>, revision {each.revision}{' '}
            <Muted>
              {hasSeveralPeople ? `${isolate(each.internName)}, ` : ''}
              {each.decision === null ? 'not reviewed' : decisions[each.decision]},{' '}
              {formatPlural(each.fileCount, 'file', 'files')}, {formatBytes(each.sizeBytes)}
            </Muted>
          </Checkbox>
        ))}
      </div>
    </fieldset>
  );
}
