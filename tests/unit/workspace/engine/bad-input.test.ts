import { spawn } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HostCapabilities } from '../../../../src/main/workspace/engine/host-capabilities.ts';
import { type Engine, openEngine } from '../../../../src/main/workspace/engine/open-engine.ts';
import { StintError } from '../../../../src/shared/errors.ts';
import { computeInvitationLink } from '../../../../src/shared/protocol/endpoints.ts';
import type { RunningServer } from '../../../../src/server/start-server.ts';
import { catchStintError, makeTemporaryFolder } from '../../../support/sync/test-installation.ts';
import { startTestServer } from '../../../support/sync/test-organization.ts';

const host: HostCapabilities = {
  kind: 'command_line',
  openExternal: async () => {},
  startSample: async () => {
    throw new StintError('unavailable', 'no sample here');
  },
  getUpdateState: () => ({ state: 'off', version: null, message: null }),
  installUpdate: async () => {},
};

let temporary: Awaited<ReturnType<typeof makeTemporaryFolder>>;
const engines: Engine[] = [];
beforeEach(async () => {
  temporary = await makeTemporaryFolder();
});
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
  await temporary.remove();
});

async function open(name = 'workspace'): Promise<Engine> {
  const engine = await openEngine({ folder: join(temporary.path, name), version: '0.0.0', host });
  engines.push(engine);
  return engine;
}

const entryPoint = new URL('../../../../src/main/workspace/engine/open-engine.ts', import.meta.url)
  .href;

/** Opens a workspace in a process of its own, as a user without special rights if this one has them. */
async function openElsewhere(
  folder: string,
  asNobody: boolean,
): Promise<{ code: string; message: string }> {
  const script = `
    const { openEngine } = await import(${JSON.stringify(entryPoint)});
    const host = { kind: 'command_line', getUpdateState: () => ({ state: 'off', version: null, message: null }) };
    try { await openEngine({ folder: ${JSON.stringify(folder)}, version: '0.0.0', host }); console.log('{"code":"opened"}'); }
    catch (error) { console.log(JSON.stringify({ code: error.code, message: error.message })); }
    process.exit(0);`;
  const isRoot = process.getuid?.() === 0;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(asNobody && isRoot ? { uid: 65_534, gid: 65_534 } : {}),
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  await new Promise((resolve) => child.once('close', resolve));
  return JSON.parse(printed) as { code: string; message: string };
}

async function snapshot(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, (await readFile(name)).toString('base64')])),
  );
}

