import { text } from 'node:stream/consumers';
import { isRequestName, type RequestName, requestNames } from '../../shared/contract/contract.ts';
import { StintError } from '../../shared/errors.ts';
import type { Command } from '../command.ts';
import { getOption, parseCommandLine } from '../parse-command-line.ts';
import { printError, printLine } from '../print.ts';

/** Requests that need the server while they run. For all others the network is left alone: "stint sync" sends. */
const connectedRequests: readonly string[] = [
  'bundle.export',
  'files.check',
  'files.fetch',
  'files.fetchTask',
  'sync.now',
] satisfies RequestName[];

export const callCommand: Command = {
  name: 'call',
  usage: 'call REQUEST [JSON|-] --data DIR',
  summary: 'Answers one request on a workspace, without a window',
  details: `The answer is JSON on standard output. On failure a JSON error with "code", "message" and, for wrong input, "field" goes to standard error, and the exit status is 1.

  REQUEST      one of those that "stint requests" lists
  JSON         its input; "-" reads it from standard input; {} when left out
  --data DIR   the workspace folder; made if it is not there`,

  async run(args) {
    const { values, positionals } = parseCommandLine(args, { data: { type: 'string' } }, [
      'REQUEST',
      'JSON?',
    ]);
    const dataFolder = getOption(values.data, '--data DIR');
    const [name = '', input] = positionals;
    try {
      const answer = await call(dataFolder, name, input);
      printLine(JSON.stringify(answer, undefined, 2));
      return 0;
    } catch (error) {
      printError(JSON.stringify(computeErrorBody(error)));
      return 1;
    }
  },
};

async function call(dataFolder: string, name: string, input: string | undefined): Promise<unknown> {
  if (!isRequestName(name))
    throw new StintError(
      'not_found',
      `there is no request "${name}"; expected one of ${requestNames.join(', ')}`,
    );
  const args = parseJson(input === '-' ? await text(process.stdin) : (input ?? '{}'));
  const { openWorkspace } = await import('../command-line-host.ts');
  const workspace = await openWorkspace(dataFolder, {
    startsSync: connectedRequests.includes(name),
  });
  try {
    return await workspace.dispatch(name, args, 'local');
  } finally {
    await workspace.close();
  }
}

function parseJson(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch (error) {
    // What follows the reason in the message is a piece of the input.
    const reason = (error as Error).message.split(/,? (?:in JSON|"|\.\.\.)/)[0] ?? '';
    throw new StintError('invalid_input', `the input is not JSON: ${reason}`, { cause: error });
  }
}

function computeErrorBody(error: unknown): { code: string; message: string; field?: string } {
  if (error instanceof StintError) return error.toBody();
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}
