/** The slowest of what was measured in a round; the three slowest are said, on standard error. */
export function reportSlowest(
  what: string,
  durations: ReadonlyMap<string, number>,
): { readonly name: string; readonly durationMs: number } {
  const [slowest, ...others] = [...durations]
    .map(([name, durationMs]) => ({ name, durationMs }))
    .toSorted((left, right) => right.durationMs - left.durationMs);
  if (slowest === undefined) throw new Error(`nothing was measured of ${what}`);
  const words = [slowest, ...others.slice(0, 2)].map(
    ({ name, durationMs }) => `${name} ${durationMs.toFixed(1)} ms`,
  );
  console.error(`  ${what}, the slowest: ${words.join('; ')}`);
  return slowest;
}
