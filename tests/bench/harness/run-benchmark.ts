import type { BenchmarkTools, Measure, Reading } from './benchmark.ts';
import type { Selection } from './select-benchmarks.ts';
import { computeSpread } from './statistics.ts';

/** One line of the results, as `--json` writes it. `limit` and `peer` are medians in the same unit. */
export interface Result {
  readonly id: string;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly unit: Measure['unit'];
  readonly limit?: number;
  readonly peer?: number;
}

/** Runs a benchmark's rounds one after the other, after one that does not count. */
export async function runBenchmark(
  { benchmark, ids }: Selection,
  tools: BenchmarkTools,
  onRound: (round: number, of: number) => void,
): Promise<Result[]> {
  const prepared = await benchmark.prepare(tools);
  try {
    const readings = new Map<string, Reading[]>(ids.map((id) => [id, []]));
    for (let round = 0; round <= benchmark.rounds; round += 1) {
      onRound(round, benchmark.rounds);
      const values = await prepared.runRound();
      if (round === 0) continue;
      for (const [id, list] of readings) {
        const reading = values[id];
        if (reading === undefined) throw new Error(`a round gave no value for ${id}`);
        list.push(reading);
      }
    }
    return [...readings].map(([id, list]) => {
      const measure = benchmark.measures[id];
      if (measure === undefined) throw new Error(`there is no measure ${id}`);
      return computeResult(id, measure, list);
    });
  } finally {
    await prepared.dispose();
  }
}

function computeResult(id: string, { unit }: Measure, readings: readonly Reading[]): Result {
  const { median, min, max } = computeSpread(readings.map(({ value }) => value));
  const limits = readings.flatMap(({ limit }) => limit ?? []);
  const peers = readings.flatMap(({ peer }) => peer ?? []);
  return {
    id,
    median: round(median),
    min: round(min),
    max: round(max),
    unit,
    ...(limits.length === 0 ? {} : { limit: round(computeSpread(limits).median) }),
    ...(peers.length === 0 ? {} : { peer: round(computeSpread(peers).median) }),
  };
}

const round = (value: number): number => Math.round(value * 100) / 100;
