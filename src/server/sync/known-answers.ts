import type { CompiledQuery, QueryResult } from 'kysely';
import { listReadTables } from '../database/list-read-tables.ts';

interface KnownAnswer {
  /** The tables that were read, with their number of changes when it was asked. */
  readonly changes: ReadonlyMap<string, number>;
  readonly result: QueryResult<unknown>;
}

/**
 * What queries gave while nobody else could write to their tables, for as long as nothing was written to them here either.
 */
export class KnownAnswers {
  readonly #answers = new Map<string, KnownAnswer>();
  /** By a statement that is carried out, the changes when it was asked. */
  readonly #asked = new WeakMap<CompiledQuery, ReadonlyMap<string, number>>();
  /** How often each table was written to. */
  readonly #changes = new Map<string, number>();

  recall(statement: CompiledQuery): QueryResult<unknown> | undefined {
    const known = this.#answers.get(computeKey(statement));
    if (known !== undefined && this.#holds(known)) return copy(known.result);
    const tables = listReadTables(statement.query);
    if (tables !== undefined)
      this.#asked.set(statement, new Map([...tables].map((table) => [table, this.#count(table)])));
    return undefined;
  }

  note(statement: CompiledQuery, result: QueryResult<unknown>): void {
    const changes = this.#asked.get(statement);
    // What it reads, or does, cannot be told.
    if (changes === undefined) {
      if (statement.query.kind !== 'SelectQueryNode') this.forget();
      return;
    }
    this.#answers.set(computeKey(statement), { changes, result: copy(result) });
  }

  /** The same for rows of one table that were not asked for by a statement of Kysely's; `key` says which. */
  recallRows<Row extends object>(table: string, key: string): Row[] | undefined {
    const known = this.#answers.get(computeRowsKey(table, key));
    return known !== undefined && this.#holds(known)
      ? (copy(known.result).rows as Row[])
      : undefined;
  }

  noteRows(table: string, key: string, rows: readonly object[]): void {
    const changes = new Map([[table, this.#count(table)]]);
    this.#answers.set(computeRowsKey(table, key), { changes, result: copy({ rows: [...rows] }) });
  }

  noteChange(table: string): void {
    this.#changes.set(table, this.#count(table) + 1);
  }

  /** Anything may have changed. */
  forget(): void {
    this.#answers.clear();
  }

  #holds({ changes }: KnownAnswer): boolean {
    return [...changes].every(([table, count]) => this.#count(table) === count);
  }

  #count(table: string): number {
    return this.#changes.get(table) ?? 0;
  }
}

const computeKey = ({ sql, parameters }: CompiledQuery): string =>
  `${sql}\n${JSON.stringify(parameters)}`;

const computeRowsKey = (table: string, key: string): string => `rows of ${table}\n${key}`;

/** Whoever is given rows may do with them as they like. */
const copy = (result: QueryResult<unknown>): QueryResult<unknown> => ({
  ...result,
  rows: result.rows.map((row) => ({ ...(row as object) })),
});
