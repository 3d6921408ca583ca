import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { StintError } from '../../shared/errors.ts';
import { formatCount } from '../format-count.ts';
import type { Command } from '../command.ts';
import { getOption, parseCommandLine } from '../parse-command-line.ts';
import { computePrintable, printLine } from '../print.ts';

export const workspaceCheckCommand: Command = {
  name: 'workspace check',
  usage: 'workspace check --workspace DIR',
  summary: "Checks a workspace's databases and files, and changes nothing",
  details: `Also while it is open. Names what is damaged, and the exit status is 1 then. "stint workspace restore" brings a database back from a copy; a damaged file is fetched again when it is needed, or has to be attached again where it was never sent.

  --workspace DIR   the workspace folder`,

  async run(args) {
    const { values } = parseCommandLine(args, { workspace: { type: 'string' } });
    const folder = path.resolve(getOption(values.workspace, '--workspace DIR'));
    if (!existsSync(path.join(folder, 'workspace.db')) && !existsSync(path.join(folder, 'seats')))
      throw new StintError('not_found', `there is no workspace in ${folder}`);
    const { findDamage } = await import('../../main/workspace/backup/find-damage.ts');
    const { listDamagedFiles } = await import('../../main/workspace/files/list-damaged-files.ts');
    const temporaryFolder = await mkdtemp(path.join(tmpdir(), 'stint-check-'));
    try {
      const damage = await findDamage(folder, temporaryFolder);
      const { files, damaged } = await listDamagedFiles(folder);
      for (const { name, problem } of damage?.databases ?? [])
        printLine(computePrintable(`damaged  ${name}: ${problem}`));
      for (const sha256 of damaged) printLine(`damaged  file ${sha256}`);
      const problems = (damage?.databases.length ?? 0) + damaged.length;
      printLine(
        `${problems === 0 ? 'all is well' : `${problems} damaged`}: ${formatCount(files, 'file was', 'files were')} read`,
      );
      return problems === 0 ? 0 : 1;
    } finally {
      await rm(temporaryFolder, { recursive: true, force: true });
    }
  },
};
