import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { chmod, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { z } from 'zod';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openWorkspace } from '../../../src/cli/command-line-host.ts';
import { contract, requestNames } from '../../../src/shared/contract/contract.ts';
import { computeBagEntries } from '../../../src/main/workspace/bundles/bag.ts';
import { writeArchive } from '../../../src/main/workspace/bundles/archive-writer.ts';
import { makeTemporaryFolder } from '../../support/bundles/temporary-folder.ts';
import { runStint, startStintServer } from '../../support/cli/run-stint.ts';

const account = {
  kind: 'new',
  email: 'ada@example.org',
  password: 'correct horse battery',
  name: 'Ada Owner',
  timeZone: 'Europe/Berlin',
};

const terms = {
  title: 'Market research',
  brief: 'Find out.',
  category: 'research',
  categoryName: null,
  hourBudgetMinutes: 600,
  pay: { kind: 'unpaid' },
  timeZone: 'Europe/Berlin',
  startsOn: '2026-03-01',
  endsOn: '2026-03-31',
  graceMinutes: 0,
  latePolicy: '',
  roundsIncluded: 1,
};

async function call(data: string, name: string, input: unknown): Promise<unknown> {
  const { status, stdout, stderr } = await runStint([
    'call',
    name,
    JSON.stringify(input),
    '--data',
    data,
  ]);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return JSON.parse(stdout);
}

describe('stint', () => {
  test.each([
    [[], /expected a command: server, requests, call, sync, verify, history, workspace, demo/],
    [['serve'], /unknown command "serve"; expected one of server, requests/],
    [['--verbose'], /unknown option "--verbose"/],
    [['server'], /server: expected --data DIR/],
    [['server', '--data', 'x', '--prot', '1'], /Unknown option '--prot'; expected --data, --host/],
    [['server', '--data', 'x', '--port', '70000'], /--port: expected a number from 0 to 65535/],
    [['server', '--data', 'x', '--signup', 'all'], /--signup: expected one of open, invitation/],
    [['server', 'password', '--data', 'x'], /server password: expected EMAIL/],
    [['server', 'password', 'ada', '--data', 'x'], /such as ada@example.org, found "ada"/],
    [['server', 'password', 'ada@example.org'], /server password: expected --data DIR/],
    [['requests', '--xml'], /Unknown option '--xml'; expected --json/],
    [['call', '--data', 'x'], /call: expected REQUEST/],
    [['call', 'app.state'], /call: expected --data DIR/],
    [['call', 'app.state', '{}', 'more', '--data', 'x'], /unexpected argument "more"/],
    [['sync'], /sync: expected --data DIR/],
    [['sync', '--data', 'x', '--timeout-ms', 'soon'], /--timeout-ms: expected a number/],
    [['verify'], /verify: expected FILE/],
    [['demo'], /demo: expected --out DIR/],
    [['demo', '--to', 'x'], /Unknown option '--to'; expected --out/],
  ])('says what it expected for %j, with status 2', async (args, message) => {
    const { status, stdout, stderr } = await runStint(args);
    expect(stderr).toMatch(message);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  test('has help for itself and for each command, and a version', async () => {
    const { version } = JSON.parse(
      await readFile(join(import.meta.dirname, '../../../package.json'), 'utf8'),
    ) as { version: string };
    expect(await runStint(['--version'])).toEqual({
      status: 0,
      stdout: `${version}\n`,
      stderr: '',
    });
    for (const args of [['--help'], ['help', 'call'], ['verify', '--help']]) {
      const { status, stdout } = await runStint(args);
      expect(status).toBe(0);
      expect(stdout).toContain(args.includes('call') ? 'stint call REQUEST' : 'stint verify FILE');
    }
    const { stdout } = await runStint(['server', '--help']);
    expect(stdout).toContain('--session-days N');
    expect(stdout).toContain('stint server password EMAIL --data DIR');
  });
});

describe('stint server', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    'prints one line with its address, answers there, and stops cleanly on %s',
    async (signal) => {
      const server = await startStintServer(await makeTemporaryFolder());
      const response = await fetch(`${server.url}/api/v1/server`);
      expect(await response.json()).toMatchObject({ product: 'stint' });
      expect(await server.stop(signal)).toBe(0);
      expect(server.lines).toEqual([JSON.stringify({ url: server.url })]);
      await expect(fetch(`${server.url}/api/v1/server`)).rejects.toThrow('fetch failed');
    },
  );

  test('refuses a data folder on which another server runs, and a port that is taken', async () => {
    const folder = await makeTemporaryFolder();
    const server = await startStintServer(folder);
    const again = await runStint(['server', '--data', folder]);
    expect(again.status).toBe(1);
    expect(again.stderr).toMatch(/workspace_in_use/);
    const port = new URL(server.url).port;
    const other = await makeTemporaryFolder();
    const taken = await runStint(['server', '--data', other, '--port', port]);
    expect(taken.status).toBe(1);
    expect(taken.stderr).toMatch(new RegExp(`^stint: port ${port} of 127.0.0.1 cannot be used`));
  });
});

