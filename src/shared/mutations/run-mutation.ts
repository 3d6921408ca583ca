import type { MutationStore } from '../database/mutation-store.ts';
import { StintError } from '../errors.ts';
import { parseInput } from '../validation.ts';
import type { MutationContext, MutationDefinition } from './mutation.ts';

/**
 * Validates, authorises by role and applies one mutation; the same on both sides.
 *
 * @param origin `server` when the server itself brings the mutation about; what a person pushes is `person`.
 * @throws StintError to refuse it (`invalid_input`, `forbidden`, or what `apply` says). The caller runs
 * this inside a savepoint or transaction and rolls back on any throw.
 */
export async function runMutation(
  definition: MutationDefinition,
  store: MutationStore,
  args: unknown,
  context: MutationContext,
  origin: 'person' | 'server' = 'person',
): Promise<void> {
  const isAllowed =
    definition.by === 'server'
      ? origin === 'server'
      : origin === 'server' || definition.by.includes(context.actor.role);
  if (!isAllowed)
    throw new StintError(
      'forbidden',
      `the role ${context.actor.role} may not do this: ${definition.label.toLowerCase()}`,
    );
  const parsed = parseInput(definition.schema, args, definition.label);
  await definition.apply(store, parsed, context);
}
