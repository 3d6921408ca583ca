import { useEffect } from 'react';
import { useAction } from '../../client/use-request.ts';

/** Fetches what is new when the screen opens; without a connection, what is here already shows. */
export function useFetchedHistory(seatId: string) {
  const fetching = useAction('history.fetch', { isInline: true });
  const { mutate } = fetching;
  useEffect(() => mutate({ seatId }), [mutate, seatId]);
  return fetching;
}
