import { expect, test } from 'vitest';
import { openDueEvaluations } from '../../../src/server/sync/open-evaluations.ts';
import { sealedDays } from '../../../src/shared/domain/evaluation.ts';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import type { HistoryPage } from '../../../src/shared/protocol/history.ts';
import type { WireMutation } from '../../../src/shared/protocol/push.ts';
import { addManager } from '../../support/server/add-manager.ts';
import { createHeldTime } from '../../support/server/held-ports.ts';
import { openPokeStream } from '../../support/server/poke-stream.ts';
import { openServerParts } from '../../support/server/open-server-parts.ts';
import type { TestDevice } from '../../support/server/test-device.ts';
import { createId } from '../../support/server/test-ids.ts';
import { TestOrganization } from '../../support/server/test-organization.ts';
import { startTestServer, type TestServer } from '../../support/server/test-server.ts';

/** Each stands in all that its side says, and nowhere else. */
const employerCanary = 'canary-of-the-employer-7b1d';
const internCanary = 'canary-of-the-intern-c40e';
const dayMs = 86_400_000;

const employerContent = (more = '') => ({
  side: 'employer',
  ratings: { quality: 5, reliability: 4, communication: null, independence: 3 },
  wentWell: `${employerCanary} ${more}`,
  couldImprove: employerCanary,
  testimonial: employerCanary,
  offer: { kind: 'permanent_role', text: employerCanary },
});

const internContent = (more = '') => ({
  side: 'intern',
  ratings: { clarity: 2, feedback: 3, fairness: 5, learning: null },
  wentWell: `${internCanary} ${more}`,
  couldImprove: internCanary,
  wouldWorkAgain: false,
});

async function createScene() {
  const time = createHeldTime();
  const ports = { clock: time.clock, timers: time.timers };
  const server = await startTestServer({ ports });
  const organization = await TestOrganization.create(server.url);
  const intern = await organization.addIntern();
  const { orgId, owner } = organization;
  const { engagementId } = intern;
  await owner.apply(orgId, ['engagement.complete', { engagementId }]);
  return { time, ports, server, organization, orgId, owner, intern, engagementId };
}

const write = (engagementId: string, content: unknown): [string, unknown] => [
  'evaluation.write',
  { evaluationId: createId(), engagementId, content },
];

/** All that a person can be told by the server: rows, checksums, the log, answers to every mutation of their own. */
async function listAnswers(device: TestDevice, orgId: string): Promise<string> {
  const texts: string[] = [];
  let page = await device.pull(orgId);
  texts.push(JSON.stringify(page));
  while (!page.complete) {
    page = await device.pull(orgId, { scopes: page.scopes, head: page.head });
    texts.push(JSON.stringify(page));
  }
  const history = await device.fetch(`${endpoints.history(orgId)}?after=0`);
  expect(history.status).toBe(200);
  texts.push(await history.text());
  const checksums = await device.request('POST', endpoints.checksums(orgId), {
    scopes: [...page.scopes.map(({ scope }) => scope), 'desk', '*', 'org'],
  });
  texts.push(JSON.stringify(checksums));
  return texts.join('\n');
}

const listOpened = async (device: TestDevice, orgId: string) =>
  (await device.list(orgId, 'evaluations')).filter(({ openedAt }) => openedAt !== null);

test('SY-10 nothing of a sealed evaluation reaches the other side, whatever it asks; its own side has it', async () => {
  const { orgId, owner, intern, engagementId } = await createScene();
  const stream = await openPokeStream(owner);
  await intern.device.apply(orgId, write(engagementId, internContent()));
  expect(await listAnswers(owner, orgId)).not.toContain(internCanary);
  expect(await listAnswers(intern.device, orgId)).toContain(internCanary);
  await expect.poll(() => stream.pokes.length).toBeGreaterThan(0);
  expect(JSON.stringify(stream.pokes)).not.toContain(internCanary);
});

test('SY-10 what the employer sealed stays at the desk', async () => {
  const { orgId, owner, intern, engagementId } = await createScene();
  await owner.apply(orgId, write(engagementId, employerContent()));
  expect(await listAnswers(intern.device, orgId)).not.toContain(employerCanary);
  expect(await listAnswers(owner, orgId)).toContain(employerCanary);
});

