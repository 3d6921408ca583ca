import type { Benchmark } from './benchmark.ts';

export interface Selection {
  readonly benchmark: Benchmark;
  /** Those of its measures that were asked for. */
  readonly ids: readonly string[];
}

/**
 * @param names ids, or what stands before a dot of an id (`tasks`, `tasks.10k`); none means all
 * @throws UnknownBenchmark for a name that fits nothing
 */
export function selectBenchmarks(
  benchmarks: readonly Benchmark[],
  names: readonly string[],
): Selection[] {
  const known = benchmarks.flatMap(({ measures }) => Object.keys(measures));
  const fits = (id: string, name: string) => id === name || id.startsWith(`${name}.`);
  for (const name of names)
    if (!known.some((id) => fits(id, name))) throw new UnknownBenchmark(name, known);
  return benchmarks
    .map((benchmark) => ({
      benchmark,
      ids: Object.keys(benchmark.measures).filter(
        (id) => names.length === 0 || names.some((name) => fits(id, name)),
      ),
    }))
    .filter(({ ids }) => ids.length > 0);
}

export class UnknownBenchmark extends Error {
  constructor(name: string, known: readonly string[]) {
    super(`There is no benchmark "${name}". Known ones: ${known.join(', ')}.`);
  }
}
