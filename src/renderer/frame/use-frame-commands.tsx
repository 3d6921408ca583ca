import { useMemo } from 'react';
import {
  ListChecks,
  Monitor,
  Moon,
  Plus,
  RefreshCw,
  Search,
  Settings,
  Sun,
  Timer,
} from 'lucide-react';
import { useLocation } from 'wouter';
import { searchKinds } from '../../shared/contract/search-requests.ts';
import { isolate } from '../../shared/domain/isolate.ts';
import { readAsPlain, stripMarks } from '../features/search/found-text.tsx';
import { kindIcons, kindLabels } from '../features/search/search-kinds.tsx';
import { computeHitPath } from '../features/search/search-result-path.ts';
import { useAction, useRequest } from '../client/use-request.ts';
import { projectTaskPath, taskPath } from '../routes.ts';
import type { Command } from './command-palette.tsx';
import { employerPlaces, internPlaces } from './places.tsx';
import { useSeat } from './seat.tsx';
import { useShortcutList } from './shortcuts.ts';
import { setTheme } from './theme.ts';
import type { TimerControl } from './use-timer.ts';

const tasksFound = 20;
const hitsFound = 12;

/** Everything that the palette offers: this screen's actions, tasks by title, places, and the rest. */
export function useFrameCommands(
  isOpen: boolean,
  typed: string,
  timer: TimerControl,
): readonly Command[] {
  const { seat, isIntern, scopeSeatId } = useSeat();
  const [, navigate] = useLocation();
  const text = typed.trim();
  const tasks = useRequest(
    'tasks.list',
    isOpen && text !== ''
      ? { ...(scopeSeatId === undefined ? {} : { seatId: scopeSeatId }), text, limit: tasksFound }
      : undefined,
    { keepsPrevious: true },
  );
  const found = useRequest(
    'search.find',
    isOpen && text !== ''
      ? {
          ...(scopeSeatId === undefined ? {} : { seatId: scopeSeatId }),
          text: text.slice(0, 200),
          kinds: searchKinds.filter((kind) => kind !== 'task'),
          limit: hitsFound,
        }
      : undefined,
    { keepsPrevious: true },
  );
  const hits = found.data?.hits;
  const { mutate: syncNow } = useAction('sync.now');
  const { mutate: saveSettings } = useAction('settings.update');
  const { running, last, stop, resume } = timer;
  const items = tasks.data?.items;
  const shortcuts = useShortcutList();

  return useMemo<readonly Command[]>(() => {
    if (!isOpen) return [];
    const onScreen = shortcuts
      .filter(({ group }) => group !== 'Everywhere' && group !== 'Go to')
      .map((shortcut) => ({
        id: `screen:${shortcut.group}:${shortcut.label}`,
        label: shortcut.label,
        group: 'On this screen',
        keys: shortcut.keys,
        run: shortcut.run,
      }));
    const foundTasks = (items ?? []).map((task) => ({
      id: `task:${task.taskId}`,
      label: task.title,
      detail: isIntern
        ? task.organizationName
        : `${isolate(task.internName)}, ${isolate(task.projectTitle)}`,
      group: 'Tasks',
      icon: <ListChecks />,
      // The engine has matched the title already, in ways that the palette need not know.
      isMatched: true,
      run: () =>
        navigate(
          isIntern
            ? taskPath(task.seatId, task.taskId)
            : projectTaskPath(task.projectId, task.taskId),
        ),
    }));
    const foundElsewhere = (text === '' ? [] : (hits ?? [])).map((hit) => ({
      id: `found:${hit.kind}:${hit.id}`,
      label: stripMarks(hit.title === '' ? kindLabels[hit.kind] : hit.title),
      detail: stripMarks(hit.excerpt === '' ? hit.context : readAsPlain(hit.excerpt)),
      group: kindLabels[hit.kind],
      icon: kindIcons[hit.kind],
      isMatched: true,
      run: () => navigate(computeHitPath(hit, isIntern)),
    }));
    const searchAll =
      text === ''
        ? []
        : [
            {
              id: 'search',
              label: `Search everything for “${text}”`,
              group: 'Search',
              icon: <Search />,
              isMatched: true,
              run: () => navigate(`/search?q=${encodeURIComponent(text)}`),
            },
          ];
    const places = (seat.role === 'intern' ? internPlaces : employerPlaces).map(
      ({ path, label, Icon, goKey }) => ({
        id: path,
        label,
        group: 'Go to',
        icon: <Icon />,
        keys: ['G', 'then', goKey],
        run: () => navigate(path),
      }),
    );
    const toggleTimer =
      running !== null
        ? [{ label: 'Stop the timer', detail: running.taskTitle, run: stop }]
        : last !== undefined
          ? [{ label: 'Start the timer', detail: last.taskTitle, run: resume }]
          : [];
    const chooseTheme = (theme: 'system' | 'light' | 'dark') => () => {
      setTheme(theme);
      saveSettings({ theme });
    };
    return [
      ...onScreen,
      ...toggleTimer.map((command) => ({
        id: 'timer',
        group: 'Actions',
        icon: <Timer />,
        keys: ['S'],
        ...command,
      })),
      ...places,
      {
        id: 'sync',
        label: 'Synchronise now',
        group: 'Actions',
        icon: <RefreshCw />,
        run: () => syncNow({}),
      },
      {
        id: 'waiting',
        label: 'What waits to be synchronised',
        group: 'Go to',
        icon: <RefreshCw />,
        keys: ['G', 'then', 'S'],
        run: () => navigate('/waiting'),
      },
      {
        id: 'settings',
        label: 'Settings',
        group: 'Go to',
        icon: <Settings />,
        run: () => navigate('/settings'),
      },
      {
        id: 'shortcuts',
        label: 'Keyboard shortcuts',
        group: 'Go to',
        keys: ['?'],
        run: () => navigate('/shortcuts'),
      },
      {
        id: 'add',
        label: 'Add an organization',
        detail: 'join, invitation',
        group: 'Actions',
        icon: <Plus />,
        run: () => navigate('/start'),
      },
      {
        id: 'light',
        label: 'Light theme',
        group: 'Appearance',
        icon: <Sun />,
        run: chooseTheme('light'),
      },
      {
        id: 'dark',
        label: 'Dark theme',
        group: 'Appearance',
        icon: <Moon />,
        run: chooseTheme('dark'),
      },
      {
        id: 'system',
        label: 'Theme of the system',
        group: 'Appearance',
        icon: <Monitor />,
        run: chooseTheme('system'),
      },
      // Last: they come a moment later, and must not push away what is under the cursor.
      ...foundTasks,
      ...foundElsewhere,
      ...searchAll,
    ];
  }, [
    isOpen,
    shortcuts,
    items,
    hits,
    text,
    isIntern,
    seat.role,
    running,
    last,
    stop,
    resume,
    navigate,
    syncNow,
    saveSettings,
  ]);
}
