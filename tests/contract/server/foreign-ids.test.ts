import { expect, test } from 'vitest';
import type { Role } from '../../../src/shared/domain/fields.ts';
import { mutationDefinitions } from '../../../src/shared/mutations/mutation-registry.ts';
import type { PullResponse } from '../../../src/shared/protocol/pull.ts';
import { generateInput, type IdsByField, listIdFields } from '../../support/generate-input.ts';
import type { TestDevice } from '../../support/server/test-device.ts';
import { computeInstant, createId } from '../../support/server/test-ids.ts';
import {
  createManifestFile,
  createSubmissionArgs,
  type TestIntern,
  TestOrganization,
} from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';

/** The field that names a row of a table, where it is not the table's own name. */
const fieldsByTable: Readonly<Record<string, readonly string[]>> = {
  extensionRequests: ['requestId'],
  timeChangeRequests: ['requestId'],
  taskTemplates: ['templateId'],
  timeEntries: ['timeEntryId'],
  tasks: ['taskId', 'dependsOn', 'added'],
};

function readIds({ rows }: Pick<PullResponse, 'rows'>, engagementId?: string): IdsByField {
  const ids: Record<string, string> = {};
  for (const { table, row } of rows) {
    if (engagementId !== undefined && row['scope'] !== `engagement:${engagementId}`) continue;
    const fields = fieldsByTable[table] ?? [table.replace(/s$/u, 'Id')];
    for (const field of fields) ids[field] = String(row['id']);
  }
  return ids;
}

/** Something of everything that a change can be about. */
async function fill(organization: TestOrganization, intern: TestIntern): Promise<void> {
  const { orgId, owner, projectId } = organization;
  const { device, engagementId } = intern;
  const task = await organization.assignTask(engagementId, {
    references: [createManifestFile('reference')],
    criteria: [{ id: createId(), text: 'Fifty people' }],
  });
  const { taskId } = task;
  const questionId = createId();
  const timeEntryId = createId();
  await device.apply(
    orgId,
    ['question.ask', { questionId, taskId, text: 'Which fifty?' }],
    [
      'extension.request',
      {
        requestId: createId(),
        taskId,
        days: 1,
        minutes: 0,
        reason: 'Nobody was there.',
        briefVersionId: null,
      },
    ],
    ['submission.create', createSubmissionArgs(task)],
    [
      'time.add',
      {
        timeEntryId,
        taskId,
        startedAt: computeInstant(-7_200_000),
        endedAt: computeInstant(-3_600_000),
        zone: 'Europe/Berlin',
        note: '',
        source: 'manual',
      },
    ],
    [
      'amendment.propose',
      {
        amendmentId: createId(),
        engagementId,
        taskId: null,
        reason: 'It takes longer.',
        changes: { hourBudgetMinutes: { from: 600, to: 700 } },
      },
    ],
  );
  await owner.apply(
    orgId,
    ['question.answer', { answerId: createId(), questionId, text: 'Any.' }],
    ['phrase.save', { phraseId: createId(), text: 'Well done.' }],
    [
      'template.save',
      {
        templateId: createId(),
        projectId,
        position: 1,
        template: {
          title: 'Interview',
          instructions: '',
          criteria: [],
          estimateMinutes: null,
          dueDays: 3,
          dueTime: '17:00',
        },
      },
    ],
  );
}

interface Scene {
  readonly orgId: string;
  readonly people: Readonly<Record<'owner' | 'intern', TestDevice>>;
  /** Ids of rows of another intern of the organization, and of another organization. */
  readonly other: IdsByField;
  readonly foreign: IdsByField;
}

async function createScene(): Promise<Scene> {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url, 'Acorn');
  const { orgId, owner } = organization;
  const intern = await organization.addIntern('Ida');
  const other = await organization.addIntern('Otto');
  await fill(organization, intern);
  await fill(organization, other);
  const elsewhere = await TestOrganization.create(url, 'Elsewhere');
  await fill(elsewhere, await elsewhere.addIntern('Noor'));
  return {
    orgId,
    people: { owner, intern: intern.device },
    other: readIds(await owner.pull(orgId), other.engagementId),
    foreign: readIds(await elsewhere.owner.pull(elsewhere.orgId)),
  };
}

const hideIds = (text: string | null | undefined): string | undefined =>
  text?.replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gu, 'ID');

type Definition = (typeof mutationDefinitions)[number];

/** What the server says to a change that names these rows. */
async function push(
  { orgId }: Scene,
  device: TestDevice,
  { name, version, schema }: Definition,
  ids: IdsByField,
) {
  const args = generateInput(schema, { ...ids, any: createId() });
  const { results } = await device.push(orgId, [device.createMutation(name, args, { version })]);
  const [result] = results;
  return { status: result?.status, code: result?.code, message: hideIds(result?.message) };
}

test('SY-10 to every change, rows of another organization, and to an intern those of another intern, are rows that there are not', async () => {
  const scene = await createScene();
  for (const field of ['taskId', 'submissionId', 'questionId', 'answerId', 'timeEntryId'])
    for (const ids of [scene.foreign, scene.other]) expect(ids[field], field).toBeDefined();
  const found: Record<string, unknown> = {};
  const expected: Record<string, unknown> = {};
  for (const definition of mutationDefinitions) {
    const { by, schema } = definition;
    if (by === 'server' || listIdFields(schema).length === 0) continue;
    for (const role of ['owner', 'intern'] as const) {
      if (!(by as readonly Role[]).includes(role)) continue;
      const device = scene.people[role];
      const createAbsent = (): IdsByField =>
        Object.fromEntries(Object.keys(scene.foreign).map((field) => [field, createId()]));
      const key = `${definition.name}@${definition.version} by the ${role}`;
      const absent = await push(scene, device, definition, createAbsent());
      // It made what it names: nothing was looked up by these ids, and two organizations may hold the same.
      if (absent.status === 'applied') continue;
      expected[key] = { foreign: absent, other: absent };
      const foreign = await push(scene, device, definition, scene.foreign);
      found[key] = {
        foreign,
        other:
          role === 'intern'
            ? await push(scene, device, definition, { ...createAbsent(), ...scene.other })
            : foreign,
      };
    }
  }
  expect(Object.keys(found).length).toBeGreaterThan(50);
  expect(found).toEqual(expected);
});
