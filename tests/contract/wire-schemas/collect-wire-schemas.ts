import { globSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { domainRowSchemas } from '../../../src/shared/database/domain-tables.ts';
import { mutationDefinitions } from '../../../src/shared/mutations/mutation-registry.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** What goes over the wire in one protocol version, as JSON Schema 2020-12. */
export interface WireSchemas {
  /** By the name under which `src/shared/protocol` and what it signs export them: what is taken, what is given. */
  readonly messages: Readonly<Record<string, { input: JsonSchema; output: JsonSchema }>>;
  /** The rows that a pull carries, by table. */
  readonly rows: Readonly<Record<string, JsonSchema>>;
}

/** The arguments of a mutation, by `name@version`. */
export type MutationSchemas = Readonly<Record<string, { input: JsonSchema; output: JsonSchema }>>;

const sharedFolder = path.resolve(import.meta.dirname, '../../../src/shared');
/** Everything that these files export and that is a schema goes over the wire, or is signed by a server. */
const wireFiles = [
  'protocol/*.ts',
  'domain/{manifest,receipt,submission-marks,time-anchor,verdict*}.ts',
];

export async function collectWireSchemas(): Promise<WireSchemas> {
  const messages: Record<string, { input: JsonSchema; output: JsonSchema }> = {};
  for (const file of globSync(wireFiles, { cwd: sharedFolder }).sort()) {
    const exported = (await import(pathToFileURL(path.join(sharedFolder, file)).href)) as Readonly<
      Record<string, unknown>
    >;
    for (const [name, schema] of Object.entries(exported))
      if (schema instanceof z.ZodType) messages[name] = computeBoth(schema);
  }
  const rows = Object.entries(domainRowSchemas).map(([table, schema]) => [
    table,
    computeJsonSchema(schema, 'output'),
  ]);
  return { messages: sortMembers(messages), rows: sortMembers(Object.fromEntries(rows)) };
}

export function collectMutationSchemas(): MutationSchemas {
  return sortMembers(
    Object.fromEntries(
      mutationDefinitions.map(({ name, version, schema }) => [
        `${name}@${version}`,
        computeBoth(schema),
      ]),
    ),
  );
}

function computeBoth(schema: z.ZodType): { input: JsonSchema; output: JsonSchema } {
  return { input: computeJsonSchema(schema, 'input'), output: computeJsonSchema(schema, 'output') };
}

function computeJsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  return z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as JsonSchema;
}

function sortMembers<Value>(members: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(members).sort(([left], [right]) => (left < right ? -1 : 1)),
  );
}
