import { z } from 'zod';
import { manifestFileSchema, type ManifestFile } from '../../../shared/domain/manifest.ts';
import { StintError } from '../../../shared/errors.ts';
import { findMutation } from '../../../shared/mutations/mutation-registry.ts';
import { attentionStates } from '../database/seat-tables.ts';
import type { Workspace } from '../engine/workspace.ts';
import type { Seat } from '../seats/seat.ts';
import type { ArchiveEntry } from './archive-writer.ts';
import { computeSlug, NamesInFolder } from '../../../shared/domain/safe-file-name.ts';
import { writeExport } from './write-export.ts';

const readableStates: Readonly<Record<string, string>> = {
  rejected: 'refused by the server',
  held: 'not sent, because it builds on a change that was refused',
  kept: 'kept on this computer, because access ended before it could be sent',
  quarantined: 'kept by the server for the employer to decide on',
};

interface AttentionChange {
  readonly id: string;
  readonly change: string;
  readonly label: string;
  readonly subject: string;
  readonly state: string;
  readonly meaning: string;
  readonly reasonCode: string | null;
  readonly reason: string | null;
  readonly field: string | null;
  readonly madeAt: string;
  readonly answeredAt: string | null;
  readonly arguments: unknown;
  readonly files: readonly (ManifestFile & { readonly path: string | null })[];
}

/**
 * SY-7, SY-10: writes what was refused, held back or kept into a ZIP in the exports folder, as `changes.json`
 * and a readable `changes.md`, with the files that those changes name and that are on this computer.
 *
 * @throws StintError `not_found` when nothing waits for attention.
 */
export async function exportAttention(
  workspace: Workspace,
  seat: Seat,
): Promise<{ fileName: string; path: string; sizeBytes: number }> {
  const rows = await seat.db
    .selectFrom('outbox')
    .innerJoin('outboxStates', 'outboxStates.mutationId', 'outbox.id')
    .selectAll('outbox')
    .select(['state', 'subject', 'code', 'message', 'field', 'answeredAt'])
    .where('state', 'in', [...attentionStates])
    .orderBy('outbox.deviceSeq')
    .execute();
  const newest = rows.at(-1);
  if (newest === undefined)
    throw new StintError(
      'not_found',
      'nothing was refused or kept here; there is nothing to export',
    );

  const names = new NamesInFolder();
  const stored = new Map<string, ArchiveEntry>();
  const changes: AttentionChange[] = [];
  for (const row of rows) {
    const args: unknown = JSON.parse(row.argsJson);
    const files = [];
    for (const file of listNamedFiles(args))
      files.push({ ...file, path: await placeFile(workspace, file, names, stored) });
    changes.push({
      id: row.id,
      change: `${row.name}@${row.version}`,
      label: findMutation(row.name, row.version)?.label ?? row.name,
      subject: row.subject,
      state: row.state,
      meaning: readableStates[row.state] ?? row.state,
      reasonCode: row.code,
      reason: row.message,
      field: row.field,
      madeAt: row.claimedAt,
      answeredAt: row.answeredAt,
      arguments: args,
      files,
    });
  }
  const organization = seat.record.organizationName;
  const slug = computeSlug(organization);
  const name = `unsent-changes${slug === '' ? '' : `-${slug}`}-${newest.claimedAt.slice(0, 10)}`;
  const document = {
    format: 'stint-unsent-changes',
    version: 1,
    organization,
    email: seat.record.email,
    changes,
  };
  const { fileName, path, sizeBytes } = await writeExport(workspace, {
    seatId: seat.record.seatId,
    engagementId: null,
    name,
    day: newest.claimedAt.slice(0, 10),
    entries: [
      makeText(`${name}/changes.json`, `${JSON.stringify(document, undefined, 2)}\n`),
      makeText(`${name}/changes.md`, computeReadableList(organization, changes)),
      ...[...stored.values()].map((entry) => ({ ...entry, path: `${name}/${entry.path}` })),
    ],
  });
  return { fileName, path, sizeBytes };
}

/** The files that a change's arguments name, wherever they stand in them. */
export function listNamedFiles(args: unknown): ManifestFile[] {
  const file = manifestFileSchema.safeParse(args);
  if (file.success) return [file.data];
  const members = z
    .union([z.array(z.unknown()), z.record(z.string(), z.unknown())])
    .safeParse(args);
  return members.success ? Object.values(members.data).flatMap(listNamedFiles) : [];
}

/** Where the file lies in the archive, each content under each name once; null when it is not on this computer. */
async function placeFile(
  workspace: Workspace,
  file: ManifestFile,
  names: NamesInFolder,
  stored: Map<string, ArchiveEntry>,
): Promise<string | null> {
  const key = `${file.sha256} ${file.name}`;
  const known = stored.get(key);
  if (known !== undefined) return known.path;
  if (!(await workspace.files.has(file.sha256))) return null;
  const path = `files/${names.take(file.name)}`;
  const { sha256, sizeBytes } = file;
  stored.set(key, { path, sha256, sizeBytes, open: () => workspace.files.read(sha256) });
  return path;
}

function computeReadableList(organization: string, changes: readonly AttentionChange[]): string {
  const items = changes.map((change) =>
    [
      `## ${change.label}${change.subject === '' ? '' : `: ${change.subject}`}`,
      '',
      `- Made: ${change.madeAt}`,
      `- State: ${change.meaning}`,
      ...(change.reason === null ? [] : [`- Reason: ${change.reason}`]),
      ...change.files.map(
        ({ name, path }) =>
          `- File: ${name}${path === null ? ' (not on this computer)' : ` (${path})`}`,
      ),
      '',
      '```json',
      JSON.stringify(change.arguments, undefined, 2),
      '```',
    ].join('\n'),
  );
  return `# Changes that did not reach ${organization}\n\n${items.join('\n\n')}\n`;
}

function makeText(path: string, text: string): ArchiveEntry {
  return { path, content: Buffer.from(text.toWellFormed(), 'utf8') };
}
