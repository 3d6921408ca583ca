import type { MutationStore } from '../database/mutation-store.ts';
import { StintError } from '../errors.ts';
import type { MutationContext } from './mutation.ts';
import { getOwnTask } from './ownership.ts';
import { takeOutRecorded } from './same-timer.ts';
import type { RearrangeTime, TimeChange } from './time-changes.ts';

/**
 * What of a change a copy of the workspace has not recorded of the same timer already (SY-16): neither had heard of the
 * other, or the device would have left it out itself. Other changes stay as they are.
 *
 * @returns undefined where nothing is left to do.
 * @throws StintError `conflict` where words would be lost with it.
 */
export async function leaveOutRecorded(
  store: MutationStore,
  change: TimeChange & { readonly kind: 'add' | 'rearrange' },
  context: MutationContext,
): Promise<TimeChange | undefined> {
  const additions = listTimerStretches(change);
  const [first] = additions;
  if (first === undefined) return change;
  const { engagementId } = await getOwnTask(store, first.taskId, context.actor);
  const { stretches, losesNote } = await takeOutRecorded(
    store.db,
    {
      orgId: store.orgId,
      membershipId: context.actor.membershipId,
      engagementId,
      sha256Hex: context.sha256Hex,
      keepsDecisions: true,
    },
    additions,
  );
  if (losesNote)
    throw new StintError(
      'conflict',
      'another copy of this workspace has recorded this time already, and nothing of the note',
      { field: 'note' },
    );
  if (stretches === additions) return change;
  const [left, ...more] = stretches;
  if (left === undefined) return undefined;
  if (more.length > 0)
    return { kind: 'rearrange', args: { kind: 'gap', changes: [], additions: [...stretches] } };
  const { originId: _none, ...args } = left;
  return { kind: 'add', args };
}

/** Of the stretches around a gap all come from the timer; a split moves what is recorded already. */
function listTimerStretches(
  change: TimeChange & { readonly kind: 'add' | 'rearrange' },
): RearrangeTime['additions'] {
  if (change.kind === 'add')
    return change.args.source === 'timer' ? [{ ...change.args, originId: null }] : [];
  return change.args.kind === 'gap' && change.args.changes.length === 0
    ? change.args.additions
    : [];
}
