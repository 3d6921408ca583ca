import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { JsonSchema, MutationSchemas, WireSchemas } from './collect-wire-schemas.ts';

/** A mutation's arguments, and the protocol version in which they were published first. */
export type FrozenMutations = Readonly<
  Record<string, { since: number; input: JsonSchema; output: JsonSchema }>
>;

const folder = import.meta.dirname;
const computeVersionPath = (version: number): string => path.join(folder, `v${version}.json`);
const mutationsPath = path.join(folder, 'mutations.json');

export function findFrozenSchemas(version: number): WireSchemas | undefined {
  const filePath = computeVersionPath(version);
  return existsSync(filePath)
    ? (JSON.parse(readFileSync(filePath, 'utf8')) as WireSchemas)
    : undefined;
}

export function getFrozenSchemas(version: number): WireSchemas {
  const found = findFrozenSchemas(version);
  if (found === undefined)
    throw new Error(`version ${version} of the protocol has no frozen schemas; ${updateAdvice}`);
  return found;
}

export function loadFrozenMutations(): FrozenMutations {
  return existsSync(mutationsPath)
    ? (JSON.parse(readFileSync(mutationsPath, 'utf8')) as FrozenMutations)
    : {};
}

export const updateAdvice =
  'run "node scripts/launch.mjs run tests/contract/wire-schemas/update.ts" and look at what it changes';

export function writeFrozenSchemas(version: number, schemas: WireSchemas): void {
  writeFileSync(computeVersionPath(version), `${JSON.stringify(schemas, undefined, 1)}\n`);
}

export function writeFrozenMutations(mutations: FrozenMutations): void {
  writeFileSync(mutationsPath, `${JSON.stringify(mutations, undefined, 1)}\n`);
}

/** Names of what differs, each with how: `new`, `gone` or `changed`. */
export function listDifferences(
  frozen: Readonly<Record<string, unknown>>,
  found: Readonly<Record<string, unknown>>,
): string[] {
  const names = [...new Set([...Object.keys(frozen), ...Object.keys(found)])].sort();
  return names.flatMap((name) => {
    const [before, after] = [frozen[name], found[name]];
    if (before === undefined) return [`${name} (new)`];
    if (after === undefined) return [`${name} (gone)`];
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [`${name} (changed)`];
  });
}

/**
 * The mutations with what is new added. Those that an older version published stay as they are.
 * @throws Error naming a published mutation that has changed or gone.
 */
export function mergeMutations(
  frozen: FrozenMutations,
  found: MutationSchemas,
  version: number,
): FrozenMutations {
  const published = Object.entries(frozen).filter(([, { since }]) => since < version);
  const broken = listDifferences(
    Object.fromEntries(published.map(([key, { input, output }]) => [key, { input, output }])),
    Object.fromEntries(published.map(([key]) => [key, found[key]])),
  );
  if (broken.length > 0) throw new Error(describeBrokenMutations(broken));
  return Object.fromEntries(
    Object.entries(found).map(([key, schema]) => [
      key,
      { since: frozen[key]?.since ?? version, ...schema },
    ]),
  );
}

export function describeBrokenMutations(broken: readonly string[]): string {
  return `published mutations are not what they were: ${broken.join(', ')}. Devices hold them in their outbox: undo the change, and define the new shape under the same name with the next version, beside the old one.`;
}
