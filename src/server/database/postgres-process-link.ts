import { Client, type ClientConfig, type QueryResult, type QueryResultRow } from 'pg';
import type { Timers } from '../../shared/ports.ts';
import { type LinkTopic, linkTopics, type ProcessLink } from '../processes/process-link.ts';
import { DatabaseUnavailableError } from './database-unavailable-error.ts';
import { computeConnectError, computeDatabaseError } from './postgres-errors.ts';
import { PostgresLines } from './postgres-lines.ts';
import { computePostgresOptions } from './postgres-options.ts';

const firstReconnectMs = 100;
const longestReconnectMs = 5000;
/** Finds a connection that is dead and says nothing. */
const heartbeatMs = 30_000;
const defaultAnswerMs = 10_000;

const computeChannel = (topic: LinkTopic): string => `stint_${topic}`;

interface LockEntry {
  readonly onLost: (() => void) | undefined;
}

export interface PostgresProcessLink extends ProcessLink {
  /** What was announced before still goes out, unless the link is broken. */
  close(): Promise<void>;
}

/**
 * One connection beside the pool, for what belongs to a session of PostgreSQL: LISTEN and NOTIFY, and
 * advisory locks. It connects again by itself; the locks it held are lost then.
 * @param answerMs after which a database that does not answer counts as lost; 10 seconds unless said otherwise.
 * @throws DatabaseUnavailableError when the first connection cannot be made.
 */
export async function openPostgresProcessLink(
  databaseUrl: string,
  timers: Timers,
  answerMs: number = defaultAnswerMs,
): Promise<PostgresProcessLink> {
  const link = new SessionLink(
    { ...computePostgresOptions(databaseUrl), query_timeout: answerMs },
    timers,
  );
  await link.connect();
  return link;
}

class SessionLink implements PostgresProcessLink {
  readonly isShared = true;
  readonly #ending = new AbortController();
  readonly ending = this.#ending.signal;
  readonly #options: ClientConfig;
  readonly #lines = new PostgresLines();
  readonly #timers: Timers;
  readonly #listeners = new Map<string, ((subject: string) => void)[]>();
  readonly #restoredListeners: (() => void)[] = [];
  readonly #locks = new Map<string, LockEntry>();
  /** Topic and subject in JSON, in the order in which they came. */
  readonly #waiting = new Set<string>();
  readonly #asked = new WeakMap<Client, Promise<unknown>>();
  #confirming: Promise<unknown> | undefined;
  #client: Client | undefined;
  #processId: number | undefined;
  #isSending = false;
  #sending: Promise<void> = Promise.resolve();
  #isClosed = false;
  #reconnectMs = firstReconnectMs;
  #cancelTimer = (): void => undefined;

  constructor(options: ClientConfig, timers: Timers) {
    this.#options = { ...options, stream: this.#lines.stream };
    this.#timers = timers;
  }

