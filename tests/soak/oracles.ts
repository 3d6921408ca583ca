import { createHash } from 'node:crypto';
import { createReadStream, globSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { OutboxState } from '../../src/main/workspace/database/seat-tables.ts';
import type { Intent } from './intent-journal.ts';
import type { LogEntry, ServerRecords } from './server-records.ts';
import type { OutboxEntry, WorkspaceRecords } from './workspace-records.ts';

export interface PersonsRecords {
  readonly name: string;
  readonly intents: readonly Intent[];
  readonly workspace: WorkspaceRecords;
}

/** A change in one of these is on a list for the person, with its reason. */
const visibleStates: ReadonlySet<OutboxState> = new Set([
  'rejected',
  'held',
  'kept',
  'quarantined',
  'replaced',
  'dismissed',
]);

/** Entries of an outbox or a log by the person's text in them and the mutation's name. */
class TextIndex<Entry extends { readonly name: string; readonly argsJson: string }> {
  readonly #byKey = new Map<string, Entry[]>();

  constructor(entries: readonly Entry[]) {
    for (const entry of entries) {
      // What an editor had seen before is somebody's earlier text.
      const { seen: _, ...args } = JSON.parse(entry.argsJson) as { seen?: unknown };
      const texts = JSON.stringify(args).match(/[a-z]+\d*-\d+-\d{4}\./g) ?? [];
      for (const text of new Set(texts)) {
        const key = `${entry.name} ${text}`;
        this.#byKey.set(key, [...(this.#byKey.get(key) ?? []), entry]);
      }
    }
  }

  list({ mutation, text }: Intent): readonly Entry[] {
    return this.#byKey.get(`${mutation} ${text}`) ?? [];
  }
}

/** What went wrong, one line each; nothing when all is as it was meant. */
export function listViolations(people: readonly PersonsRecords[], server: ServerRecords): string[] {
  const applied = new Map(server.log.map((entry) => [entry.mutationId, entry]));
  const problems = [...server.damage];
  if (applied.size !== server.log.length)
    problems.push('the log holds a mutation twice under one id');
  const log = new TextIndex(server.log);
  for (const person of people) {
    problems.push(...person.workspace.damage);
    const outbox = new TextIndex(person.workspace.outbox);
    for (const intent of person.intents)
      problems.push(
        ...checkIntent(intent, outbox.list(intent), log.list(intent)).map(
          (problem) => `${person.name}: ${intent.mutation} "${intent.text}" ${problem}`,
        ),
      );
    for (const row of person.workspace.outbox)
      if (row.state === 'pending' || row.state === 'applied')
        problems.push(`${person.name}: ${row.name} ${row.id} is still ${row.state}`);
    if (person.workspace.unfinishedUploads > 0)
      problems.push(
        `${person.name}: ${person.workspace.unfinishedUploads} uploads are not finished`,
      );
  }
  const known = new Set(people.flatMap(({ workspace }) => workspace.outbox.map(({ id }) => id)));
  for (const entry of server.log)
    if (entry.deviceId !== null && !known.has(entry.mutationId))
      problems.push(`the server applied ${entry.name} ${entry.mutationId}, which is in no outbox`);
  return [...problems, ...checkModel(people, server)];
}

function checkIntent(
  intent: Intent,
  rows: readonly OutboxEntry[],
  log: readonly LogEntry[],
): string[] {
  if (log.length > 1) return [`was applied ${log.length} times`];
  if (rows.length > 1) return [`stands in the outbox ${rows.length} times`];
  const [row] = rows;
  if (intent.answer === 'refused')
    return row === undefined && log.length === 0 ? [] : ['was refused by the app, and went on'];
  if (row === undefined)
    return [
      ...(intent.answer === 'saved' ? ['was saved, and is gone'] : []),
      ...(log.length > 0 ? ['was applied, and is in no outbox'] : []),
    ];
  return checkFate(row, log.length);
}

function checkFate(row: OutboxEntry, timesApplied: number): string[] {
  if (row.state === 'settled')
    return timesApplied === 1 ? [] : ['is settled here, and was not applied by the server'];
  if (!visibleStates.has(row.state)) return [`ended as ${row.state}`];
  if (timesApplied > 0) return [`is ${row.state} here, and was applied by the server`];
  return row.message === null || row.message === '' ? [`is ${row.state} without a reason`] : [];
}

/** Hours and revisions are what the journals add up to. */
function checkModel(people: readonly PersonsRecords[], server: ServerRecords): string[] {
  const settled = (mutation: string): Intent[] =>
    people.flatMap(({ intents, workspace }) => {
      const outbox = new TextIndex(workspace.outbox);
      return intents.filter(
        (intent) =>
          intent.mutation === mutation &&
          outbox.list(intent).some(({ state }) => state === 'settled'),
      );
    });
  const added = settled('time.add');
  const seconds = added.reduce((sum, intent) => sum + intent.seconds, 0);
  const submitted = settled('submission.create');
  const expectations: readonly [what: string, expected: number, found: number][] = [
    ['time entries', added.length, server.timeEntryCount],
    ['seconds of work', seconds, server.timeEntrySeconds],
    ['submissions', submitted.length, server.submissionCount],
    ['receipts', submitted.length, server.receiptCount],
    ['submissions that wait for files', 0, server.submissionsAwaitingFiles],
  ];
  return expectations.flatMap(([what, expected, found]) =>
    Math.abs(expected - found) < 0.001
      ? []
      : [`${what}: the journals say ${expected}, the server ${found}`],
  );
}

/** Every stored content has the hash that is its name; what the server was given it also has. */
export async function listFileViolations(
  folders: readonly string[],
  serverFolder: string,
  grantedHashes: readonly string[],
): Promise<string[]> {
  const problems: string[] = [];
  for (const folder of [...folders, serverFolder])
    for (const file of globSync('{files/??/*,blobs/*/??/*}', { cwd: folder })) {
      const name = path.basename(file);
      const found = await computeHash(path.join(folder, file));
      if (found !== name) problems.push(`${path.join(folder, file)} has the hash ${found}`);
    }
  const held = new Set(
    globSync('blobs/*/??/*', { cwd: serverFolder }).map((file) => path.basename(file)),
  );
  for (const sha256 of grantedHashes)
    if (!held.has(sha256)) problems.push(`the server has lost the file ${sha256}`);
  return problems;
}

async function computeHash(filePath: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(filePath), hash);
  return hash.digest('hex');
}
