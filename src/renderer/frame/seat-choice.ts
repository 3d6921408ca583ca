/**
 * Which seat a window looks through: kept for this tab first, so that two tabs can hold two roles, and
 * for the next window second. Several internships can be looked at as one.
 */
const key = 'stint.seat';
export const allInternships = 'all-internships';

export function readSeatChoice(): string | undefined {
  return sessionStorage.getItem(key) ?? localStorage.getItem(key) ?? undefined;
}

export function keepSeatChoice(choice: string): void {
  sessionStorage.setItem(key, choice);
  localStorage.setItem(key, choice);
}
