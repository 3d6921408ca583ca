import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { ChainCheck } from '../../shared/domain/log-chain.ts';
import { formatCount } from '../format-count.ts';
import { StintError } from '../../shared/errors.ts';
import { type Command, UsageError } from '../command.ts';
import { parseCommandLine } from '../parse-command-line.ts';
import { computePrintable, printLine } from '../print.ts';

const lineSchema = z.object({
  seq: z.int(),
  mutationId: z.string(),
  argsJson: z.string().nullable(),
  argsHash: z.string(),
  receivedAt: z.string(),
  hash: z.string(),
});

const checkCommand: Command = {
  name: 'history check',
  usage: 'history check FILE [--json]',
  summary:
    'Follows the chain of hashes through an exported history, and names the first entry that does not fit',
  details: `FILE is the history.jsonl of an export that was not filtered. The exit status is 0 only when every entry fits. The hash of the newest entry is printed: whoever noted an earlier one can tell that nothing before it was changed since.

  --json   the outcome as JSON`,

  async run(args) {
    const { values, positionals } = parseCommandLine(args, { json: { type: 'boolean' } }, ['FILE']);
    const outcome = await followFile(positionals[0] ?? '');
    if (values.json === true) printLine(JSON.stringify(outcome, undefined, 2));
    else
      printLine(
        computePrintable(
          outcome.problem === null
            ? `whole: ${formatCount(outcome.entries, 'entry', 'entries')}, the newest with the hash ${outcome.hash}`
            : `not whole: ${formatCount(outcome.entries, 'entry fits', 'entries fit')}, then ${outcome.problem}`,
        ),
      );
    return outcome.problem === null ? 0 : 1;
  },
};

async function followFile(
  path: string,
): Promise<{ entries: number; hash: string; problem: string | null }> {
  const { createSystemPorts } = await import('../../main/workspace/ports/system-ports.ts');
  const chain = new ChainCheck(createSystemPorts().sha256Hex);
  const source = createReadStream(path, 'utf8');
  const lines = createInterface({ input: source, crlfDelay: Number.POSITIVE_INFINITY });
  let number = 0;
  try {
    for await (const line of lines) {
      number += 1;
      if (line.trim() === '') continue;
      const problem = chain.follow(parseLine(line, number));
      if (problem !== undefined) return { entries: chain.entries, hash: chain.hash, problem };
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new StintError('not_found', `there is no file ${path}`);
    if (error instanceof Error && 'syscall' in error && 'code' in error)
      throw new StintError(
        'file_missing',
        `${path} cannot be read (${String(error.code)}): expected a history.jsonl`,
        { cause: error },
      );
    throw error;
  } finally {
    lines.close();
    source.destroy();
  }
  if (chain.entries === 0)
    throw new StintError('invalid_input', `${path} holds no entry of a history`);
  return { entries: chain.entries, hash: chain.hash, problem: null };
}

function parseLine(line: string, number: number): z.infer<typeof lineSchema> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    throw new StintError(
      'invalid_input',
      `line ${number} is not JSON; expected one object for each line`,
    );
  }
  const entry = lineSchema.safeParse(parsed);
  if (!entry.success)
    throw new StintError(
      'invalid_input',
      `line ${number} is no entry of a history: expected seq, mutationId, argsJson, argsHash, receivedAt and hash`,
    );
  return entry.data;
}

export const historyCommand: Command = {
  name: 'history',
  usage: 'history check …',
  summary: 'What was done in an organization',
  details: 'See "stint history check --help".',
  subcommands: [checkCommand],
  run: () => Promise.reject(new UsageError('expected check')),
};