test('with both in, both are opened to both: the newest that each side wrote', async () => {
  const { orgId, owner, intern, engagementId } = await createScene();
  await owner.apply(orgId, write(engagementId, employerContent('first')));
  await owner.apply(orgId, write(engagementId, employerContent('second')));
  await intern.device.apply(orgId, write(engagementId, internContent()));
  for (const device of [owner, intern.device]) {
    const opened = await listOpened(device, orgId);
    expect(new Set(opened.map(({ side }) => side))).toEqual(new Set(['employer', 'intern']));
    expect(opened).toHaveLength(2);
    const employers = opened.find(({ side }) => side === 'employer');
    expect(employers?.['contentJson']).toContain('second');
    expect(opened.map(({ afterOpening }) => afterOpening)).toEqual([0, 0]);
  }
  // The first words were sealed and stay so.
  expect(await listAnswers(intern.device, orgId)).not.toContain(`${employerCanary} first`);
  expect(
    await owner.pushOne(orgId, ...write(engagementId, employerContent('third'))),
  ).toMatchObject({ status: 'rejected', code: 'conflict' });
});

test('what two managers wrote is there for both, the one that came later is opened, and the history names both', async () => {
  const { orgId, owner, organization, intern, engagementId } = await createScene();
  const manager = await addManager(organization, 'Mara');
  await owner.apply(orgId, write(engagementId, employerContent('first')));
  // Written without a connection, and so without knowing of the owner's.
  await manager.device.apply(orgId, write(engagementId, employerContent('second')));
  for (const device of [owner, manager.device])
    expect((await device.list(orgId, 'evaluations')).map(({ writtenBy }) => writtenBy)).toEqual([
      organization.ownerMembershipId,
      manager.membershipId,
    ]);
  await intern.device.apply(orgId, write(engagementId, internContent()));
  const opened = await listOpened(intern.device, orgId);
  expect(opened.find(({ side }) => side === 'employer')).toMatchObject({
    writtenBy: manager.membershipId,
  });
  expect(await listAnswers(intern.device, orgId)).not.toContain(`${employerCanary} first`);
  expect(await listAnswers(owner, orgId)).toContain(`${employerCanary} first`);
  const { entries } = await manager.device.request<HistoryPage>('GET', endpoints.history(orgId));
  const writers = entries
    .filter(({ name }) => name === 'evaluation.write')
    .map(({ actorMembershipId }) => actorMembershipId);
  expect(writers).toEqual([organization.ownerMembershipId, manager.membershipId]);
});

test('fourteen days after the end what one side said is opened; not a minute before', async () => {
  const { time, orgId, owner, intern, engagementId } = await createScene();
  await intern.device.apply(orgId, write(engagementId, internContent()));
  time.advance(sealedDays * dayMs - 60_000);
  await expect.poll(() => listOpened(intern.device, orgId)).toEqual([]);
  expect(await listAnswers(owner, orgId)).not.toContain(internCanary);
  time.advance(16 * 60_000);
  await expect.poll(async () => (await listOpened(owner, orgId)).length).toBe(1);
  expect(await listAnswers(owner, orgId)).toContain(internCanary);
});

test('who speaks when the other can be read already is read at once, and marked', async () => {
  const { time, orgId, owner, intern, engagementId } = await createScene();
  await intern.device.apply(orgId, write(engagementId, internContent()));
  time.advance((sealedDays + 1) * dayMs);
  await expect.poll(async () => (await listOpened(owner, orgId)).length).toBe(1);
  await owner.apply(orgId, write(engagementId, employerContent()));
  const opened = await listOpened(intern.device, orgId);
  expect(Object.fromEntries(opened.map((row) => [row['side'], row['afterOpening']]))).toEqual({
    intern: 0,
    employer: 1,
  });
});

test('a server that slept over the fourteenth day opens when it starts', async () => {
  const { time, ports, server, orgId, owner, intern, engagementId } = await createScene();
  await intern.device.apply(orgId, write(engagementId, internContent()));
  await server.close();
  time.advance((sealedDays + 3) * dayMs);
  const restarted = await server.restart({ ports });
  expect(await listOpened(owner.moveTo(restarted.url), orgId)).toHaveLength(1);
});

