import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openWorkspace } from '../../../../src/cli/command-line-host.ts';
import type { Engine } from '../../../../src/main/workspace/engine/open-engine.ts';
import { askEngine } from '../../../../src/main/sample/ask-engine.ts';
import type { RunningServer } from '../../../../src/server/start-server.ts';
import { runStint } from '../../../support/cli/run-stint.ts';
import { makeTemporaryFolder } from '../../../support/sync/test-installation.ts';
import { testProjectTerms } from '../../../support/server/test-organization.ts';
import { startTestServer } from '../../../support/sync/test-organization.ts';
import { unpackArchive } from '../../../support/bundles/unpack-archive.ts';

let temporary: Awaited<ReturnType<typeof makeTemporaryFolder>>;
let server: RunningServer;
let engine: Pick<Engine, 'dispatch' | 'settle' | 'close'>;
let seatId: string;

beforeEach(async () => {
  temporary = await makeTemporaryFolder();
  server = await startTestServer(path.join(temporary.path, 'server'));
  engine = await openWorkspace(path.join(temporary.path, 'owner'), { startsSync: true });
  const made = await askEngine(engine, 'setup.createOrganization', {
    serverUrl: server.url,
    organizationName: 'Acorn',
    timeZone: 'Europe/Berlin',
    account: {
      kind: 'new',
      name: 'Ada Owner',
      email: 'ada@example.org',
      password: 'correct horse battery',
      timeZone: 'Europe/Berlin',
    },
  });
  seatId = made.seatId;
});

afterEach(async () => {
  await engine.close();
  await server.close();
  await temporary.remove();
});

async function inviteManagers(count: number): Promise<void> {
  for (let number = 1; number <= count; number += 1)
    await askEngine(engine, 'people.inviteManager', { seatId, name: `Manager ${number}` });
  expect((await engine.settle(15_000)).isSettled).toBe(true);
}

test('what was done is listed with who, when and from which device, by claim and by receipt', async () => {
  await inviteManagers(2);
  const { added } = await askEngine(engine, 'history.fetch', { seatId });
  expect(added).toBe(3);
  const { entries, total, people, kinds } = await askEngine(engine, 'history.list', { seatId });
  expect(total).toBe(3);
  expect(entries.map(({ label, subject }) => [label, subject])).toEqual([
    ['Invite a manager', 'Manager 2'],
    ['Invite a manager', 'Manager 1'],
    ['Create the organization', 'Acorn'],
  ]);
  expect(entries[0]).toMatchObject({ seq: 3, personName: 'Ada Owner', isByServer: false });
  expect(entries[0]?.deviceName).not.toBeNull();
  expect(Date.parse(entries[0]?.receivedAt ?? '')).not.toBeNaN();
  expect(people).toEqual([{ membershipId: expect.any(String) as string, name: 'Ada Owner' }]);
  expect(kinds.map(({ label }) => label)).toEqual(['Create the organization', 'Invite a manager']);
  const filtered = await askEngine(engine, 'history.list', { seatId, text: 'manager 1' });
  expect(filtered.entries.map(({ subject }) => subject)).toEqual(['Manager 1']);
  // A second fetch brings what is new, and nothing twice.
  await inviteManagers(1);
  expect(await askEngine(engine, 'history.fetch', { seatId })).toEqual({ added: 1 });
});

test('what is asked for twice at once is fetched once', async () => {
  const fetchNew = () => askEngine(engine, 'history.fetch', { seatId });
  expect(await fetchNew()).toEqual({ added: 1 });
  await inviteManagers(2);
  expect(await Promise.all([fetchNew(), fetchNew()])).toEqual([{ added: 2 }, { added: 2 }]);
  expect((await askEngine(engine, 'history.list', { seatId })).total).toBe(3);
  // Whoever asks after that looks anew.
  await inviteManagers(1);
  expect(await fetchNew()).toEqual({ added: 1 });
});

test('without a connection what was fetched is there, and what was not sent yet stands above it', async () => {
  await inviteManagers(1);
  await askEngine(engine, 'history.fetch', { seatId });
  await server.close();
  await askEngine(engine, 'people.inviteManager', { seatId, name: 'On the train' });
  await expect(askEngine(engine, 'history.fetch', { seatId })).rejects.toMatchObject({
    code: 'server_unreachable',
  });
  const { entries, unsent } = await askEngine(engine, 'history.list', { seatId });
  expect(entries).toHaveLength(2);
  expect(unsent).toEqual([
    expect.objectContaining({ seq: null, subject: 'On the train', receivedAt: null }),
  ]);
});

