import { StintError } from '../shared/errors.ts';
import { locateAppFiles } from '../main/hosting/app-files.ts';
import { type Command, UsageError } from './command.ts';
import { callCommand } from './commands/call-command.ts';
import { demoCommand } from './commands/demo-command.ts';
import { historyCommand } from './commands/history-command.ts';
import { requestsCommand } from './commands/requests-command.ts';
import { serverCommand } from './commands/server-command.ts';
import { syncCommand } from './commands/sync-command.ts';
import { verifyCommand } from './commands/verify-command.ts';
import { workspaceCommand } from './commands/workspace-command.ts';
import { printError, printLine } from './print.ts';

const commands: readonly Command[] = [
  serverCommand,
  requestsCommand,
  callCommand,
  syncCommand,
  verifyCommand,
  historyCommand,
  workspaceCommand,
  demoCommand,
];

const names = commands.map(({ name }) => name).join(', ');

function computeHelp(): string {
  const all = commands.flatMap((command) => [command, ...(command.subcommands ?? [])]);
  return [
    'Stint: micro-internships, assigned, worked on offline, synchronised, reviewed, exported.',
    '',
    ...listUsage(all),
    '',
    '"stint COMMAND --help" says more. "stint --version" prints the version.',
  ].join('\n');
}

function listUsage(listed: readonly Command[]): string[] {
  const width = Math.max(...listed.map(({ usage }) => usage.length));
  return listed.map(({ usage, summary }) => `  stint ${usage.padEnd(width)}  ${summary}`);
}

async function run(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === '--version' || name === '-v') {
    printLine(locateAppFiles(import.meta.dirname).version);
    return 0;
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    const about = commands.find((candidate) => candidate.name === rest[0]);
    printLine(
      about === undefined
        ? computeHelp()
        : computeCommandHelp(findSubcommand(about, rest.slice(1)) ?? about),
    );
    return 0;
  }
  if (name === undefined) throw new UsageError(`expected a command: ${names}`);
  const place = commands.find((candidate) => candidate.name === name);
  if (place === undefined)
    throw new UsageError(
      `unknown ${name.startsWith('-') ? 'option' : 'command'} "${name}"; expected one of ${names}`,
    );
  const subcommand = findSubcommand(place, rest);
  return await runCommand(subcommand ?? place, subcommand === undefined ? rest : rest.slice(1));
}

function findSubcommand(command: Command, args: readonly string[]): Command | undefined {
  return command.subcommands?.find((candidate) => candidate.name === `${command.name} ${args[0]}`);
}

async function runCommand(command: Command, rest: readonly string[]): Promise<number> {
  // Arguments after "--" are no options, whatever they look like.
  const options = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest;
  if (options.includes('--help') || options.includes('-h')) {
    printLine(computeCommandHelp(command));
    return 0;
  }
  try {
    return await command.run(rest);
  } catch (error) {
    if (error instanceof UsageError)
      throw new UsageError(`${command.name}: ${error.message}\nUsage: stint ${command.usage}`);
    throw error;
  }
}

function computeCommandHelp({ usage, summary, details, subcommands = [] }: Command): string {
  return [
    `Usage: stint ${usage}`,
    '',
    `${summary}.`,
    ...(details === '' ? [] : ['', details]),
    ...(subcommands.length === 0 ? [] : ['', 'Its commands:', ...listUsage(subcommands)]),
  ].join('\n');
}

// "stint requests | head" closes the pipe before everything is written.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  // Not `process.exit`: what was printed may not have gone out yet.
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  if (error instanceof UsageError) {
    printError(`stint: ${error.message}`);
    process.exitCode = 2;
  } else if (error instanceof StintError) {
    printError(`stint: ${error.message} (${error.code})`);
    process.exitCode = 1;
  } else {
    printError(`stint: a fault in Stint: ${error instanceof Error ? error.stack : String(error)}`);
    process.exitCode = 1;
  }
}
