/** The nearest length in whole minutes that may be said, in hours; an empty field (NaN) stays empty. */
export function computeWholeMinutes(hours: number, least: number, most: number): number {
  const minutes = Math.round(hours * 60);
  return minutes < 1 ? least : Math.min(most, minutes / 60);
}
