import type { Seat } from '../seats/seat.ts';
import { findHits } from './find-hits.ts';
import { splitSearchWords } from './search-query.ts';

const searchedAhead = new WeakSet<Seat>();
/** As the search's screen asks. */
const limit = 100;

/** More than a search is ranked by, so that the way of a whole sentence is gone as well. */
const sentenceWords = 9;

/**
 * The first search after a start runs code that has not run yet, and reads an index that nobody has read: it takes up to
 * twice as long as the next. So some for words of the seat's own go before it, which nobody waits for: one of a title, one that
 * is in many texts, and a sentence. Once; to be called when it is quiet.
 */
export async function searchAhead(seat: Seat): Promise<void> {
  if (searchedAhead.has(seat)) return;
  searchedAhead.add(seat);
  const task = await seat.db
    .selectFrom('tasks')
    .innerJoin('briefVersions', 'briefVersions.id', 'tasks.briefVersionId')
    .select(['tasks.title', 'briefVersions.instructions'])
    .limit(1)
    .executeTakeFirst();
  const [named] = splitSearchWords(task?.title ?? '');
  const sentence = splitSearchWords(task?.instructions ?? '').slice(0, sentenceWords);
  for (const text of [named, sentence[0], sentence.join(' ')]) {
    if (text === undefined || text === '') continue;
    for (const sort of ['best', 'newest'] as const)
      await findHits(seat, { text, kinds: undefined, sort, limit });
  }
  if (named !== undefined)
    await findHits(seat, { text: named, kinds: ['time'], sort: 'best', limit });
}
