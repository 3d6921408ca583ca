import { expect, test } from 'vitest';
import { computeVisibleScopes, isScopeCovered } from '../../../src/shared/domain/scopes.ts';

const engagements = [
  { id: 'e2', projectId: 'p1' },
  { id: 'e1', projectId: 'p1' },
];

test('SY-10 an intern pulls the organization, themself, and their own projects and engagements', () => {
  expect(computeVisibleScopes({ role: 'intern', membershipId: 'm' }, engagements)).toEqual([
    'org',
    'member:m',
    'private:m',
    'project:p1',
    'engagement:e1',
    'engagement:e2',
  ]);
});

test('SY-10 owners and managers pull everything but the private scopes of others', () => {
  for (const role of ['owner', 'manager'] as const) {
    const scopes = computeVisibleScopes({ role, membershipId: 'm' }, []);
    const sees = (scope: string) => scopes.some((pulled) => isScopeCovered(pulled, scope));
    for (const scope of ['org', 'desk', 'project:p', 'engagement:e', 'member:x', 'private:m'])
      expect(sees(scope), scope).toBe(true);
    expect(sees('private:other')).toBe(false);
  }
});
