import type { Timers } from '../../shared/ports.ts';

export function createSystemTimers(): Timers {
  return {
    after(delayMs, action) {
      const timer = setTimeout(action, delayMs);
      return () => clearTimeout(timer);
    },
  };
}
