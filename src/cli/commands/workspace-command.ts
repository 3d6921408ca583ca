import path from 'node:path';
import { existsSync } from 'node:fs';
import { StintError } from '../../shared/errors.ts';
import { formatCount } from '../format-count.ts';
import { type Command, UsageError } from '../command.ts';
import { getOption, parseCommandLine } from '../parse-command-line.ts';
import { computePrintable, printError, printLine } from '../print.ts';
import { workspaceCheckCommand } from './workspace-check-command.ts';

const workspaceOption = { workspace: { type: 'string' }, json: { type: 'boolean' } } as const;

function getWorkspaceFolder(value: string | undefined): string {
  const folder = path.resolve(getOption(value, '--workspace DIR'));
  if (!existsSync(folder)) throw new StintError('not_found', `there is no folder ${folder}`);
  return folder;
}

async function loadPorts() {
  const { createSystemPorts } = await import('../../main/workspace/ports/system-ports.ts');
  const { locateAppFiles } = await import('../../main/hosting/app-files.ts');
  return {
    ports: createSystemPorts(),
    stintVersion: locateAppFiles(import.meta.dirname).version,
  };
}

const backupCommand: Command = {
  name: 'workspace backup',
  usage: 'workspace backup --workspace DIR --to DEST',
  summary: 'Backs up a workspace, its databases and its files, also while it is open',
  details: `Makes DEST/snapshots/NAME; files lie in DEST/contents, each once for all backups. No sign-in is in it. The exit status is 1 when a file of the workspace was found changed; everything else is backed up then.

  --workspace DIR   the workspace folder
  --to DEST         the folder of backups; made if it is not there
  --json            the outcome as JSON`,

  async run(args) {
    const { values } = parseCommandLine(args, { ...workspaceOption, to: { type: 'string' } });
    const workspaceFolder = getWorkspaceFolder(values.workspace);
    const to = getOption(values.to, '--to DEST');
    const { backUpWorkspace } = await import('../../main/workspace/backup/back-up-workspace.ts');
    const result = await backUpWorkspace({ workspaceFolder, to, ...(await loadPorts()) });
    if (values.json === true) printLine(JSON.stringify(result, undefined, 2));
    else {
      for (const sha256 of result.changed) printError(`changed: the file with the hash ${sha256}`);
      printLine(
        `backed up as ${result.name}: ${formatCount(result.databases, 'database', 'databases')}, ${formatCount(result.contents, 'file', 'files')} (${formatCount(result.contentBytes, 'byte', 'bytes')})`,
      );
    }
    return result.changed.length === 0 ? 0 : 1;
  },
};

const restoreCommand: Command = {
  name: 'workspace restore',
  usage: 'workspace restore --from DEST --workspace DIR [--replace]',
  summary: 'Restores a workspace from a backup, or from one of its automatic copies',
  details: `Everything is verified first. The restored workspace asks to sign in again, and fetches what it lacks; what it had not sent is sent.

  --from DEST       a folder of backups, or DEST/NAME for one of them; "--from DIR" takes DIR's own newest automatic copy
  --workspace DIR   a new or empty folder
  --replace         DIR may hold a workspace: it moves aside, into a folder with the time in its name; nothing is deleted
  --list            lists the copies in DEST (or in DIR/backups), and restores nothing
  --json            the outcome as JSON`,

  async run(args) {
    const { values } = parseCommandLine(args, {
      ...workspaceOption,
      from: { type: 'string' },
      replace: { type: 'boolean' },
      list: { type: 'boolean' },
    });
    if (values.list === true) {
      const from = values.from ?? values.workspace;
      return await list(getOption(from, '--from DEST'), values.json === true);
    }
    const workspaceFolder = path.resolve(getOption(values.workspace, '--workspace DIR'));
    const { restoreWorkspace } = await import('../../main/workspace/backup/restore-workspace.ts');
    const result = await restoreWorkspace({
      from: getOption(values.from, '--from DEST'),
      workspaceFolder,
      replaces: values.replace === true,
      ports: (await loadPorts()).ports,
    });
    if (values.json === true) printLine(JSON.stringify(result, undefined, 2));
    else {
      printLine(
        `restored the copy of ${result.createdAt}: ${formatCount(result.databases.length, 'database', 'databases')}, ${formatCount(result.contents, 'file', 'files')}, all verified`,
      );
      if (existsSync(result.aside)) printLine(`what was there lies in ${result.aside}`);
      printLine('sign in again in the app: no sign-in is kept in a backup');
    }
    return 0;
  },
};

