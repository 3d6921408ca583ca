import type { QueryClient } from '@tanstack/react-query';

/** Query keys are `[request name, input]`; a topic is the part of the name before its first dot. */
export function invalidateTopics(queries: QueryClient, topics: readonly string[]): void {
  const wanted = new Set(topics);
  void queries.invalidateQueries({
    predicate: ({ meta, queryKey }) => {
      const topicsOfQuery = meta?.['topics'];
      if (Array.isArray(topicsOfQuery)) return topicsOfQuery.some((topic) => wanted.has(topic));
      const name = queryKey[0];
      return typeof name !== 'string' || wanted.has(name.split('.')[0] ?? '');
    },
  });
}
