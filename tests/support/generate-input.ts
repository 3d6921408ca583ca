import { z } from 'zod';

interface JsonSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly minItems?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
}

/** Ids by the name of the field that takes them; lists of ids by the name of one. */
export type IdsByField = Readonly<Record<string, string>>;

/** What rules beyond a schema's shape ask for, by the field's name. */
const valuesByField: Readonly<Record<string, unknown>> = {
  zone: 'Europe/Berlin',
  timeZone: 'Europe/Berlin',
  wall: '2026-03-20T17:00',
  startedAt: '2026-03-01T10:00:00.000Z',
  endedAt: '2026-03-01T11:00:00.000Z',
  sha256: 'a'.repeat(64),
  manifestHash: 'a'.repeat(64),
  agreementHash: 'a'.repeat(64),
  entriesHash: 'a'.repeat(64),
  termsHash: 'a'.repeat(64),
  codeHash: 'a'.repeat(64),
  argsHash: 'a'.repeat(64),
  previousHash: 'a'.repeat(64),
  currency: 'EUR',
  email: 'somebody@example.org',
  mediaType: 'text/plain',
  dueTime: '17:00',
  from: '2026-02-01',
  to: '2026-04-01',
  days: 1,
};

const singular = (field: string): string => field.replace(/Ids$/u, 'Id');

/** The ids that a request's input can name, optional ones and those within lists included. */
export function listIdFields(schema: z.ZodType): string[] {
  const found = new Set<string>();
  const walk = (node: JsonSchema, field: string): void => {
    if (node.format === 'uuid' && field !== 'seatId') found.add(singular(field));
    for (const [name, value] of Object.entries(node.properties ?? {})) walk(value, name);
    for (const part of [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])])
      walk(part, field);
    if (node.items !== undefined) walk(node.items, field);
  };
  walk(toJsonSchema(schema), '');
  return [...found].sort();
}

const toJsonSchema = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;

const hasIds = (node: JsonSchema, field: string, ids: IdsByField): boolean =>
  (node.format === 'uuid' && singular(field) in ids) ||
  Object.entries(node.properties ?? {}).some(([name, value]) => hasIds(value, name, ids)) ||
  (node.anyOf ?? []).some((part) => hasIds(part, field, ids)) ||
  (node.items !== undefined && hasIds(node.items, field, ids));

function generate(node: JsonSchema, field: string, ids: IdsByField): unknown {
  if (node.const !== undefined) return node.const;
  if (node.enum !== undefined) return node.enum[0];
  if (node.format === 'uuid') return ids[singular(field)] ?? ids['any'];
  if (node.type !== 'object' && node.type !== 'array' && field in valuesByField)
    return valuesByField[field];
  const [alternative] = [...(node.anyOf ?? []), ...(node.oneOf ?? [])];
  if (alternative !== undefined) return generate(alternative, field, ids);
  if (node.allOf !== undefined)
    return Object.assign({}, ...node.allOf.map((part) => generate(part, field, ids)));
  switch (node.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(node.properties ?? {})
          .filter(
            ([name, value]) => node.required?.includes(name) === true || hasIds(value, name, ids),
          )
          .map(([name, value]) => [name, generate(value, name, ids)]),
      );
    case 'array':
      return node.items !== undefined &&
        ((node.minItems ?? 0) > 0 || hasIds(node.items, field, ids))
        ? [generate(node.items, field, ids)]
        : [];
    case 'integer':
    case 'number':
      return Math.max(node.minimum ?? 0, 0);
    case 'boolean':
      return true;
    case 'null':
      return null;
    case 'string':
      return generateText(node);
    default:
      return null;
  }
}

function generateText({ format, minLength }: JsonSchema): string {
  if (format === 'date-time') return '2026-03-01T10:00:00.000Z';
  if (format === 'date') return '2026-03-01';
  return 'Said in a word or two'.padEnd(minLength ?? 0, '.');
}

/** An input that a schema takes, with these ids wherever it names one: what is optional only where it names an id. */
export function generateInput(schema: z.ZodType, ids: IdsByField): Record<string, unknown> {
  return generate(toJsonSchema(schema), '', ids) as Record<string, unknown>;
}
