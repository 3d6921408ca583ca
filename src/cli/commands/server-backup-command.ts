import { type Command, UsageError } from '../command.ts';
import { formatCount } from '../format-count.ts';
import { getOption, parseCommandLine, parseNumberOption } from '../parse-command-line.ts';
import { computePrintable, printError, printLine } from '../print.ts';
import { readBlobs, readDatabaseUrl, storageEnvironment } from './read-storage.ts';

export const serverBackupCommand: Command = {
  name: 'server backup',
  usage: 'server backup --data DIR --to DEST [--keep N]',
  summary: 'Backs up a server, its database and its files, while it runs',
  details: `Makes DEST/snapshots/TIME; contents lie in DEST/contents, each once for all snapshots. The exit status is 1 when a content that the database names could not be had; everything else is backed up then.

  --data DIR      the server's data folder
  --to DEST       the folder of backups; made if it is not there
  --keep N        how many snapshots stay; contents that none of them names are removed
  --verify DEST   checks the backups in DEST, or one of them, instead of making one
  --json          the outcome as JSON

${storageEnvironment}`,

  async run(args) {
    const { values } = parseCommandLine(args, {
      data: { type: 'string' },
      to: { type: 'string' },
      keep: { type: 'string' },
      verify: { type: 'string' },
      json: { type: 'boolean' },
    });
    if (values.verify !== undefined) return await verify(values.verify, values.json === true);
    const dataFolder = getOption(values.data, '--data DIR');
    const to = getOption(values.to, '--to DEST');
    const keep = parseNumberOption(values.keep, { name: '--keep', default: 0, maximum: 100_000 });
    if (values.keep !== undefined && keep === 0)
      throw new UsageError('--keep: expected at least 1, since the new one stays');
    const { createServerBackup } = await import('../../server/backup/create-server-backup.ts');
    const { createSystemClock } = await import('../../server/ports/system-clock.ts');
    const result = await createServerBackup({
      dataFolder,
      databaseUrl: readDatabaseUrl(),
      blobs: readBlobs(),
      to,
      clock: createSystemClock(),
      ...(keep === 0 ? {} : { keep }),
    });
    if (values.json === true) printLine(JSON.stringify(result, undefined, 2));
    else {
      for (const { orgId, sha256, reason } of result.absent)
        printError(`${reason} on the server: the content ${sha256} of organization ${orgId}`);
      if (result.pruneProblem !== null) printError(result.pruneProblem);
      printLine(
        `backed up as ${result.snapshot}: ${formatCount(result.rows, 'row', 'rows')}, ${formatCount(result.contents, 'content', 'contents')} (${formatCount(result.contentBytes, 'byte', 'bytes')}), of which ${formatCount(result.newContents, 'is', 'are')} new (${formatCount(result.newBytes, 'byte', 'bytes')})`,
      );
      if (result.removedSnapshots.length > 0)
        printLine(
          `removed: ${result.removedSnapshots.join(', ')}, and ${formatCount(result.removedContents, 'content', 'contents')} that nothing names any more`,
        );
    }
    return result.absent.length === 0 && result.pruneProblem === null ? 0 : 1;
  },
};

async function verify(from: string, isJson: boolean): Promise<number> {
  const { verifyServerBackups } = await import('../../server/backup/verify-server-backup.ts');
  const verdicts = await verifyServerBackups(from);
  if (isJson) printLine(JSON.stringify(verdicts, undefined, 2));
  else
    for (const verdict of verdicts) {
      const lines = [
        ...verdict.missing.map((name) => `missing  ${name}`),
        ...verdict.changed.map((name) => `changed  ${name}`),
        ...verdict.problems.map((problem) => `problem  ${problem}`),
        ...verdict.absent.map(
          ({ sha256, reason }) => `note     ${sha256} was ${reason} on the server already`,
        ),
      ];
      for (const line of lines) printLine(computePrintable(line));
      printLine(
        `${verdict.snapshot}: ${verdict.isWhole ? 'whole' : 'not whole'}, ${formatCount(verdict.rows, 'row', 'rows')}, ${formatCount(verdict.contents, 'content', 'contents')} (${formatCount(verdict.contentBytes, 'byte', 'bytes')})`,
      );
    }
  return verdicts.every(({ isWhole }) => isWhole) ? 0 : 1;
}

export const serverRestoreCommand: Command = {
  name: 'server restore',
  usage: 'server restore --from DEST --data NEWDIR',
  summary: 'Restores a server from a backup, into whichever storage',
  details: `Verifies the backup, and then makes the data folder; whatever happens, no half of a server is left. This is also the way from SQLite to PostgreSQL and back.

  --from DEST     a folder of backups, for the newest, or DEST/TIME for that one
  --data NEWDIR   a folder that does not exist yet, or is empty
  --json          the outcome as JSON

In the environment:
  DATABASE_URL    an empty PostgreSQL database to restore into, instead of a file in the data folder
  STINT_BLOBS     the bucket into which the files go, instead of the data folder`,

  async run(args) {
    const { values } = parseCommandLine(args, {
      from: { type: 'string' },
      data: { type: 'string' },
      json: { type: 'boolean' },
    });
    const from = getOption(values.from, '--from DEST');
    const dataFolder = getOption(values.data, '--data NEWDIR');
    const { restoreServerBackup } = await import('../../server/backup/restore-server-backup.ts');
    const result = await restoreServerBackup({
      from,
      dataFolder,
      databaseUrl: readDatabaseUrl(),
      blobs: readBlobs(),
    });
    if (values.json === true) printLine(JSON.stringify(result, undefined, 2));
    else {
      for (const { sha256, reason } of result.absent)
        printLine(`note: the content ${sha256} was ${reason} on the server when it was backed up`);
      printLine(
        `restored ${result.snapshot}: ${formatCount(result.rows, 'row', 'rows')}, ${formatCount(result.contents, 'content', 'contents')} (${formatCount(result.contentBytes, 'byte', 'bytes')}), all verified; what people sent after it comes back from their devices`,
      );
    }
    return 0;
  },
};