  async connect(): Promise<void> {
    const client = new Client(this.#options);
    client.on('error', () => this.#lose(client));
    client.on('end', () => this.#lose(client));
    client.on('notification', ({ channel, payload, processId }) => {
      if (processId === this.#processId) return;
      for (const listener of this.#listeners.get(channel) ?? []) listener(payload ?? '');
    });
    try {
      await client.connect();
      await client.query(linkTopics.map((topic) => `listen ${computeChannel(topic)}`).join('; '));
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      this.#processId = rows[0]?.pid;
    } catch (error) {
      endQuietly(client);
      throw computeConnectError(error);
    }
    if (this.#isClosed) {
      endQuietly(client);
      return;
    }
    this.#client = client;
    this.#reconnectMs = firstReconnectMs;
    this.#scheduleHeartbeat(client);
    this.#send();
  }

  announce(topic: LinkTopic, subject: string): void {
    if (this.#isClosed) return;
    this.#waiting.add(JSON.stringify([topic, subject]));
    this.#send();
  }

  hear(topic: LinkTopic, listener: (subject: string) => void): void {
    const channel = computeChannel(topic);
    this.#listeners.set(channel, [...(this.#listeners.get(channel) ?? []), listener]);
  }

  onRestored(listener: () => void): void {
    this.#restoredListeners.push(listener);
  }

  announceEnd(): void {
    this.#ending.abort();
  }

  async tryLock(key: string, onLost?: () => void) {
    // PostgreSQL gives a session a lock that it holds already once more.
    if (this.#locks.has(key)) return undefined;
    const client = this.#getClient();
    const entry: LockEntry = { onLost };
    this.#locks.set(key, entry);
    try {
      const rows = await this.#query<{ isHeld: boolean }>(
        client,
        'select pg_try_advisory_lock(hashtextextended($1, 0)) as "isHeld"',
        [`stint ${key}`],
      );
      if (this.#locks.get(key) !== entry || client !== this.#client)
        throw new DatabaseUnavailableError('link_lost');
      if (rows[0]?.isHeld !== true) {
        this.#locks.delete(key);
        return undefined;
      }
    } catch (error) {
      if (this.#locks.get(key) === entry) this.#locks.delete(key);
      // What was not answered in time may be granted yet, and only the session's end would let go of it.
      if (error instanceof DatabaseUnavailableError) this.#lose(client);
      throw error;
    }
    return { release: () => this.#unlock(key, entry), confirm: () => this.#confirm(key, entry) };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    // A connection that is ended drops what is under way on it.
    await this.#sending;
    this.#cancelTimer();
    const client = this.#client;
    this.#client = undefined;
    await this.#lines.end(() => client?.end() ?? Promise.resolve());
  }

  async #unlock(key: string, entry: LockEntry): Promise<void> {
    if (this.#locks.get(key) !== entry) return;
    const client = this.#client;
    if (client !== undefined)
      await this.#query(client, 'select pg_advisory_unlock(hashtextextended($1, 0))', [
        `stint ${key}`,
      ]).catch(() => this.#lose(client));
    // Only now: nobody of this process may ask for it before the database has let go of it.
    if (this.#locks.get(key) === entry) this.#locks.delete(key);
  }

  /** A session that answers has its locks still. Those who ask at once are answered together. */
  async #confirm(key: string, entry: LockEntry): Promise<void> {
    const client = this.#client;
    if (client !== undefined && this.#locks.get(key) === entry) {
      this.#confirming ??= this.#query(client, 'select 1', [])
        .catch(() => this.#lose(client))
        .finally(() => (this.#confirming = undefined));
      await this.#confirming;
    }
    if (this.#locks.get(key) !== entry) throw new DatabaseUnavailableError('lock_lost');
  }

  #getClient(): Client {
    if (this.#client === undefined) throw new DatabaseUnavailableError('link_lost');
    return this.#client;
  }

  async #query<Row extends QueryResultRow>(
    client: Client,
    text: string,
    values: unknown[],
  ): Promise<Row[]> {
    try {
      return (await this.#ask<Row>(client, text, values)).rows;
    } catch (error) {
      throw computeDatabaseError(error);
    }
  }

  /** One statement after the other: the driver's next version keeps no queue of its own. */
  #ask<Row extends QueryResultRow>(
    client: Client,
    text: string,
    values: unknown[] = [],
  ): Promise<QueryResult<Row>> {
    const before = this.#asked.get(client) ?? Promise.resolve();
    const answer = before.then(() => client.query<Row>(text, values));
    this.#asked.set(
      client,
      answer.catch(() => undefined),
    );
    return answer;
  }

  /** One statement at a time; what comes meanwhile goes out together with the next. */
  #send(): void {
    if (!this.#isSending) this.#sending = this.#sendWaiting();
  }

  async #sendWaiting(): Promise<void> {
    this.#isSending = true;
    for (
      let client = this.#client;
      client !== undefined && this.#waiting.size > 0;
      client = this.#client
    )
      await this.#sendBatch(client);
    this.#isSending = false;
  }

  async #sendBatch(client: Client): Promise<void> {
    const batch = [...this.#waiting];
    this.#waiting.clear();
    const messages = batch.map((message) => JSON.parse(message) as [LinkTopic, string]);
    try {
      await this.#ask(
        client,
        'select pg_notify(channel, subject) from unnest($1::text[], $2::text[]) as message(channel, subject)',
        [messages.map(([topic]) => computeChannel(topic)), messages.map(([, subject]) => subject)],
      );
    } catch {
      for (const message of batch) this.#waiting.add(message);
      this.#lose(client);
    }
  }

  #lose(client: Client): void {
    if (client !== this.#client) return;
    this.#client = undefined;
    this.#cancelTimer();
    endQuietly(client);
    const lost = [...this.#locks.values()];
    this.#locks.clear();
    for (const { onLost } of lost) onLost?.();
    this.#scheduleReconnect();
  }

  #scheduleReconnect(): void {
    if (this.#isClosed) return;
    this.#cancelTimer = this.#timers.after(this.#reconnectMs, () => void this.#reconnect());
    this.#reconnectMs = Math.min(this.#reconnectMs * 2, longestReconnectMs);
  }

  async #reconnect(): Promise<void> {
    try {
      await this.connect();
    } catch {
      this.#scheduleReconnect();
      return;
    }
    if (!this.#isClosed) for (const listener of this.#restoredListeners) listener();
  }

  #scheduleHeartbeat(client: Client): void {
    this.#cancelTimer = this.#timers.after(heartbeatMs, () => {
      this.#ask(client, 'select 1').then(
        () => {
          if (client === this.#client) this.#scheduleHeartbeat(client);
        },
        () => this.#lose(client),
      );
    });
  }
}

function endQuietly(client: Client): void {
  client.end().catch(() => undefined);
}