describe('stint requests', () => {
  test('lists every request with its input and output as JSON Schema', async () => {
    const { status, stdout } = await runStint(['requests', '--json']);
    expect(status).toBe(0);
    const listed = JSON.parse(stdout) as Record<string, unknown>[];
    expect(listed.map(({ name }) => name)).toEqual(requestNames);
    for (const request of listed) {
      expect(request['summary']).toBe(contract[request['name'] as 'app.state'].summary);
      expect(request['output']).toHaveProperty('$schema');
    }
    const tasks = listed.find(({ name }) => name === 'tasks.list');
    const schema = z.fromJSONSchema(tasks?.['input'] as Parameters<typeof z.fromJSONSchema>[0]);
    expect(schema.safeParse({}).success).toBe(true);
    expect(schema.safeParse({ limit: 'many' }).success).toBe(false);
    const plain = await runStint(['requests']);
    expect(plain.stdout.trimEnd().split('\n')).toHaveLength(requestNames.length);
  });
});

describe('stint call', () => {
  test('answers a request as JSON; its input comes as an argument, from standard input, or not at all', async () => {
    const data = join(await makeTemporaryFolder(), 'new', 'workspace');
    expect(await call(data, 'app.state', {})).toMatchObject({ host: 'command_line', seats: [] });
    const written = await runStint(['call', 'settings.update', '-', '--data', data], {
      input: '{"theme":"dark","deviceName":"Büro 🌱"}',
    });
    expect(written.status).toBe(0);
    const { status, stdout } = await runStint(['call', 'app.state', '--data', data]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      settings: { theme: 'dark', deviceName: 'Büro 🌱' },
    });
  });

  test.each([
    ['no.such.request', '{}', 'not_found', undefined],
    ['settings.update', '{"theme":"pink"}', 'invalid_input', 'theme'],
    ['settings.update', '{"theme":', 'invalid_input', undefined],
    ['setup.checkServer', '{"serverUrl":"ftp://example.org"}', 'invalid_input', 'serverUrl'],
    ['setup.inspectInvitation', '{"link":"https://example.org/"}', 'invalid_input', 'link'],
    ['setup.checkServer', '{"serverUrl":"127.0.0.1:1"}', 'server_unreachable', 'serverUrl'],
    ['files.importPath', '{"path":"/no/such/file"}', 'file_missing', undefined],
    ['app.openExternal', '{"url":"https://example.org"}', 'unavailable', undefined],
  ])(
    '%s with %s fails with the code and the field on standard error',
    async (name, input, code, field) => {
      const data = await makeTemporaryFolder();
      const { status, stdout, stderr } = await runStint(['call', name, input, '--data', data]);
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
      const error = JSON.parse(stderr) as { code: string; message: string; field?: string };
      expect(error.code).toBe(code);
      expect(error.field).toBe(field);
      expect(error.message.length).toBeGreaterThan(10);
    },
  );

  test('SY-22 reaches the server for the requests that bring files', async () => {
    const { data, seatId, taskId, contentPath } = await makeDesk();
    await rm(contentPath);
    expect(await call(data, 'files.fetchTask', { seatId, taskId })).toMatchObject({
      files: 1,
      filesHere: 1,
    });
    await chmod(contentPath, 0o600);
    await writeFile(contentPath, 'blue and wrong');
    expect(await call(data, 'files.check', {})).toMatchObject({
      damaged: [{ name: 'brand guide.txt', isFetchedAgain: true }],
    });
    expect(await readFile(contentPath, 'utf8')).toBe('blue and white');
  }, 90_000);

  test('is refused while another program has the workspace open', async () => {
    const data = await makeTemporaryFolder();
    const opened = await openWorkspace(data, { startsSync: false });
    onTestFinished(() => opened.close());
    const { status, stderr } = await runStint(['call', 'app.state', '--data', data]);
    expect(status).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({ code: 'workspace_in_use' });
    expect(await opened.dispatch('app.state', {}, 'local')).toMatchObject({ seats: [] });
  });
});

