import type { ReactNode } from 'react';
import { ArrowLeft } from 'lucide-react';
import { Link } from 'wouter';
import { formatDuration } from '../../format/duration.ts';
import { formatCount } from '../../format/numbers.ts';
import { agreementPath } from '../../routes.ts';
import { DueClocks } from '../asked/due-clocks.tsx';
import { DueRelative } from './due-phrase.tsx';
import { SyncSign } from './sync-sign.tsx';
import { isOpenForWork, StateBadge } from './task-state.tsx';
import { TaskTimer } from './task-timer.tsx';
import { TimerNote } from './timer-note.tsx';
import type { Task } from './use-task.ts';
import styles from './task-header.module.css';

export interface TaskHeaderProps {
  readonly task: Task;
  readonly isIntern: boolean;
  /** Where the list is that this task was chosen from; shown where there is no room for both. */
  readonly back: { readonly path: string; readonly label: string };
  /** What the employer can do with the task. */
  readonly actions?: ReactNode;
}

export function TaskHeader({ task, isIntern, back, actions }: TaskHeaderProps) {
  const { item, roundsIncluded, roundsUsed } = task;
  const isOpen = isOpenForWork(item);
  const worked = formatDuration(item.workedSeconds * 1000);
  return (
    <header className={styles.header}>
      <Link href={back.path} className={styles.back}>
        <ArrowLeft aria-hidden /> {back.label}
      </Link>
      <p className={styles.place}>
        {isIntern ? item.organizationName : item.internName}
        <span aria-hidden> / </span>
        {isIntern ? (
          <Link href={agreementPath(item.seatId, item.engagementId)}>{item.projectTitle}</Link>
        ) : (
          item.projectTitle
        )}
      </p>
      <h2 className={styles.title} tabIndex={-1} data-article-title>
        <bdi>{item.title}</bdi>
      </h2>
      <div className={styles.state}>
        <StateBadge state={item.state} />
        <SyncSign mark={item.mark} isLabelled={item.mark !== 'on_the_server'} />
        <div className={styles.actions}>
          {isIntern && item.state !== 'accepted' ? <TaskTimer item={item} /> : null}
          {actions}
        </div>
      </div>
      {isIntern ? <TimerNote item={item} /> : null}
      <dl className={styles.facts}>
        <div>
          <dt>Due</dt>
          <dd>
            <DueClocks
              deadline={{ wall: item.due.wall, zone: item.due.zone }}
              zones={task.zones}
              internName={item.internName}
              isIntern={isIntern}
              showsNotes={isOpen}
            />
            {isOpen ? <DueRelative due={item.due} isOpen /> : null}
            {item.due.isExtended ? ' extended' : null}
          </dd>
        </div>
        <div>
          <dt>Worked</dt>
          <dd>
            {item.estimateMinutes === null
              ? worked
              : `${worked} of about ${formatDuration(item.estimateMinutes * 60_000)}`}
          </dd>
        </div>
        <div>
          <dt>Rounds of changes</dt>
          <dd>
            {roundsUsed > roundsIncluded
              ? `${formatCount(roundsUsed)}, with ${formatCount(roundsIncluded)} included`
              : `${formatCount(roundsUsed)} of ${formatCount(roundsIncluded)} used`}
          </dd>
        </div>
      </dl>
    </header>
  );
}
