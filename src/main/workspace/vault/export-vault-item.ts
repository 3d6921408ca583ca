import type { ManifestFile } from '../../../shared/domain/manifest.ts';
import { findMutation } from '../../../shared/mutations/mutation-registry.ts';
import type { ArchiveEntry } from '../bundles/archive-writer.ts';
import { listNamedFiles } from '../bundles/attention-export.ts';
import { computeSlug, NamesInFolder } from '../../../shared/domain/safe-file-name.ts';
import { writeExport } from '../bundles/write-export.ts';
import { computeNow, type Workspace } from '../engine/workspace.ts';
import type { Seat } from '../seats/seat.ts';
import type { VaultContent } from './vault-content.ts';
import { getVaultRow, loadOutcomes, parseVaultContent } from './vault-items.ts';

interface PlacedFile {
  readonly file: ManifestFile;
  /** Where it lies in the archive; null when it is not on this computer. */
  readonly path: string | null;
}

/**
 * SY-10: writes one task as it was left into a ZIP in the exports folder: a readable `README.md`, everything
 * as `item.json`, and the files under their own names.
 *
 * @throws StintError `not_found`
 */
export async function exportVaultItem(
  workspace: Workspace,
  seat: Seat,
  vaultId: string,
): Promise<{ fileName: string; path: string; sizeBytes: number }> {
  const row = await getVaultRow(seat, vaultId);
  const content = parseVaultContent(row);
  const names = new NamesInFolder();
  const entries: ArchiveEntry[] = [];
  const placed: PlacedFile[] = [];
  for (const file of listVaultFiles(content)) {
    if (!(await workspace.files.has(file.sha256))) {
      placed.push({ file, path: null });
      continue;
    }
    const path = `files/${names.take(file.name)}`;
    const { sha256, sizeBytes } = file;
    entries.push({ path, sha256, sizeBytes, open: () => workspace.files.read(sha256) });
    placed.push({ file, path });
  }
  const slug = computeSlug(`${content.organization} ${content.task}`);
  const day = row.movedAt.slice(0, 10);
  const name = `kept-work${slug === '' ? '' : `-${slug}`}-${day}`;
  const readable = computeReadable(content, placed, await loadOutcomes(seat, content));
  const written = await writeExport(workspace, {
    seatId: seat.record.seatId,
    engagementId: null,
    name,
    day,
    entries: [
      makeText(`${name}/README.md`, readable),
      makeText(`${name}/item.json`, `${JSON.stringify(content, undefined, 2)}\n`),
      ...entries.map((entry) => ({ ...entry, path: `${name}/${entry.path}` })),
    ],
  });
  await seat.db
    .updateTable('vaultItems')
    .set({ exportedAt: computeNow(workspace) })
    .where('vaultId', '=', vaultId)
    .execute();
  seat.announceChange(['outbox']);
  const { fileName, path, sizeBytes } = written;
  return { fileName, path, sizeBytes };
}

/** The draft's, and those that unsent submissions name; one content under one name once. */
export function listVaultFiles(content: VaultContent): ManifestFile[] {
  const all = [...content.files, ...content.unsent.flatMap(({ args }) => listNamedFiles(args))];
  return [...new Map(all.map((file) => [`${file.sha256} ${file.name}`, file])).values()];
}

function computeReadable(
  content: VaultContent,
  files: readonly PlacedFile[],
  outcomes: ReadonlyMap<string, string>,
): string {
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [`## ${title}`, '', ...lines, ''];
  return [
    `# ${content.task}`,
    '',
    `${content.organization}${content.project === '' ? '' : `, ${content.project}`}`,
    '',
    ...section('Note', content.note.trim() === '' ? [] : [content.note]),
    ...section(
      'Criteria',
      content.criteria.map(({ text, isTicked }) => `- [${isTicked ? 'x' : ' '}] ${text}`),
    ),
    ...section(
      'Files',
      files.map(
        ({ file, path }) =>
          `- ${file.name}${path === null ? ' (not on this computer)' : ` (${path})`}`,
      ),
    ),
    ...section(
      'What had not been sent',
      content.unsent.map(({ mutationId, name, version, claimedAt, args }) =>
        [
          `### ${findMutation(name, version)?.label ?? name}, ${claimedAt}`,
          '',
          `${outcomes.get(mutationId) ?? 'not sent'}`,
          '',
          '```json',
          JSON.stringify(args, undefined, 2),
          '```',
          '',
        ].join('\n'),
      ),
    ),
    ...section('What was asked', content.instructions === '' ? [] : [content.instructions]),
  ].join('\n');
}

function makeText(path: string, text: string): ArchiveEntry {
  return { path, content: Buffer.from(text.toWellFormed(), 'utf8') };
}
