import { z } from 'zod';
import { contract, requestNames } from '../../shared/contract/contract.ts';
import type { Command } from '../command.ts';
import { parseCommandLine } from '../parse-command-line.ts';
import { printLine } from '../print.ts';

/** A request as other programs read it: JSON Schema 2020-12 of what it takes and what it answers. */
function describeRequests() {
  return requestNames.map((name) => {
    const { summary, audience, input, output } = contract[name];
    return {
      name,
      summary,
      audience,
      // What a caller passes: fields with a default may be left out.
      input: z.toJSONSchema(input, { io: 'input' }),
      output: z.toJSONSchema(output, { io: 'output' }),
    };
  });
}

export const requestsCommand: Command = {
  name: 'requests',
  usage: 'requests [--json]',
  summary: 'Lists every request that "stint call" takes',
  details: '  --json    with the JSON Schema of each input and output',

  run: async (args) => {
    const { values } = parseCommandLine(args, { json: { type: 'boolean' } });
    if (values.json === true) {
      printLine(JSON.stringify(describeRequests(), undefined, 2));
      return 0;
    }
    const width = Math.max(...requestNames.map((name) => name.length));
    for (const name of requestNames) printLine(`${name.padEnd(width)}  ${contract[name].summary}`);
    return 0;
  },
};
