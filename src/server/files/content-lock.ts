/**
 * The lock, among all processes of a server, under which a content is taken over, collected or set aside: whoever
 * moves its bytes holds it until the database says what was done. What the journal of small files puts back at its place
 * is written under it, too.
 *
 * The order: the end of an upload (`upload end …`) before the content's lock; the locks of several contents in the order of
 * their hashes; then what releases contents (`tryToReleaseContents`); then the transaction, and in it the organization's
 * head before its storage row, and that before the uploads' rows. Whoever holds one of the later ones may only try an
 * earlier one, and so does the journal: a group that waits for room in it holds its contents' locks.
 */
export function computeContentLock(content: {
  readonly orgId: string;
  readonly sha256: string;
}): string {
  return `content ${content.orgId} ${content.sha256}`;
}
