import type { Clock, Timers } from '../../../src/shared/ports.ts';

interface Entry {
  readonly label: string;
  readonly action: () => void;
  readonly order: number;
}
interface TimedEntry extends Entry {
  readonly dueMs: number;
}

/** What happens next, and when: the one queue from which everything in a simulated world is taken. */
export class VirtualTime {
  /** Milliseconds since the world began. */
  nowMs = 0;
  eventCount = 0;
  readonly #events = new Set<TimedEntry>();
  readonly #machines: SimulatedMachine[] = [];
  #order = 0;

  /** Runs `action` after `delayMs`, whatever becomes of machines. The answer takes it back. */
  schedule(delayMs: number, label: string, action: () => void): () => void {
    const entry = {
      dueMs: this.nowMs + Math.max(0, delayMs),
      label,
      action,
      order: this.nextOrder(),
    };
    this.#events.add(entry);
    return () => this.#events.delete(entry);
  }

  nextOrder(): number {
    this.#order += 1;
    return this.#order;
  }

  addMachine(machine: SimulatedMachine): void {
    this.#machines.push(machine);
  }

  removeMachine(machine: SimulatedMachine): void {
    const index = this.#machines.indexOf(machine);
    if (index >= 0) this.#machines.splice(index, 1);
  }

  /**
   * Moves on to the next event that is due by `untilMs` and runs it. Of several due at the same moment, the
   * name decides, then the order in which they were asked for.
   *
   * @returns false when there is none; the time is `untilMs` then.
   */
  runNext(untilMs: number): boolean {
    let next: TimedEntry | undefined;
    let owner: SimulatedMachine | undefined;
    const consider = (candidate: TimedEntry, machine: SimulatedMachine | undefined) => {
      if (candidate.dueMs > untilMs) return;
      const isSooner =
        next === undefined ||
        candidate.dueMs < next.dueMs ||
        (candidate.dueMs === next.dueMs &&
          (candidate.label < next.label ||
            (candidate.label === next.label && candidate.order < next.order)));
      if (!isSooner) return;
      next = candidate;
      owner = machine;
    };
    for (const entry of this.#events) consider(entry, undefined);
    for (const machine of this.#machines)
      for (const alarm of machine.listAlarms()) consider(alarm, machine);
    if (next === undefined) {
      this.nowMs = Math.max(this.nowMs, untilMs);
      return false;
    }
    this.nowMs = Math.max(this.nowMs, next.dueMs);
    this.eventCount += 1;
    if (owner === undefined) this.#events.delete(next);
    else owner.removeAlarm(next.order);
    next.action();
    return true;
  }
}

interface Alarm extends Entry {
  readonly dueMonotonicMs: number;
}

/** One computer's clocks and timers: the wall clock may be set, and both stand still where the machine sleeps. */
export class SimulatedMachine {
  readonly name: string;
  readonly #time: VirtualTime;
  readonly #beganMs: number;
  readonly #alarms = new Map<number, Alarm>();
  /** Called at each reading and each timer: a place at which a program may be killed. */
  onUse: () => void = () => {};
  /** The wall clock's, from the true time. */
  wallOffsetMs: number;
  #monotonicLostMs = 0;
  #asleepSinceMs: number | undefined;
  #isDead = false;
  readonly clock: Clock;
  readonly timers: Timers;

  constructor(
    time: VirtualTime,
    name: string,
    options: { readonly wallOffsetMs: number; readonly epochMs: number },
  ) {
    this.name = name;
    this.#time = time;
    this.#beganMs = time.nowMs;
    this.wallOffsetMs = options.wallOffsetMs;
    this.clock = {
      nowMs: () => {
        this.onUse();
        return options.epochMs + time.nowMs + this.wallOffsetMs;
      },
      monotonicMs: () => this.#computeMonotonicMs(),
      bootId: `boot-${name}`,
    };
    this.timers = {
      after: (delayMs, action) => {
        this.onUse();
        if (this.#isDead) return () => {};
        const alarm = {
          dueMonotonicMs: this.#computeMonotonicMs() + Math.max(0, delayMs),
          label: `timer ${name}`,
          action,
          order: time.nextOrder(),
        };
        this.#alarms.set(alarm.order, alarm);
        return () => this.#alarms.delete(alarm.order);
      },
    };
    time.addMachine(this);
  }

  get isAsleep(): boolean {
    return this.#asleepSinceMs !== undefined;
  }

  #computeMonotonicMs(): number {
    const asleepMs = this.#asleepSinceMs === undefined ? 0 : this.#time.nowMs - this.#asleepSinceMs;
    return 10_000 + this.#time.nowMs - this.#beganMs - this.#monotonicLostMs - asleepMs;
  }

  /** The monotonic clock stands still as well, as it does in sleep on most systems. */
  sleep(): void {
    this.#asleepSinceMs ??= this.#time.nowMs;
  }

  wake(): void {
    if (this.#asleepSinceMs === undefined) return;
    this.#monotonicLostMs += this.#time.nowMs - this.#asleepSinceMs;
    this.#asleepSinceMs = undefined;
  }

  *listAlarms(): Generator<TimedEntry> {
    if (this.isAsleep) return;
    const monotonicMs = this.#computeMonotonicMs();
    for (const { dueMonotonicMs, ...alarm } of this.#alarms.values())
      yield { ...alarm, dueMs: this.#time.nowMs + Math.max(0, dueMonotonicMs - monotonicMs) };
  }

  removeAlarm(order: number): void {
    this.#alarms.delete(order);
  }

  /** The program on it ended; none of its timers rings any more. */
  end(): void {
    this.#isDead = true;
    this.#alarms.clear();
    this.#time.removeMachine(this);
  }
}
