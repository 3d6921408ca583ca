import { start100k } from './benchmarks/start-100k.ts';
import { tasks10k } from './benchmarks/tasks-10k.ts';
import { uiReady } from './benchmarks/ui-ready.ts';
import type { Benchmark } from './harness/benchmark.ts';

/** All benchmarks, in the order in which they run. */
export const benchmarks: readonly Benchmark[] = [start100k, tasks10k, uiReady];
