import { expect, test } from 'vitest';
import { createServerPorts } from '../../../src/server/ports/server-ports.ts';
import type { AccountSummary } from '../../../src/shared/protocol/accounts.ts';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import { createHeldTime } from '../../support/server/held-ports.ts';
import { listRecords } from '../../support/server/test-database.ts';
import { TestDevice } from '../../support/server/test-device.ts';
import { createId } from '../../support/server/test-ids.ts';
import { TestOrganization } from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';

const password = 'correct horse battery';

test('a person registers, is recognised by their token, and signs in on another device', async () => {
  const { url } = await startTestServer();
  const laptop = new TestDevice(url);
  const account = await laptop.register('Ida', { email: 'ida@example.org', password });
  expect(account).toMatchObject({ email: 'ida@example.org', name: 'Ida', memberships: [] });
  expect(await laptop.request<AccountSummary>('GET', endpoints.account)).toEqual(account);

  const phone = new TestDevice(url);
  expect(await phone.signIn('Ida@Example.org', password)).toEqual(account);
  expect(phone.token).not.toBe(laptop.token);
  expect(await laptop.request<AccountSummary>('GET', endpoints.account)).toEqual(account);
});

test('an e-mail address has one account, whatever its case', async () => {
  const { url } = await startTestServer();
  await new TestDevice(url).register('Ida', { email: 'ida@example.org' });
  await expect(
    new TestDevice(url).register('Other', { email: 'IDA@example.ORG' }),
  ).rejects.toMatchObject({ status: 409, code: 'account_exists', field: 'email' });
});

test('a wrong password and an unknown e-mail address are answered alike', async () => {
  const { url } = await startTestServer();
  const device = new TestDevice(url);
  await device.register('Ida', { email: 'ida@example.org', password });
  const failures = await Promise.all([
    device.signIn('ida@example.org', 'another password').catch((error: unknown) => error),
    device.signIn('nobody@example.org', password).catch((error: unknown) => error),
  ]);
  for (const failure of failures)
    expect(failure).toMatchObject({ status: 401, code: 'wrong_password' });
  expect((failures[0] as Error).message).toBe((failures[1] as Error).message);
});

test('neither passwords nor tokens are stored', async () => {
  const server = await startTestServer({ ports: createServerPorts() });
  const device = new TestDevice(server.url);
  await device.register('Ida', { password });
  const stored = JSON.stringify([
    await listRecords(server, 'select * from accounts'),
    await listRecords(server, 'select * from sessions'),
  ]);
  expect(stored).toContain('$argon2id$v=19$m=19456,t=2,p=1$');
  expect(stored).not.toContain(password);
  expect(device.token).toMatch(/^[\w-]{43}$/);
  expect(stored).not.toContain(device.token);
});

test('a session that was ended is not signed in any more, and other devices stay signed in', async () => {
  const { url } = await startTestServer();
  const laptop = new TestDevice(url);
  await laptop.register('Ida', { email: 'ida@example.org', password });
  const phone = new TestDevice(url);
  await phone.signIn('ida@example.org', password);
  await laptop.request('DELETE', endpoints.session);
  await expect(laptop.request('GET', endpoints.account)).rejects.toMatchObject({
    status: 401,
    code: 'not_signed_in',
  });
  await phone.request('GET', endpoints.account);
});

test('signing in again on the same device ends the session it had', async () => {
  const { url } = await startTestServer();
  const device = new TestDevice(url);
  await device.register('Ida', { email: 'ida@example.org', password });
  const old = device.moveTo(url);
  await device.signIn('ida@example.org', password);
  await expect(old.request('GET', endpoints.account)).rejects.toMatchObject({
    code: 'not_signed_in',
  });
  await device.request('GET', endpoints.account);
});

test('an organization is made once, however often its creation is sent', async () => {
  const { url } = await startTestServer();
  const device = new TestDevice(url);
  await device.register('Olga');
  const ids = { orgId: createId(), membershipId: createId() };
  const made = await device.createOrganization('Talkorn', ids);
  expect(made).toEqual({ ...ids, role: 'owner', organizationName: 'Talkorn' });
  expect(await device.createOrganization('Talkorn', ids)).toEqual(made);
  expect((await device.pull(ids.orgId)).head.seq).toBe(1);
  expect(await device.list(ids.orgId, 'organizations')).toMatchObject([{ name: 'Talkorn' }]);
  const account = await device.request<AccountSummary>('GET', endpoints.account);
  expect(account.memberships).toEqual([made]);
});

