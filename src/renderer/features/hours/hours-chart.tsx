import { useEffect, useRef, useState } from 'react';
import type { RequestOutput } from '../../../shared/contract/contract.ts';
import { formatDuration } from '../../format/duration.ts';
import { formatPlainDate, formatWeekday } from '../../format/date-time.ts';
import styles from './hours-chart.module.css';

export type HoursDay = RequestOutput<'hours.list'>['days'][number];

export interface HoursChartProps {
  /** One for each day of the week, in order. */
  readonly days: readonly HoursDay[];
  readonly today: string;
}

const plot = { height: 150, top: 22, left: 34, bottom: 22 } as const;
/** Below this, a day's name is all that fits under its bar. */
const narrowSlotPx = 76;
const hourSeconds = 3600;

/** The step between the lines, so that there are at most four of them. */
function chooseStepHours(maxSeconds: number): number {
  const hours = maxSeconds / hourSeconds;
  return [1, 2, 3, 4, 6].find((step) => hours / step <= 4) ?? 12;
}

/** Hours per day as bars; what overlaps is hatched on top. The table below says the same in numbers. */
export function HoursChart({ days, today }: HoursChartProps) {
  const [chartRef, width] = useWidth();
  const maxSeconds = Math.max(2 * hourSeconds, ...days.map(({ seconds }) => seconds));
  const step = chooseStepHours(maxSeconds);
  const lineCount = Math.ceil(maxSeconds / hourSeconds / step);
  const axisSeconds = lineCount * step * hourSeconds;
  const bottom = plot.height - plot.bottom;
  const yOf = (seconds: number) => bottom - (seconds / axisSeconds) * (bottom - plot.top);
  const slot = (width - plot.left) / Math.max(days.length, 1);
  const barWidth = Math.min(44, slot * 0.5);
  return (
    <svg ref={chartRef} className={styles.chart} height={plot.height} aria-hidden focusable="false">
      <defs>
        <pattern
          id="overlap"
          width="6"
          height="6"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect width="6" height="6" className={styles.overlapGround} />
          <rect width="2" height="6" className={styles.overlapLine} />
        </pattern>
      </defs>
      {Array.from({ length: lineCount + 1 }, (_, index) => {
        const y = yOf(index * step * hourSeconds);
        return (
          <g key={y}>
            <line x1={plot.left} x2={width} y1={y} y2={y} className={styles.grid} />
            <text x={plot.left - 8} y={y + 4} textAnchor="end" className={styles.axis}>
              {formatDuration(index * step * hourSeconds * 1000)}
            </text>
          </g>
        );
      })}
      {days.map(({ date, seconds, coveredSeconds }, index) => {
        const middle = plot.left + slot * (index + 0.5);
        const coveredTop = yOf(coveredSeconds);
        const top = yOf(seconds);
        return (
          <g key={date}>
            {coveredSeconds > 0 ? (
              <rect
                x={middle - barWidth / 2}
                y={coveredTop}
                width={barWidth}
                height={bottom - coveredTop}
                rx={3}
                className={styles.bar}
              />
            ) : null}
            {seconds > coveredSeconds ? (
              <rect
                x={middle - barWidth / 2}
                y={top}
                width={barWidth}
                height={coveredTop - top}
                fill="url(#overlap)"
              />
            ) : null}
            {seconds > 0 ? (
              <text x={middle} y={top - 7} textAnchor="middle" className={styles.value}>
                {formatDuration(seconds * 1000)}
              </text>
            ) : null}
            <text
              x={middle}
              y={plot.height - 4}
              textAnchor="middle"
              className={date === today ? styles.today : styles.axis}
            >
              {slot < narrowSlotPx ? formatWeekday(date) : formatPlainDate(date)}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

/** The chart is drawn for the width that it has, so that its letters keep their size. */
function useWidth(): readonly [React.RefObject<SVGSVGElement | null>, number] {
  const ref = useRef<SVGSVGElement>(null);
  const [width, setWidth] = useState(700);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setWidth(entry.contentRect.width);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, width];
}