test('an exported history is followed by a command, which names the first entry that was changed', async () => {
  await inviteManagers(3);
  await askEngine(engine, 'history.fetch', { seatId });
  expect(await askEngine(engine, 'history.check', { seatId })).toEqual({
    entries: 4,
    isWhole: true,
    problem: null,
  });
  const written = await askEngine(engine, 'history.export', { seatId });
  expect(written.entries).toBe(4);
  const files = await unpackArchive(written.path, path.join(temporary.path, 'unpacked'));
  const jsonLines = files.find((file) => file.endsWith('history.jsonl')) ?? '';
  const table = files.find((file) => file.endsWith('history.csv')) ?? '';
  expect((await readFile(table, 'utf8')).split('\r\n')).toHaveLength(6);

  const whole = await runStint(['history', 'check', jsonLines]);
  expect(whole).toMatchObject({ status: 0, stderr: '' });
  expect(whole.stdout).toMatch(/^whole: 4 entries, the newest with the hash [0-9a-f]{64}\n$/);
  const lines = (await readFile(jsonLines, 'utf8')).split('\n');
  lines[2] = (lines[2] ?? '').replace('Manager 2', 'Manager X');
  await writeFile(jsonLines, lines.join('\n'));
  expect(await runStint(['history', 'check', jsonLines])).toMatchObject({
    status: 1,
    stdout: 'not whole: 2 entries fit, then entry 3 has other arguments than its hash says\n',
  });
  await writeFile(jsonLines, lines.toSpliced(1, 1).join('\n'));
  expect((await runStint(['history', 'check', jsonLines])).stdout).toContain(
    'expected entry 2, and found 3',
  );
});

test('a file that holds no history is refused in words', async () => {
  const file = path.join(temporary.path, 'notes.txt');
  await writeFile(file, 'shopping: milk\n');
  const { status, stderr } = await runStint(['history', 'check', file]);
  expect(status).not.toBe(0);
  expect(stderr).toContain('line 1 is not JSON');
  expect((await runStint(['history', 'check', `${file}.gone`])).stderr).toContain(
    'there is no file',
  );
  expect((await runStint(['history', 'check', temporary.path])).stderr).toContain(
    'cannot be read (EISDIR): expected a history.jsonl',
  );
});

test('a person takes along all that is held about them', async () => {
  await inviteManagers(1);
  const written = await askEngine(engine, 'people.exportOwnData', { seatId });
  const files = await unpackArchive(written.path, path.join(temporary.path, 'unpacked'));
  const data = JSON.parse(
    await readFile(files.find((file) => file.endsWith('data.json')) ?? '', 'utf8'),
  ) as { tables: Record<string, { displayName?: string; invitedName?: string }[]> };
  expect(data.tables['memberships']).toEqual([
    expect.objectContaining({ displayName: 'Ada Owner', email: 'ada@example.org' }),
  ]);
  expect(data.tables['invitations']).toEqual([
    expect.objectContaining({ invitedName: 'Manager 1' }),
  ]);
  expect(written.missing).toEqual([]);
});

test('a role that was changed elsewhere is this seat’s role after the next pull', async () => {
  const { link } = await askEngine(engine, 'people.inviteManager', { seatId, name: 'Max' });
  expect((await engine.settle(15_000)).isSettled).toBe(true);
  const other = await openWorkspace(path.join(temporary.path, 'manager'), { startsSync: true });
  try {
    const joined = await askEngine(other, 'setup.acceptInvitation', {
      link,
      account: {
        kind: 'new',
        name: 'Max',
        email: 'max@example.org',
        password: 'correct horse battery',
        timeZone: 'Europe/Berlin',
      },
    });
    await other.settle(15_000);
    await engine.settle(15_000);
    const { members } = await askEngine(engine, 'people.list', { seatId });
    const max = members.find(({ person }) => person.name === 'Max')?.person.membershipId ?? '';
    await askEngine(engine, 'people.setRole', { seatId, membershipId: max, role: 'owner' });
    await engine.settle(15_000);
    await expect
      .poll(async () => {
        await other.settle(15_000);
        const { seats } = await askEngine(other, 'app.state', {});
        return seats.find((seat) => seat.seatId === joined.seatId)?.role;
      })
      .toBe('owner');
    // What only an owner may do is taken at once, here and on the server.
    await askEngine(other, 'people.inviteManager', { seatId: joined.seatId, name: 'Mia' });
    const { isSettled, attentionCount } = await other.settle(15_000);
    expect({ isSettled, attentionCount }).toEqual({ isSettled: true, attentionCount: 0 });
  } finally {
    await other.close();
  }
});

