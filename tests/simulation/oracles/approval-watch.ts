import type Database from 'better-sqlite3';

interface ApprovedSheet {
  readonly decidedAt: string;
  readonly entries: string;
  readonly accepted: number;
}

/** What was approved changes only by a request that the employer accepted. Follows the server's timesheets. */
export class ApprovalWatch {
  #known = new Map<string, ApprovedSheet>();

  /** @returns what changed behind the employer's back, in words. */
  look(server: Database.Database): string[] {
    const sheets = server
      .prepare(`select id, engagementId, decidedAt from timesheets where state = 'approved'`)
      .all() as { id: string; engagementId: string; decidedAt: string }[];
    const listEntries = server.prepare(
      `select id, taskId, startedAt, endedAt, note from timeEntries
        where timesheetId = ? and deletedAt is null order by id`,
    );
    const countAccepted = server
      .prepare(
        `select count(*) from timeChangeRequests where engagementId = ? and state = 'accepted'`,
      )
      .pluck();
    const before = this.#known;
    this.#known = new Map(
      sheets.map(({ id, engagementId, decidedAt }) => [
        id,
        {
          decidedAt,
          entries: JSON.stringify(listEntries.all(id)),
          accepted: countAccepted.get(engagementId) as number,
        },
      ]),
    );
    return [...this.#known].flatMap(([id, now]) => {
      const then = before.get(id);
      return then?.decidedAt === now.decidedAt &&
        then.accepted === now.accepted &&
        then.entries !== now.entries
        ? [`approval: timesheet ${id} was approved with ${then.entries} and holds ${now.entries}`]
        : [];
    });
  }

  /** After the server went back: what was approved since may be approved otherwise. */
  forget(): void {
    this.#known = new Map();
  }
}
