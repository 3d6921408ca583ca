import type { TaskItem } from '../../../shared/contract/shapes.ts';
import { joinNames } from '../../../shared/domain/isolate.ts';
import { DueRelative } from './due-phrase.tsx';
import { SyncSign } from './sync-sign.tsx';
import { describeNews, isOpenForWork, StateIcon } from './task-state.tsx';
import styles from './task-row.module.css';

export interface TaskRowProps {
  readonly item: TaskItem;
  /** Whose task it is: the organization for the intern, the intern for the employer. */
  readonly isIntern: boolean;
}

/** A task in two lines. */
export function TaskRow({ item, isIntern }: TaskRowProps) {
  return (
    <span className={styles.row}>
      <StateIcon state={item.state} />
      <span className={styles.text}>
        <span className={styles.first}>
          <span className={styles.title}>{item.title}</span>
          {item.hasUnseenBrief && isIntern ? (
            <span className={styles.changed}>{describeNews(item)}</span>
          ) : null}
          {item.waitsFor.length > 0 && isOpenForWork(item) ? (
            <span className={styles.changed}>after {item.waitsFor[0]?.title}</span>
          ) : null}
        </span>
        <span className={styles.second}>
          <span className={styles.place}>
            {isIntern ? item.organizationName : joinNames(item.internName, item.projectTitle)}
          </span>
          <DueRelative due={item.due} isOpen={isOpenForWork(item)} />
        </span>
      </span>
      <SyncSign mark={item.mark} />
    </span>
  );
}
