/** Prometheus' text format, version 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats). */
export const metricsContentType = 'text/plain; version=0.0.4; charset=utf-8';

type Labels = Readonly<Record<string, string>>;

export interface Counter {
  add(labels: Labels, count?: number): void;
}

export interface Histogram {
  observe(labels: Labels, value: number): void;
}

interface Family {
  render(): string[];
}

/**
 * Counts what happens, and writes it down when it is asked for. Labels are of few values each: routes, statuses,
 * outcomes; never an id, a name or an address.
 */
export class MetricFamilies {
  readonly #families: Family[] = [];

  createCounter(name: string, help: string): Counter {
    const values = new Map<string, number>();
    this.#families.push({
      render: () => [
        ...renderHead(name, 'counter', help),
        ...[...values].map(([labels, value]) => `${name}${labels} ${value}`),
      ],
    });
    return {
      add(labels, count = 1) {
        const key = renderLabels(labels);
        values.set(key, (values.get(key) ?? 0) + count);
      },
    };
  }

  /** @param bounds the upper bounds of the buckets, rising; one without a bound is added. */
  createHistogram(name: string, help: string, bounds: readonly number[]): Histogram {
    const series = new Map<string, { labels: Labels; counts: number[]; sum: number }>();
    this.#families.push({
      render: () => [
        ...renderHead(name, 'histogram', help),
        ...[...series.values()].flatMap((one) => renderHistogram(name, bounds, one)),
      ],
    });
    return {
      observe(labels, value) {
        const key = renderLabels(labels);
        const one = series.get(key) ?? {
          labels,
          counts: Array.from({ length: bounds.length + 1 }, () => 0),
          sum: 0,
        };
        series.set(key, one);
        const bucket = bounds.findIndex((bound) => value <= bound);
        const index = bucket === -1 ? bounds.length : bucket;
        one.counts[index] = (one.counts[index] ?? 0) + 1;
        one.sum += value;
      },
    };
  }

  /** A value that is read when it is asked for. */
  addGauge(name: string, help: string, read: () => number): void {
    this.#families.push({
      render: () => [...renderHead(name, 'gauge', help), `${name} ${read()}`],
    });
  }

  render(): string {
    return `${this.#families.flatMap((family) => family.render()).join('\n')}\n`;
  }
}

function renderHead(name: string, type: string, help: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function renderLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

const escapeLabel = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

function renderHistogram(
  name: string,
  bounds: readonly number[],
  { labels, counts, sum }: { labels: Labels; counts: readonly number[]; sum: number },
): string[] {
  let total = 0;
  const buckets = counts.map((count, index) => {
    total += count;
    const bound = bounds[index];
    const le = bound === undefined ? '+Inf' : String(bound);
    return `${name}_bucket${renderLabels({ ...labels, le })} ${total}`;
  });
  return [
    ...buckets,
    `${name}_sum${renderLabels(labels)} ${sum}`,
    `${name}_count${renderLabels(labels)} ${total}`,
  ];
}
