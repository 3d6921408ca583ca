import type { OverviewRow } from '../../../shared/contract/overview-requests.ts';
import { formatPercent } from '../../format/numbers.ts';
import { Section } from '../../ui/panes.tsx';
import styles from './on-time-chart.module.css';

interface ProjectRate {
  readonly projectId: string;
  readonly title: string;
  judged: number;
  onTime: number;
}

const shownAtMost = 12;

/** How much of the work came on time, by project; the table says the numbers that the bars show. */
export function OnTimeChart({ rows }: { readonly rows: readonly OverviewRow[] }) {
  const rates = new Map<string, ProjectRate>();
  for (const row of rows) {
    if (row.judgedCount === 0) continue;
    const known = rates.get(row.projectId) ?? {
      projectId: row.projectId,
      title: row.projectTitle,
      judged: 0,
      onTime: 0,
    };
    known.judged += row.judgedCount;
    known.onTime += row.onTimeCount;
    rates.set(row.projectId, known);
  }
  const shown = [...rates.values()]
    .toSorted((left, right) => left.onTime / left.judged - right.onTime / right.judged)
    .slice(0, shownAtMost);
  if (shown.length === 0) return null;
  return (
    <Section title="On time, by project">
      <table className={styles.chart}>
        <thead>
          <tr>
            <th scope="col">Project</th>
            <th scope="col">Share</th>
            <th scope="col" className={styles.number}>
              First revisions on time
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ projectId, title, judged, onTime }) => (
            <tr key={projectId}>
              <th scope="row">{title}</th>
              <td className={styles.share}>
                <span className={styles.track} aria-hidden>
                  <span style={{ inlineSize: `${(onTime / judged) * 100}%` }} />
                </span>
                {formatPercent(onTime / judged)}
              </td>
              <td className={styles.number}>
                {onTime} of {judged}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
