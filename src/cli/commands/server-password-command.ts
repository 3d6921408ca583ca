import { emailSchema } from '../../shared/domain/fields.ts';
import { type Command, UsageError } from '../command.ts';
import { getOption, parseCommandLine } from '../parse-command-line.ts';
import { printLine } from '../print.ts';
import { readStorage, storageEnvironment } from './read-storage.ts';

export const serverPasswordCommand: Command = {
  name: 'server password',
  usage: 'server password EMAIL --data DIR [--keep-sessions]',
  summary: 'Gives an account a new password, for a person who has forgotten theirs',
  details: `Prints the new password, which stands nowhere else; the old one is good for nothing from then on. The server may run meanwhile. All devices of the account are signed out, since somebody else may know the old password: they keep what they have not sent, and go on once the person signs in again.

  --data DIR        the server's data folder
  --keep-sessions   the account's devices stay signed in
  --json            the outcome as JSON

${storageEnvironment}`,

  async run(args) {
    const { values, positionals } = parseCommandLine(
      args,
      {
        data: { type: 'string' },
        'keep-sessions': { type: 'boolean' },
        json: { type: 'boolean' },
      },
      ['EMAIL'],
    );
    const email = parseEmail(positionals[0]);
    const keepsSessions = values['keep-sessions'] === true;
    const storage = readStorage(getOption(values.data, '--data DIR'));
    const { resetServerPassword } = await import('../../server/upkeep/keep-up-server.ts');
    const reset = await resetServerPassword(storage, email, { keepsSessions });
    if (values.json === true) printLine(JSON.stringify({ email, ...reset }, undefined, 2));
    else {
      printLine(`the new password of ${email} is ${reset.password}`);
      printLine(
        keepsSessions
          ? 'its devices stay signed in'
          : 'all its devices are signed out; they keep what they have not sent, and go on once the person has signed in with it',
      );
    }
    return 0;
  },
};

/** As the server keeps it. */
function parseEmail(text: string | undefined): string {
  const { data: email } = emailSchema.safeParse(text);
  if (email === undefined)
    throw new UsageError(`expected an e-mail address such as ada@example.org, found "${text}"`);
  return email;
}
