import { useState } from 'react';
import type { TimeEntry } from '../../../shared/contract/shapes.ts';
import { computeEpochMs } from '../../../shared/ports.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { useAction } from '../../client/use-request.ts';
import { formatDuration } from '../../format/duration.ts';
import { formatTime, formatZoneCity } from '../../format/date-time.ts';
import { localZone } from '../../format/locale.ts';
import { useShortcut } from '../../frame/shortcuts.ts';
import { Button } from '../../ui/button.tsx';
import { DateField, TimeField } from '../../ui/date-field.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Row } from '../../ui/stack.tsx';
import { TextArea, TextField } from '../../ui/text-field.tsx';
import { EntryHistoryDialog } from '../timesheets/entry-history-dialog.tsx';
import {
  computeStretch,
  createKnownStretch,
  formatDurationInput,
  type KnownStretch,
  type StretchForm,
  type StretchResult,
} from './stretch-form.ts';
import { TaskField, type ChosenTask } from './task-field.tsx';
import { computeWall, getToday } from './week.ts';
import styles from './entry-dialog.module.css';

export interface EntryDialogProps {
  /** The entry to change; undefined adds a new one. */
  readonly entry: TimeEntry | undefined;
  /** The day a new entry begins with. */
  readonly date: string;
  /** When a new entry began and ended, where it was drawn. */
  readonly times?: { readonly startedAt: string; readonly endedAt: string } | undefined;
  /** What else was recorded around then, to point out overlaps. */
  readonly others?: readonly TimeEntry[];
  readonly scopeSeatId: string | undefined;
  /** Of an entry that is there; what was typed is then not saved. */
  readonly onSplit?: (entry: TimeEntry) => void;
  readonly onMerge?: (entry: TimeEntry) => void;
  readonly onClose: () => void;
}

function computeFirstForm(known: KnownStretch | undefined, date: string): StretchForm {
  if (known === undefined) return { date, start: '', end: '', duration: '', endsBy: 'end' };
  const { form, startedAt, endedAt } = known;
  const duration = formatDurationInput(computeEpochMs(endedAt) - computeEpochMs(startedAt));
  return { ...form, duration, endsBy: 'end' };
}

const isSameStretch = (left: StretchForm, right: StretchForm) =>
  left.date === right.date &&
  left.start === right.start &&
  (left.endsBy === 'end' ? left.end === right.end : left.duration === right.duration);

