import type { RequestOutput } from '../../../shared/contract/contract.ts';
import { formatDuration } from '../../format/duration.ts';
import { formatPlural } from '../../format/numbers.ts';
import { useRequest } from '../../client/use-request.ts';
import { Notice } from '../../ui/notice.tsx';

/** What would be left open, each with what becomes of it. */
export function describeConsequences(
  counts: RequestOutput<'engagement.consequences'>,
  ending: 'complete' | 'withdraw',
): readonly string[] {
  const isEarly = ending === 'withdraw';
  return [
    ...(counts.openTasks > 0
      ? [
          `${formatPlural(counts.openTasks, 'task is', 'tasks are')} not accepted. ${isEarly ? 'They leave the intern’s sight.' : 'They stay as they are, and no new ones can be assigned.'}`,
        ]
      : []),
    ...(counts.unreviewedSubmissions > 0
      ? [
          `${formatPlural(counts.unreviewedSubmissions, 'submission waits', 'submissions wait')} for your review, and can still be decided on.`,
        ]
      : []),
    ...(counts.unapprovedSeconds > 0
      ? [`${formatDuration(counts.unapprovedSeconds * 1000)} of work are not approved yet.`]
      : []),
    ...(counts.filesOnTheirWay > 0
      ? [
          `${formatPlural(counts.filesOnTheirWay, 'file is', 'files are')} still on the way to the server. ${isEarly ? 'They are lost to you if the intern’s computer does not send them first.' : 'They arrive all the same.'}`,
        ]
      : []),
    ...(counts.openAmendments > 0
      ? [
          `${formatPlural(counts.openAmendments, 'proposed change lapses', 'proposed changes lapse')}: what was agreed stands.`,
        ]
      : []),
  ];
}

/** Said before an engagement ends: counted, with what becomes of each. Nothing where nothing is open. */
export function Consequences({
  seatId,
  engagementId,
  ending,
}: {
  readonly seatId: string;
  readonly engagementId: string;
  readonly ending: 'complete' | 'withdraw';
}) {
  const counts = useRequest('engagement.consequences', { seatId, engagementId });
  if (counts.data === undefined) return null;
  const lines = describeConsequences(counts.data, ending);
  return lines.length === 0 ? (
    <Notice tone="positive" title="Nothing is left open" />
  ) : (
    <Notice tone="warning" title="What is still open">
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </Notice>
  );
}
