import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Answered, and waiting still, for what only others can do (SY-15, SY-20). */
const isForOthers = (row: 'new' | 'old' | 'outboxStates') =>
  `("${row}"."state" = 'pending' and ("${row}"."answeredAt" is not null
    or ("${row}"."acknowledgedSeq" is 0 and "${row}"."replayProblem" is not null)))`;

const countIn = `insert into "outboxCounts" values ("new"."state", 1, ${isForOthers('new')})
  on conflict ("state") do update set
    "count" = "count" + 1, "forOthers" = "forOthers" + "excluded"."forOthers"`;

const countOut = `update "outboxCounts"
  set "count" = "count" - 1, "forOthers" = "forOthers" - ${isForOthers('old')}
  where "state" = "old"."state"`;

const statements: readonly string[] = [
  `create table "outboxCounts" (
    "state" text primary key, "count" integer not null, "forOthers" integer not null) without rowid`,
  `insert into "outboxCounts"
    select "state", count(*), sum(${isForOthers('outboxStates')}) from "outboxStates" group by "state"`,
  `create trigger "outboxStatesCountedIn" after insert on "outboxStates" begin ${countIn}; end`,
  `create trigger "outboxStatesCountedOut" after delete on "outboxStates" begin ${countOut}; end`,
  `create trigger "outboxStatesCountedAnew"
    after update of "state", "answeredAt", "acknowledgedSeq", "replayProblem" on "outboxStates"
    when "old"."state" <> "new"."state" or ${isForOthers('old')} <> ${isForOthers('new')}
    begin ${countOut}; ${countIn}; end`,
  `create index "uploadsThatWait" on "uploads" ("sizeBytes", "sentBytes") where "finishedAt" is null`,
];

/** How many changes are in each state is kept beside them: what waits is looked at all the time, and may be a million. */
export const seatCountedOutboxMigration: Migration = {
  // oxlint-disable-next-line typescript/no-explicit-any -- a migration runs on a schema that no type describes yet
  async up(db: Kysely<any>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
