import { describe, expect, test } from 'vitest';
import { contract } from '../../../src/shared/contract/contract.ts';
import { lineSchema, nameSchema } from '../../../src/shared/domain/fields.ts';
import { assignTask } from '../../../src/shared/mutations/task-mutations.ts';
import {
  createOrganizationRequestSchema,
  registerRequestSchema,
} from '../../../src/shared/protocol/accounts.ts';

const unseen = {
  'zero-width spaces': '\u200b\u200b',
  'joiners alone': '\u200d\u200c',
  'byte order marks among others': '\u200b\ufeff\u200b',
  'soft hyphens': '\u00ad\u00ad',
  'a filler of Hangul': '\u3164',
  'an empty cell of Braille': '\u2800',
  'marks of the invisible kind': '\u2060\u2062\u180e\ufe0f',
  'letters of tags': '\u{e0041}\u{e0042}',
};

const seen = ['Ada', '李', 'کتاب‌ها', '👩‍💻', '❤️', 'नमस्ते', '-', '.'];

describe.each(Object.entries(unseen))('%s', (_, name) => {
  test('are no name that somebody can give', () => {
    expect(nameSchema.safeParse(name).error?.issues[0]?.message).toBe(
      'expected some text that can be seen',
    );
    // What devices have in their outbox is taken: the work that builds on it would wait for ever.
    expect(lineSchema.safeParse(`x${name}`).success).toBe(true);
  });
});

test.each(seen)('%s is a name', (name) => {
  expect(nameSchema.parse(name)).toBe(name);
});

test('line separators and marks of direction are in no name that somebody gives', () => {
  for (const mark of ['\u2028', '\u2029', '\u202e', '\u2066', '\n', '\t'])
    expect(nameSchema.safeParse(`Ada${mark}Byron`).success, mark).toBe(false);
  expect(nameSchema.safeParse('Ada\u2028Byron').error?.issues[0]?.message).toBe(
    'expected one line, without line separators',
  );
});

test('people, organizations, projects and tasks are named by what can be seen, at every way in', () => {
  const name = '\u200b';
  const findIssue = (
    schema: { safeParse: (input: unknown) => unknown },
    input: object,
    at: string,
  ) =>
    (
      schema.safeParse(input) as { error?: { issues: { path: PropertyKey[]; message: string }[] } }
    ).error?.issues.find(({ path }) => path.join('.') === at)?.message;
  const expected = 'expected some text that can be seen';
  const account = { kind: 'new', name };
  for (const [schema, input, at] of [
    [registerRequestSchema, { name }, 'name'],
    [createOrganizationRequestSchema, { name }, 'name'],
    [contract['setup.createOrganization'].input, { organizationName: name }, 'organizationName'],
    [contract['setup.acceptInvitation'].input, { account }, 'account.name'],
    [contract['people.inviteIntern'].input, { name }, 'name'],
    [contract['people.inviteManager'].input, { name }, 'name'],
    [contract['project.create'].input, { terms: { title: name } }, 'terms.title'],
    [contract['project.edit'].input, { patch: { title: name } }, 'patch.title'],
    [contract['template.save'].input, { template: { title: name } }, 'template.title'],
    [contract['task.assign'].input, { title: name }, 'title'],
    [contract['task.assignToMany'].input, { title: name }, 'title'],
    [contract['task.edit'].input, { patch: { title: name } }, 'patch.title'],
    [contract['settings.update'].input, { deviceName: name }, 'deviceName'],
  ] as const)
    expect(findIssue(schema, input, at), at).toBe(expected);
});

test('a task that an older device named by nothing that can be seen is taken, with the work on it', () => {
  const issues = assignTask.schema.safeParse({ title: '\u200b' }).error?.issues ?? [];
  expect(issues.map(({ path }) => path[0])).toContain('taskId');
  expect(issues.map(({ path }) => path[0])).not.toContain('title');
});
