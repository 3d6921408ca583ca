import type Database from 'better-sqlite3';

interface JudgedSubmission {
  readonly id: string;
  readonly verdict: string | null;
  readonly receivedAt: string | null;
}

/** SY-18: a verdict is made once. Follows the server's submissions, and says when one is judged anew. */
export class VerdictWatch {
  readonly #known = new Map<string, JudgedSubmission>();

  /** @returns what changed, in words. */
  look(server: Database.Database): string[] {
    const rows = server
      .prepare('select id, verdict, receivedAt from submissions')
      .all() as JudgedSubmission[];
    const changes: string[] = [];
    for (const row of rows) {
      const before = this.#known.get(row.id);
      this.#known.set(row.id, row);
      if (before === undefined) continue;
      if (before.verdict !== row.verdict || before.receivedAt !== row.receivedAt)
        changes.push(
          `verdict: submission ${row.id} was ${before.verdict} at ${before.receivedAt} and is ${row.verdict} at ${row.receivedAt}`,
        );
    }
    return changes;
  }

  /** After the server went back: what it lost, and no device can prove, is judged like new. */
  keepOnly(proven: ReadonlySet<string>): void {
    for (const id of this.#known.keys()) if (!proven.has(id)) this.#known.delete(id);
  }
}
