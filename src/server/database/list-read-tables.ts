import type { RootOperationNode } from 'kysely';

/**
 * The tables that a query reads, its sub-queries' among them; undefined where that cannot be told: with SQL of its own in
 * it, or when it is anything but a `select`. Names of its own (`with`) may be among them.
 */
export function listReadTables(query: RootOperationNode): ReadonlySet<string> | undefined {
  if (query.kind !== 'SelectQueryNode') return undefined;
  const tables = new Set<string>();
  return collect(query, tables) ? tables : undefined;
}

/** In a `with`, these write although the query is a `select`. */
const writing: ReadonlySet<string> = new Set([
  'InsertQueryNode',
  'UpdateQueryNode',
  'DeleteQueryNode',
  'MergeQueryNode',
]);

/** @returns whether all of it is known. */
function collect(part: unknown, tables: Set<string>): boolean {
  if (typeof part !== 'object' || part === null) return true;
  if (Array.isArray(part)) return part.every((each) => collect(each, tables));
  const node = part as {
    readonly kind?: unknown;
    readonly table?: unknown;
    readonly sqlFragments?: readonly string[];
  };
  if (node.kind === 'RawNode') return isDirection(node.sqlFragments);
  if (typeof node.kind === 'string' && writing.has(node.kind)) return false;
  // Values are data, whatever they look like.
  if (node.kind === 'ValueNode' || node.kind === 'PrimitiveValueListNode') return true;
  if (node.kind === 'TableNode') {
    const name = (node.table as { readonly identifier: { readonly name: string } }).identifier.name;
    tables.add(name);
    return true;
  }
  return Object.values(node).every((each) => collect(each, tables));
}

/** Kysely writes the direction of an order as SQL of its own. */
const isDirection = (fragments: readonly string[] | undefined): boolean =>
  fragments?.length === 1 && ['asc', 'desc'].includes(fragments[0] ?? '');
