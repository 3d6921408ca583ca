import { formatDateTime, formatRelative } from '../../format/date-time.ts';
import { useMinuteNowMs } from '../tasks/due-phrase.tsx';

/** "3 minutes ago", and it goes on being true; the exact time is the tooltip. */
export function RelativeTime({ instant }: { readonly instant: string }) {
  const nowMs = useMinuteNowMs();
  return (
    <time dateTime={instant} title={formatDateTime(instant)}>
      {formatRelative(instant, nowMs)}
    </time>
  );
}
