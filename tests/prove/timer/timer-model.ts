const heartbeatMs = 30_000;
/** What the app promises: nothing is asked about a doze shorter than this, and it does not count. */
const askedFromMs = 120_000;
/** What is shorter is not recorded. */
const shortestMs = 1000;

interface Running {
  /** Proven before the open gap; all of it where there is none. */
  beforeMs: number;
  gapMs: number | undefined;
  afterMs: number;
  /** By the monotonic clock: since the timer was last seen, and until the next heartbeat. */
  seenAgoMs: number;
  beatInMs: number;
  /** How much further the wall clock went than the monotonic one since then. */
  aheadMs: number;
}

/**
 * What a person would say of a timer, in lengths alone: what is recorded, what runs, and what is asked about. It knows
 * nothing of rows, instants or zones.
 */
export class TimerModel {
  recordedMs = 0;
  running: Running | undefined;
  /** Gaps that stand to be answered beside the running timer's own. */
  questions: number[] = [];

  start(): void {
    this.running ??= {
      beforeMs: 0,
      gapMs: undefined,
      afterMs: 0,
      seenAgoMs: 0,
      beatInMs: heartbeatMs,
      aheadMs: 0,
    };
  }

  run(durationMs: number): void {
    let leftMs = durationMs;
    const { running } = this;
    if (running === undefined) return;
    while (leftMs >= running.beatInMs) {
      this.#pass(running, running.beatInMs);
      leftMs -= running.beatInMs;
      this.#beat(running);
    }
    this.#pass(running, leftMs);
    running.beatInMs -= leftMs;
  }

  /** Both clocks, or the wall clock alone, went on while nothing ran. */
  sleep(durationMs: number, monotonicRuns: boolean): void {
    const { running } = this;
    if (running === undefined) return;
    if (!monotonicRuns) running.aheadMs += durationMs;
    else {
      this.#pass(running, durationMs);
      running.beatInMs -= durationMs;
      if (running.beatInMs <= 0) this.#beat(running);
    }
    this.look();
  }

  setClock(byMs: number): void {
    if (this.running !== undefined) this.running.aheadMs += byMs;
    this.look();
  }

  /** The program ends without a word and is started again. What came after the last heartbeat is in question. */
  kill(offMs: number): void {
    const { running } = this;
    if (running === undefined) return;
    const gapMs = Math.max(0, running.seenAgoMs + running.aheadMs + offMs);
    this.#takeBack(running, running.seenAgoMs);
    this.#openGap(running, gapMs);
    running.beatInMs = heartbeatMs;
  }

  stop(): void {
    const { running } = this;
    if (running === undefined) return;
    this.#settleGap(running);
    this.#record(running.beforeMs + running.afterMs);
    this.running = undefined;
  }

  /** @param countedMs of the gap; the parts that touch what is around become one with it, which changes no length. */
  answerGap(
    decision: 'keep_all' | 'keep_until_last_seen' | 'discard' | { countedMs: number },
  ): void {
    const { running } = this;
    if (running?.gapMs === undefined) return;
    if (decision === 'discard') this.running = undefined;
    else if (decision === 'keep_all') {
      running.beforeMs += running.gapMs + running.afterMs;
      running.afterMs = 0;
      running.gapMs = undefined;
    } else {
      this.#record(running.beforeMs);
      if (decision !== 'keep_until_last_seen') this.recordedMs += decision.countedMs;
      running.beforeMs = running.afterMs;
      running.afterMs = 0;
      running.gapMs = undefined;
    }
  }

  /** Whether the timer's clocks now say that part of the time is unproven. */
  look(): void {
    const { running } = this;
    if (running === undefined) return;
    if (running.seenAgoMs > askedFromMs) {
      const gapMs = Math.max(0, running.seenAgoMs + running.aheadMs);
      this.#takeBack(running, running.seenAgoMs);
      this.#openGap(running, gapMs);
    } else if (running.aheadMs > askedFromMs) this.#openGap(running, running.aheadMs);
  }

  #beat(running: Running): void {
    this.look();
    running.seenAgoMs = 0;
    running.aheadMs = 0;
    running.beatInMs = heartbeatMs;
  }

  #pass(running: Running, durationMs: number): void {
    running.seenAgoMs += durationMs;
    if (running.gapMs === undefined) running.beforeMs += durationMs;
    else running.afterMs += durationMs;
  }

  #takeBack(running: Running, durationMs: number): void {
    if (running.gapMs === undefined) running.beforeMs -= durationMs;
    else running.afterMs -= durationMs;
  }

  #openGap(running: Running, gapMs: number): void {
    this.#settleGap(running);
    running.beforeMs += running.afterMs;
    running.afterMs = 0;
    running.gapMs = gapMs;
    running.seenAgoMs = 0;
    running.aheadMs = 0;
  }

  /** Recorded is what ran before the gap; the gap itself stands as a question. */
  #settleGap(running: Running): void {
    if (running.gapMs === undefined) return;
    this.#record(running.beforeMs);
    running.beforeMs = 0;
    if (running.gapMs > 0) this.questions.push(running.gapMs);
    running.gapMs = undefined;
  }

  #record(lengthMs: number): void {
    if (lengthMs >= shortestMs) this.recordedMs += lengthMs;
  }
}
