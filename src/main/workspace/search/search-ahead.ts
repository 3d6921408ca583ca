import type { Seat } from '../seats/seat.ts';
import { findHits } from './find-hits.ts';
import { splitSearchWords } from './search-query.ts';

const searchedAhead = new WeakSet<Seat>();
/** As the search's screen asks. */
const limit = 100;

/**
 * The first search after a start runs code that has not run yet, and reads an index that nobody has read: it takes up to
 * twice as long as the next. So one for a word of the seat's own goes before it, which nobody waits for. Once; to be
 * called when it is quiet.
 */
export async function searchAhead(seat: Seat): Promise<void> {
  if (searchedAhead.has(seat)) return;
  searchedAhead.add(seat);
  const task = await seat.db.selectFrom('tasks').select('title').limit(1).executeTakeFirst();
  const [text] = splitSearchWords(task?.title ?? '');
  if (text === undefined) return;
  for (const sort of ['best', 'newest'] as const)
    await findHits(seat, { text, kinds: undefined, sort, limit });
}
