import type { Command } from '../command.ts';
import { formatCount } from '../format-count.ts';
import { getOption, parseCommandLine } from '../parse-command-line.ts';
import { computePrintable, printLine } from '../print.ts';
import { readStorage, storageEnvironment } from './read-storage.ts';

export const serverCheckCommand: Command = {
  name: 'server check',
  usage: 'server check --data DIR',
  summary: "Compares a server's files and its log with their hashes",
  details: `Reads everything and changes nothing; the server may run meanwhile. Names each file and each change that is missing or is not what it was, and the exit status is 1 then: "stint server scrub" sets what is damaged aside, and asks the devices for it; a backup has it as contents/…/HASH.

  --data DIR   the server's data folder
  --json       the outcome as JSON

${storageEnvironment}`,

  async run(args) {
    const { values } = parseCommandLine(args, {
      data: { type: 'string' },
      json: { type: 'boolean' },
    });
    const dataFolder = getOption(values.data, '--data DIR');
    const { checkServer } = await import('../../server/check/check-server.ts');
    const check = await checkServer(readStorage(dataFolder));
    if (values.json === true) printLine(JSON.stringify(check, undefined, 2));
    else {
      for (const problem of check.problems) printLine(computePrintable(problem));
      printLine(
        `${check.problems.length === 0 ? 'all is well' : formatCount(check.problems.length, 'problem', 'problems')}: ${formatCount(check.contents, 'content', 'contents')} and ${formatCount(check.logEntries, 'change', 'changes')} were read`,
      );
    }
    return check.problems.length === 0 ? 0 : 1;
  },
};