/** An employer's workspace on a server that runs, with a task whose one reference file the server has. */
async function makeDesk() {
  const folder = await makeTemporaryFolder();
  const data = join(folder, 'workspace');
  const reference = join(folder, 'brand guide.txt');
  await writeFile(reference, 'blue and white');
  const { url: serverUrl } = await startStintServer(join(folder, 'server'));
  const desk = await openWorkspace(data, { startsSync: true });
  const intern = await openWorkspace(join(folder, 'intern'), { startsSync: true });
  onTestFinished(() => Promise.all([desk.close(), intern.close()]).then(() => undefined));
  const ask = async (name: string, input: unknown) =>
    (await desk.dispatch(name, input, 'local')) as Record<string, string>;
  const { seatId } = await ask('setup.createOrganization', {
    serverUrl,
    account,
    organizationName: 'Acorn',
    timeZone: 'Europe/Berlin',
  });
  const { projectId } = await ask('project.create', { seatId, terms });
  const who = { name: 'Ben Intern', email: 'ben@example.org' };
  const { engagementId, link } = await ask('people.inviteIntern', { seatId, projectId, ...who });
  await desk.settle(30_000);
  await intern.dispatch(
    'setup.acceptInvitation',
    { link, account: { ...account, ...who } },
    'local',
  );
  await desk.dispatch('sync.now', {}, 'local');
  const { stagedId } = await ask('files.importPath', { path: reference });
  const { taskId } = await ask('task.assign', {
    seatId,
    engagementId,
    title: 'Read the brand guide',
    instructions: 'All of it.',
    criteria: [],
    deadline: { wall: '2026-03-20T18:00', zone: 'Europe/Berlin' },
    estimateMinutes: 60,
    referenceStagedIds: [stagedId],
  });
  await desk.settle(30_000);
  await desk.close();
  const sha256 = createHash('sha256').update('blue and white').digest('hex');
  return { data, seatId, taskId, contentPath: join(data, 'files', sha256.slice(0, 2), sha256) };
}

