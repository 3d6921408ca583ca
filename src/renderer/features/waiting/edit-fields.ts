/** What kind of field a person gets for a part of a change. */
export type FieldKind = 'line' | 'text' | 'instant' | 'deadline' | 'criteria';

export interface FieldSpec {
  readonly label: string;
  readonly kind: FieldKind;
  /** Where it stands in the change's arguments; a part that is not there gets no field. */
  readonly path: readonly string[];
}

const line = (label: string, ...path: string[]): FieldSpec => ({ label, kind: 'line', path });
const text = (label: string, ...path: string[]): FieldSpec => ({ label, kind: 'text', path });
const instant = (label: string, ...path: string[]): FieldSpec => ({
  label,
  kind: 'instant',
  path,
});

/** What people can mend, by the mutation's name. What is not named here is sent again as it is. */
const specsByName: Readonly<Record<string, readonly FieldSpec[]>> = {
  'time.add': [instant('Began', 'startedAt'), instant('Ended', 'endedAt'), text('Note', 'note')],
  'time.edit': [
    instant('Began', 'patch', 'startedAt'),
    instant('Ended', 'patch', 'endedAt'),
    text('Note', 'patch', 'note'),
  ],
  'draft.writeNote': [text('Note', 'note')],
  'submission.create': [text('Note', 'note')],
  'task.assign': [
    line('Title', 'title'),
    text('Instructions', 'instructions'),
    { label: 'Criteria', kind: 'criteria', path: ['criteria'] },
    { label: 'Due', kind: 'deadline', path: ['deadline'] },
  ],
  'task.edit': [line('Title', 'patch', 'title')],
  'task.reviseBrief': [
    text('Instructions', 'instructions'),
    { label: 'Criteria', kind: 'criteria', path: ['criteria'] },
  ],
  'task.moveDeadline': [{ label: 'Due', kind: 'deadline', path: ['deadline'] }],
  'task.extend': [text('Reason', 'reason')],
  'question.ask': [text('Question', 'text')],
  'question.answer': [text('Answer', 'text')],
  'extension.request': [text('Reason', 'reason')],
  'extension.decline': [text('Reason', 'reason')],
  'review.decide': [text('Comment', 'comment')],
  'project.create': [
    line('Title', 'terms', 'title'),
    text('Brief', 'terms', 'brief'),
    text('If work is late', 'terms', 'latePolicy'),
  ],
  'project.edit': [
    line('Title', 'patch', 'title'),
    text('Brief', 'patch', 'brief'),
    text('If work is late', 'patch', 'latePolicy'),
  ],
  'engagement.invite': [line('Name', 'invitedName')],
  'member.inviteManager': [line('Name', 'invitedName')],
  'member.updateProfile': [line('Name', 'displayName')],
  'organization.rename': [line('Name', 'name')],
  'quarantine.decline': [text('Reason', 'reason')],
};

/** The fields of a change that a person can edit; none where it can only be sent again as it is. */
export function listEditFields(name: string, args: unknown): readonly FieldSpec[] {
  return (specsByName[name] ?? []).filter(({ path }) => findAt(args, path) !== undefined);
}

export function findAt(value: unknown, path: readonly string[]): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Record<string, unknown>)[key];
  }
  return found;
}

/** The same arguments with another value at that place. */
export function replaceAt(value: unknown, path: readonly string[], next: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return next;
  if (typeof value !== 'object' || value === null) return value;
  const record = value as Record<string, unknown>;
  return { ...record, [key]: replaceAt(record[key], rest, next) };
}
