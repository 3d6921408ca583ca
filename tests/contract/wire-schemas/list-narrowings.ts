import type { JsonSchema } from './collect-wire-schemas.ts';

/**
 * In which ways a message that the older schema allows might be refused by the newer one, as far as the shape
 * goes: a member that is needed now, another type, a choice that has gone. An empty list says that whoever
 * speaks the older version is still understood.
 */
export function listNarrowings(older: JsonSchema, newer: JsonSchema, at = ''): string[] {
  if (JSON.stringify(older) === JSON.stringify(newer) || isAnything(newer)) return [];
  const where = at === '' ? 'the message' : at;
  const problems: string[] = [];
  const olderChoices = listChoices(older);
  const newerChoices = listChoices(newer);
  if (olderChoices.length > 1 || newerChoices.length > 1)
    return olderChoices.flatMap((choice) => {
      const attempts = newerChoices.map((candidate) => listNarrowings(choice, candidate, at));
      return attempts.some((attempt) => attempt.length === 0)
        ? []
        : [`${where}: what was one choice fits none any more`];
    });
  if (older['type'] !== newer['type'])
    problems.push(`${where}: the type is ${String(newer['type'])}, not ${String(older['type'])}`);
  for (const value of getList(older, 'enum'))
    if (newer['enum'] !== undefined && !getList(newer, 'enum').includes(value))
      problems.push(`${where}: ${String(value)} is no choice any more`);
  const required = getList(older, 'required');
  for (const name of getList(newer, 'required'))
    if (!required.includes(name)) problems.push(`${where}: ${String(name)} is needed now`);
  const olderMembers = getMembers(older);
  for (const [name, member] of Object.entries(getMembers(newer))) {
    const before = olderMembers[name];
    if (before !== undefined) problems.push(...listNarrowings(before, member, `${at}.${name}`));
  }
  if (older['items'] !== undefined && newer['items'] !== undefined)
    problems.push(
      ...listNarrowings(older['items'] as JsonSchema, newer['items'] as JsonSchema, `${at}[]`),
    );
  for (const limit of ['maxItems', 'maxLength', 'maximum'] as const)
    if (Number(newer[limit] ?? Infinity) < Number(older[limit] ?? Infinity))
      problems.push(`${where}: ${limit} is smaller`);
  for (const limit of ['minItems', 'minLength', 'minimum'] as const)
    if (Number(newer[limit] ?? -Infinity) > Number(older[limit] ?? -Infinity))
      problems.push(`${where}: ${limit} is greater`);
  if (newer['pattern'] !== undefined && newer['pattern'] !== older['pattern'])
    problems.push(`${where}: the pattern is another`);
  return problems;
}

/** A schema that takes everything has no words beyond its description and default. */
function isAnything(schema: JsonSchema): boolean {
  return Object.keys(schema).every((key) => ['$schema', 'default', 'description'].includes(key));
}

function listChoices(schema: JsonSchema): readonly JsonSchema[] {
  const choices = schema['anyOf'] ?? schema['oneOf'];
  return Array.isArray(choices) ? (choices as JsonSchema[]) : [schema];
}

function getList(schema: JsonSchema, name: string): readonly unknown[] {
  const list = schema[name];
  return Array.isArray(list) ? list : [];
}

function getMembers(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return (schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>;
}