describe('stint sync', () => {
  test('sends what calls have left behind, and says by its status whether everything is on the server', async () => {
    const folder = await makeTemporaryFolder();
    const data = join(folder, 'workspace');
    const server = await startStintServer(join(folder, 'server'));
    const { seatId } = (await call(data, 'setup.createOrganization', {
      serverUrl: server.url,
      account,
      organizationName: 'Acorn',
      timeZone: 'Europe/Berlin',
    })) as { seatId: string };
    const { port } = new URL(server.url);
    expect(await server.stop('SIGTERM')).toBe(0);

    await call(data, 'project.create', {
      seatId,
      terms,
    });
    const offline = await runStint(['sync', '--data', data, '--timeout-ms', '500']);
    expect(offline.status).toBe(1);
    expect(JSON.parse(offline.stdout)).toMatchObject({
      isSettled: false,
      waitingChanges: 1,
      problem: expect.stringContaining('cannot be reached'),
    });

    await startStintServer(join(folder, 'server'), ['--port', port]);
    const online = await runStint(['sync', '--data', data]);
    expect(JSON.parse(online.stdout)).toMatchObject({
      isSettled: true,
      sentChanges: 1,
      waitingChanges: 0,
      attentionCount: 0,
      problem: null,
    });
    expect(online.status).toBe(0);
    expect(await call(data, 'projects.list', { seatId })).toMatchObject([
      { title: 'Market research', mark: 'on_the_server' },
    ]);
    // Seven processes, one after the other.
  }, 90_000);

  test('does not make a workspace out of a mistyped folder', async () => {
    const folder = join(await makeTemporaryFolder(), 'typo');
    const { status, stderr } = await runStint(['sync', '--data', folder]);
    expect(status).toBe(1);
    expect(stderr).toContain('there is no workspace in');
    await expect(stat(folder)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('stint verify', () => {
  test('has status 0 for a whole bundle only, and names what is wrong with another', async () => {
    const folder = await makeTemporaryFolder();
    const whole = join(folder, 'whole.zip');
    const payload = [{ path: 'Müsli.txt', content: Buffer.from('muesli') }];
    await writeArchive(whole, computeBagEntries('bag', payload, []), '2026-03-01');
    expect(await runStint(['verify', whole])).toEqual({
      status: 0,
      stdout: 'whole: 1 file, 6 bytes\n',
      stderr: '',
    });
    const damaged = join(folder, 'damaged.zip');
    const bytes = await readFile(whole);
    bytes.write('MUESLI', bytes.indexOf('muesli'));
    await writeFile(damaged, bytes);
    const text = await runStint(['verify', damaged]);
    expect(text.status).toBe(1);
    expect(text.stdout).toMatch(/^changed {2}data\/Müsli\.txt$/m);
    expect(text.stdout).toMatch(/^not whole: 0 missing, 1 changed, 0 extra/m);
    const json = await runStint(['verify', damaged, '--json']);
    expect(json.status).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({ isWhole: false, changed: ['data/Müsli.txt'] });
  });

  test('names a file that is no bundle, and one that is not there', async () => {
    const folder = await makeTemporaryFolder();
    const path = join(folder, 'x.zip');
    await writeFile(path, 'no bundle');
    const wrong = await runStint(['verify', path]);
    expect(wrong.status).toBe(1);
    expect(wrong.stdout).toContain('not a whole ZIP archive');
    const none = await runStint(['verify', join(folder, 'none.zip')]);
    expect(none.status).toBe(1);
    expect(none.stderr).toContain('file_missing');
  });

  test('shows names that would command the terminal by their numbers', async () => {
    const path = join(await makeTemporaryFolder(), 'evil.zip');
    const archive = new ZipFile();
    const done = finished(archive.outputStream.pipe(createWriteStream(path)));
    archive.addBuffer(
      Buffer.from('BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n'),
      'b/bagit.txt',
    );
    archive.addBuffer(Buffer.from(''), 'b/manifest-sha256.txt');
    archive.addBuffer(Buffer.from('x'), 'b/data/\u001B[2Jgone\u202Etxt.exe');
    archive.end();
    await done;
    const { status, stdout } = await runStint(['verify', path]);
    expect(status).toBe(1);
    expect(stdout).toContain('extra    data/[U+001B][2Jgone[U+202E]txt.exe');
    for (const hidden of ['\u001B', '\u202E']) expect(stdout).not.toContain(hidden);
  });
});

describe('stint demo', () => {
  test('plays the whole cycle twice into the same folder, and leaves a whole bundle and three folders', async () => {
    const out = join(await makeTemporaryFolder(), 'demo');
    for (const round of [1, 2]) {
      const { status, stdout, stderr } = await runStint(['demo', '--out', out]);
      expect(stderr, `round ${round}`).toBe('');
      expect(status, stdout).toBe(0);
      expect(stdout.match(/ ms(?: |$)/gm)?.length).toBeGreaterThan(30);
      expect(stdout.match(/rows in \d+ scopes agree/g)).toHaveLength(2);
    }
    expect((await readdir(out)).sort()).toEqual(
      ['.stint-demo', 'bundle.zip', 'employer', 'intern', 'server'].sort(),
    );
    expect((await runStint(['verify', join(out, 'bundle.zip')])).status).toBe(0);
    const state = (await call(join(out, 'intern'), 'app.state', {})) as { seats: unknown[] };
    expect(state.seats).toHaveLength(1);
  }, 180_000);

  test('leaves a folder alone that is not its own', async () => {
    const folder = await makeTemporaryFolder();
    await writeFile(join(folder, 'bundle.zip'), 'mine');
    const { status, stderr } = await runStint(['demo', '--out', folder]);
    expect(status).toBe(2);
    expect(stderr).toContain('not empty');
    expect(await readFile(join(folder, 'bundle.zip'), 'utf8')).toBe('mine');
    expect(await readdir(folder)).toEqual(['bundle.zip']);
  });
});
