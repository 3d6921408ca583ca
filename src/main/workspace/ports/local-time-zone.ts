import { Temporal } from 'temporal-polyfill';

/** A machine that can be asked for its time zone; without this, the operating system's answer counts. */
export interface LocalTimeZone {
  readonly localTimeZone?: () => string;
}

/** This computer's own IANA zone, which decides the days that hours are shown by. */
export function computeLocalTimeZone(ports: LocalTimeZone): string {
  return ports.localTimeZone?.() ?? Temporal.Now.timeZoneId();
}
