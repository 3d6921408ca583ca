import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { Search } from 'lucide-react';
import { Input, SearchField, ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { useLocation } from 'wouter';
import type { TaskItem } from '../../../shared/contract/shapes.ts';
import type { TaskState } from '../../../shared/domain/task-state.ts';
import { useRequest } from '../../client/use-request.ts';
import { formatCount } from '../../format/numbers.ts';
import { useSeat } from '../../frame/seat.tsx';
import { useShortcut } from '../../frame/shortcuts.ts';
import { taskPath } from '../../routes.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { PaneHeader, Panes } from '../../ui/panes.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Row } from '../../ui/stack.tsx';
import { ShowAll } from '../../ui/show-all.tsx';
import { VirtualList } from '../../ui/virtual-list.tsx';
import { TaskActions } from '../projects/task-actions.tsx';
import { TaskDetail } from './task-detail.tsx';
import { allTasks, firstTasks } from './task-limits.ts';
import { TaskRow } from './task-row.tsx';
import styles from './tasks-screen.module.css';

const rowHeightPx = 56;
const typingPauseMs = 120;

type Filter = 'current' | 'waiting' | 'done' | 'all';

const filters: readonly {
  readonly id: Filter;
  readonly label: string;
  readonly states: TaskState[] | undefined;
}[] = [
  {
    id: 'current',
    label: 'Current',
    states: ['to_do', 'in_progress', 'changes_requested', 'submitted'],
  },
  { id: 'waiting', label: 'Waiting', states: ['submitted'] },
  { id: 'done', label: 'Done', states: ['accepted', 'cancelled'] },
  { id: 'all', label: 'All', states: undefined },
];

interface TaskEntry {
  readonly id: string;
  readonly item: TaskItem;
}

const entryId = (seatId: string, taskId: string) => `${seatId}/${taskId}`;

// The same object for the same item: the list then builds only those rows anew that changed.
const entryByItem = new WeakMap<TaskItem, TaskEntry>();

function toEntry(item: TaskItem): TaskEntry {
  const known = entryByItem.get(item);
  if (known !== undefined) return known;
  const entry = { id: entryId(item.seatId, item.taskId), item };
  entryByItem.set(item, entry);
  return entry;
}

/** `/tasks/:seatId/:taskId`, or nothing chosen. */
function useChosenTask() {
  const [location] = useLocation();
  const [, , seatId, taskId] = location.split('/');
  return useMemo(
    () =>
      seatId === undefined || taskId === undefined || taskId === ''
        ? undefined
        : { seatId, taskId, id: entryId(seatId, taskId) },
    [seatId, taskId],
  );
}

/** All tasks at the left, the chosen one at the right. */
export function TasksScreen() {
  const { scopeSeatId, isIntern, seats } = useSeat();
  const isEmployers = (seatId: string) =>
    seats.some((seat) => seat.seatId === seatId && seat.role !== 'intern');
  const [, navigate] = useLocation();
  const chosen = useChosenTask();
  const [filter, setFilter] = useState<Filter>('current');
  const [typed, setTyped] = useState('');
  const text = useSettled(typed).trim();
  const states = filters.find(({ id }) => id === filter)?.states;
  const [isWhole, setIsWhole] = useState(false);
  const tasks = useRequest(
    'tasks.list',
    {
      ...(scopeSeatId === undefined ? {} : { seatId: scopeSeatId }),
      ...(states === undefined ? {} : { states }),
      ...(text === '' ? {} : { text: text.slice(0, 200) }),
      // Filters and the field above find in all of them.
      limit: isWhole ? allTasks : firstTasks,
    },
    { keepsPrevious: true },
  );
  // A list of thousands is drawn in pieces, so that typing goes on meanwhile.
  const shown = useDeferredValue(tasks.data) ?? tasks.data;
  const entries = useMemo<readonly TaskEntry[]>(() => shown?.items.map(toEntry) ?? [], [shown]);
  const total = shown?.total ?? 0;
  const isPartly = entries.length < total;
  const isChosenBeyond = chosen !== undefined && !entries.some(({ id }) => id === chosen.id);
  // The chosen one may stand among those that were not fetched yet.
  const isLastChosen = chosen !== undefined && chosen.id === entries.at(-1)?.id;
  if (isPartly && (isChosenBeyond || isLastChosen) && !isWhole) setIsWhole(true);
  const open = useCallback(
    ({ item }: TaskEntry, replace = false) =>
      navigate(taskPath(item.seatId, item.taskId), { replace }),
    [navigate],
  );
  const listRef = useRef<HTMLDivElement>(null);
  useScrollTo(listRef, entries, chosen?.id);
  useStepKeys(entries, chosen?.id, (entry) => open(entry, chosen !== undefined));
  useShortcut({ keys: ['/'], label: 'Find a task', group: 'Tasks' }, () =>
    listRef.current?.parentElement?.querySelector<HTMLInputElement>('input')?.focus(),
  );
  const renderItem = useCallback(
    ({ item }: TaskEntry) => <TaskRow item={item} isIntern={isIntern} />,
    [isIntern],
  );

  return (
    <Panes
      listLabel="Tasks"
      detailLabel="Task"
      list={
        <>
          <PaneHeader
            title="Tasks"
            actions={
              tasks.data === undefined ? null : (
                <span className={styles.count}>{formatCount(tasks.data.total)}</span>
              )
            }
          />
          <div className={styles.filters}>
            <SearchField
              aria-label="Find a task by its title"
              value={typed}
              onChange={setTyped}
              className={cx(styles.search)}
            >
              <Search aria-hidden />
              <Input placeholder="Find a task" className={cx(styles.input)} />
            </SearchField>
            <ToggleButtonGroup
              aria-label="Which tasks"
              selectionMode="single"
              disallowEmptySelection
              selectedKeys={[filter]}
              onSelectionChange={(keys) => {
                const next = filters.find(({ id }) => keys.has(id));
                if (next !== undefined) setFilter(next.id);
              }}
              className={cx(styles.choices)}
            >
              {filters.map(({ id, label }) => (
                <ToggleButton key={id} id={id} className={cx(styles.choice)}>
                  {label}
                </ToggleButton>
              ))}
            </ToggleButtonGroup>
          </div>
          <div ref={listRef} className={styles.list}>
            {tasks.isError ? (
              <ErrorNotice error={tasks.error} onRetry={() => void tasks.refetch()} />
            ) : tasks.isPending ? (
              <Skeleton lines={6} label="Looking for tasks" />
            ) : (
              <VirtualList
                label="Tasks by deadline"
                items={entries}
                getText={({ item }) => item.title}
                renderItem={renderItem}
                rowHeightPx={rowHeightPx}
                selectedId={chosen?.id ?? null}
                onSelect={open}
                empty={
                  <NoTasks
                    filter={filter}
                    text={text}
                    isIntern={isIntern}
                    onShow={(next) => {
                      setFilter(next);
                      setTyped('');
                    }}
                  />
                }
              />
            )}
          </div>
          <ShowAll shown={entries.length} total={total} onPress={() => setIsWhole(true)} />
        </>
      }
      detail={
        chosen === undefined ? undefined : (
          <TaskDetail
            seatId={chosen.seatId}
            taskId={chosen.taskId}
            {...(isEmployers(chosen.seatId)
              ? { renderActions: (task) => <TaskActions task={task} /> }
              : {})}
          />
        )
      }
      placeholder={
        <EmptyState title={entries.length === 0 ? 'No task is open' : 'Choose a task'}>
          {entries.length === 0
            ? 'What you choose in the list at the left is shown here.'
            : 'Click one in the list, or press J. It opens here with its instructions, files and hours.'}
        </EmptyState>
      }
    />
  );
}