test("an organization's id cannot be taken by another account, nor in another spelling", async () => {
  const { url } = await startTestServer();
  const { orgId } = await TestOrganization.create(url);
  const device = new TestDevice(url);
  await device.register('Olga');
  await expect(
    device.createOrganization('Mine', { orgId, membershipId: createId() }),
  ).rejects.toMatchObject({ status: 409, code: 'conflict', field: 'orgId' });
  await expect(
    device.createOrganization('Mine', { orgId: orgId.toUpperCase(), membershipId: createId() }),
  ).rejects.toMatchObject({ status: 400, code: 'invalid_input', field: 'orgId' });
});

test('where sign-up is by invitation, the first account is let in, and then only who is invited', async () => {
  const { url } = await startTestServer({ signup: 'invitation' });
  const organization = await TestOrganization.create(url);
  await expect(new TestDevice(url).register('Stranger')).rejects.toMatchObject({
    status: 403,
    code: 'signup_closed',
  });
  await expect(
    new TestDevice(url).register('Stranger', { invitationCode: 'x'.repeat(43) }),
  ).rejects.toMatchObject({ code: 'invitation_unknown' });
  await organization.addIntern();
  const { code } = await organization.invite();
  await new TestDevice(url).register('Tom', { invitationCode: code });
});

test('an open invitation makes a few accounts, and not one after the other until somebody accepts it', async () => {
  const time = createHeldTime();
  const { url } = await startTestServer({ signup: 'invitation', ports: { clock: time.clock } });
  const organization = await TestOrganization.create(url);
  const { code } = await organization.invite();
  const other = await organization.invite();
  const register = (invitationCode = code, email = `${createId()}@example.org`) =>
    new TestDevice(url).register('Ida', { invitationCode, email });
  await register(code, 'ida@example.org');
  // What makes no account counts for none.
  for (let attempt = 0; attempt < 5; attempt += 1)
    await expect(register(code, 'ida@example.org')).rejects.toMatchObject({
      code: 'account_exists',
    });
  for (let count = 1; count < 5; count += 1) await register();
  await expect(register()).rejects.toMatchObject({ status: 429, code: 'rate_limited' });
  await register(other.code);
  time.advance(5 * 3_600_000);
  await register();
});

test('organizations are made twenty at a time by one account, and others make theirs', async () => {
  const { url } = await startTestServer({
    rateLimits: { perAccount: { burst: 20, perMinute: 0.001 } },
  });
  const [eve, ida] = [new TestDevice(url), new TestDevice(url)];
  await eve.register('Eve');
  await ida.register('Ida');
  for (let count = 0; count < 20; count += 1) await eve.createOrganization('Talkorn');
  await expect(eve.createOrganization('Talkorn')).rejects.toMatchObject({
    status: 429,
    code: 'rate_limited',
  });
  await expect(ida.createOrganization('Talkorn')).resolves.toBeDefined();
  await expect(eve.rekey()).resolves.toBeDefined();
});

test('too many attempts on one account are held off for a while, and then let through again', async () => {
  const time = createHeldTime();
  const { url } = await startTestServer({
    rateLimits: { perEmail: { burst: 3, perMinute: 6 } },
    ports: { clock: time.clock },
  });
  const device = new TestDevice(url);
  await device.register('Ida', { email: 'ida@example.org', password });
  const attempt = () =>
    device.signIn('ida@example.org', 'a wrong password').catch((error: unknown) => error);
  expect(await attempt()).toMatchObject({ code: 'wrong_password' });
  expect(await attempt()).toMatchObject({ code: 'wrong_password' });
  const held = await attempt();
  expect(held).toMatchObject({ status: 429, code: 'rate_limited' });
  expect((held as { headers: Headers }).headers.get('retry-after')).toBe('10');
  await expect(device.signIn('ida@example.org', password)).rejects.toMatchObject({
    code: 'rate_limited',
  });
  time.advance(10_000);
  await device.signIn('ida@example.org', password);
});

test('too many attempts from one address are held off whatever they try', async () => {
  const { url } = await startTestServer({
    rateLimits: { perAddress: { burst: 3, perMinute: 1 } },
  });
  const device = new TestDevice(url);
  const inspect = () =>
    device
      .request('POST', endpoints.inspectInvitation, { code: 'x'.repeat(43) })
      .catch((error: unknown) => error);
  for (let attempt = 0; attempt < 3; attempt += 1)
    expect(await inspect()).toMatchObject({ code: 'invitation_unknown' });
  expect(await inspect()).toMatchObject({ status: 429, code: 'rate_limited' });
  await expect(device.register('Ida')).rejects.toMatchObject({ code: 'rate_limited' });
});
