import type { Measure } from './benchmark.ts';
import type { Result } from './run-benchmark.ts';

const headings = ['id', 'median', 'min', 'max', 'unit', 'limit', 'times limit', 'peer'];

/** A table for people, with a line below for what each limit and peer is. */
export function formatTable(
  results: readonly Result[],
  measures: Readonly<Record<string, Measure>>,
): string {
  const rows = results.map(({ id, median, min, max, unit, limit, peer }) => [
    id,
    formatNumber(median),
    formatNumber(min),
    formatNumber(max),
    unit,
    limit === undefined ? '' : formatNumber(limit),
    limit === undefined || limit === 0 ? '' : `${(median / limit).toFixed(1)} ×`,
    peer === undefined ? '' : formatNumber(peer),
  ]);
  const all = [headings, ...rows];
  const widths = headings.map((_, column) =>
    Math.max(...all.map((row) => row[column]?.length ?? 0)),
  );
  const lines = all.map((row) =>
    row
      .map((cell, column) =>
        // Words to the left, numbers to the right.
        column === 0 || column === 4
          ? cell.padEnd(widths[column] ?? 0)
          : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
  const notes = results.flatMap(({ id }) => {
    const measure = measures[id];
    if (measure === undefined) return [];
    const { what, limit, peer } = measure;
    return [
      `${id}: ${what}${limit === undefined ? '' : `; limit: ${limit}`}${peer === undefined ? '' : `; peer: ${peer}`}.`,
    ];
  });
  return [...lines, '', ...notes].join('\n');
}

const formatNumber = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2);