interface NoTasksProps {
  readonly filter: Filter;
  readonly text: string;
  readonly isIntern: boolean;
  readonly onShow: (filter: Filter) => void;
}

const emptyTitles: Record<Exclude<Filter, 'all'>, string> = {
  current: 'Nothing to do right now',
  waiting: 'Nothing waits for a review',
  done: 'Nothing is done yet',
};

function NoTasks({ filter, text, isIntern, onShow }: NoTasksProps) {
  if (text !== '')
    return (
      <EmptyState
        title="No task fits"
        action={<Button onPress={() => onShow('all')}>Show all tasks</Button>}
      >
        {filter === 'all'
          ? `No title has “${text}” in it.`
          : `No task under “${filters.find(({ id }) => id === filter)?.label ?? ''}” has “${text}” in its title.`}
      </EmptyState>
    );
  if (filter !== 'all')
    return (
      <EmptyState
        title={emptyTitles[filter]}
        action={
          <Row>
            {filter === 'current' ? (
              <Button onPress={() => onShow('done')}>What is done</Button>
            ) : null}
            <Button onPress={() => onShow('all')}>All tasks</Button>
          </Row>
        }
      />
    );
  return isIntern ? (
    <EmptyState title="No tasks yet">
      When your employer assigns one, it appears here by itself, with everything you need to work on
      it without a connection.
    </EmptyState>
  ) : (
    <EmptyState title="No tasks yet">
      Open a project, invite somebody, and assign the first task there.
    </EmptyState>
  );
}

/** What is typed, once the typing pauses: a list of thousands is not asked for at every letter. */
function useSettled(typed: string): string {
  const [settled, setSettled] = useState(typed);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(typed), typed === '' ? 0 : typingPauseMs);
    return () => clearTimeout(timer);
  }, [typed]);
  return settled;
}

/** J and K open the next and the previous task, wherever the focus is. */
function useStepKeys(
  entries: readonly TaskEntry[],
  chosenId: string | undefined,
  open: (entry: TaskEntry) => void,
): void {
  const step = (by: 1 | -1) => {
    const index = entries.findIndex(({ id }) => id === chosenId);
    const next = entries[index === -1 ? 0 : index + by];
    if (next !== undefined) open(next);
  };
  useShortcut({ keys: ['J'], label: 'Next task', group: 'Tasks' }, () => step(1));
  useShortcut({ keys: ['K'], label: 'Previous task', group: 'Tasks' }, () => step(-1));
}

/** Keeps the chosen row in sight. Rows outside it are not in the document, so their place is computed. */
function useScrollTo(
  listRef: React.RefObject<HTMLDivElement | null>,
  entries: readonly TaskEntry[],
  chosenId: string | undefined,
): void {
  const index = entries.findIndex(({ id }) => id === chosenId);
  const count = entries.length;
  useEffect(() => {
    const list = listRef.current?.querySelector('[role="grid"]');
    if (index === -1 || list === null || list === undefined) return;
    // All rows are of one height; the list adds its own spacing to it.
    const pitch = list.scrollHeight / count;
    const top = index * pitch;
    if (top < list.scrollTop) list.scrollTop = top;
    else if (top + 2 * pitch > list.scrollTop + list.clientHeight)
      list.scrollTop = top + 2 * pitch - list.clientHeight;
  }, [index, count, listRef]);
}
