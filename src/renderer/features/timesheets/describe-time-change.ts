import type { TimeChangeItem } from '../../../shared/contract/hours-requests.ts';
import { formatDateTime, formatEnd } from '../../format/date-time.ts';
import { formatDuration } from '../../format/duration.ts';

interface Stretch {
  readonly startedAt: string;
  readonly endedAt: string;
}

interface Seen {
  readonly startedAt?: string | undefined;
  readonly endedAt?: string | undefined;
}

const span = ({ startedAt, endedAt }: Stretch): string =>
  `${formatDateTime(startedAt)} – ${formatEnd(startedAt, endedAt)} (${formatDuration(Date.parse(endedAt) - Date.parse(startedAt))})`;

/** What of an entry the person had before them who asked; older programs may have sent less than all of it. */
const findSeen = ({ startedAt, endedAt }: Seen): Stretch | undefined =>
  startedAt === undefined || endedAt === undefined ? undefined : { startedAt, endedAt };

/**
 * What would be done, in one sentence: to what is there now while it waits, and once it is answered to what was there when
 * it was asked for, since the answer may have changed or deleted that.
 */
export function describeTimeChange({
  change,
  entries,
  state,
}: Pick<TimeChangeItem, 'change' | 'entries' | 'state'>): string {
  const findStretch = (timeEntryId: string, seen: Seen): Stretch | undefined => {
    const entry = entries.find((each) => each.timeEntryId === timeEntryId);
    return state === 'waiting' ? (entry ?? findSeen(seen)) : (findSeen(seen) ?? entry);
  };
  switch (change.kind) {
    case 'add':
      return `Add ${span(change.args)}.`;
    case 'delete': {
      const { timeEntryId, seen, deleted } = change.args;
      const stretch = findStretch(timeEntryId, seen);
      return `${deleted ? 'Delete' : 'Bring back'} ${stretch === undefined ? 'an entry' : span(stretch)}.`;
    }
    case 'edit': {
      const { timeEntryId, patch, seen } = change.args;
      if (state === 'waiting' && entries.length === 0)
        return 'Change an entry that is deleted now.';
      const stretch = findStretch(timeEntryId, seen);
      if (stretch === undefined) return 'Change an entry.';
      const isMoved = patch.startedAt !== undefined || patch.endedAt !== undefined;
      const parts = [
        ...(isMoved
          ? [
              `from ${span(stretch)} to ${span({
                startedAt: patch.startedAt ?? stretch.startedAt,
                endedAt: patch.endedAt ?? stretch.endedAt,
              })}`,
            ]
          : []),
        ...(patch.note === undefined ? [] : [`the note to “${patch.note}”`]),
        ...(patch.taskId === undefined ? [] : ['the task']),
      ];
      return `Change ${isMoved ? '' : `${span(stretch)}: `}${parts.join(', ')}.`;
    }
    case 'rearrange': {
      const { kind, changes, additions } = change.args;
      const verb = { split: 'Split', merge: 'Merge', undo: 'Put back', gap: 'Add' }[kind];
      const stretches = changes
        .map(({ timeEntryId, seen }) => findStretch(timeEntryId, seen))
        .filter((stretch) => stretch !== undefined);
      const added = additions.map(span).join(', ');
      return `${verb} ${[...stretches.map(span), ...(added === '' ? [] : [added])].join('; ')}.`;
    }
  }
}
