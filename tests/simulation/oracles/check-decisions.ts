import type Database from 'better-sqlite3';
import type { Simulation } from '../simulation.ts';

/** What was asked and proposed was decided once, and what follows from it was done once. */
export function checkDecisions(simulation: Simulation): string[] {
  const server = simulation.world.server.connection;
  return [
    ...checkExtensions(server),
    ...checkQuotes(server),
    ...checkAmendments(server),
    ...checkTimesheets(server),
  ];
}

function checkExtensions(server: Database.Database): string[] {
  const requests = server
    .prepare('select id, taskId, reason, state, extensionId from extensionRequests')
    .all() as {
    id: string;
    taskId: string;
    reason: string;
    state: string;
    extensionId: string | null;
  }[];
  const listGiven = server
    .prepare('select id from extensions where taskId = ? and reason = ?')
    .pluck();
  return requests.flatMap(({ id, taskId, reason, state, extensionId }) => {
    const given = listGiven.all(taskId, reason) as string[];
    const expected = state === 'granted' ? [extensionId] : [];
    return JSON.stringify(given) === JSON.stringify(expected)
      ? []
      : [`decisions: the request for more time ${id} is ${state}, with ${given.length} extensions`];
  });
}

/** An answer stands in the brief that it names, once, and in no brief where it names none. */
function checkQuotes(server: Database.Database): string[] {
  const answers = server.prepare('select id, taskId, text, briefVersionId from answers').all() as {
    id: string;
    taskId: string;
    text: string;
    briefVersionId: string | null;
  }[];
  const listBriefs = server.prepare('select id, instructions from briefVersions where taskId = ?');
  return answers.flatMap(({ id, taskId, text, briefVersionId }) => {
    const briefs = listBriefs.all(taskId) as { id: string; instructions: string }[];
    const counts = briefs.map((brief) => brief.instructions.split(text).length - 1);
    const inNamed = counts[briefs.findIndex((brief) => brief.id === briefVersionId)] ?? 0;
    const isSound =
      briefVersionId === null
        ? counts.every((count) => count === 0)
        : inNamed === 1 && counts.every((count) => count <= 1);
    return isSound
      ? []
      : [
          `decisions: the answer ${id} is quoted ${counts.join(', ')} times in the briefs of its task`,
        ];
  });
}

/** Each amendment that was confirmed changed what was agreed by then; the last one holds. */
function checkAmendments(server: Database.Database): string[] {
  const engagements = server.prepare('select id, hourBudgetMinutes from engagements').all() as {
    id: string;
    hourBudgetMinutes: number;
  }[];
  const listConfirmed = server
    .prepare(
      `select changesJson from amendments
        join (select json_extract(argsJson, '$.amendmentId') as id, min(seq) as seq from mutationLog
               where name = 'amendment.confirm' group by 1) as confirmed
          on confirmed.id = amendments.id
       where engagementId = ? and state = 'confirmed' order by confirmed.seq`,
    )
    .pluck();
  return engagements.flatMap(({ id, hourBudgetMinutes }) => {
    const changes = (listConfirmed.all(id) as string[]).map(
      (json) =>
        (JSON.parse(json) as { hourBudgetMinutes: { from: number; to: number } }).hourBudgetMinutes,
    );
    let agreed = changes[0]?.from ?? hourBudgetMinutes;
    for (const { from, to } of changes) {
      if (from !== agreed && to !== agreed)
        return [`decisions: in engagement ${id}, ${from} became ${to} where ${agreed} was agreed`];
      agreed = to;
    }
    return agreed === hourBudgetMinutes
      ? []
      : [`decisions: engagement ${id} has ${hourBudgetMinutes} minutes, and ${agreed} were agreed`];
  });
}

/** An entry stands on a timesheet of its own engagement, and what was approved has no time twice. */
function checkTimesheets(server: Database.Database): string[] {
  const strays = server
    .prepare(
      `select timeEntries.id from timeEntries left join timesheets on timesheets.id = timesheetId
        where timesheetId is not null and timesheets.engagementId is not timeEntries.engagementId`,
    )
    .pluck()
    .all() as string[];
  const doubles = server
    .prepare(
      `select one.note || ' and ' || other.note from timeEntries as one
         join timesheets on timesheets.id = one.timesheetId and timesheets.state = 'approved'
         join timeEntries as other on other.timesheetId = one.timesheetId and other.id > one.id
        where one.deletedAt is null and other.deletedAt is null
          and one.startedAt < other.endedAt and other.startedAt < one.endedAt`,
    )
    .pluck()
    .all() as string[];
  return [
    ...strays.map((id) => `decisions: the entry ${id} stands on a timesheet that is not its own`),
    ...doubles.map((notes) => `decisions: ${notes} were approved, and share time`),
  ];
}
