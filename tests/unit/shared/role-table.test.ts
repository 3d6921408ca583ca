import path from 'node:path';
import { expect, test } from 'vitest';
import { contract, type RequestName } from '../../../src/shared/contract/contract.ts';
import { requestRoles } from '../../../src/shared/contract/request-roles.ts';
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

const mark = (allowed: readonly Role[], role: Role): string =>
  allowed.includes(role) ? 'yes' : '';

const writeTable = (
  first: readonly string[],
  rows: readonly (readonly [cells: readonly string[], allowed: readonly Role[]])[],
): string =>
  [
    [...first, ...roles],
    [...first, ...roles].map(() => '---'),
    ...rows.map(([cells, allowed]) => [...cells, ...roles.map((role) => mark(allowed, role))]),
  ]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');

test('the document of roles says what the rules say; "vitest run --update" on this file writes it anew', async () => {
  const rights = listRoleRights(mutationDefinitions).map(
    ({ title, rights: listed }) =>
      `## ${title}\n\n${writeTable(
        ['right'],
        listed.map(({ label, roles: allowed }) => [[label], allowed]),
      )}`,
  );
  const requests = (Object.keys(contract) as RequestName[]).map((name) => ({
    cells: [`\`${name}\``, contract[name].summary],
    allowed: requestRoles[name],
  }));
  const document = [
    '# Roles',
    '',
    'What each role may see and do, as the rules themselves say it; the app shows the same table under _People_.',
    '',
    rights.join('\n\n'),
    '',
    '## Requests',
    '',
    'What the interface and scripts ask of the workspace (`src/shared/contract`). Whoever may not is refused before the request is looked at any further; an organization that is not there is refused the same as one that is not theirs. What is answered holds only what the person may see.',
    '',
    writeTable(
      ['request', 'what it does'],
      requests.flatMap(({ cells, allowed }) =>
        allowed === null ? [] : [[cells, allowed] as const],
      ),
    ),
    '',
    'These are about this computer, or about all of the person’s organizations at once, and need no role:',
    '',
    ...requests.flatMap(({ cells: [name, summary], allowed }) =>
      allowed === null ? [`- ${name}: ${summary}`] : [],
    ),
    '',
  ].join('\n');
  await expect(document).toMatchFileSnapshot(
    path.join(import.meta.dirname, '../../../docs/roles.md'),
  );
});
