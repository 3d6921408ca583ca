import path from 'node:path';
import { parseArgs } from 'node:util';
import { StintError } from '../../shared/errors.ts';

export interface LoopbackArguments {
  readonly dataFolder: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly opensBrowser: boolean;
  /** Prints one line of JSON for programs instead of words for people. */
  readonly isJson: boolean;
}

/** @throws StintError `invalid_input`, naming the option */
export function parseLoopbackArguments(
  args: readonly string[],
  defaultDataFolder: string,
): LoopbackArguments {
  const values = parseOptions(args);
  const port = values.port === undefined ? 0 : Number(values.port);
  if (!/^\d+$/.test(values.port ?? '0') || port > 65_535)
    throw new StintError('invalid_input', '--port: expected a number from 0 to 65535', {
      field: 'port',
    });
  return {
    dataFolder: path.resolve(values.data ?? defaultDataFolder),
    port,
    opensBrowser: values['no-open'] !== true && values.json !== true,
    isJson: values.json === true,
  };
}

function parseOptions(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        data: { type: 'string' },
        port: { type: 'string' },
        'no-open': { type: 'boolean' },
        json: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'not understood';
    throw new StintError(
      'invalid_input',
      `${reason}. Options: --data DIR, --port N, --no-open, --json`,
      { cause: error },
    );
  }
}
