/**
 * Which seat a window looks through: kept for this tab first, so that two tabs can hold two roles, and
 * for the next window second. Several internships can be looked at as one.
 */
const key = 'stint.seat';
export const allInternships = 'all-internships';

export function readSeatChoice(): string | undefined {
  return sessionStorage.getItem(key) ?? localStorage.getItem(key) ?? undefined;
}

const listeners = new Set<() => void>();

export function keepSeatChoice(choice: string): void {
  sessionStorage.setItem(key, choice);
  localStorage.setItem(key, choice);
  for (const listener of listeners) listener();
}

/** Tells of choices in this window; one may be made before its seat is known here. */
export function subscribeSeatChoice(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
