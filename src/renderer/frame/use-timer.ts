import { useEffect, useMemo, useState } from 'react';
import type { RunningTimer } from '../../shared/contract/shapes.ts';
import { useAction, useRequest } from '../client/use-request.ts';
import { showToast } from '../ui/toast.tsx';

interface LastTask {
  readonly seatId: string;
  readonly taskId: string;
  readonly taskTitle: string;
}

const key = 'stint.lastTask';

function readLast(): LastTask | undefined {
  const stored = localStorage.getItem(key);
  if (stored === null) return undefined;
  try {
    return JSON.parse(stored) as LastTask;
  } catch {
    return undefined;
  }
}

export interface TimerControl {
  readonly running: RunningTimer | null;
  readonly answeredAtMs: number;
  readonly secondsToday: number;
  /** The task last worked on, where its seat is still here. */
  readonly last: LastTask | undefined;
  readonly start: (seatId: string, taskId: string) => void;
  readonly stop: () => void;
  readonly resume: () => void;
}

/** The timer of this device. Any screen may use it: all share the same answers. */
export function useTimer(internSeatIds: readonly string[]): TimerControl {
  const isUsed = internSeatIds.length > 0;
  const timer = useRequest('timer.get', isUsed ? {} : undefined);
  const today = useRequest('today.get', isUsed ? {} : undefined);
  const start = useAction('timer.start', { failure: 'The timer was not started' });
  const stop = useAction('timer.stop', {
    failure: 'The timer was not stopped; it runs on',
    onSuccess: ({ timeEntryId }) =>
      showToast(
        timeEntryId === null
          ? { title: 'Less than a second, so nothing was recorded' }
          : { title: 'Time recorded', tone: 'positive' },
      ),
  });
  const [stored, setStored] = useState(readLast);
  const running = timer.data ?? null;

  useEffect(() => {
    if (running === null) return;
    const { seatId, taskId, taskTitle } = running;
    localStorage.setItem(key, JSON.stringify({ seatId, taskId, taskTitle }));
  }, [running]);

  const last = useMemo(() => {
    const known = running ?? stored;
    return known !== undefined && internSeatIds.includes(known.seatId) ? known : undefined;
  }, [running, stored, internSeatIds]);

  return {
    running,
    answeredAtMs: timer.dataUpdatedAt,
    secondsToday: today.data?.secondsToday ?? 0,
    last,
    start: (seatId, taskId) => start.mutate({ seatId, taskId }),
    stop: () => {
      if (running !== null) setStored(running);
      stop.mutate({});
    },
    resume: () => {
      if (last !== undefined) start.mutate({ seatId: last.seatId, taskId: last.taskId });
    },
  };
}
