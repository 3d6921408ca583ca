import type { TimeChangeItem } from '../../../shared/contract/hours-requests.ts';
import { formatDateTime, formatTime } from '../../format/date-time.ts';
import { formatDuration } from '../../format/duration.ts';

interface Stretch {
  readonly startedAt: string;
  readonly endedAt: string;
}

const span = ({ startedAt, endedAt }: Stretch): string =>
  `${formatDateTime(startedAt)} – ${formatTime(endedAt)} (${formatDuration(Date.parse(endedAt) - Date.parse(startedAt))})`;

/** What would be done, in one sentence, with what is there now. */
export function describeTimeChange({ change, entries }: TimeChangeItem): string {
  const [entry] = entries;
  switch (change.kind) {
    case 'add':
      return `Add ${span(change.args)}.`;
    case 'delete':
      if (entry === undefined) return 'Bring back an entry.';
      return change.args.deleted ? `Delete ${span(entry)}.` : `Bring back ${span(entry)}.`;
    case 'edit': {
      const { patch } = change.args;
      if (entry === undefined) return 'Change an entry that is deleted now.';
      const isMoved = patch.startedAt !== undefined || patch.endedAt !== undefined;
      const parts = [
        ...(isMoved
          ? [
              `from ${span(entry)} to ${span({
                startedAt: patch.startedAt ?? entry.startedAt,
                endedAt: patch.endedAt ?? entry.endedAt,
              })}`,
            ]
          : []),
        ...(patch.note === undefined ? [] : [`the note to “${patch.note}”`]),
        ...(patch.taskId === undefined ? [] : ['the task']),
      ];
      return `Change ${isMoved ? '' : `${span(entry)}: `}${parts.join(', ')}.`;
    }
    case 'rearrange': {
      const verb = { split: 'Split', merge: 'Merge', undo: 'Put back', gap: 'Add' }[
        change.args.kind
      ];
      const added = change.args.additions.map(span).join(', ');
      return `${verb} ${[...entries.map(span), ...(added === '' ? [] : [added])].join('; ')}.`;
    }
  }
}
