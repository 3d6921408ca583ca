import { StintError } from '../../shared/errors.ts';
import type { Command } from '../command.ts';
import { UsageError } from '../command.ts';
import { getOption, parseCommandLine, parseNumberOption } from '../parse-command-line.ts';
import { printLine } from '../print.ts';
import { serverBackupCommand, serverRestoreCommand } from './server-backup-command.ts';
import { serverPasswordCommand } from './server-password-command.ts';
import { parseSize } from '../parse-size.ts';
import { readBlobs } from './read-storage.ts';
import { serverCheckCommand } from './server-check-command.ts';
import {
  serverCollectCommand,
  serverQuotaCommand,
  serverScrubCommand,
} from './server-files-commands.ts';

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

function parseChoice<const Choice extends string>(
  value: string | undefined,
  option: string,
  choices: readonly [Choice, ...Choice[]],
): Choice | undefined {
  if (value === undefined) return undefined;
  const choice = choices.find((candidate) => candidate === value);
  if (choice === undefined)
    throw new UsageError(`${option}: expected one of ${choices.join(', ')}, found "${value}"`);
  return choice;
}

export const serverCommand: Command = {
  name: 'server',
  usage: 'server --data DIR [--host 127.0.0.1] [--port 0]',
  summary: 'Runs the sync server on one data folder',
  subcommands: [
    serverBackupCommand,
    serverRestoreCommand,
    serverCheckCommand,
    serverScrubCommand,
    serverCollectCommand,
    serverQuotaCommand,
    serverPasswordCommand,
  ],
  details: `Prints one line of JSON with its "url" when it listens, and stops on SIGTERM and SIGINT.

  --data DIR             everything the server keeps; made if it is not there
  --host ADDRESS         where to listen; 127.0.0.1 is this machine alone
  --port N               0 takes a free port
  --name NAME            what the server calls itself
  --signup WHO           "open" (the default) or "invitation": who may make an account and set up an organization; with the
                         latter, who was invited, and who owns an organization here, or sets up the first one
  --public-url URL       the address that people use, where a proxy stands before the server
  --session-days N       sign a device out that nobody has used for N days; 180 unless said otherwise
  --max-file SIZE        how large a file may be, as 500M or 20G; 16G unless said otherwise
  --quota SIZE           how much an organization may keep, where "stint server quota" says nothing else; without end
                         unless said otherwise
  --allow-media LIST     take only files of these types, as image/*,application/pdf
  --deny-media LIST      take no files of these types
  --connections-per-address N
                         how many connections one network address may keep open; 2000 unless said otherwise, 0 for no bound
  --trust-proxy          take callers' addresses from x-forwarded-for, behind a proxy that sets it
  --metrics              serve /metrics, to this machine alone unless a token is set
  --log-level LEVEL      ${logLevels.join(', ')}; lines go to standard error

In the environment:
  DATABASE_URL           postgres://USER:PASSWORD@HOST:PORT/DATABASE: keep the data there instead of in a file of the
                         data folder; several servers may then share the database and the folder
  STINT_BLOBS            s3://BUCKET/PREFIX?endpoint=URL&region=NAME: keep the files in a bucket instead of in the data
                         folder; the keys are in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY
  STINT_METRICS_TOKEN    with --metrics: whoever sends "authorization: Bearer" and this may ask from anywhere`,

  async run(args) {
    const { values } = parseCommandLine(args, {
      data: { type: 'string' },
      host: { type: 'string' },
      port: { type: 'string' },
      name: { type: 'string' },
      signup: { type: 'string' },
      'public-url': { type: 'string' },
      'session-days': { type: 'string' },
      'max-file': { type: 'string' },
      quota: { type: 'string' },
      'allow-media': { type: 'string' },
      'deny-media': { type: 'string' },
      'connections-per-address': { type: 'string' },
      'trust-proxy': { type: 'boolean' },
      'log-level': { type: 'string' },
      metrics: { type: 'boolean' },
    });
    const dataFolder = getOption(values.data, '--data DIR');
    const port = parseNumberOption(values.port, { name: '--port', default: 0, maximum: 65_535 });
    const signup = parseChoice(values.signup, '--signup', ['open', 'invitation']);
    const logLevel = parseChoice(values['log-level'], '--log-level', logLevels);
    const sessionDays = parseNumberOption(values['session-days'], {
      name: '--session-days',
      default: 180,
      maximum: 3650,
    });
    if (sessionDays === 0)
      throw new UsageError('--session-days: expected a number from 1 to 3650, found "0"');
    const connectionsPerAddress = parseNumberOption(values['connections-per-address'], {
      name: '--connections-per-address',
      default: 2000,
      maximum: 1_000_000,
    });
    const publicUrl = values['public-url'];
    // Not an option: other users of the machine can read a process's arguments.
    const databaseUrl = process.env['DATABASE_URL'] ?? '';
    // Before the server listens: a signal that comes meanwhile must not be lost.
    const stopped = waitForStopSignal();
    const { startServer } = await import('../../server/start-server.ts');
    const { parseMediaPatterns } = await import('../../server/files/media-policy.ts');
    const blobs = readBlobs();
    const [allowed, denied] = [values['allow-media'], values['deny-media']];
    const mediaPolicy = {
      ...(allowed === undefined ? {} : { allowed: parseMediaPatterns(allowed, '--allow-media') }),
      ...(denied === undefined ? {} : { denied: parseMediaPatterns(denied, '--deny-media') }),
    };
    const starting = startServer({
      dataFolder,
      port,
      sessionDays,
      connectionsPerAddress,
      mediaPolicy,
      ...(blobs === undefined ? {} : { blobs }),
      ...(values['max-file'] === undefined
        ? {}
        : { maximumFileBytes: parseSize(values['max-file'], '--max-file') }),
      ...(values.quota === undefined ? {} : { quotaBytes: parseSize(values.quota, '--quota') }),
      ...(values.host === undefined ? {} : { host: values.host }),
      ...(values.name === undefined ? {} : { name: values.name }),
      ...(signup === undefined ? {} : { signup }),
      ...(publicUrl === undefined ? {} : { publicUrl }),
      ...(logLevel === undefined ? {} : { logLevel }),
      ...(databaseUrl === '' ? {} : { databaseUrl }),
      ...(values.metrics === true ? { metrics: readMetricsAccess() } : {}),
      trustProxy: values['trust-proxy'] === true,
    });
    const server = await Promise.race([starting, stopped]).catch((error: unknown) => {
      throw describeListenFailure(error, values.host ?? '127.0.0.1', port);
    });
    // A start may wait for another process for as long as that likes. It can be broken off anywhere, and serves nobody yet.
    if (server === undefined) process.exit(0);
    printLine(JSON.stringify({ url: server.url }));
    await stopped;
    await server.close();
    return 0;
  },
};

/** An address that cannot be listened on, in words for who named it; any other error as it is. */
function describeListenFailure(error: unknown, host: string, port: number): unknown {
  const { syscall, code } = error as NodeJS.ErrnoException;
  if (syscall !== 'listen' && syscall !== 'getaddrinfo') return error;
  return new StintError(
    'unavailable',
    `port ${port} of ${host} cannot be used (${code ?? 'unknown'}); name another with --port, or another --host`,
    { cause: error },
  );
}

function readMetricsAccess(): { readonly token?: string } {
  const token = process.env['STINT_METRICS_TOKEN'] ?? '';
  return token === '' ? {} : { token };
}

function waitForStopSignal(): Promise<void> {
  return new Promise((resolve) => {
    // Only once: a second signal ends the process at once, as the system does by itself.
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
}
