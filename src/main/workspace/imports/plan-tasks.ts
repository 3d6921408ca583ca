import { Temporal } from 'temporal-polyfill';
import { deadlineSchema, nameSchema, wallTimeSchema } from '../../../shared/domain/fields.ts';
import { computeDerivedId } from '../../../shared/domain/derived-id.ts';
import type { Engagement } from '../../../shared/contract/shapes.ts';
import type { WorkspacePorts } from '../ports/system-ports.ts';
import { createChange, type Seat } from '../seats/seat.ts';
import { computeDue } from '../work/due-calculator.ts';
import { loadEngagements } from '../work/engagements.ts';
import { findOrdinal, foldText, type ImportPlan, type PlannedRow } from './import-plan.ts';
import { listCriteria } from './list-criteria.ts';
import { parseCsv } from './parse-csv.ts';

const columns = {
  title: ['title', 'task', 'name'],
  intern: ['intern', 'for', 'assignee', 'email', 'e mail'],
  instructions: ['instructions', 'description', 'text'],
  criteria: ['criteria', 'acceptance criteria'],
  deadline: ['deadline', 'due', 'due date'],
  time: ['time', 'due time'],
  hours: ['hours', 'estimate', 'estimate hours'],
} as const;

/** At this time of the day where the file names a date alone. */
const defaultTime = '17:00';

interface Context {
  readonly ports: WorkspacePorts;
  readonly project: { readonly id: string; readonly timeZone: string };
}

/**
 * What a file of tasks would make. A row without an intern is for everyone in the project. An intern's task of the
 * same title counts as made before, and so does one that was imported with it and renamed: importing twice doubles
 * nothing.
 */
export async function planTasks(seat: Seat, csv: string, context: Context): Promise<ImportPlan> {
  const { rows, ...table } = parseCsv(csv, columns, ['title', 'deadline']);
  const engagements = (await loadEngagements(seat, { projectId: context.project.id })).filter(
    ({ status }) => status === 'active' || status === 'invited',
  );
  const { taken, cancelled, isCancelledById } = await loadTitles(seat, engagements);
  const planned: PlannedRow[] = [];
  for (const { line, cells, problems: ofRow } of rows) {
    const problems: PlannedRow['problems'] = [...ofRow];
    const read = <Value>(column: string, value: Value | string): Value | undefined => {
      if (typeof value !== 'string') return value;
      problems.push({ column, message: value });
      return undefined;
    };
    const title = nameSchema.safeParse(cells.title);
    if (!title.success) read('title', title.error.issues[0]?.message ?? 'expected a title');
    const people = read('intern', findPeople(engagements, cells.intern));
    const wall = read('deadline', readWall(cells.deadline, cells.time));
    const minutes = read('hours', readMinutes(cells.hours));
    const criteria = listCriteria(
      cells.criteria.split(/\r\n|\r|\n|\|/u).map((text) => text.replace(/^\s*[-*•]\s*/u, '')),
    );
    if (criteria.length > 100 || criteria.some((text) => text.length > 1000))
      read('criteria', 'expected at most 100 criteria of at most 1,000 characters each');
    const shown = { line, title: cells.title };
    if (
      problems.length > 0 ||
      !title.success ||
      people === undefined ||
      wall === undefined ||
      minutes === undefined
    ) {
      planned.push({ ...shown, state: 'wrong', details: [], problems });
      continue;
    }
    const deadline = deadlineSchema.parse({ wall: wall.wall, zone: context.project.timeZone });
    for (const engagement of people) {
      const { engagementId } = engagement;
      const key = `${engagementId}/${foldText(title.data)}`;
      const made = {
        ...shown,
        details: [engagement.intern.name],
        due: computeDue(deadline, []),
        estimateMinutes: minutes.value,
        problems: [],
      };
      const derive = (purpose: string, ordinal: number) =>
        computeDerivedId(
          engagementId,
          `import/${purpose}/${key}/${ordinal}`,
          context.ports.sha256Hex,
        );
      const ordinal = findOrdinal(cancelled.get(key) ?? 0, (each) =>
        isCancelledById.get(derive('task', each)),
      );
      if (taken.has(key) || ordinal === undefined) {
        planned.push({ ...made, state: 'there' });
        continue;
      }
      taken.add(key);
      planned.push({
        ...made,
        state: 'new',
        change: createChange(
          'task.assign',
          {
            taskId: derive('task', ordinal),
            engagementId,
            title: title.data,
            briefVersionId: derive('brief', ordinal),
            instructions: cells.instructions,
            criteria: criteria.map((text, index) => ({
              id: derive(`criterion-${index}`, ordinal),
              text,
            })),
            deadlineId: derive('deadline', ordinal),
            deadline,
            estimateMinutes: minutes.value,
            references: [],
          },
          { subject: title.data },
        ),
      });
    }
  }
  return { rows: planned, ...table };
}

