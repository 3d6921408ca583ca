import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { Input } from 'react-aria-components';
import type { RunningTimer, TaskItem } from '../../../shared/contract/shapes.ts';
import { useAction, useRequest } from '../../client/use-request.ts';
import { cx } from '../../ui/cx.ts';
import styles from './task-timer.module.css';

const saveAfterMs = 400;
const longestNote = 2000;

/** What one is doing, while the timer runs on this task. It becomes the note of the time entry. */
export function TimerNote({ item }: { readonly item: TaskItem }) {
  const timer = useRequest('timer.get', {});
  const running = timer.data ?? null;
  if (running?.taskId !== item.taskId || running.seatId !== item.seatId) return null;
  return <NoteField key={running.timeEntryId} running={running} />;
}

function NoteField({ running }: { readonly running: RunningTimer }) {
  const [text, setText] = useState(running.note);
  const savedRef = useRef(running.note);
  const { mutate } = useAction('timer.setNote', { failure: 'The note was not saved' });
  const save = useEffectEvent(() => {
    if (text === savedRef.current) return;
    savedRef.current = text;
    mutate({ note: text });
  });
  useEffect(() => {
    const timeout = setTimeout(() => save(), saveAfterMs);
    return () => clearTimeout(timeout);
  }, [text]);
  return (
    <Input
      aria-label="Note on the running time"
      placeholder="What are you doing? The employer reads it with the time."
      maxLength={longestNote}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => {
        if (text === savedRef.current) return;
        savedRef.current = text;
        mutate({ note: text });
      }}
      className={cx(styles.note)}
    />
  );
}
