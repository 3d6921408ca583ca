/** What the processes of one server tell each other. The subject is an id, never contents. */
export const linkTopics = ['poke', 'session_ended', 'access_ended', 'upload_wanted'] as const;
export type LinkTopic = (typeof linkTopics)[number];

export interface HeldLock {
  /** Harmless when the lock was lost meanwhile. */
  release(): Promise<void>;
  /**
   * Asks whether it is still held: of a line that is dead, `onLost` tells only after a while.
   * @throws DatabaseUnavailableError where it is not, or nobody answers.
   */
  confirm(): Promise<void>;
}

/** What ties together the processes that serve one database (SY-13, SY-23). */
export interface ProcessLink {
  /** Whether there may be other processes at all. */
  readonly isShared: boolean;
  /** Tells the other processes, soon, and never fails; of several equal messages that wait, one goes out. */
  announce(topic: LinkTopic, subject: string): void;
  /** Hears what other processes announce; what this one announces does not come back. */
  hear(topic: LinkTopic, listener: (subject: string) => void): void;
  /** Calls `listener` when the link is there again after a break: something may have been missed. */
  onRestored(listener: () => void): void;
  /**
   * Takes a lock that one holder among all processes has at a time; undefined where it is taken. It ends
   * with its release, with the process, or with the link, and `onLost` is called then.
   */
  tryLock(key: string, onLost?: () => void): Promise<HeldLock | undefined>;
  /** Aborted when this process is to end: what others hold is not waited for then, and long work goes on another time. */
  readonly ending: AbortSignal;
  announceEnd(): void;
}
