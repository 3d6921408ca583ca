import { statSync } from 'node:fs';
import type { OpenedDatabase } from './open-database.ts';
import type { SeatDatabase } from './seat-tables.ts';

/** SQLite's own figure (sqlite.org/pragma.html#pragma_wal_autocheckpoint). */
const usualPages = 1000;
/** Of 4 KiB each; the log is moved where it has got so long. */
const longLogBytes = 2 * usualPages * 4096;

/**
 * For a writer of many large transactions. Usually a commit that finds the log longer than 4 MB moves it into the database
 * before it returns: two waits for the disk in one, during which the process is deaf. Between `begin` and `end` the log
 * is moved after the commit, so that others have a turn in between, and half as often. What is committed is durable
 * either way: it is in the log (sqlite.org/wal.html, section 2.1).
 */
export class SeparateCheckpoints {
  readonly #opened: OpenedDatabase<SeatDatabase>;
  #isBegun = false;

  constructor(opened: OpenedDatabase<SeatDatabase>) {
    this.#opened = opened;
  }

  begin(): void {
    if (this.#isBegun) return;
    this.#isBegun = true;
    this.#opened.connection.pragma('wal_autocheckpoint = 0');
  }

  /** To be called outside of a transaction. */
  async afterCommit(): Promise<void> {
    const { connection, db } = this.#opened;
    if (!this.#isBegun || this.#measureLog() < longLogBytes) return;
    // Nobody else's transaction is open on the connection meanwhile.
    await db.connection().execute(async () => connection.pragma('wal_checkpoint(PASSIVE)'));
  }

  /** From then on commits do as they usually do, and one of them moves what is left. */
  end(): void {
    const { connection } = this.#opened;
    if (this.#isBegun && connection.open) connection.pragma(`wal_autocheckpoint = ${usualPages}`);
    this.#isBegun = false;
  }

  #measureLog(): number {
    const { name } = this.#opened.connection;
    return statSync(`${name}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  }
}