/** How many tasks of each title every intern has or had. Cancelled ones may be assigned anew. */
async function loadTitles(
  seat: Seat,
  engagements: readonly Engagement[],
): Promise<{
  readonly taken: Set<string>;
  readonly cancelled: ReadonlyMap<string, number>;
  readonly isCancelledById: ReadonlyMap<string, boolean>;
}> {
  const taken = new Set<string>();
  const cancelled = new Map<string, number>();
  const isCancelledById = new Map<string, boolean>();
  if (engagements.length === 0) return { taken, cancelled, isCancelledById };
  const tasks = await seat.db
    .selectFrom('tasks')
    .select(['id', 'engagementId', 'title', 'cancelledAt'])
    .where('orgId', '=', seat.record.orgId)
    .where(
      'engagementId',
      'in',
      engagements.map(({ engagementId }) => engagementId),
    )
    .execute();
  for (const { id, engagementId, title, cancelledAt } of tasks) {
    isCancelledById.set(id, cancelledAt !== null);
    const key = `${engagementId}/${foldText(title)}`;
    if (cancelledAt === null) taken.add(key);
    else cancelled.set(key, (cancelled.get(key) ?? 0) + 1);
  }
  return { taken, cancelled, isCancelledById };
}

function findPeople(engagements: readonly Engagement[], wanted: string): Engagement[] | string {
  if (engagements.length === 0) return 'nobody was invited to this project yet';
  if (wanted === '' || foldText(wanted) === 'everyone') return [...engagements];
  const name = foldText(wanted);
  const found = engagements.filter(
    ({ intern }) =>
      foldText(intern.name) === name ||
      (intern.email !== null && intern.email.toLowerCase() === name),
  );
  if (found.length > 1)
    return `${found.length} interns are called "${wanted}"; use the e-mail address`;
  return found.length === 1
    ? found
    : `nobody in this project is called "${wanted}"; expected a name or an e-mail address`;
}

function readWall(date: string, time: string): { readonly wall: string } | string {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{1,2}:\d{2}))?$/u.exec(date);
  if (match === null)
    return date === ''
      ? 'expected a date such as 2026-03-27'
      : `"${date}" is no date such as 2026-03-27, or 2026-03-27 17:00`;
  const clock = (time === '' ? (match[2] ?? defaultTime) : time).padStart(5, '0');
  const wall = wallTimeSchema.safeParse(`${match[1]}T${clock}`);
  return wall.success
    ? { wall: Temporal.PlainDateTime.from(wall.data).toString({ smallestUnit: 'minute' }) }
    : `"${[date, time].filter((part) => part !== '').join(' ')}" is no time that exists in the calendar`;
}

function readMinutes(hours: string): { readonly value: number | null } | string {
  if (hours === '') return { value: null };
  const number = Number(hours.replace(',', '.').replace(/\s*h(ours?)?$/u, ''));
  const minutes = Math.round(number * 60);
  return Number.isFinite(number) && minutes >= 1 && minutes <= 60_000
    ? { value: minutes }
    : `"${hours}" is no number of hours such as 2.5`;
}
