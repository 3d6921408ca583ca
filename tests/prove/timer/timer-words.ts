import type { RunningTimer } from '../../../src/shared/contract/shapes.ts';
import type { ScaledTime } from './scaled-ports.ts';

export interface Interval {
  readonly startMs: number;
  readonly endMs: number;
}

/** What a process of the proof is told. */
export interface TimerChildOptions {
  readonly folder: string;
  readonly journalPath: string;
  readonly seatId: string;
  readonly taskId: string;
  readonly seed: number;
  readonly time: ScaledTime;
}

/** What a process writes down; a line that was written before a kill is there after it. */
export type TimerWord =
  /** What was there when it began, before anything was answered. */
  | {
      readonly word: 'state';
      readonly atMs: number;
      readonly timer: RunningTimer | null;
      readonly entries: readonly Interval[];
      readonly questions: readonly Interval[];
    }
  /** The person is about to say that this does not count. */
  | { readonly word: 'not_counted'; readonly intervals: readonly Interval[] }
  /** The person is about to stop the timer. */
  | { readonly word: 'stopping'; readonly atMs: number }
  /** The timer was started, and shown as started. */
  | { readonly word: 'started'; readonly atMs: number }
  /** The process lives, and a timer runs. */
  | { readonly word: 'alive'; readonly atMs: number };
