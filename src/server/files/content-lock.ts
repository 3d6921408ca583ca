/**
 * The lock, among all processes of a server, under which a content is taken over, collected or set aside: whoever
 * moves its bytes holds it until the database says what was done.
 */
export function computeContentLock(content: {
  readonly orgId: string;
  readonly sha256: string;
}): string {
  return `content ${content.orgId} ${content.sha256}`;
}
