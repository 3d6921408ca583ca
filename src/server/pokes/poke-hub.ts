import type { Timers } from '../../shared/ports.ts';
import type { Poke } from '../../shared/protocol/poke.ts';

/** What lasts only for as long as its person has access: a stream of pokes, an upload, a download. */
export interface AccessHolder {
  readonly sessionId: string;
  readonly accountId: string;
  close(): void;
}

/** One open stream of pokes. */
export interface PokeListener extends AccessHolder {
  send(poke: Poke): void;
}

/** What a poke says and to whom, read when it goes out. */
export interface PokeSource {
  /** The organization's head and the accounts of its active members. */
  loadAudience(orgId: string): Promise<{ seq: number; accountIds: readonly string[] }>;
  /** The present heads of all organizations of these accounts. */
  loadHeads(
    accountIds: readonly string[],
  ): Promise<readonly { accountId: string; orgId: string; seq: number }[]>;
  /** Which of these sessions are still valid. */
  listLiveSessions(sessionIds: readonly string[]): Promise<readonly string[]>;
}

export interface PokeHub {
  /** SY-13: call it after the commit. Says that the organization has something new; several calls become one poke. */
  notify(orgId: string): void;
  /** Says to everyone who listens how far their organizations are, as at the beginning of a stream. */
  notifyEveryone(): void;
  /** Answers how to take the listener out again. Where one session or account has too many, the oldest ends. */
  listen(listener: PokeListener): () => void;
  /** The same for what hears no pokes, and ends with the access as a stream does. */
  hold(holder: AccessHolder): () => void;
  /** Ends the streams, uploads and downloads of a session that is no longer valid. */
  closeSession(sessionId: string): void;
  /**
   * Ends the streams, uploads and downloads of a person whose access to an organization has ended (SY-10). They come back for what
   * is left to them, and learn of it at once.
   */
  closeAccount(accountId: string): void;
  /** Ends those of sessions that have expired, or were revoked where nobody could tell this process. */
  closeEndedSessions(): void;
  /** How many streams are open. */
  countListeners(): number;
  /** Ends all of them and sends no more. */
  close(): Promise<void>;
}

/** After a poke, the next one for the same organization waits this long, and stands for all in between. */
const restMs = 50;
/**
 * And longer where many heard it: each of them pulls, which takes about as long as this of the server's time. When
 * five hundred come back at once and each pushes, every poke is five hundred pulls.
 */
const restPerListenerMs = 1;
/**
 * How many streams one session, and one account in all, may have open. A device needs one, and has another for as long as
 * nobody noticed that the line of the first is dead.
 */
const mostOfSession = 8;
const mostOfAccount = 64;
/** How many accounts or sessions one query may name. */
const queryChunk = 500;

interface OrganizationState {
  /** Something happened that no poke has told yet. */
  isDue: boolean;
  cancelRest: (() => void) | undefined;
  /** How many heard the last poke. */
  heardBy: number;
}

export function createPokeHub(
  source: PokeSource,
  timers: Timers,
  reportFault: (error: unknown) => void,
): PokeHub {
  const listeners = new Set<PokeListener>();
  /** The listeners among them. */
  const holders = new Set<AccessHolder>();
  const states = new Map<string, OrganizationState>();
  const running = new Set<Promise<void>>();
  let isClosed = false;

  async function sendPoke(orgId: string, state: OrganizationState): Promise<void> {
    state.heardBy = 0;
    if (listeners.size === 0) return;
    const { seq, accountIds } = await source.loadAudience(orgId);
    const audience = new Set(accountIds);
    for (const listener of listeners)
      if (audience.has(listener.accountId)) {
        listener.send({ orgId, seq });
        state.heardBy += 1;
      }
  }

  async function sendHeads(): Promise<void> {
    const accountIds = [...new Set([...listeners].map(({ accountId }) => accountId))];
    for (let start = 0; start < accountIds.length; start += queryChunk) {
      const heads = await source.loadHeads(accountIds.slice(start, start + queryChunk));
      for (const { accountId, orgId, seq } of heads)
        for (const listener of listeners)
          if (listener.accountId === accountId) listener.send({ orgId, seq });
    }
  }

  async function closeEnded(): Promise<void> {
    const sessionIds = [...new Set([...holders].map(({ sessionId }) => sessionId))];
    for (let start = 0; start < sessionIds.length; start += queryChunk) {
      const asked = sessionIds.slice(start, start + queryChunk);
      const live = new Set(await source.listLiveSessions(asked));
      for (const sessionId of asked) if (!live.has(sessionId)) closeSession(sessionId);
    }
  }

  function hold(holder: AccessHolder): () => void {
    if (isClosed) holder.close();
    else holders.add(holder);
    return () => holders.delete(holder);
  }

  /** What would be one stream too many takes the place of the oldest: that one's line may be dead. */
  function makeRoom({ sessionId, accountId }: PokeListener): void {
    const ofAccount = [...listeners].filter((listener) => listener.accountId === accountId);
    const ofSession = ofAccount.filter((listener) => listener.sessionId === sessionId);
    const oldest =
      ofSession.length >= mostOfSession
        ? ofSession[0]
        : ofAccount.length >= mostOfAccount
          ? ofAccount[0]
          : undefined;
    if (oldest === undefined) return;
    listeners.delete(oldest);
    holders.delete(oldest);
    oldest.close();
  }

  function closeSession(sessionId: string): void {
    for (const holder of holders) if (holder.sessionId === sessionId) holder.close();
  }

  function run(send: () => Promise<void>): void {
    const sending: Promise<void> = send()
      .catch(reportFault)
      .finally(() => running.delete(sending));
    running.add(sending);
  }

  function begin(orgId: string, state: OrganizationState): void {
    state.isDue = false;
    run(() => sendPoke(orgId, state));
    state.cancelRest = timers.after(restMs, () => {
      const longerMs = state.heardBy * restPerListenerMs - restMs;
      if (longerMs > 0) state.cancelRest = timers.after(longerMs, () => end(orgId, state));
      else end(orgId, state);
    });
  }

  function end(orgId: string, state: OrganizationState): void {
    state.cancelRest = undefined;
    if (isClosed) return;
    if (state.isDue) begin(orgId, state);
    else states.delete(orgId);
  }

  return {
    notify(orgId) {
      if (isClosed) return;
      const state = states.get(orgId) ?? { isDue: false, cancelRest: undefined, heardBy: 0 };
      states.set(orgId, state);
      if (state.cancelRest === undefined) begin(orgId, state);
      else state.isDue = true;
    },
    notifyEveryone() {
      if (!isClosed) run(sendHeads);
    },
    listen(listener) {
      makeRoom(listener);
      const release = hold(listener);
      if (!isClosed) listeners.add(listener);
      return () => {
        release();
        listeners.delete(listener);
      };
    },
    hold,
    closeSession,
    countListeners: () => listeners.size,
    closeAccount(accountId) {
      for (const holder of holders) if (holder.accountId === accountId) holder.close();
    },
    closeEndedSessions() {
      if (!isClosed) run(closeEnded);
    },
    async close() {
      isClosed = true;
      for (const state of states.values()) state.cancelRest?.();
      for (const holder of holders) holder.close();
      holders.clear();
      listeners.clear();
      await Promise.all(running);
    },
  };
}
