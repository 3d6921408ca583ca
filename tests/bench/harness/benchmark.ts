import type { Browser } from '@playwright/test';

/** One round's values of one measure, in its unit. */
export interface Reading {
  readonly value: number;
  /** What the machine could do at best: the same without this program, measured in the same round. */
  readonly limit?: number;
  /** What another program takes for the same, measured in the same round. */
  readonly peer?: number;
}

export interface Measure {
  readonly unit: 'ms' | 'MB' | 'MB/s';
  /** In a few words, for the table. */
  readonly what: string;
  /** What the limit is, where there is one. */
  readonly limit?: string;
  readonly peer?: string;
}

/** What is measured in one go: some measures that come from the same rounds. */
export interface Benchmark<Id extends string = string> {
  /** By id, such as `tasks.10k.ms`. */
  readonly measures: Readonly<Record<Id, Measure>>;
  /** Counted rounds; one more comes before them and is thrown away. */
  readonly rounds: number;
  /** Makes what the rounds need. What it has made is gone after `dispose`, also when a round failed. */
  prepare(tools: BenchmarkTools): Promise<PreparedBenchmark<Id>>;
}

export interface PreparedBenchmark<Id extends string = string> {
  runRound(): Promise<Readonly<Record<Id, Reading>>>;
  dispose(): Promise<void>;
}

/** What is shared by the benchmarks of one run. */
export interface BenchmarkTools {
  /** A headless Chromium, started when the first benchmark asks for it. */
  obtainBrowser(): Promise<Browser>;
}
