import { Link } from 'wouter';
import { isolate } from '../../../shared/domain/isolate.ts';
import { useRequest } from '../../client/use-request.ts';
import { agreementPath } from '../../routes.ts';
import { Notice } from '../../ui/notice.tsx';
import { summarizeChanges } from './describe-changes.ts';

/** What the employer proposed in one organization and waits for the intern's word. */
export function OpenAmendments({ seatId }: { readonly seatId: string }) {
  const list = useRequest('amendment.list', { seatId });
  const open = (list.data ?? []).filter(
    ({ state, isOwnSide }) => state === 'proposed' && !isOwnSide,
  );
  return open.map((amendment) => (
    <Notice
      key={amendment.amendmentId}
      tone="accent"
      title={`${isolate(amendment.proposedByName)} proposes: ${summarizeChanges(amendment.changes)}`}
      action={<Link href={agreementPath(seatId, amendment.engagementId)}>Answer</Link>}
    >
      <bdi>{amendment.projectTitle}</bdi>: {amendment.reason}
    </Notice>
  ));
}
