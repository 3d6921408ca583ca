import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { oldestProtocolVersion, protocolVersion } from '../../../src/shared/protocol/version.ts';
import { collectMutationSchemas, collectWireSchemas } from './collect-wire-schemas.ts';
import {
  describeBrokenMutations,
  getFrozenSchemas,
  listDifferences,
  loadFrozenMutations,
  mergeMutations,
  updateAdvice,
} from './frozen-schemas.ts';
import { listNarrowings } from './list-narrowings.ts';

/** What was released is history: these files change no more. A version that is released gets a line here. */
const frozenHashes: Readonly<Record<number, string>> = {
  1: '7eb3812c415b41891e3c3e2e7e4b46c599fd2c27e182b3fed5def7bd880207da',
  2: '855a558f7c97ed62dfe03a0707f090f90f143e41e47d5416d160d34a0c43861f',
};

/** What an old workspace still asks, for as long as it may push (SY-20). */
const eternalRequests = [
  'acceptInvitationRequestSchema',
  'createOrganizationRequestSchema',
  'invitationRequestSchema',
  'missingFilesRequestSchema',
  'pullRequestSchema',
  'pushRequestSchema',
  'registerRequestSchema',
  'signInRequestSchema',
] as const;

test('SY-20 no wire schema changes without a new protocol version', async () => {
  const frozen = getFrozenSchemas(protocolVersion);
  const found = await collectWireSchemas();
  const changes = [
    ...listDifferences(frozen.messages, found.messages),
    ...listDifferences(frozen.rows, found.rows),
  ];
  if (changes.length === 0) return;
  expect.fail(
    [
      `the wire schemas of protocol version ${protocolVersion} are not what they were: ${changes.join(', ')}.`,
      `Where version ${protocolVersion} was released: raise protocolVersion in src/shared/protocol/version.ts by one, say in docs/sync-protocol.md what is new, keep what older programs send understood, and ${updateAdvice}.`,
      `Where it was not released yet: ${updateAdvice}.`,
    ].join('\n'),
  );
});

test('SY-20 a published mutation keeps its arguments for ever', () => {
  const frozen = loadFrozenMutations();
  const found = collectMutationSchemas();
  const changes = listDifferences(
    Object.fromEntries(
      Object.entries(frozen).map(([key, { input, output }]) => [key, { input, output }]),
    ),
    found,
  );
  if (changes.length === 0) return;
  const broken = changes.filter((change) => {
    const since = frozen[change.split(' ')[0] ?? '']?.since;
    return since !== undefined && since < protocolVersion;
  });
  expect.fail(
    broken.length > 0
      ? describeBrokenMutations(broken)
      : `mutations are not what version ${protocolVersion} says: ${changes.join(', ')}. A new one, or one that was never released: ${updateAdvice}. One that was: give it a new version.`,
  );
});

test('SY-20 a published mutation that changes is named, and the update refuses it', () => {
  const frozen = loadFrozenMutations();
  const found = collectMutationSchemas();
  const published = Object.keys(frozen).find((key) => frozen[key]?.since === 1) ?? '';
  const changed = { ...found, [published]: { input: {}, output: {} } };
  expect(() => mergeMutations(frozen, changed, 2)).toThrow(
    `published mutations are not what they were: ${published} (changed)`,
  );
  const { [published]: _, ...without } = found;
  expect(() => mergeMutations(frozen, without, 2)).toThrow(`${published} (gone)`);
  expect(mergeMutations({}, found, 2)[published]).toMatchObject({ since: 2 });
  expect(mergeMutations(frozen, found, 2)[published]).toMatchObject({ since: 1 });
});

test('SY-20 the frozen schemas of released versions are left alone', () => {
  for (let version = oldestProtocolVersion; version < protocolVersion; version += 1) {
    const content = readFileSync(path.join(import.meta.dirname, `v${version}.json`));
    expect(createHash('sha256').update(content).digest('hex'), `v${version}.json`).toBe(
      frozenHashes[version],
    );
  }
});

test.for(eternalRequests)(
  'SY-20 what an older version sends as %s has a shape that is taken today',
  async (name) => {
    const { messages } = await collectWireSchemas();
    for (let version = oldestProtocolVersion; version < protocolVersion; version += 1) {
      const older = getFrozenSchemas(version).messages[name];
      const newer = messages[name];
      if (older === undefined || newer === undefined) throw new Error(`${name} is not frozen`);
      expect(listNarrowings(older.input, newer.input)).toEqual([]);
    }
  },
);

test('SY-20 what an older version reads of the answer to its push is still there', async () => {
  const { messages } = await collectWireSchemas();
  const frozen = getFrozenSchemas(oldestProtocolVersion).messages;
  for (const name of ['pushResponseSchema', 'wireErrorSchema', 'missingFilesResponseSchema']) {
    const [older, newer] = [frozen[name], messages[name]];
    if (older === undefined || newer === undefined) throw new Error(`${name} is not frozen`);
    // The other way round: whatever is given today has to be readable for who expects the older shape. New error
    // codes are: an older program reads those that it does not know as a fault of the server.
    expect(
      listNarrowings(newer.output, older.output).filter((problem) => !problem.includes('.code')),
    ).toEqual([]);
  }
});

test('SY-20 a message that asks for more, or takes less, is found', () => {
  const older = {
    type: 'object',
    properties: { id: { type: 'string', maxLength: 10 }, kind: { enum: ['a', 'b'] } },
    required: ['id'],
  };
  expect(listNarrowings(older, { ...older, required: ['id', 'kind'] })).toEqual([
    'the message: kind is needed now',
  ]);
  expect(
    listNarrowings(older, {
      ...older,
      properties: { id: { type: 'string', maxLength: 9 }, kind: { enum: ['a'] } },
    }),
  ).toEqual(['.id: maxLength is smaller', '.kind: b is no choice any more']);
  expect(
    listNarrowings(
      { anyOf: [{ type: 'string' }, { type: 'null' }] },
      { anyOf: [{ type: 'null' }, { type: 'number' }] },
    ),
  ).toEqual(['the message: what was one choice fits none any more']);
  expect(
    listNarrowings(older, { ...older, properties: { ...older.properties, more: {} } }),
  ).toEqual([]);
});
