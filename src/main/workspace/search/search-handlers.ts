import type { searchRequests } from '../../../shared/contract/search-requests.ts';
import type { HandlersOf } from '../engine/request-handlers.ts';
import { getSeat } from '../engine/workspace.ts';
import { findHits, type FoundHits } from './find-hits.ts';
import { isIndexComplete, updateSearchIndex } from './search-index.ts';

export const searchHandlers: HandlersOf<typeof searchRequests> = {
  'search.find': async ({ seatId, kinds, ...asked }, workspace) => {
    const seats = seatId === undefined ? workspace.seats.list() : [getSeat(workspace, seatId)];
    const counts: FoundHits['counts'] = {};
    const hits: FoundHits['hits'] = [];
    let isComplete = true;
    for (const seat of seats) {
      if (!isIndexComplete(seat)) {
        isComplete = false;
        // Nobody waits for it: what is there already is answered, and the change feed says when there is more.
        void updateSearchIndex(seat)
          .then(() => workspace.emit({ type: 'searchable' }))
          .catch(() => {});
      }
      const found = await findHits(seat, { ...asked, kinds });
      hits.push(...found.hits);
      for (const [kind, count] of Object.entries(found.counts) as [keyof typeof counts, number][])
        counts[kind] = (counts[kind] ?? 0) + count;
    }
    const order =
      asked.sort === 'newest'
        ? hits.toSorted((left, right) => (right.hit.at ?? '').localeCompare(left.hit.at ?? ''))
        : hits.toSorted((left, right) => left.rank - right.rank);
    return {
      hits: order.slice(0, asked.limit).map(({ hit }) => hit),
      counts,
      isComplete,
    };
  },
};
