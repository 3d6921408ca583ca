import type { Command } from '../command.ts';
import { formatCount } from '../format-count.ts';
import { UsageError } from '../command.ts';
import { getOption, parseCommandLine } from '../parse-command-line.ts';
import { parseSize } from '../parse-size.ts';
import { computePrintable, printLine } from '../print.ts';
import { readStorage, storageEnvironment } from './read-storage.ts';

export const serverScrubCommand: Command = {
  name: 'server scrub',
  usage: 'server scrub --data DIR',
  summary: "Reads all of a server's files, and has the damaged ones given again",
  details: `Compares each file with its hash; the server may run meanwhile, and does the same by itself, each file once a month. What is missing or changed is set aside, so that nobody gets it, and asked for from every device that has it: it comes back by itself. The exit status is 1 while anything is awaited.

  --data DIR   the server's data folder
  --json       the outcome as JSON

${storageEnvironment}`,

  async run(args) {
    const { values } = parseCommandLine(args, {
      data: { type: 'string' },
      json: { type: 'boolean' },
    });
    const { scrubServer } = await import('../../server/upkeep/keep-up-server.ts');
    const scrub = await scrubServer(readStorage(getOption(values.data, '--data DIR')));
    if (values.json === true) printLine(JSON.stringify(scrub, undefined, 2));
    else {
      for (const { orgId, sha256, reason } of scrub.damaged)
        printLine(
          computePrintable(
            `${reason}: the content ${sha256} of organization ${orgId}; asked for from the devices`,
          ),
        );
      printLine(
        `${scrub.awaited === 0 ? 'all is well' : `${formatCount(scrub.awaited, 'content is', 'contents are')} awaited from devices`}: ${formatCount(scrub.contents, 'content', 'contents')} (${formatCount(scrub.bytes, 'byte', 'bytes')}) ${scrub.contents === 1 ? 'was' : 'were'} read`,
      );
    }
    return scrub.awaited === 0 ? 0 : 1;
  },
};

export const serverCollectCommand: Command = {
  name: 'server collect',
  usage: 'server collect --data DIR [--dry-run]',
  summary: 'Removes the files that nothing has referred to for seven days',
  details: `A server does this by itself once a day; the command is for one that is stopped, or that keeps its data in PostgreSQL. With --dry-run it changes nothing, and the server may always run.

  --data DIR   the server's data folder
  --dry-run    says what would be removed now
  --json       the outcome as JSON

${storageEnvironment}`,

  async run(args) {
    const { values } = parseCommandLine(args, {
      data: { type: 'string' },
      'dry-run': { type: 'boolean' },
      json: { type: 'boolean' },
    });
    const isDryRun = values['dry-run'] === true;
    const { collectServer } = await import('../../server/upkeep/keep-up-server.ts');
    const storage = readStorage(getOption(values.data, '--data DIR'));
    const collection = await collectServer({ ...storage, isDryRun });
    if (values.json === true) printLine(JSON.stringify(collection, undefined, 2));
    else {
      const { collectedContents, collectedBytes, collectedStrays, looseContents, looseBytes } =
        collection;
      printLine(
        `${isDryRun ? 'would remove' : 'removed'} ${formatCount(collectedContents, 'content', 'contents')} (${formatCount(collectedBytes, 'byte', 'bytes')}) and ${collectedStrays} that no table knows; ${looseContents} (${formatCount(looseBytes, 'byte', 'bytes')}) ${looseContents === 1 ? 'is' : 'are'} kept until nothing has referred to them for seven days`,
      );
      if (collection.postponed !== null) printLine(collection.postponed);
    }
    return collection.postponed === null ? 0 : 1;
  },
};

export const serverQuotaCommand: Command = {
  name: 'server quota',
  usage: 'server quota --data DIR [--org ID --set SIZE]',
  summary: 'Shows what each organization keeps, and sets how much it may',
  details: `The server may run meanwhile; a new quota holds from the next upload on. Who has more than their quota keeps it, and adds nothing.

  --data DIR   the server's data folder
  --org ID     the organization whose quota is set
  --set SIZE   500M, 20G, or bytes; "default" for what "stint server --quota" says
  --json       the outcome as JSON

${storageEnvironment}`,

  async run(args) {
    const { values } = parseCommandLine(args, {
      data: { type: 'string' },
      org: { type: 'string' },
      set: { type: 'string' },
      json: { type: 'boolean' },
    });
    if ((values.org === undefined) !== (values.set === undefined))
      throw new UsageError('expected --org ID and --set SIZE together');
    const storage = readStorage(getOption(values.data, '--data DIR'));
    const quota =
      values.set === undefined || values.set === 'default' ? null : parseSize(values.set, '--set');
    const { listServerUsage, setServerQuota } =
      await import('../../server/upkeep/keep-up-server.ts');
    if (values.org !== undefined) await setServerQuota(storage, values.org, quota);
    const usage = await listServerUsage(storage);
    if (values.json === true) printLine(JSON.stringify(usage, undefined, 2));
    else
      for (const { orgId, name, usedBytes, quotaBytes } of usage)
        printLine(
          computePrintable(
            `${orgId}  ${formatCount(usedBytes, 'byte', 'bytes')} of ${quotaBytes ?? 'the default'}  ${name ?? ''}`,
          ),
        );
    return 0;
  },
};