/** Adds time by hand, or changes an entry. What was not touched keeps its exact seconds. */
export function EntryDialog({
  entry,
  date,
  times,
  others = [],
  scopeSeatId,
  onSplit,
  onMerge,
  onClose,
}: EntryDialogProps) {
  const [known] = useState(() => {
    const stretch = entry ?? times;
    return stretch === undefined ? undefined : createKnownStretch(stretch, localZone);
  });
  const [firstForm] = useState(() => computeFirstForm(known, date));
  const [form, setForm] = useState(firstForm);
  const [task, setTask] = useState<ChosenTask | null>(
    entry === undefined
      ? null
      : { seatId: entry.seatId, taskId: entry.taskId, title: entry.taskTitle },
  );
  const [note, setNote] = useState(entry?.note ?? '');
  const [wasTried, setWasTried] = useState(false);
  const [showsHistory, setShowsHistory] = useState(false);
  const add = useAction('hours.add', { isInline: true, onSuccess: onClose });
  const edit = useAction('hours.edit', { isInline: true, onSuccess: onClose });
  const result = computeStretch(form, localZone, known);

  const save = () => {
    setWasTried(true);
    if (!result.ok || task === null || add.isPending || edit.isPending) return;
    if (entry === undefined) {
      const { startedAt, endedAt } = result;
      add.mutate({
        seatId: task.seatId,
        taskId: task.taskId,
        startedAt,
        endedAt,
        note: note.trim(),
      });
      return;
    }
    const patch = {
      ...(isSameStretch(form, firstForm)
        ? {}
        : { startedAt: result.startedAt, endedAt: result.endedAt }),
      ...(note.trim() === entry.note ? {} : { note: note.trim() }),
      ...(task.taskId === entry.taskId ? {} : { taskId: task.taskId }),
    };
    if (Object.keys(patch).length === 0) onClose();
    else edit.mutate({ seatId: entry.seatId, timeEntryId: entry.timeEntryId, patch });
  };
  useShortcut({ keys: ['Mod', 'Enter'], label: 'Save the time', group: 'Hours' }, save);
  const problemOf = (field: string) =>
    wasTried && !result.ok && result.field === field ? { error: result.problem } : {};
  const failed = add.isError ? add.error : edit.isError ? edit.error : undefined;

  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title={entry === undefined ? 'Add time' : 'Change this time'}
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button variant="primary" keys={['Mod', 'Enter']} onPress={save}>
            {entry === undefined ? 'Add' : 'Save'}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        <TaskField
          label="Task"
          among={
            entry === undefined
              ? scopeSeatId === undefined
                ? {}
                : { seatId: scopeSeatId }
              : // Time moves between the tasks of one engagement only.
                { seatId: entry.seatId, engagementId: entry.engagementId }
          }
          value={task}
          onChange={setTask}
          {...(wasTried && task === null ? { error: 'Choose what you worked on.' } : {})}
        />
        <div className={styles.times}>
          <DateField
            label="Day"
            value={form.date}
            max={getToday(localZone)}
            onChange={(value) => setForm({ ...form, date: value })}
            {...problemOf('date')}
          />
          <TimeField
            label="From"
            value={form.start}
            onChange={(start) => setForm({ ...form, start })}
            {...problemOf('start')}
          />
          <TimeField
            label="To"
            value={form.endsBy === 'end' ? form.end : computeEndTime(result)}
            onChange={(end) => setForm({ ...form, end, endsBy: 'end' })}
            {...problemOf('end')}
          />
          <TextField
            label="or how long"
            placeholder="1:30 or 14-15:30"
            value={form.endsBy === 'duration' ? form.duration : computeDurationText(result)}
            onChange={(duration) => setForm({ ...form, duration, endsBy: 'duration' })}
            {...problemOf('duration')}
          />
        </div>
        <output className={styles.outcome}>
          {describeResult(result)}
          {describeConflicts(result, entry, others)}
        </output>
        <TextArea
          label="Note"
          isOptional
          description="What you did. The employer reads it."
          rows={2}
          maxLength={2000}
          value={note}
          onChange={setNote}
        />
        {entry === undefined ? null : (
          <Row gap={1}>
            <Button
              size="small"
              onPress={() => {
                onSplit?.(entry);
                onClose();
              }}
            >
              Split in two
            </Button>
            <Button
              size="small"
              onPress={() => {
                onMerge?.(entry);
                onClose();
              }}
            >
              Merge with the next
            </Button>
            <Button size="small" variant="quiet" onPress={() => setShowsHistory(true)}>
              History
            </Button>
          </Row>
        )}
        {entry !== undefined && showsHistory ? (
          <EntryHistoryDialog entry={entry} onClose={() => setShowsHistory(false)} />
        ) : null}
        {failed === undefined ? null : <ErrorNotice error={failed} title="Not saved" />}
      </div>
    </Dialog>
  );
}

const computeEndTime = (result: StretchResult) =>
  result.ok ? computeWall(result.endedAt, localZone).time : '';

const computeDurationText = (result: StretchResult) =>
  result.ok ? formatDurationInput(result.durationMs) : '';

/** What is unusual about the time, and allowed all the same. */
function describeConflicts(
  result: StretchResult,
  entry: TimeEntry | undefined,
  others: readonly TimeEntry[],
): string {
  if (!result.ok) return '';
  const overlapped = others.find(
    ({ timeEntryId, startedAt, endedAt }) =>
      timeEntryId !== entry?.timeEntryId &&
      startedAt < result.endedAt &&
      endedAt > result.startedAt,
  );
  const overlap =
    overlapped === undefined
      ? ''
      : ` It overlaps ${formatTime(overlapped.startedAt)} – ${formatTime(overlapped.endedAt)}, ${isolate(overlapped.taskTitle)}.`;
  const future = computeEpochMs(result.endedAt) > Date.now() ? ' It lies in the future.' : '';
  return `${overlap}${future}`;
}

function describeResult(result: StretchResult): string {
  const zone = `Times are those of this computer, ${formatZoneCity(localZone)}.`;
  if (!result.ok) return zone;
  const nextDay = result.endsNextDay ? ', ending the next day' : '';
  const clocks = result.clocksChange
    ? ' The clocks change in between; this is the time that really passed.'
    : '';
  return `${formatDuration(result.durationMs)}${nextDay}.${clocks} ${zone}`;
}
