import { existsSync } from 'node:fs';
import path from 'node:path';
import { StintError } from '../../shared/errors.ts';
import type { Command } from '../command.ts';
import { getOption, parseCommandLine, parseNumberOption } from '../parse-command-line.ts';
import { printLine } from '../print.ts';

export const syncCommand: Command = {
  name: 'sync',
  usage: 'sync --data DIR [--timeout-ms N] [--check]',
  summary: 'Synchronises a workspace until nothing waits',
  details: `Prints counts as JSON. The exit status is 1 when that was not reached in time, because the server cannot be reached, say, or when something needs attention.

  --data DIR       the workspace folder
  --timeout-ms N   how long to try; 30000 if not given
  --check          compare what is here with what the server holds, scope by scope, and fetch afresh what
                   differs; the exit status is 1 when something did`,

  async run(args) {
    const { values } = parseCommandLine(args, {
      data: { type: 'string' },
      'timeout-ms': { type: 'string' },
      check: { type: 'boolean' },
    });
    const dataFolder = getOption(values.data, '--data DIR');
    const timeoutMs = parseNumberOption(values['timeout-ms'], {
      name: '--timeout-ms',
      default: 30_000,
      maximum: 86_400_000,
    });
    // A mistyped folder would otherwise be made, and found to have nothing to send.
    if (!existsSync(path.join(dataFolder, 'workspace.db')))
      throw new StintError('not_found', `there is no workspace in ${dataFolder}`);
    const { openWorkspace } = await import('../command-line-host.ts');
    const workspace = await openWorkspace(dataFolder, { startsSync: true });
    try {
      const outcome = await workspace.settle(timeoutMs, { checksDrift: values.check === true });
      printLine(JSON.stringify(outcome, undefined, 2));
      const isSame = (outcome.drift ?? []).every(
        ({ scopes }) => scopes !== null && scopes.every((scope) => scope.isSame),
      );
      return outcome.isSettled && outcome.attentionCount === 0 && isSame ? 0 : 1;
    } finally {
      await workspace.close();
    }
  },
};
