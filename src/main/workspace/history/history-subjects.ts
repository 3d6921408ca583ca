import { z } from 'zod';
import type { Seat } from '../seats/seat.ts';

/** Arguments that say themselves what they are about. */
const namedSchema = z
  .object({
    title: z.string(),
    terms: z.object({ title: z.string() }).partial(),
    invitedName: z.string(),
    name: z.string(),
    displayName: z.string(),
    person: z.object({ displayName: z.string() }).partial(),
  })
  .partial();

/** Where a thing that arguments name by its id has its title; the first that is known wins. */
const sources = [
  { argument: 'taskId', table: 'tasks', column: 'title' },
  { argument: 'submissionId', table: 'submissions', column: 'taskId' },
  { argument: 'timeEntryId', table: 'timeEntries', column: 'taskId' },
  { argument: 'attachmentId', table: 'attachments', column: 'name' },
  { argument: 'sha256', table: 'attachments', column: 'name' },
  { argument: 'engagementId', table: 'engagements', column: 'invitedName' },
  { argument: 'projectId', table: 'projects', column: 'title' },
  { argument: 'invitationId', table: 'invitations', column: 'invitedName' },
  { argument: 'membershipId', table: 'memberships', column: 'displayName' },
] as const;

type IdArguments = Readonly<Record<string, unknown>>;

/** What each act was done to, in the order given: a title or a name, empty where that is not known on this computer. */
export async function loadSubjects(
  seat: Seat,
  argumentTexts: readonly (string | null)[],
): Promise<string[]> {
  const parsed = argumentTexts.map(parseArguments);
  const found = new Map<string, string>();
  for (const { argument, table, column } of sources) {
    const ids = collectIds(parsed, argument);
    const key = argument === 'sha256' ? 'sha256' : 'id';
    for (const [id, value] of await loadColumn(seat, table, column, ids, key))
      found.set(`${argument}/${id}`, value);
  }
  const viaTask = await loadColumn(
    seat,
    'tasks',
    'title',
    [...found].filter(([key]) => isViaTask(key)).map(([, taskId]) => taskId),
  );
  return parsed.map((args) => {
    const named = namedSchema.safeParse(args);
    const own = named.success
      ? (named.data.title ??
        named.data.terms?.title ??
        named.data.invitedName ??
        named.data.displayName ??
        named.data.person?.displayName ??
        named.data.name)
      : undefined;
    if (own !== undefined) return own;
    for (const { argument } of sources) {
      const key = `${argument}/${String(args[argument])}`;
      const value = found.get(key);
      const title = value !== undefined && isViaTask(key) ? viaTask.get(value) : value;
      if (title !== undefined) return title;
    }
    return '';
  });
}

const isViaTask = (key: string): boolean => /^(?:submissionId|timeEntryId)\//.test(key);

function parseArguments(text: string | null): IdArguments {
  if (text === null) return {};
  const parsed: unknown = JSON.parse(text);
  return typeof parsed === 'object' && parsed !== null ? (parsed as IdArguments) : {};
}

function collectIds(parsed: readonly IdArguments[], argument: string): string[] {
  return parsed.flatMap((args) => {
    const id = args[argument];
    return typeof id === 'string' ? [id] : [];
  });
}

async function loadColumn(
  seat: Seat,
  table: (typeof sources)[number]['table'],
  column: string,
  ids: readonly string[],
  key: 'id' | 'sha256' = 'id',
): Promise<Map<string, string>> {
  const wanted = [...new Set(ids)];
  const values = new Map<string, string>();
  for (let start = 0; start < wanted.length; start += 500) {
    const rows = await seat.db
      .selectFrom(table as 'tasks')
      .select([`${key as 'id'} as key`, `${column as 'title'} as value`])
      .where('orgId', '=', seat.record.orgId)
      .where(key as 'id', 'in', wanted.slice(start, start + 500))
      .execute();
    for (const row of rows) values.set(row.key, row.value);
  }
  return values;
}
