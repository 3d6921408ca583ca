/** Whom an engagement is with: who has joined, or as they were invited. */
export interface EngagedPerson {
  /** Null until they have joined. */
  readonly membershipId: string | null;
  readonly name: string;
  readonly email: string | null;
}

/** Spaces, capitals and the forms of one letter tell nobody apart. */
export const foldForComparison = (text: string): string =>
  text.normalize('NFKC').trim().replaceAll(/\s+/gu, ' ').toLowerCase();

/**
 * Whether two engagements seem to be with one person: by membership where both have joined, by e-mail address where both
 * are known, else by name.
 */
export function isSamePerson(one: EngagedPerson, other: EngagedPerson): boolean {
  if (one.membershipId !== null && other.membershipId !== null)
    return one.membershipId === other.membershipId;
  if (one.email !== null && other.email !== null)
    return foldForComparison(one.email) === foldForComparison(other.email);
  return foldForComparison(one.name) === foldForComparison(other.name);
}
