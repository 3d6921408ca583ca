import path from 'node:path';

export const linkScheme = 'stint';

/** The invitation link among what the system started the program with, if there is one. */
export function findInvitationLink(args: readonly string[]): string | undefined {
  return args.find((arg) => /^stint:\/\/join\/?\?/i.test(arg) && arg.length <= 2000);
}

/**
 * What stands between the program and a link on the command line that Windows makes of one. Without an end to the
 * options, a link could bring some of its own along; Electron itself must be told what to run.
 */
export function computeLinkArguments(started: {
  readonly argv: readonly string[];
  /** Set where Electron was started with a folder, as in development. */
  readonly defaultApp?: boolean;
}): string[] {
  const [, appFolder] = started.argv;
  const isFolder = started.defaultApp === true && appFolder !== undefined;
  return [...(isFolder ? [path.resolve(appFolder)] : []), '--'];
}

/** The address of the join screen with the link filled in; what it says is checked by the engine. */
export function computeJoinPath(link: string): string {
  // Half a character, which no link holds, cannot be encoded.
  return `/join?link=${encodeURIComponent(link.toWellFormed())}`;
}
