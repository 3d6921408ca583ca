import { useSyncExternalStore } from 'react';
import { describeError } from '../../client/describe-error.ts';
import { request, uploadFile } from '../../client/host.ts';
import { createOrderedIds } from '../../client/ordered-ids.ts';
import { invalidateSoon } from '../../client/queries.ts';
import type { CollectedFile } from '../../ui/collect-files.ts';
import type { TaskKey } from './use-task.ts';

/** A file on its way into the workspace: copied and hashed, then attached to the draft. */
export interface DeliverableImport {
  readonly importId: string;
  /** Sorts as they were chosen. */
  readonly attachmentId: string;
  readonly seatId: string;
  readonly taskId: string;
  readonly file: File;
  /** With the folders that it lay in. */
  readonly name: string;
  readonly sentBytes: number;
  /** Bytes a second; null before there is anything to tell. */
  readonly bytesPerSecond: number | null;
  /** `waiting_for_room`: the disk is full; it goes on by itself when there is room. */
  readonly state: 'waiting' | 'moving' | 'waiting_for_room' | 'failed';
  readonly problem: string | undefined;
}

const atOnce = 2;

// Held outside the screen, so that leaving a task does not break off what was dropped on it.
let imports: readonly DeliverableImport[] = [];
const aborts = new Map<string, AbortController>();
const listeners = new Set<() => void>();

function setImports(next: readonly DeliverableImport[]): void {
  imports = next;
  for (const listener of listeners) listener();
}

function patchImport(importId: string, patch: Partial<DeliverableImport>): void {
  setImports(imports.map((each) => (each.importId === importId ? { ...each, ...patch } : each)));
}

function removeImport(importId: string): void {
  setImports(imports.filter((each) => each.importId !== importId));
}

async function run(deliverable: DeliverableImport): Promise<void> {
  const { importId, attachmentId, seatId, taskId, file, name } = deliverable;
  const abort = new AbortController();
  aborts.set(importId, abort);
  try {
    const { stagedId } = await uploadFile(file, {
      name,
      importId,
      signal: abort.signal,
      onProgress: ({ movedBytes, bytesPerSecond, state }) =>
        patchImport(importId, {
          sentBytes: movedBytes,
          bytesPerSecond,
          state: state === 'waiting_for_room' ? state : 'moving',
        }),
    });
    await request('draft.attach', { seatId, taskId, stagedId, attachmentId });
    removeImport(importId);
    invalidateSoon(() => true);
  } catch (error) {
    if (abort.signal.aborted) removeImport(importId);
    else patchImport(importId, { state: 'failed', problem: describeError(error) });
  } finally {
    aborts.delete(importId);
    startNext();
  }
}

const isUnderWay = ({ state }: DeliverableImport): boolean =>
  state === 'moving' || state === 'waiting_for_room';

function startNext(): void {
  const moving = imports.filter(isUnderWay).length;
  for (const next of imports.filter(({ state }) => state === 'waiting').slice(0, atOnce - moving)) {
    patchImport(next.importId, {
      state: 'moving',
      problem: undefined,
      sentBytes: 0,
      bytesPerSecond: null,
    });
    void run(next);
  }
}

export function addDeliverables(
  { seatId, taskId }: TaskKey,
  files: readonly CollectedFile[],
): void {
  const attachmentIds = createOrderedIds(files.length);
  setImports([
    ...imports,
    ...files.map(({ file, name }, index) => ({
      importId: crypto.randomUUID(),
      attachmentId: attachmentIds[index] ?? crypto.randomUUID(),
      seatId,
      taskId,
      file,
      name,
      sentBytes: 0,
      bytesPerSecond: null,
      state: 'waiting' as const,
      problem: undefined,
    })),
  ]);
  startNext();
}

export function retryImport(importId: string): void {
  patchImport(importId, { state: 'waiting', problem: undefined, sentBytes: 0 });
  startNext();
}

/** Breaks it off where it moves, and takes it off the list. */
export function cancelImport(importId: string): void {
  const abort = aborts.get(importId);
  if (abort === undefined) removeImport(importId);
  else abort.abort();
}

/** Breaks off everything that is still being added to a task. What is in the draft already stays. */
export function cancelImports({ seatId, taskId }: TaskKey): void {
  const waiting = imports.filter((each) => each.seatId === seatId && each.taskId === taskId);
  // Those that wait go first, or each that is broken off would let the next one begin.
  for (const { importId, state } of waiting) if (state === 'waiting') removeImport(importId);
  for (const each of waiting) if (isUnderWay(each)) cancelImport(each.importId);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

export function useDeliverableImports({ seatId, taskId }: TaskKey): readonly DeliverableImport[] {
  const all = useSyncExternalStore(subscribe, () => imports);
  return all.filter((each) => each.seatId === seatId && each.taskId === taskId);
}
