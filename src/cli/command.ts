/** One of `stint`'s commands. `run` answers the exit status, and throws `UsageError` for a wrong call of it. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What follows `stint`, on one line. */
  readonly usage: string;
  /** The rest of the command's help. */
  readonly details: string;
  run(args: readonly string[]): Promise<number>;
  /** Commands of their own under this one's name: theirs is "server backup", say. */
  readonly subcommands?: readonly Command[];
}

/** A wrong call: unknown or missing options and arguments. Exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
