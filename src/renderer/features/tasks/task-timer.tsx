import { useMemo } from 'react';
import { Play, Square } from 'lucide-react';
import { useShortcut } from '../../frame/shortcuts.ts';
import { useSeat } from '../../frame/seat.tsx';
import { Elapsed } from '../../frame/timer-pill.tsx';
import { useTimer } from '../../frame/use-timer.ts';
import { Button } from '../../ui/button.tsx';
import type { TaskItem } from '../../../shared/contract/shapes.ts';
import styles from './task-timer.module.css';

/** The timer on one task. Starting it here stops one that runs elsewhere, and records that time. */
export function TaskTimer({ item }: { readonly item: TaskItem }) {
  const { internSeats } = useSeat();
  const seatIds = useMemo(() => internSeats.map(({ seatId }) => seatId), [internSeats]);
  const { running, answeredAtMs, start, stop } = useTimer(seatIds);
  const isHere = running?.taskId === item.taskId && running.seatId === item.seatId;
  const toggle = () => (isHere ? stop() : start(item.seatId, item.taskId));
  useShortcut(
    { keys: ['S'], label: 'Start or stop the timer on this task', group: 'Task' },
    toggle,
  );
  if (isHere)
    return (
      <div className={styles.timer}>
        <Elapsed elapsedSeconds={running.elapsedSeconds} answeredAtMs={answeredAtMs} />
        <Button icon={<Square fill="currentColor" />} keys={['S']} onPress={toggle}>
          Stop the timer
        </Button>
      </div>
    );
  return (
    <Button icon={<Play />} keys={['S']} onPress={toggle}>
      {running === null ? 'Start the timer' : 'Move the timer here'}
    </Button>
  );
}
