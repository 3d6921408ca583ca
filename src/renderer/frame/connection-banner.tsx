import { useConnection } from '../client/connection.ts';
import { Notice } from '../ui/notice.tsx';

export function ConnectionBanner() {
  const connection = useConnection();
  if (connection === 'silent') {
    return (
      <Notice tone="negative" title="The workspace process is not answering" isLive>
        What was saved is safe on this computer. Stint asks again every few seconds and goes on by
        itself; if it was closed, start it again.
      </Notice>
    );
  }
  if (connection === 'expired') {
    return (
      <Notice tone="warning" title="Stint was started anew" isLive>
        This page belongs to an earlier start. Everything saved is safe; open the address that Stint
        printed, or the page it opened.
      </Notice>
    );
  }
  return null;
}
