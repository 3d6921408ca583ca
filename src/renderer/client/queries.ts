import { QueryClient, type Query } from '@tanstack/react-query';
import { hostSilentCode, RequestError } from './carrier.ts';
import { computeRestMs, type AnswerCost } from './refetch-pace.ts';

const firstRetryMs = 1_000;
const longestRetryMs = 30_000;

const isSilent = (error: unknown): boolean =>
  error instanceof RequestError && error.code === hostSilentCode;

/** Failures that say nothing of what was asked for: the same question may well be answered a moment later. */
const passingCodes: ReadonlySet<string> = new Set(['internal', 'unavailable', 'disk_full']);

/**
 * Whether a failed question is asked again by itself. What stands on a screen stays there meanwhile: somebody may be
 * writing beneath it, and would lose that with the screen.
 */
export function isAskedAgain(queryKey: readonly unknown[], error: unknown): boolean {
  if (isSilent(error)) return true;
  return (
    error instanceof RequestError &&
    passingCodes.has(error.code) &&
    queries.getQueryData(queryKey) !== undefined
  );
}

/**
 * Answers stay fresh until the change feed says otherwise. A silent host is asked again until it
 * answers; any other failure is the answer, but for one that passes (`isAskedAgain`).
 */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      networkMode: 'always',
      staleTime: Infinity,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      retry: (_count, error) => isSilent(error),
      retryDelay: (count, error) =>
        isSilent(error) ? firstRetryMs : Math.min(longestRetryMs, firstRetryMs * 2 ** count),
    },
    mutations: { networkMode: 'always', retry: false },
  },
});

const coalesceMs = 60;
const pending = new Set<(query: Query) => boolean>();
let timer: ReturnType<typeof setTimeout> | undefined;
/** What the last answer of each query cost; kept with the query, so that it goes with it. */
const costs = new WeakMap<Query, AnswerCost>();

/** Asks, and notes how long the answer took: a long list is then not asked for at every keystroke. */
export async function measureAnswer<Answer>(
  queryKey: readonly unknown[],
  ask: () => Promise<Answer>,
): Promise<Answer> {
  const startedAtMs = performance.now();
  const answer = await ask();
  const query = queries.getQueryCache().find({ queryKey, exact: true });
  const endedAtMs = performance.now();
  if (query !== undefined) costs.set(query, { durationMs: endedAtMs - startedAtMs, endedAtMs });
  return answer;
}

/** Asks again for what fits, once for a burst of events. Only what is on the screen is fetched at once. */
export function invalidateSoon(fits: (query: Query) => boolean): void {
  pending.add(fits);
  timer ??= setTimeout(() => {
    const predicates = [...pending];
    pending.clear();
    timer = undefined;
    invalidate((query) => predicates.some((each) => each(query)));
  }, coalesceMs);
}

/** Long lists that are asked for again in a while. */
const resting = new Set<Query>();

function invalidate(fits: (query: Query) => boolean): void {
  const nowMs = performance.now();
  const now = new Set(
    queries
      .getQueryCache()
      .findAll({ predicate: fits })
      .filter((query) => !isLeftAlone(query, nowMs)),
  );
  const firstAsked = [...now].filter(
    ({ state }) => state.fetchStatus === 'fetching' && state.data === undefined,
  );
  void queries.invalidateQueries({ predicate: (query) => now.has(query) });
  for (const query of firstAsked) askAgainAfter(query);
}

/** Whether its last answer was long and has only just come: then it is asked again later, once. */
function isLeftAlone(query: Query, nowMs: number): boolean {
  if (resting.has(query)) return true;
  const cost = costs.get(query);
  const restMs = cost === undefined || !query.isActive() ? 0 : computeRestMs(cost, nowMs);
  if (restMs === 0) return false;
  resting.add(query);
  setTimeout(() => {
    resting.delete(query);
    void queries.invalidateQueries({ predicate: (each) => each === query });
  }, restMs);
  return true;
}

/**
 * The library never begins a first fetch anew, and counts its answer as fresh, though it may have been
 * given before the change.
 */
function askAgainAfter(query: Query): void {
  const askAgain = () => invalidateSoon((each) => each === query);
  query.promise?.then(askAgain, () => undefined);
}
