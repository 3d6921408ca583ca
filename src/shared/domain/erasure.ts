/** What stands in the place of a person's name after their data were erased. */
export const erasedName = 'Erased person';

/** What stands in the place of a bundle's file name, which begins with the name of whose work it holds. */
export const erasedBundleName = 'erased.zip';

/** `.invalid` is reserved: no such address can ever exist (RFC 2606, section 2). */
export function computeErasedEmail(id: string): string {
  return `erased-${id}@erased.invalid`;
}

/**
 * The mutations whose logged arguments name a person, or hold what only they could read. When a person's data are
 * erased, these arguments go from the server's log, of the mutations that the person made or that invited them. The log
 * stays one chain, since it is made over the arguments' hash.
 */
export const personalMutations: ReadonlySet<string> = new Set([
  'organization.create',
  'invitation.accept',
  'member.updateProfile',
  'engagement.invite',
  'member.inviteManager',
  'member.remove',
  'draft.writeNote',
  'draft.tickCriterion',
  'draft.attach',
  'draft.detach',
  'evaluation.write',
]);
