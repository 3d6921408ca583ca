import { Notice } from '../../ui/notice.tsx';

export interface MeanwhileChange {
  readonly field: string;
  /** What stands there now, in words. */
  readonly now: string;
  /** Whether this person has changed the same field in the form. */
  readonly isReplaced: boolean;
}

export interface ChangedMeanwhileProps {
  readonly changes: readonly MeanwhileChange[];
}

/** Says in an open form what has changed since it was opened, and what becomes of that. */
export function ChangedMeanwhile({ changes }: ChangedMeanwhileProps) {
  if (changes.length === 0) return null;
  return (
    <Notice tone="warning" title="Changed meanwhile" isLive>
      {changes.map(({ field, now, isReplaced }) => (
        <p key={field}>
          {field}: {now} by now.{' '}
          {isReplaced
            ? 'What you have written here is to replace that.'
            : 'That stays, as you have changed nothing here.'}
        </p>
      ))}
    </Notice>
  );
}
