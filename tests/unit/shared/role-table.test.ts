import path from 'node:path';
import { expect, test } from 'vitest';
import type { Role } from '../../../src/shared/domain/fields.ts';
import { listRoleRights, rightsToSee } from '../../../src/shared/domain/role-table.ts';
import { computeVisibleScopes, isScopeCovered } from '../../../src/shared/domain/scopes.ts';
import { mutationDefinitions } from '../../../src/shared/mutations/mutation-registry.ts';

const roles: readonly Role[] = ['owner', 'manager', 'intern'];

test('every change that a person can make stands in the table of roles, once and for the roles that the rules say', () => {
  const listed = listRoleRights(mutationDefinitions)
    .slice(1)
    .flatMap(({ rights }) => rights);
  const expected = new Map(
    mutationDefinitions.flatMap(({ name, by }) =>
      by === 'server' ? [] : [[name as string, by as readonly Role[]] as const],
    ),
  );
  expect(listed.map(({ id }) => id).sort()).toEqual([...expected.keys()].sort());
  for (const { id, roles: allowed } of listed) expect(allowed, id).toEqual(expected.get(id));
});

test.for([
  ['organization', 'org'],
  ['all', 'engagement:of-another'],
  ['interns', 'member:another'],
  ['all', 'desk'],
] as const)('SY-10 who may see "%s" are those whose pulls cover %s', ([id, scope]) => {
  const right = rightsToSee.find((candidate) => candidate.id === id);
  const seeing = roles.filter((role) =>
    computeVisibleScopes({ role, membershipId: 'me' }, [{ id: 'own', projectId: 'p' }]).some(
      (pulled) => isScopeCovered(pulled, scope),
    ),
  );
  expect(right?.roles).toEqual(seeing);
});

test('the document of roles says what the rules say; "vitest run --update" on this file writes it anew', async () => {
  const mark = (allowed: readonly Role[], role: Role): string =>
    allowed.includes(role) ? 'yes' : '';
  const tables = listRoleRights(mutationDefinitions).map(({ title, rights }) =>
    [
      `## ${title}`,
      '',
      '| right | owner | manager | intern |',
      '| --- | --- | --- | --- |',
      ...rights.map(
        ({ label, roles: allowed }) =>
          `| ${label} | ${roles.map((role) => mark(allowed, role)).join(' | ')} |`,
      ),
    ].join('\n'),
  );
  const document = [
    '# Roles',
    '',
    'What each role may see and do, as the rules themselves say it; the app shows the same table under _People_.',
    '',
    tables.join('\n\n'),
    '',
  ].join('\n');
  await expect(document).toMatchFileSnapshot(
    path.join(import.meta.dirname, '../../../docs/roles.md'),
  );
});