test('erasing a person takes their name out of the history that was fetched before, and leaves its chain', async () => {
  const { link } = await askEngine(engine, 'people.inviteManager', { seatId, name: 'Zenobia' });
  expect((await engine.settle(15_000)).isSettled).toBe(true);
  const other = await openWorkspace(path.join(temporary.path, 'manager'), { startsSync: true });
  try {
    await askEngine(other, 'setup.acceptInvitation', {
      link,
      account: {
        kind: 'new',
        name: 'Zenobia Quist',
        email: 'zenobia@example.org',
        password: 'correct horse battery',
        timeZone: 'Europe/Berlin',
      },
    });
    await other.settle(15_000);
    const { seats } = await askEngine(other, 'app.state', {});
    await askEngine(other, 'phrase.save', {
      seatId: seats[0]?.seatId ?? '',
      phraseId: null,
      text: 'Well done.',
    });
    await other.settle(15_000);
  } finally {
    await other.close();
  }
  await inviteManagers(1);
  const { projectId } = await askEngine(engine, 'project.create', {
    seatId,
    terms: testProjectTerms,
  });
  // Nobody came by this one.
  const invited = { name: 'Zenobia', email: 'zenobia@example.org' };
  await askEngine(engine, 'people.inviteIntern', { seatId, projectId, ...invited });
  const { members } = await askEngine(engine, 'people.list', { seatId });
  const membershipId =
    members.find(({ person }) => person.name === 'Zenobia Quist')?.person.membershipId ?? '';
  const reason = 'Zenobia moves away';
  await askEngine(engine, 'people.remove', { seatId, membershipId, reason });
  await engine.settle(15_000);
  await askEngine(engine, 'history.fetch', { seatId });
  const find = async (text: string) =>
    (await askEngine(engine, 'history.list', { seatId, text })).total;
  expect(await find('zenobia')).toBe(4);
  const listDevices = async () => {
    const { entries } = await askEngine(engine, 'history.list', { seatId, membershipId });
    return entries.map(({ deviceName }) => deviceName);
  };
  expect(await listDevices()).toEqual([expect.any(String), null]);

  await askEngine(engine, 'people.erase', { seatId, membershipId });
  await engine.settle(15_000);
  await expect.poll(async () => find('zenobia')).toBe(0);
  expect(await find('manager 1')).toBe(1);
  expect(await listDevices()).toEqual([null, null]);
  const { entries } = await askEngine(engine, 'history.list', { seatId });
  expect(entries.filter(({ isErased }) => isErased).map(({ label }) => label)).toEqual([
    'End a person’s access',
    'Invite an intern',
    'Accept the invitation',
    'Invite a manager',
  ]);
  expect(await askEngine(engine, 'history.check', { seatId })).toMatchObject({ isWhole: true });
});

test('erasing an invitation that nobody accepted takes the name out of the history, and what was invited with it', async () => {
  await inviteManagers(1);
  const { projectId } = await askEngine(engine, 'project.create', {
    seatId,
    terms: testProjectTerms,
  });
  const invited = { name: 'Zenobia', email: 'zenobia@example.org' };
  const { invitationId, engagementId } = await askEngine(engine, 'people.inviteIntern', {
    seatId,
    projectId,
    ...invited,
  });
  await engine.settle(15_000);
  await askEngine(engine, 'history.fetch', { seatId });
  const find = async (text: string) =>
    (await askEngine(engine, 'history.list', { seatId, text })).total;
  expect(await find('zenobia')).toBe(1);
  await askEngine(engine, 'people.eraseInvitation', { seatId, invitationId });
  await engine.settle(15_000);
  await expect.poll(async () => find('zenobia')).toBe(0);
  expect(await find('manager 1')).toBe(1);
  const { invitations, engagements } = await askEngine(engine, 'people.list', { seatId });
  expect(invitations.find((each) => each.invitationId === invitationId)).toMatchObject({
    invitedName: 'Erased person',
    state: 'withdrawn',
    link: null,
  });
  expect(engagements.find((each) => each.engagementId === engagementId)).toMatchObject({
    status: 'withdrawn',
  });
  await askEngine(engine, 'history.fetch', { seatId });
  expect(await find('zenobia')).toBe(0);
  expect(await askEngine(engine, 'history.check', { seatId })).toMatchObject({ isWhole: true });
});
