import type { CompiledQuery, QueryResult } from 'kysely';
import { listReadTables } from '../database/list-read-tables.ts';

interface KnownAnswer {
  /** The tables that were read, with their number of changes at that time. */
  readonly changes: ReadonlyMap<string, number>;
  readonly result: QueryResult<unknown>;
}

/**
 * What queries gave while nobody else could write to their tables, for as long as nothing was written to them here either.
 */
export class KnownAnswers {
  readonly #answers = new Map<string, KnownAnswer>();
  /** How often each table was written to. */
  readonly #changes = new Map<string, number>();

  recall(statement: CompiledQuery): QueryResult<unknown> | undefined {
    const known = this.#answers.get(computeKey(statement));
    if (known === undefined) return undefined;
    for (const [table, count] of known.changes) if (this.#count(table) !== count) return undefined;
    return copy(known.result);
  }

  note(statement: CompiledQuery, result: QueryResult<unknown>): void {
    const tables = listReadTables(statement.query);
    // What it reads, or does, cannot be told.
    if (tables === undefined) {
      if (statement.query.kind !== 'SelectQueryNode') this.forget();
      return;
    }
    const changes = new Map([...tables].map((table) => [table, this.#count(table)]));
    this.#answers.set(computeKey(statement), { changes, result: copy(result) });
  }

  noteChange(table: string): void {
    this.#changes.set(table, this.#count(table) + 1);
  }

  /** Anything may have changed. */
  forget(): void {
    this.#answers.clear();
  }

  #count(table: string): number {
    return this.#changes.get(table) ?? 0;
  }
}

const computeKey = ({ sql, parameters }: CompiledQuery): string =>
  `${sql}\n${JSON.stringify(parameters)}`;

/** Whoever is given rows may do with them as they like. */
const copy = (result: QueryResult<unknown>): QueryResult<unknown> => ({
  ...result,
  rows: result.rows.map((row) => ({ ...(row as object) })),
});
