export const linkScheme = 'stint';

/** The invitation link among what the system started the program with, if there is one. */
export function findInvitationLink(args: readonly string[]): string | undefined {
  return args.find((arg) => /^stint:\/\/join\/?\?/i.test(arg) && arg.length <= 2000);
}

/** The address of the join screen with the link filled in; what it says is checked by the engine. */
export function computeJoinPath(link: string): string {
  // Half a character, which no link holds, cannot be encoded.
  return `/join?link=${encodeURIComponent(link.toWellFormed())}`;
}
