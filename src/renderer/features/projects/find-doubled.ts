import type { Engagement } from '../../../shared/contract/shapes.ts';
import { isSamePerson } from '../../../shared/domain/same-person.ts';

type Doubled = Pick<Engagement, 'engagementId' | 'projectId' | 'intern' | 'status'>;

/** Ids of the engagements under way or offered whose person seems to have another one of the same project. */
export function findDoubled(engagements: readonly Doubled[]): ReadonlySet<string> {
  const open = engagements.filter(({ status }) => status === 'active' || status === 'invited');
  const doubled = new Set<string>();
  for (const onProject of Map.groupBy(open, ({ projectId }) => projectId).values())
    for (const [index, one] of onProject.entries())
      for (const other of onProject.slice(index + 1))
        if (isSamePerson(one.intern, other.intern))
          doubled.add(one.engagementId).add(other.engagementId);
  return doubled;
}
