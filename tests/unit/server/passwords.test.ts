import { expect, test } from 'vitest';
import { computePasswordHash, isPasswordRight } from '../../../src/server/accounts/passwords.ts';
import { createServerPorts } from '../../../src/server/ports/server-ports.ts';

const ports = createServerPorts();

test('a password is right for its own hash only', async () => {
  const hash = await computePasswordHash('correct horse', ports);
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  expect(await isPasswordRight('correct horse', hash)).toBe(true);
  expect(await isPasswordRight('correct horsf', hash)).toBe(false);
  expect(await computePasswordHash('correct horse', ports)).not.toBe(hash);
});

test('no password is right for an account that does not exist', async () => {
  expect(await isPasswordRight('', undefined)).toBe(false);
  expect(await isPasswordRight('correct horse', undefined)).toBe(false);
});

test('a password typed in another Unicode form is the same password', async () => {
  const hash = await computePasswordHash('Ca\u0301fe\u0301 horse', ports);
  expect(await isPasswordRight('C\u00e1f\u00e9 horse', hash)).toBe(true);
});

test('a hash made elsewhere with other parameters is checked by those', async () => {
  // From the reference implementation's tests: argon2id, t=2, m=65536, p=1.
  const hash =
    '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
  expect(await isPasswordRight('password', hash)).toBe(true);
  expect(await isPasswordRight('Password', hash)).toBe(false);
});
