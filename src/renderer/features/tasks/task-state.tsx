import {
  Circle,
  CircleCheck,
  CircleDotDashed,
  CircleSlash,
  Hourglass,
  Undo2,
  type LucideIcon,
} from 'lucide-react';
import { VisuallyHidden } from 'react-aria-components';
import type { TaskItem } from '../../../shared/contract/shapes.ts';
import type { TaskState } from '../../../shared/domain/task-state.ts';
import { Badge } from '../../ui/badge.tsx';
import { cx } from '../../ui/cx.ts';
import type { Tone } from '../../ui/notice.tsx';
import styles from './task-state.module.css';

interface StateLook {
  readonly text: string;
  readonly tone: Tone;
  readonly Icon: LucideIcon;
}

const looks: Record<TaskState, StateLook> = {
  to_do: { text: 'To do', tone: 'neutral', Icon: Circle },
  in_progress: { text: 'In progress', tone: 'accent', Icon: CircleDotDashed },
  submitted: { text: 'Waiting for review', tone: 'neutral', Icon: Hourglass },
  changes_requested: { text: 'Changes requested', tone: 'warning', Icon: Undo2 },
  accepted: { text: 'Accepted', tone: 'positive', Icon: CircleCheck },
  cancelled: { text: 'Cancelled', tone: 'neutral', Icon: CircleSlash },
};

export function StateBadge({ state }: { readonly state: TaskState }) {
  const { text, tone } = looks[state];
  return <Badge tone={tone}>{text}</Badge>;
}

/** The state as a sign at the head of a row; its words are the tooltip and what is read aloud. */
export function StateIcon({ state }: { readonly state: TaskState }) {
  const { text, tone, Icon } = looks[state];
  return (
    <span className={cx(styles.icon, styles[tone])} title={text}>
      <Icon aria-hidden />
      <VisuallyHidden>{text}</VisuallyHidden>
    </span>
  );
}

/** What is unseen about it: a task that was neither opened nor begun is new itself; later only its brief can be. */
export function describeNews({
  state,
  workedSeconds,
  isOpened,
}: Pick<TaskItem, 'state' | 'workedSeconds' | 'isOpened'>): string {
  return state === 'to_do' && workedSeconds === 0 && !isOpened ? 'new' : 'brief changed';
}

/** Whether the intern has something to do about it: not once the engagement has ended, though work may still come. */
export function isOpenForWork({
  state,
  isEngagementOver,
}: Pick<TaskItem, 'state' | 'isEngagementOver'>): boolean {
  if (isEngagementOver) return false;
  return state === 'to_do' || state === 'in_progress' || state === 'changes_requested';
}