describe('the workspace folder', () => {
  test('a second process on the same folder is told whose it is, and harms nothing', async () => {
    const engine = await open();
    const folder = join(temporary.path, 'workspace');
    const answer = await openElsewhere(folder, false);
    expect(answer.code).toBe('workspace_in_use');
    expect(answer.message).toContain(String(process.pid));
    expect(answer.message).toContain(folder);
    await expect(engine.dispatch('app.state', {}, 'renderer')).resolves.toMatchObject({
      seats: [],
    });
  });

  test('the folder is free again when its process was killed', async () => {
    const folder = join(temporary.path, 'workspace');
    const script = `
      const { openEngine } = await import(${JSON.stringify(entryPoint)});
      await openEngine({ folder: ${JSON.stringify(folder)}, version: '0.0.0', host: {} });
      console.log('open'); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    expect((await catchStintError(() => open())).code).toBe('workspace_in_use');
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
    await expect(open()).resolves.toBeDefined();
  });

  test('a folder that cannot be written is refused, and stays as it is', async () => {
    const folder = join(temporary.path, 'locked');
    await mkdir(folder);
    await writeFile(join(folder, 'note.txt'), 'mine');
    await chmod(temporary.path, 0o755);
    await chmod(folder, 0o555);
    const before = await snapshot(folder);
    const answer = await openElsewhere(folder, true);
    expect(answer.code).toBe('workspace_unwritable');
    expect(answer.message).toContain(folder);
    expect(await snapshot(folder)).toEqual(before);
    await chmod(folder, 0o755);
  });

  test('a workspace of a newer version is refused and left untouched', async () => {
    const engine = await open();
    await engine.close();
    engines.length = 0;
    const path = join(temporary.path, 'workspace', 'workspace.db');
    const connection = new Database(path);
    connection.exec(`insert into "kysely_migration" values ('workspace-9999-later', '2031-01-01')`);
    connection.close();
    const before = await readFile(path);
    const error = await catchStintError(() => open());
    expect(error.code).toBe('database_newer');
    expect(error.message).toMatch(/newer version of Stint/);
    expect(await readFile(path)).toEqual(before);
  });
});

describe('servers and invitations', () => {
  let server: RunningServer;
  let page: Server;
  let pageUrl: string;
  beforeEach(async () => {
    server = await startTestServer(join(temporary.path, 'server'));
    page = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<!doctype html><title>My bakery</title>');
    });
    await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
    pageUrl = `http://127.0.0.1:${(page.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    page.close();
    await server.close();
  });

  const account = {
    kind: 'new',
    email: 'ines@example.org',
    password: 'correct horse battery',
    name: 'Ines',
    timeZone: 'Europe/Lisbon',
  };

  test.each([
    ['nonsense', 'not an address at all', 'invalid_input'],
    ['another scheme', 'ftp://example.org', 'invalid_input'],
    ['nobody there', 'http://127.0.0.1:9', 'server_unreachable'],
  ])('an address that is %s is refused in plain words', async (_case, serverUrl, code) => {
    const engine = await open();
    const error = await catchStintError(() =>
      engine.dispatch('setup.checkServer', { serverUrl }, 'renderer'),
    );
    expect(error.code).toBe(code);
    expect(error.message.length).toBeGreaterThan(20);
  });

  test('a server that answers HTML is said to be no Stint server', async () => {
    const engine = await open();
    const error = await catchStintError(() =>
      engine.dispatch('setup.checkServer', { serverUrl: pageUrl }, 'renderer'),
    );
    expect(error.code).toBe('not_a_stint_server');
    expect(error.message).toContain('text/html');
    await expect(engine.dispatch('app.state', {}, 'renderer')).resolves.toMatchObject({
      seats: [],
    });
  });

  test('a link that is no invitation, and one that the server does not know, leave nothing behind', async () => {
    const engine = await open();
    for (const [link, code] of [
      ['https://example.org/', 'invalid_input'],
      [`${server.url}/join#tooshort`, 'invalid_input'],
      [computeInvitationLink(server.url, 'A'.repeat(43)), 'invitation_unknown'],
    ] as const) {
      const error = await catchStintError(() =>
        engine.dispatch('setup.acceptInvitation', { link, account }, 'renderer'),
      );
      expect(error.code).toBe(code);
      expect(error.message).not.toContain('A'.repeat(43));
    }
    // No account was made on the way: the person is unknown to the server.
    const error = await catchStintError(() =>
      engine.dispatch(
        'session.signIn',
        { serverUrl: server.url, email: account.email, password: account.password },
        'renderer',
      ),
    );
    expect(error.code).toBe('wrong_password');
    await expect(engine.dispatch('app.state', {}, 'renderer')).resolves.toMatchObject({
      seats: [],
    });
  });
});

describe('requests', () => {
  test('an unknown request, and a local one asked by a renderer, do not exist', async () => {
    const engine = await open();
    for (const name of ['tasks.destroy', 'files.importPath', '__proto__', 'constructor'])
      expect(
        (await catchStintError(() => engine.dispatch(name, { path: '/etc/passwd' }, 'renderer')))
          .code,
      ).toBe('not_found');
  });

  test('invalid input names the field and never repeats the value', async () => {
    const engine = await open();
    const error = await catchStintError(() =>
      engine.dispatch(
        'setup.createOrganization',
        {
          serverUrl: 'https://stint.example.org',
          organizationName: 'Acorn',
          timeZone: 'Europe/Berlin',
          account: { kind: 'new', email: 'x', password: 'hunter2', name: 'X', timeZone: 'UTC' },
        },
        'renderer',
      ),
    );
    expect(error.code).toBe('invalid_input');
    expect(error.field).toMatch(/^account\./);
    expect(error.message).not.toContain('hunter2');
  });
});
