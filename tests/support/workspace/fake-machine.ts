import type { Clock, Timers } from '../../../src/shared/ports.ts';

interface Alarm {
  readonly dueMs: number;
  readonly action: () => void;
}

/** A computer whose clocks the test moves: they can drift apart as they do in sleep, or start anew. */
export class FakeMachine {
  #wallMs: number;
  #monotonicMs = 1_000_000;
  #boot = 1;
  #alarms: Alarm[] = [];
  readonly clock: Clock;
  readonly timers: Timers;

  constructor(now: string) {
    this.#wallMs = Date.parse(now);
    const readBoot = () => `boot-${this.#boot}`;
    this.clock = {
      nowMs: () => this.#wallMs,
      monotonicMs: () => this.#monotonicMs,
      get bootId() {
        return readBoot();
      },
    };
    this.timers = {
      after: (delayMs, action) => {
        const alarm = { dueMs: this.#monotonicMs + delayMs, action };
        this.#alarms.push(alarm);
        return () => {
          this.#alarms = this.#alarms.filter((other) => other !== alarm);
        };
      },
    };
  }

  get now(): string {
    return new Date(this.#wallMs).toISOString();
  }

  get alarmCount(): number {
    return this.#alarms.length;
  }

  /**
   * Both clocks go on in step; alarms ring when they are due.
   *
   * @param settle awaited after each alarm, until what it set off is done.
   */
  async run(durationMs: number, settle: () => Promise<unknown>): Promise<void> {
    const endMs = this.#monotonicMs + durationMs;
    for (;;) {
      const next = this.#alarms
        .filter((alarm) => alarm.dueMs <= endMs)
        .sort((left, right) => left.dueMs - right.dueMs)[0];
      if (next === undefined) break;
      this.#advance(Math.max(0, next.dueMs - this.#monotonicMs));
      this.#alarms = this.#alarms.filter((alarm) => alarm !== next);
      next.action();
      await settle();
    }
    this.#advance(endMs - this.#monotonicMs);
  }

  /** Nothing runs; the wall clock goes on, the monotonic one only where the system lets it. */
  sleep(durationMs: number, options: { monotonicRuns: boolean }): void {
    this.#wallMs += durationMs;
    if (options.monotonicRuns) this.#monotonicMs += durationMs;
  }

  setWallClock(now: string): void {
    this.#wallMs = Date.parse(now);
  }

  /** The program was killed and starts again: alarms are gone, the monotonic clock has another origin. */
  restart(offMs: number): void {
    this.#wallMs += offMs;
    this.#monotonicMs = 5_000;
    this.#boot += 1;
    this.#alarms = [];
  }

  #advance(durationMs: number): void {
    this.#wallMs += durationMs;
    this.#monotonicMs += durationMs;
  }
}
