import type { Clock, Randomness, Timers } from '../../shared/ports.ts';
import { type PasswordCost, recommendedCost } from '../accounts/passwords.ts';
import { createSystemClock } from './system-clock.ts';
import { createSystemRandomness } from './system-randomness.ts';
import { createSystemTimers } from './system-timers.ts';

export interface ServerPorts {
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly timers: Timers;
  /** What new passwords are hashed with; less than what is recommended is for tests alone. */
  readonly passwordCost: PasswordCost;
}

/** The machine's own ports, but for those that the caller brings. */
export function createServerPorts(given: Partial<ServerPorts> = {}): ServerPorts {
  return {
    clock: given.clock ?? createSystemClock(),
    randomness: given.randomness ?? createSystemRandomness(),
    timers: given.timers ?? createSystemTimers(),
    passwordCost: given.passwordCost ?? recommendedCost,
  };
}
