import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { computeSha256 } from '../support/server/test-ids.ts';
import { makeTemporaryFolder } from '../support/sync/test-installation.ts';
import type { Intent } from './intent-journal.ts';
import { listFileViolations, listViolations } from './oracles.ts';
import type { LogEntry, ServerRecords } from './server-records.ts';
import type { OutboxEntry } from './workspace-records.ts';

const text = 'ines-1-0001.';
const intent: Intent = { text, mutation: 'time.add', seconds: 600, answer: 'saved' };
const argsJson = JSON.stringify({ note: text, seen: { note: 'ines-1-0000.' } });
const row: OutboxEntry = { id: 'm1', name: 'time.add', argsJson, state: 'settled', message: null };
const entry: LogEntry = { mutationId: 'm1', name: 'time.add', argsJson, deviceId: 'd1' };
const sound: ServerRecords = {
  log: [entry],
  timeEntryCount: 1,
  timeEntrySeconds: 600,
  submissionCount: 0,
  submissionsAwaitingFiles: 0,
  receiptCount: 0,
  grantedHashes: [],
  damage: [],
};

function judge(
  changes: {
    readonly intent?: Partial<Intent>;
    readonly outbox?: readonly OutboxEntry[];
    readonly server?: Partial<ServerRecords>;
  } = {},
): string[] {
  return listViolations(
    [
      {
        name: 'ines',
        intents: [{ ...intent, ...changes.intent }],
        workspace: { outbox: changes.outbox ?? [row], unfinishedUploads: 0, damage: [] },
      },
    ],
    { ...sound, ...changes.server },
  );
}

const unsent = { log: [], timeEntryCount: 0, timeEntrySeconds: 0 } as const;

test('what was meant, saved, applied once and settled is in order', () => {
  expect(judge()).toEqual([]);
});

test('what was refused with a reason, or never said to be saved, is in order', () => {
  expect(
    judge({ outbox: [{ ...row, state: 'rejected', message: 'too late' }], server: unsent }),
  ).toEqual([]);
  expect(judge({ intent: { answer: 'unknown' }, outbox: [], server: unsent })).toEqual([]);
  expect(judge({ intent: { answer: 'refused' }, outbox: [], server: unsent })).toEqual([]);
});

test.for([
  ['a saved change that is gone', { outbox: [], server: unsent }, /was saved, and is gone/],
  [
    'a change applied twice',
    { server: { log: [entry, { ...entry, mutationId: 'm2' }] } },
    /was applied 2 times/,
  ],
  ['a settled change that the server never applied', { server: unsent }, /was not applied/],
  [
    'a refusal without a reason',
    { outbox: [{ ...row, state: 'rejected' }], server: unsent },
    /without a reason/,
  ],
  [
    'a refusal of what was applied',
    { outbox: [{ ...row, state: 'rejected', message: 'no' }] },
    /is rejected here, and was applied/,
  ],
  [
    'a change that never got an answer',
    { outbox: [{ ...row, state: 'pending' }] },
    /still pending/,
  ],
  [
    'what the app had refused, applied',
    { intent: { answer: 'refused' } },
    /was refused by the app/,
  ],
  [
    'an entry of the log that nobody made',
    { intent: { answer: 'unknown' }, outbox: [] },
    /in no outbox/,
  ],
  ['hours that do not add up', { server: { timeEntrySeconds: 1200 } }, /seconds of work/],
  ['a damaged database', { server: { damage: ['server.db: page 3'] } }, /page 3/],
] as const)('%s is found', ([, changes, expected]) => {
  expect(judge(changes).join('\n')).toMatch(expected);
});

test('a content that is not what its name says, and one that is lost, are found', async () => {
  const { path: root, remove } = await makeTemporaryFolder();
  onTestFinished(remove);
  const content = 'prices';
  const sha256 = computeSha256(content);
  const file = path.join(root, 'blobs', 'org', sha256.slice(0, 2), sha256);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
  expect(await listFileViolations([], root, [sha256])).toEqual([]);
  await writeFile(file, 'prizes');
  expect((await listFileViolations([], root, [sha256])).join()).toContain('has the hash');
  expect(await listFileViolations([], root, [computeSha256('gone')])).toHaveLength(2);
});
