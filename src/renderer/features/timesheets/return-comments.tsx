import { useState } from 'react';
import { Disclosure, DisclosurePanel, Heading, Button as AriaButton } from 'react-aria-components';
import { ChevronRight } from 'lucide-react';
import type { Timesheet } from '../../../shared/contract/hours-requests.ts';
import { formatPlainDate, formatTime } from '../../format/date-time.ts';
import { formatDuration } from '../../format/duration.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { formatPlural } from '../../format/numbers.ts';
import { cx } from '../../ui/cx.ts';
import { Muted, Stack } from '../../ui/stack.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { itemsAtOnce, usePages } from '../../ui/use-pages.tsx';
import styles from './return-comments.module.css';

type Line = Timesheet['entries'][number];

/** What is typed about each entry, by its id. */
export type CommentTexts = Readonly<Record<string, string>>;

interface Fields {
  readonly texts: CommentTexts;
  readonly onChange: (timeEntryId: string, text: string) => void;
}

/** A field for each entry of a timesheet, by day; of a long one, the days are opened as they are needed. */
export function ReturnComments({ sheet, ...fields }: Fields & { readonly sheet: Timesheet }) {
  const { shown, more } = usePages(sheet.days);
  const linesByDate = Map.groupBy(sheet.entries, ({ days }) => days[0]?.date);
  const isLong = sheet.entries.length > itemsAtOnce;
  return (
    <>
      {isLong ? <Muted>Open a day to comment on one of its entries.</Muted> : null}
      {shown.map(({ date }) => (
        <Day
          key={date}
          date={date}
          lines={linesByDate.get(date) ?? []}
          isOpenAtFirst={!isLong}
          {...fields}
        />
      ))}
      {more}
    </>
  );
}

function Day({
  date,
  lines,
  isOpenAtFirst,
  ...fields
}: Fields & {
  readonly date: string;
  readonly lines: readonly Line[];
  readonly isOpenAtFirst: boolean;
}) {
  const [isOpen, setIsOpen] = useState(isOpenAtFirst);
  if (lines.length === 0) return null;
  const written = lines.filter(
    ({ entry }) => (fields.texts[entry.timeEntryId] ?? '').trim() !== '',
  ).length;
  const ms = lines.reduce((sum, { entry }) => sum + entry.seconds * 1000, 0);
  return (
    <Disclosure isExpanded={isOpen} onExpandedChange={setIsOpen}>
      <Heading level={3} className={cx(styles.heading)}>
        <AriaButton slot="trigger" className={cx(styles.trigger)}>
          <ChevronRight aria-hidden className={styles.chevron} />
          <span className={styles.date}>{formatPlainDate(date)}</span>
          <span className={styles.amount}>
            {formatPlural(lines.length, 'entry', 'entries')}, {formatDuration(ms)}
            {written === 0 ? '' : `, ${formatPlural(written, 'comment', 'comments')}`}
          </span>
        </AriaButton>
      </Heading>
      <DisclosurePanel>{isOpen ? <DayFields lines={lines} {...fields} /> : null}</DisclosurePanel>
    </Disclosure>
  );
}

function DayFields({ lines, texts, onChange }: Fields & { readonly lines: readonly Line[] }) {
  const { shown, more } = usePages(lines);
  return (
    <div className={styles.fields}>
      <Stack gap={2}>
        {shown.map(({ entry }) => (
          <TextField
            key={entry.timeEntryId}
            label={`${formatTime(entry.startedAt, entry.zone)} – ${formatTime(entry.endedAt, entry.zone)}: ${isolate(entry.taskTitle)}`}
            isOptional
            maxLength={2000}
            value={texts[entry.timeEntryId] ?? ''}
            onChange={(text) => onChange(entry.timeEntryId, text)}
          />
        ))}
        {more}
      </Stack>
    </div>
  );
}