test('each speaks for its own side alone, of work that was completed, and says something', async () => {
  const { organization, orgId, owner, intern, engagementId } = await createScene();
  const other = await organization.addIntern('Otto');
  const answer = async (device: TestDevice, engagement: string, content: unknown) =>
    (await device.pushOne(orgId, ...write(engagement, content))).code;
  expect(await answer(intern.device, engagementId, employerContent())).toBe('forbidden');
  expect(await answer(owner, engagementId, internContent())).toBe('forbidden');
  expect(await answer(other.device, engagementId, internContent())).toBe('not_found');
  expect(await answer(owner, other.engagementId, employerContent())).toBe('refused');
  const silent = {
    side: 'intern',
    ratings: { clarity: null, feedback: null, fairness: null, learning: null },
    wentWell: ' ',
    couldImprove: '',
    wouldWorkAgain: null,
  };
  expect(await answer(intern.device, engagementId, silent)).toBe('invalid_input');
});

test('SY-10 a sealed evaluation of a person whose access has ended stays sealed, and is opened in its time', async () => {
  const { time, orgId, owner, intern, engagementId } = await createScene();
  await intern.device.apply(orgId, write(engagementId, internContent()));
  await owner.apply(orgId, ['member.remove', { membershipId: intern.membershipId, reason: null }]);
  expect(await listAnswers(owner, orgId)).not.toContain(internCanary);
  // What comes afterwards is nobody's to read, in quarantine neither.
  expect(
    await intern.device.pushOne(orgId, ...write(engagementId, internContent('later'))),
  ).toMatchObject({ status: 'rejected', code: 'forbidden' });
  expect(await listAnswers(owner, orgId)).not.toContain(internCanary);
  time.advance((sealedDays + 1) * dayMs);
  await expect.poll(async () => (await listOpened(owner, orgId)).length).toBe(1);
});

test('what a person sealed is erased with their data, and never opened', async () => {
  const { time, orgId, owner, intern, engagementId } = await createScene();
  await intern.device.apply(orgId, write(engagementId, internContent()));
  await owner.apply(
    orgId,
    ['member.remove', { membershipId: intern.membershipId, reason: null }],
    ['member.erase', { membershipId: intern.membershipId }],
  );
  time.advance((sealedDays + 1) * dayMs);
  await owner.apply(orgId, write(engagementId, employerContent()));
  expect((await listOpened(owner, orgId)).map(({ side }) => side)).toEqual(['employer']);
  expect(await listAnswers(owner, orgId)).not.toContain(internCanary);
});

test('an organization is locked for what is due to be opened, and not for what was erased before that', async () => {
  for (const isErased of [false, true]) {
    const { server, time, orgId, owner, intern, engagementId } = await createScene();
    const { device, membershipId } = intern;
    await device.apply(orgId, write(engagementId, internContent()));
    if (isErased)
      await owner.apply(
        orgId,
        ['member.remove', { membershipId, reason: null }],
        ['member.erase', { membershipId }],
      );
    await server.close();
    time.advance((sealedDays + 1) * dayMs);
    const { writer, ports, database } = await openServerParts(server);
    const locked: string[] = [];
    await openDueEvaluations({
      database,
      ports: { ...ports, clock: time.clock },
      writer: {
        ...writer,
        write(lockedOrgId, action) {
          locked.push(lockedOrgId);
          return writer.write(lockedOrgId, action);
        },
      },
    });
    expect(locked).toEqual(isErased ? [] : [orgId]);
  }
});

test('SY-15 a restored server opens nothing that it has only one side of, and both once both have come again', async () => {
  const { ports, server, orgId, owner, intern, engagementId } = await createScene();
  const restore = await server.keepCopy();
  const first: TestServer = await server.restart({ ports });
  const before = { owner: owner.moveTo(first.url), intern: intern.device.moveTo(first.url) };
  const written: WireMutation = before.intern.createMutation('evaluation.write', {
    evaluationId: createId(),
    engagementId,
    content: internContent(),
  });
  const employers = before.owner.createMutation('evaluation.write', {
    evaluationId: createId(),
    engagementId,
    content: employerContent(),
  });
  const { head } = await before.intern.push(orgId, [written]);
  await first.close();

  const restored = await restore({ ports });
  const after = { owner: owner.moveTo(restored.url), intern: intern.device.moveTo(restored.url) };
  await after.owner.push(orgId, [employers]);
  expect(await listOpened(after.owner, orgId)).toEqual([]);
  expect(await listAnswers(after.intern, orgId)).not.toContain(employerCanary);
  await after.intern.push(orgId, [{ ...written, acknowledged: { seq: head.seq, receipt: null } }]);
  expect(await listOpened(after.intern, orgId)).toHaveLength(2);
  expect(await listAnswers(after.owner, orgId)).toContain(internCanary);
});