async function list(from: string, isJson: boolean): Promise<number> {
  const { listCopies } = await import('../../main/workspace/backup/copy-folders.ts');
  const found = await Promise.all(
    ['snapshots', 'backups', '.'].map((part) => listCopies(path.resolve(from, part))),
  );
  const copies = found.flat().map(({ name, manifest, problem }) => ({
    name,
    createdAt: manifest?.createdAt ?? null,
    reason: manifest?.reason ?? null,
    databases: manifest?.databases.length ?? 0,
    files: manifest?.contents?.count ?? 0,
    problem: problem ?? null,
  }));
  if (isJson) printLine(JSON.stringify(copies, undefined, 2));
  else
    for (const { name, createdAt, reason, databases, problem } of copies)
      printLine(
        computePrintable(
          `${name}  ${createdAt ?? 'unreadable'}  ${reason ?? ''}  ${formatCount(databases, 'database', 'databases')}${problem === null ? '' : `  ${problem}`}`,
        ),
      );
  return 0;
}

const rescueCommand: Command = {
  name: 'workspace rescue',
  usage: 'workspace rescue --workspace DIR --to FILE',
  summary: 'Saves unsent work into a change pack, also from a folder that the app cannot open',
  details: `Nothing in the folder is changed, and no server is asked. What cannot be read is said, and time that is no change yet, of a timer that runs; the exit status is 1 then.

  --workspace DIR   the workspace folder
  --to FILE         the pack to write, for "stint workspace import" or the app's settings
  --json            the outcome as JSON`,

  async run(args) {
    const { values } = parseCommandLine(args, { ...workspaceOption, to: { type: 'string' } });
    const workspaceFolder = getWorkspaceFolder(values.workspace);
    const to = path.resolve(getOption(values.to, '--to FILE'));
    if (existsSync(to)) throw new UsageError(`--to FILE: ${to} is there already`);
    const { rescueClosedWorkspace } =
      await import('../../main/workspace/packs/rescue-workspace.ts');
    const result = await rescueClosedWorkspace({ workspaceFolder, to, ...(await loadPorts()) });
    if (values.json === true) printLine(JSON.stringify(result, undefined, 2));
    else {
      for (const problem of result.problems) printError(computePrintable(problem));
      for (const { name } of result.missing)
        printError(computePrintable(`not on this computer: ${name}`));
      printLine(
        `saved ${formatCount(result.changes, 'change', 'changes')} and ${formatCount(result.files, 'file', 'files')} (${formatCount(result.sizeBytes, 'byte', 'bytes')}) in ${result.path}`,
      );
    }
    return result.problems.length === 0 ? 0 : 1;
  },
};

const importCommand: Command = {
  name: 'workspace import',
  usage: 'workspace import PACK --workspace DIR',
  summary: 'Takes over the unsent work in a change pack',
  details: `Checks all of it first, and imports all or nothing. Doing it twice, or after the other computer has sent the same work, changes nothing more. "stint sync" sends it.

  PACK              a .stintpack
  --workspace DIR   a workspace that is signed in with the same account
  --json            the outcome as JSON`,

  async run(args) {
    const { values, positionals } = parseCommandLine(args, workspaceOption, ['PACK']);
    const dataFolder = getWorkspaceFolder(values.workspace);
    // A mistyped folder would otherwise be made into an empty workspace.
    if (!existsSync(path.join(dataFolder, 'workspace.db')))
      throw new StintError('not_found', `there is no workspace in ${dataFolder}`);
    const pack = path.resolve(positionals[0] ?? '');
    const { openWorkspace } = await import('../command-line-host.ts');
    const workspace = await openWorkspace(dataFolder, { startsSync: false });
    try {
      const { stagedId } = (await workspace.dispatch(
        'files.importPath',
        { path: pack },
        'local',
      )) as { stagedId: string };
      const result = (await workspace.dispatch('pack.import', { stagedId }, 'local')) as {
        imported: number;
        known: number;
        newFiles: number;
        passedOver: string[];
      };
      if (values.json === true) printLine(JSON.stringify(result, undefined, 2));
      else {
        for (const problem of result.passedOver) printError(computePrintable(problem));
        printLine(
          `imported ${formatCount(result.imported, 'change', 'changes')} and ${formatCount(result.newFiles, 'file', 'files')}; ${formatCount(result.known, 'change was', 'changes were')} here already`,
        );
      }
      return result.passedOver.length === 0 ? 0 : 1;
    } finally {
      await workspace.close();
    }
  },
};

export const workspaceCommand: Command = {
  name: 'workspace',
  usage: 'workspace backup|restore|rescue|import|check …',
  summary: 'Backups of a workspace, and unsent work as a file',
  details: '"stint workspace backup --help" and so on say more.',
  subcommands: [backupCommand, restoreCommand, rescueCommand, importCommand, workspaceCheckCommand],
  run: () => Promise.reject(new UsageError('expected backup, restore, rescue, import or check')),
};
