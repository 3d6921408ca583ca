import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { UsageError } from './command.ts';

type Values<Options extends ParseArgsOptionsConfig> = {
  readonly [Name in keyof Options]?: Options[Name]['type'] extends 'boolean' ? boolean : string;
};

/**
 * Options and arguments of a command.
 *
 * @param positionals names of the arguments, in order; all are needed but those that end in `?`.
 * @throws UsageError naming what was found and what was expected.
 */
export function parseCommandLine<const Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: Options,
  positionals: readonly string[] = [],
): { readonly values: Values<Options>; readonly positionals: readonly string[] } {
  const parsed = parse(args, options);
  const needed = positionals.filter((name) => !name.endsWith('?'));
  if (parsed.positionals.length < needed.length)
    throw new UsageError(`expected ${needed[parsed.positionals.length] ?? 'an argument'}`);
  const surplus = parsed.positionals[positionals.length];
  if (surplus !== undefined)
    throw new UsageError(
      `unexpected argument "${surplus}"; expected ${positionals.length === 0 ? 'options only' : positionals.join(' ')}`,
    );
  return { values: parsed.values as Values<Options>, positionals: parsed.positionals };
}

function parse(args: readonly string[], options: ParseArgsOptionsConfig) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    const names = Object.keys(options).map((name) => `--${name}`);
    const expected =
      names.length === 0 ? 'this command has no options' : `expected ${names.join(', ')}`;
    // Node's own words go on with advice on its escape for arguments that begin with a hyphen.
    const reason = (error instanceof Error ? error.message : String(error)).split('. ')[0];
    throw new UsageError(`${reason}; ${expected}`);
  }
}

/** @throws UsageError when the option is not there. */
export function getOption(value: string | undefined, option: string): string {
  if (value === undefined || value === '') throw new UsageError(`expected ${option}`);
  return value;
}

/** @throws UsageError for what is not a whole number in the range. */
export function parseNumberOption(
  value: string | undefined,
  option: { readonly name: string; readonly default: number; readonly maximum: number },
): number {
  if (value === undefined) return option.default;
  const number = Number(value);
  if (!/^\d{1,15}$/.test(value) || number > option.maximum)
    throw new UsageError(
      `${option.name}: expected a number from 0 to ${option.maximum}, found "${value}"`,
    );
  return number;
}
