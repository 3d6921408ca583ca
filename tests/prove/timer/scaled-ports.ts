import {
  createSystemPorts,
  type WorkspacePorts,
} from '../../../src/main/workspace/ports/system-ports.ts';

/** How time runs for the processes of one proof: from one moment on, so many times as fast. */
export interface ScaledTime {
  readonly speed: number;
  /** When the proof began, by the real clock. */
  readonly realOriginMs: number;
  /** What the processes' clocks say at that moment. */
  readonly shownOriginMs: number;
}

export function computeShownMs({ speed, realOriginMs, shownOriginMs }: ScaledTime): number {
  return Math.round(shownOriginMs + (Date.now() - realOriginMs) * speed);
}

/**
 * A machine on which time runs faster: both clocks and every timer, by the same factor. Everything else is real, so that
 * a kill meets a heartbeat of 30 s within seconds.
 */
export function createScaledPorts(time: ScaledTime): WorkspacePorts {
  const ports = createSystemPorts();
  const { clock, timers } = ports;
  const startedAt = { shownMs: computeShownMs(time), monotonicMs: clock.monotonicMs() };
  // Who reads both clocks one right after the other reads them at one moment: that the process is held up in between
  // would be a drift of the clocks, and so many times as long as on a real machine.
  let reading: number | undefined;
  const read = (): number => {
    if (reading === undefined) {
      reading = clock.monotonicMs();
      queueMicrotask(() => {
        reading = undefined;
      });
    }
    return reading;
  };
  return {
    ...ports,
    clock: {
      nowMs: () => Math.round(startedAt.shownMs + (read() - startedAt.monotonicMs) * time.speed),
      monotonicMs: () => read() * time.speed,
      bootId: clock.bootId,
    },
    timers: { after: (delayMs, action) => timers.after(delayMs / time.speed, action) },
    localTimeZone: () => 'Europe/Berlin',
  };
}
