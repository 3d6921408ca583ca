import type { Engagement } from '../../../shared/contract/shapes.ts';
import {
  type EngagedPerson,
  foldForComparison,
  isSamePerson,
} from '../../../shared/domain/same-person.ts';

type Doubled = Pick<Engagement, 'engagementId' | 'projectId' | 'intern' | 'status'>;

const isOpen = ({ status }: Doubled): boolean => status === 'active' || status === 'invited';

/** The engagement on this project that somebody who is about to be invited seems to have. */
export function findEngagementOf(
  person: EngagedPerson,
  projectId: string,
  engagements: readonly Doubled[],
): Doubled | undefined {
  return engagements.find(
    (engagement) =>
      engagement.projectId === projectId &&
      isOpen(engagement) &&
      isSamePerson(engagement.intern, person),
  );
}

/** What two entries of one person have in common at least once. */
const listMarks = ({ membershipId, email, name }: EngagedPerson): string[] => [
  ...(membershipId === null ? [] : [`member ${membershipId}`]),
  ...(email === null ? [] : [`email ${foldForComparison(email)}`]),
  `name ${foldForComparison(name)}`,
];

const doubledAmong = new WeakMap<readonly Doubled[], ReadonlySet<string>>();

/**
 * Ids of the engagements under way or offered whose person seems to have another one of the same project. Kept for each list: a
 * thousand take longer than to draw them, and a screen that is opened anew shows the same.
 */
export function findDoubled(engagements: readonly Doubled[]): ReadonlySet<string> {
  const known = doubledAmong.get(engagements);
  if (known !== undefined) return known;
  const doubled = computeDoubled(engagements);
  doubledAmong.set(engagements, doubled);
  return doubled;
}

function computeDoubled(engagements: readonly Doubled[]): ReadonlySet<string> {
  const byMark = new Map<string, Doubled[]>();
  const doubled = new Set<string>();
  for (const one of engagements.filter(isOpen))
    for (const mark of listMarks(one.intern)) {
      const key = `${one.projectId} ${mark}`;
      const alike = byMark.get(key) ?? [];
      byMark.set(key, alike);
      for (const other of alike)
        if (isSamePerson(one.intern, other.intern))
          doubled.add(one.engagementId).add(other.engagementId);
      alike.push(one);
    }
  return doubled;
}
