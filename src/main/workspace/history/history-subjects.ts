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

/**
 * Where a thing that arguments name by its id has its title, or, by `leadsTo`, the id of the thing that it belongs to; the
 * first that is known wins. Two kinds of requests are named by the same argument.
 */
const sources = [
  { argument: 'taskId', table: 'tasks', column: 'title' },
  { argument: 'submissionId', table: 'submissions', column: 'taskId', leadsTo: 'taskId' },
  { argument: 'timeEntryId', table: 'timeEntries', column: 'taskId', leadsTo: 'taskId' },
  { argument: 'questionId', table: 'questions', column: 'taskId', leadsTo: 'taskId' },
  { argument: 'answerId', table: 'answers', column: 'taskId', leadsTo: 'taskId' },
  { argument: 'requestId', table: 'extensionRequests', column: 'taskId', leadsTo: 'taskId' },
  {
    argument: 'requestId',
    table: 'timeChangeRequests',
    column: 'engagementId',
    leadsTo: 'engagementId',
  },
  { argument: 'timesheetId', table: 'timesheets', column: 'engagementId', leadsTo: 'engagementId' },
  { argument: 'amendmentId', table: 'amendments', column: 'engagementId', leadsTo: 'engagementId' },
  { argument: 'attachmentId', table: 'attachments', column: 'name' },
  { argument: 'sha256', table: 'attachments', column: 'name' },
  { argument: 'engagementId', table: 'engagements', column: 'invitedName' },
  { argument: 'projectId', table: 'projects', column: 'title' },
  { argument: 'templateId', table: 'taskTemplates', column: 'title' },
  { argument: 'invitationId', table: 'invitations', column: 'invitedName' },
  { argument: 'membershipId', table: 'memberships', column: 'displayName' },
  {
    argument: 'heldChangeId',
    table: 'quarantinedChanges',
    column: 'membershipId',
    leadsTo: 'membershipId',
  },
] as const;

type IdArguments = Readonly<Record<string, unknown>>;

/** What each act was done to, in the order given: a title or a name, empty where that is not known on this computer. */
export async function loadSubjects(
  seat: Seat,
  argumentTexts: readonly (string | null)[],
): Promise<string[]> {
  const parsed = argumentTexts.map(parseArguments);
  const found = await loadTitles(seat, parsed);
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
      const title = found.get(`${argument}/${String(args[argument])}`);
      if (title !== undefined) return title;
    }
    return '';
  });
}

/** The titles of what the arguments name, and of what that belongs to, by `argument/id`. */
async function loadTitles(
  seat: Seat,
  parsed: readonly IdArguments[],
): Promise<ReadonlyMap<string, string>> {
  const titles = new Map<string, string>();
  const leads = new Map<string, { readonly argument: string; readonly id: string }>();
  for (const source of sources) {
    if (!('leadsTo' in source)) continue;
    const { argument, table, column, leadsTo } = source;
    const values = await loadColumn(seat, table, column, collectIds(parsed, argument));
    for (const [id, value] of values)
      leads.set(`${argument}/${id}`, { argument: leadsTo, id: value });
  }
  const led = [...leads.values()];
  for (const source of sources) {
    if ('leadsTo' in source) continue;
    const { argument, table, column } = source;
    const ids = [
      ...collectIds(parsed, argument),
      ...led.flatMap((lead) => (lead.argument === argument ? [lead.id] : [])),
    ];
    const key = argument === 'sha256' ? 'sha256' : 'id';
    for (const [id, value] of await loadColumn(seat, table, column, ids, key))
      titles.set(`${argument}/${id}`, value);
  }
  for (const [key, { argument, id }] of leads) {
    const title = titles.get(`${argument}/${id}`);
    if (title !== undefined) titles.set(key, title);
  }
  return titles;
}

function parseArguments(text: string | null): IdArguments {
  if (text === null) return {};
  const parsed: unknown = JSON.parse(text);
  if (!isObject(parsed)) return {};
  const first = findFirst(parsed);
  return { ...first, ...parsed };
}

const isObject = (value: unknown): value is IdArguments =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Of arguments that name several things, or a change that is asked for, what the first of them says. */
function findFirst({ change, changes, additions, engagementIds, id }: IdArguments): IdArguments {
  if (isObject(change)) return isObject(change.args) ? parseNested(change.args) : {};
  for (const list of [changes, additions])
    if (Array.isArray(list) && isObject(list[0])) return list[0];
  if (Array.isArray(engagementIds)) return { engagementId: engagementIds[0] };
  // The decisions about held work name the change itself.
  return typeof id === 'string' ? { heldChangeId: id } : {};
}

const parseNested = (args: IdArguments): IdArguments => ({ ...findFirst(args), ...args });

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
