import { computeCanonicalJson } from '../canonical-json.ts';
import type { DomainRow, DomainTable } from '../database/domain-tables.ts';
import type { MutationStore } from '../database/mutation-store.ts';
import { computeDerivedId } from '../domain/derived-id.ts';
import type { MutationContext } from './mutation.ts';

/**
 * Applies a patch of fields to a row that several people may edit (design, section 4, conflicts).
 * Only the fields named change, so edits of different fields merge; of the same field the later to
 * reach the server wins, and what it replaced is kept in `fieldEdits`, marked where the editor had not
 * seen it. `seen` holds the values that the editor saw, for the fields of the patch.
 *
 * @param editId tells the rows apart where one mutation edits several.
 */
export async function applyFieldEdits<
  Table extends 'projects' | 'tasks' | 'taskTemplates' | 'timeEntries' | 'organizations',
>(
  store: MutationStore,
  table: Table,
  row: DomainRow<Table>,
  patch: Readonly<Record<string, unknown>>,
  seen: Readonly<Record<string, unknown>>,
  context: MutationContext,
  editId = '',
): Promise<void> {
  const current = row as Readonly<Record<string, unknown>>;
  const changed: Record<string, unknown> = {};
  for (const [field, next] of Object.entries(patch)) {
    if (next === undefined) continue;
    const previousJson = computeCanonicalJson(current[field] ?? null);
    const nextJson = computeCanonicalJson(next);
    if (previousJson === nextJson) continue;
    changed[field] = next;
    const sawSomethingElse =
      Object.hasOwn(seen, field) && computeCanonicalJson(seen[field] ?? null) !== previousJson;
    await store.insert('fieldEdits', {
      orgId: store.orgId,
      id: computeDerivedId(
        context.mutationId,
        editId === '' ? `field-edit/${field}` : `field-edit/${editId}/${field}`,
        context.sha256Hex,
      ),
      scope: row.scope,
      tableName: table satisfies DomainTable,
      rowId: row.id,
      field,
      previousJson,
      nextJson,
      overwroteUnseen: sawSomethingElse ? 1 : 0,
      editedBy: context.actor.membershipId,
      editedAt: context.at,
    });
  }
  if (Object.keys(changed).length > 0) await store.patch(table, row.id, changed as never);
}
