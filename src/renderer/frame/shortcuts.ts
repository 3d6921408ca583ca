import { useEffectEvent, useLayoutEffect, useSyncExternalStore } from 'react';

export interface Shortcut {
  /** `['Mod', 'K']`, `['?']`, or two keys one after the other: `['G', 'then', 'T']`. */
  readonly keys: readonly string[];
  readonly label: string;
  readonly group: string;
}

export interface RegisteredShortcut extends Shortcut {
  readonly run: () => void;
}

const registered = new Set<RegisteredShortcut>();
const sequenceMs = 1_200;
let leader: { readonly key: string; readonly atMs: number } | undefined;

/** Whether the keys that are pressed there are text. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.closest('input, textarea, select, [role="textbox"]') !== null)
  );
}

function matches(event: KeyboardEvent, keys: readonly string[]): boolean {
  const pressed = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  if (keys[1] === 'then') {
    const isFresh = leader !== undefined && event.timeStamp - leader.atMs < sequenceMs;
    return isFresh && leader?.key === keys[0] && pressed === keys[2] && !hasModifier(event);
  }
  const wantsMod = keys.includes('Mod');
  const wantsAlt = keys.includes('Alt');
  const wantsShift = keys.includes('Shift');
  const last = keys.at(-1) ?? '';
  // A sign such as "?" needs Shift on one keyboard and not on another.
  const shiftFits =
    last.length === 1 && !/[A-Z0-9]/u.test(last) ? true : event.shiftKey === wantsShift;
  return (
    pressed === last &&
    (event.ctrlKey || event.metaKey) === wantsMod &&
    event.altKey === wantsAlt &&
    shiftFits
  );
}

function hasModifier(event: KeyboardEvent): boolean {
  return event.ctrlKey || event.metaKey || event.altKey;
}

// A message that pops up has the role of a dialog too, and leaves the page usable.
const dialogs = ':is([role="dialog"], [role="alertdialog"]):not([aria-modal="false"])';

/** Whether a dialog holds the keyboard: for keys with `Mod`, which reach the page below it too. */
export function isDialogOpen(): boolean {
  return document.querySelector(dialogs) !== null;
}

/** The second key of a sequence means that sequence, whatever it does alone; then the newest wins. */
function listByPrecedence(): readonly RegisteredShortcut[] {
  const newestFirst = [...registered].toReversed();
  const isSequence = ({ keys }: Shortcut) => keys[1] === 'then';
  return [
    ...newestFirst.filter(isSequence),
    ...newestFirst.filter((shortcut) => !isSequence(shortcut)),
  ];
}

function handleKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const typing = isTyping(event.target);
  const inDialog = isDialogOpen();
  for (const current of listByPrecedence()) {
    const isBare = !current.keys.includes('Mod');
    if (isBare && (typing || inDialog)) continue;
    if (!matches(event, current.keys)) continue;
    event.preventDefault();
    // A focused button would take the same Enter as a press, and do the thing twice.
    event.stopPropagation();
    leader = undefined;
    current.run();
    return;
  }
  const isLetter = event.key.length === 1 && !hasModifier(event) && !typing;
  leader = isLetter ? { key: event.key.toUpperCase(), atMs: event.timeStamp } : undefined;
}

// In the capture phase: lists take bare letters for their search by typing.
globalThis.addEventListener?.('keydown', handleKeyDown, { capture: true });

let snapshot: readonly RegisteredShortcut[] = [];
const listeners = new Set<() => void>();

function announce(): void {
  snapshot = [...registered];
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** Everything that can be pressed now: for the page of shortcuts and the palette. */
export function useShortcutList(): readonly RegisteredShortcut[] {
  return useSyncExternalStore(subscribe, () => snapshot);
}

/**
 * Binds keys while the component stands. Without `Mod` they are quiet in text fields and dialogs.
 * The newest binding of the same keys wins.
 */
export function useShortcut(shortcut: Shortcut, run: () => void, isEnabled = true): void {
  const onRun = useEffectEvent(run);
  const { label, group } = shortcut;
  const keys = shortcut.keys.join(' ');
  // With what is drawn, and not a moment after it: a key that is pressed as soon as its hint is seen would be lost.
  useLayoutEffect(() => {
    if (!isEnabled) return;
    const entry: RegisteredShortcut = { keys: keys.split(' '), label, group, run: () => onRun() };
    registered.add(entry);
    announce();
    return () => {
      registered.delete(entry);
      announce();
    };
  }, [isEnabled, keys, label, group]);
}
