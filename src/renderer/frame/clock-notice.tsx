import { isNoticeableDifference } from '../features/lateness/describe-evidence.ts';
import { formatClockPosition } from '../format/clock-difference.ts';
import { Notice } from '../ui/notice.tsx';

export interface ClockNoticeProps {
  /** How far this computer's clock is ahead of the server's; null where that is not known. */
  readonly differenceMs: number | null;
}

/** Everything on the screen that says "in two hours" goes by this computer's clock: where that is wrong, people should know. */
export function ClockNotice({ differenceMs }: ClockNoticeProps) {
  if (!isNoticeableDifference(differenceMs)) return null;
  return (
    <Notice title={`This computer’s clock is ${formatClockPosition(differenceMs)} the server’s`}>
      Times such as “due in 2 hours” are off by as much, and the server’s clock is the one that
      counts. Set this computer’s clock right in its system settings.
    </Notice>
  );
}
