import type { Role } from './fields.ts';

/**
 * A scope is the unit of who may see a row. Every row carries exactly one, for ever.
 *
 * - `org`            everyone in the organization: its name, its owners and managers
 * - `desk`           owners and managers only
 * - `project:ID`     owners, managers, and the interns engaged on that project
 * - `engagement:ID`  owners, managers, and that engagement's intern
 * - `member:ID`      owners, managers, and that person
 * - `private:ID`     that person alone (drafts)
 *
 * A pull is made per scope. For owners and managers all scopes but the private ones come as one, `*`.
 */
export const orgScope = 'org';
export const deskScope = 'desk';
export const everythingScope = '*';

export const projectScope = (projectId: string): string => `project:${projectId}`;
export const engagementScope = (engagementId: string): string => `engagement:${engagementId}`;
export const memberScope = (membershipId: string): string => `member:${membershipId}`;
export const privateScope = (membershipId: string): string => `private:${membershipId}`;

/** The scope of a membership row: colleagues see who employs them, not each other. */
export function computeMembershipScope(role: Role, membershipId: string): string {
  return role === 'intern' ? memberScope(membershipId) : orgScope;
}

/** The scopes that a person pulls (SY-10), in a stable order. */
export function computeVisibleScopes(
  person: { readonly role: Role; readonly membershipId: string },
  engagements: readonly { readonly id: string; readonly projectId: string }[],
): string[] {
  const own = privateScope(person.membershipId);
  if (person.role !== 'intern') return [everythingScope, own];
  const projects = new Set(engagements.map((engagement) => projectScope(engagement.projectId)));
  const engaged = engagements.map((engagement) => engagementScope(engagement.id));
  return [
    orgScope,
    memberScope(person.membershipId),
    own,
    ...[...projects].sort(),
    ...engaged.sort(),
  ];
}

/** Whether a row of `rowScope` belongs to what is pulled as `pulledScope`. */
export function isScopeCovered(pulledScope: string, rowScope: string): boolean {
  return pulledScope === everythingScope
    ? !rowScope.startsWith('private:')
    : pulledScope === rowScope;
}
