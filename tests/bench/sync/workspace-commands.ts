/** What a process with workspaces can be told; the parent's side stands in `workspace-child.ts`. */
export interface WorkspaceCommands {
  /** Opens the installations in these folders; nothing is synchronised yet. */
  open: { input: { readonly folders: readonly string[] }; output: null };
  /** Starts the sync of all of them at once and waits until nothing waits in any. */
  synchronise: { input: { readonly timeoutMs: number }; output: SyncReport };
  /** Makes changes as the person would, offline or not; the first seat of each installation. */
  change: { input: { readonly count: number }; output: null };
  /** Records time and answers the entry's id, and the moment just before by the system's monotonic clock, in ms. */
  recordTime: { input: null; output: { readonly id: string; readonly atMs: number } };
  /** From now on, notes when entries of others are there to be seen. */
  watch: { input: null; output: null };
  /** The entries that were seen since it was asked last, with the moment. */
  listSeen: { input: null; output: readonly { readonly id: string; readonly atMs: number }[] };
  close: { input: null; output: null };
}

export interface SyncReport {
  readonly elapsedMs: number;
  /** The longest stretch in which the event loop did not turn. */
  readonly blockedMs: number;
  /** Mirrored rows in all of these workspaces. */
  readonly heldRows: number;
  readonly attentionCount: number;
  /** What the sync state told a person was wrong, at any moment that was looked at. */
  readonly problems: readonly string[];
}

export type WorkspaceCommand = keyof WorkspaceCommands;

export interface CommandMessage {
  readonly number: number;
  readonly command: WorkspaceCommand;
  readonly input: unknown;
}

export interface AnswerMessage {
  readonly number: number;
  readonly output?: unknown;
  readonly problem?: string;
}

/** The same clock in every process of a machine, so that moments can be compared. */
export const readMachineMs = (): number => Number(process.hrtime.bigint()) / 1e6;
