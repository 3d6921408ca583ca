import type { Engagement } from '../../../shared/contract/shapes.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Muted } from '../../ui/stack.tsx';
import { engagementStatuses } from '../projects/describe-project.ts';
import styles from './export-dialog.module.css';

export interface EngagementChoiceProps {
  readonly engagements: readonly Engagement[];
  readonly chosenIds: ReadonlySet<string>;
  readonly onChange: (chosenIds: ReadonlySet<string>) => void;
}

/** Projects with the people on them; a project's own box takes all of them. */
export function EngagementChoice({ engagements, chosenIds, onChange }: EngagementChoiceProps) {
  const projects = Map.groupBy(engagements, ({ projectId }) => projectId);
  const choose = (ids: readonly string[], isChosen: boolean) => {
    const next = new Set(chosenIds);
    for (const id of ids)
      if (isChosen) next.add(id);
      else next.delete(id);
    onChange(next);
  };
  return (
    <fieldset className={styles.group}>
      <legend>Whose work</legend>
      <div className={styles.choices}>
        {[...projects].map(([projectId, ofProject]) => {
          const ids = ofProject.map(({ engagementId }) => engagementId);
          const count = ids.filter((id) => chosenIds.has(id)).length;
          return (
            <div key={projectId} className={styles.project}>
              <Checkbox
                isSelected={count === ids.length}
                isIndeterminate={count > 0 && count < ids.length}
                onChange={(isChosen) => choose(ids, isChosen)}
              >
                {ofProject[0]?.projectTitle}{' '}
                <Muted>{ids.length === 1 ? '' : `the whole project, ${ids.length} people`}</Muted>
              </Checkbox>
              <div className={styles.people}>
                {ofProject.map(({ engagementId, intern, status, acceptedCount, taskCount }) => (
                  <Checkbox
                    key={engagementId}
                    isSelected={chosenIds.has(engagementId)}
                    onChange={(isChosen) => choose([engagementId], isChosen)}
                  >
                    <bdi>{intern.name}</bdi>{' '}
                    <Muted>
                      {engagementStatuses[status].label}, {acceptedCount} of {taskCount} accepted
                    </Muted>
                  </Checkbox>
                ))}
              </div>
            </div>
          );
        })}
      </div>
    </fieldset>
  );
}
