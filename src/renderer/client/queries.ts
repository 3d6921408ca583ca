import { QueryClient, type Query } from '@tanstack/react-query';
import { hostSilentCode, RequestError } from './carrier.ts';

const silentRetryMs = 1_000;

/**
 * Answers stay fresh until the change feed says otherwise. A silent host is asked again until it
 * answers; any other failure is the answer.
 */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      networkMode: 'always',
      staleTime: Infinity,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      retry: (_count, error) => error instanceof RequestError && error.code === hostSilentCode,
      retryDelay: silentRetryMs,
    },
    mutations: { networkMode: 'always', retry: false },
  },
});

const coalesceMs = 60;
const pending = new Set<(query: Query) => boolean>();
let timer: ReturnType<typeof setTimeout> | undefined;

/** Asks again for what fits, once for a burst of events. Only what is on the screen is fetched at once. */
export function invalidateSoon(fits: (query: Query) => boolean): void {
  pending.add(fits);
  timer ??= setTimeout(() => {
    const predicates = [...pending];
    pending.clear();
    timer = undefined;
    const predicate = (query: Query) => predicates.some((each) => each(query));
    const firstAsked = queries
      .getQueryCache()
      .findAll({ predicate, fetchStatus: 'fetching' })
      .filter((query) => query.state.data === undefined);
    void queries.invalidateQueries({ predicate });
    for (const query of firstAsked) askAgainAfter(query);
  }, coalesceMs);
}

/**
 * The library never begins a first fetch anew, and counts its answer as fresh, though it may have been
 * given before the change.
 */
function askAgainAfter(query: Query): void {
  const askAgain = () => invalidateSoon((each) => each === query);
  query.promise?.then(askAgain, () => undefined);
}
