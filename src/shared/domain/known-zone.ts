import { Temporal } from 'temporal-polyfill';

/** Twice the longest there is; what has more characters came from a stranger, and is not kept in memory. */
const longestName = 64;
const mostRemembered = 1000;
const remembered = new Map<string, boolean>();

/** Whether this machine's zone data know an IANA zone of this name. */
export function isKnownZone(zone: string): boolean {
  const known = remembered.get(zone);
  if (known !== undefined) return known;
  if (zone.length > longestName) return false;
  const found = /^[A-Za-z]/.test(zone) && hasData(zone);
  if (remembered.size >= mostRemembered) remembered.clear();
  remembered.set(zone, found);
  return found;
}

function hasData(zone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return true;
  } catch {
    return false;
  }
}

/**
 * A zone for what is shown: UTC in the place of one that was named after this machine's zone data came out. Hours off in
 * that one place, where all that stands beside it would be lost. What is decided by a time goes by the zone itself.
 */
export const computeKnownZone = (zone: string): string => (isKnownZone(zone) ? zone : 'UTC');
