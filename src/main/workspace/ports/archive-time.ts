/**
 * The time that every entry of an archive carries: noon of a day, from local parts. A ZIP's entries hold
 * wall time without a zone, and the writer reads it from the local parts of a `Date`: only a `Date` made
 * of local parts gives the same bytes in every time zone. Noon, because no zone changes its clocks then.
 *
 * @param day a calendar day such as `2026-03-01`; kept within the years 1980 to 2107 that the format knows.
 */
export function computeArchiveTime(day: string): Date {
  const [year = 1980, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(Math.min(2107, Math.max(1980, year)), month - 1, date, 12, 0, 0, 0);
}
