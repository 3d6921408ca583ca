// node scripts/launch.mjs run tests/contract/wire-schemas/update.ts
// Freezes the wire schemas of the newest protocol version as they are now. Older versions, and mutations that
// those published, are never touched.
import { protocolVersion } from '../../../src/shared/protocol/version.ts';
import { collectMutationSchemas, collectWireSchemas } from './collect-wire-schemas.ts';
import {
  findFrozenSchemas,
  listDifferences,
  loadFrozenMutations,
  mergeMutations,
  writeFrozenMutations,
  writeFrozenSchemas,
} from './frozen-schemas.ts';

const frozen = findFrozenSchemas(protocolVersion) ?? { messages: {}, rows: {} };
const found = await collectWireSchemas();
const mutations = loadFrozenMutations();
const merged = mergeMutations(mutations, collectMutationSchemas(), protocolVersion);
const changes = [
  ...listDifferences(frozen.messages, found.messages),
  ...listDifferences(frozen.rows, found.rows),
  ...listDifferences(mutations, merged),
];
writeFrozenSchemas(protocolVersion, found);
writeFrozenMutations(merged);
console.log(
  changes.length === 0
    ? `Version ${protocolVersion} is frozen as it was.`
    : `Version ${protocolVersion} is frozen anew: ${changes.join(', ')}`,
);
