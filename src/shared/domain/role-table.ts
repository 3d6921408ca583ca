import type { Role } from './fields.ts';

/** One thing that a person may see or do, in words, and the roles that may. */
export interface RoleRight {
  readonly id: string;
  readonly label: string;
  readonly roles: readonly Role[];
}

export interface RoleRights {
  readonly title: string;
  readonly rights: readonly RoleRight[];
}

const everyone: readonly Role[] = ['owner', 'manager', 'intern'];
const employers: readonly Role[] = ['owner', 'manager'];

/** SY-10, in words. A test holds it to the scopes. */
export const rightsToSee: readonly RoleRight[] = [
  { id: 'organization', label: 'The organization, its owners and managers', roles: everyone },
  {
    id: 'own',
    label: 'Own engagements with their tasks, submissions and hours',
    roles: ['intern'],
  },
  { id: 'all', label: 'All projects, engagements, submissions and hours', roles: employers },
  { id: 'drafts', label: 'Own drafts, which nobody else sees', roles: everyone },
  { id: 'interns', label: 'Interns with name and e-mail', roles: employers },
  { id: 'rate', label: 'The effective rate: pay by hours', roles: ['intern'] },
  { id: 'history', label: 'The history of everybody’s acts', roles: employers },
  { id: 'ownHistory', label: 'The history of own acts', roles: everyone },
];

/**
 * What each role may see and do. What may be done is what the mutations themselves say, so that this table cannot say anything
 * else than the rules.
 */
export function listRoleRights(
  definitions: readonly {
    readonly name: string;
    readonly label: string;
    readonly by: readonly Role[] | 'server';
  }[],
): readonly RoleRights[] {
  const rights = new Map<string, RoleRight>();
  for (const { name, label, by } of definitions)
    // Versions of one mutation have one name; the newest stands last.
    if (by !== 'server') rights.set(name, { id: name, label, roles: by });
  const acts = [...rights.values()];
  const isFor = (roles: readonly Role[], wanted: readonly Role[]): boolean =>
    roles.length === wanted.length && wanted.every((role) => roles.includes(role));
  return [
    { title: 'See', rights: rightsToSee },
    { title: 'Owners alone', rights: acts.filter(({ roles }) => isFor(roles, ['owner'])) },
    { title: 'Owners and managers', rights: acts.filter(({ roles }) => isFor(roles, employers)) },
    { title: 'Interns', rights: acts.filter(({ roles }) => isFor(roles, ['intern'])) },
    { title: 'Everyone', rights: acts.filter(({ roles }) => isFor(roles, everyone)) },
  ];
}
