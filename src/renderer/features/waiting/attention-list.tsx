import { useRef, useState } from 'react';
import type { WaitingChange } from '../../../shared/contract/sync-requests.ts';
import { useAction } from '../../client/use-request.ts';
import { useShortcut } from '../../frame/shortcuts.ts';
import { Stack } from '../../ui/stack.tsx';
import { showToast } from '../../ui/toast.tsx';
import { describeChange } from './describe-change.ts';
import { AttentionItem } from './attention-item.tsx';
import { listEditFields } from './edit-fields.ts';

const group = 'What needs attention';

const canEdit = ({ name, argsJson }: WaitingChange): boolean =>
  listEditFields(name, JSON.parse(argsJson)).length > 0;

/** Everything that builds on a change, through any number of steps. */
function listDependents(
  change: WaitingChange,
  held: readonly WaitingChange[],
): readonly WaitingChange[] {
  const ids = new Set([change.mutationId]);
  const oldestFirst = held.toReversed();
  return oldestFirst.filter(({ mutationId, waitsForId }) => {
    if (waitsForId === null || !ids.has(waitsForId)) return false;
    ids.add(mutationId);
    return true;
  });
}

/** What was refused or kept, newest first, each with what to do about it; by keys alone, if one likes. */
export function AttentionList({
  changes,
  held,
}: {
  readonly changes: readonly WaitingChange[];
  readonly held: readonly WaitingChange[];
}) {
  const elements = useRef(new Map<string, HTMLElement>());
  const [editingId, setEditingId] = useState<string | null>(null);
  const undoDismiss = useAction('sync.undoDismiss', { failure: 'Not put back' });
  const dismiss = useAction('sync.dismiss', { failure: 'Not taken off the list' });
  const sendAgain = useAction('sync.sendAgain', {
    failure: 'Not sent again',
    onSuccess: () => showToast({ title: 'Sent again' }),
  });

  const takeOff = (change: WaitingChange) => {
    const { seatId, mutationId } = change;
    dismiss.mutate(
      { seatId, mutationId },
      {
        onSuccess: ({ previousState }) =>
          showToast({
            title: 'Taken off the list',
            description: describeChange(change),
            onUndo: () => undoDismiss.mutate({ seatId, mutationId, previousState }),
          }),
      },
    );
  };
  /** The one that has the focus, or holds it. */
  const findFocused = (): WaitingChange | undefined =>
    changes.find(({ mutationId }) =>
      elements.current.get(mutationId)?.contains(document.activeElement),
    ) ?? (changes.length === 1 ? changes[0] : undefined);
  const step = (by: number): void => {
    const focused = changes.findIndex(({ mutationId }) =>
      elements.current.get(mutationId)?.contains(document.activeElement),
    );
    const next = changes[focused === -1 ? 0 : focused + by];
    if (next !== undefined) elements.current.get(next.mutationId)?.focus();
  };
  useShortcut({ keys: ['J'], label: 'Next one', group }, () => step(1));
  useShortcut({ keys: ['K'], label: 'Previous one', group }, () => step(-1));
  useShortcut({ keys: ['E'], label: 'Edit and send', group }, () => {
    const focused = findFocused();
    if (focused?.canSendAgain === true && canEdit(focused)) setEditingId(focused.mutationId);
  });
  useShortcut({ keys: ['D'], label: 'Take off the list', group }, () => {
    const focused = findFocused();
    if (focused !== undefined) takeOff(focused);
  });

  return (
    <Stack gap={2}>
      {changes.map((change) => {
        const { seatId, mutationId } = change;
        return (
          <AttentionItem
            key={mutationId}
            change={change}
            dependents={listDependents(change, held)}
            isEditing={editingId === mutationId}
            canEdit={canEdit(change)}
            onEdit={(isOpen) => setEditingId(isOpen ? mutationId : null)}
            onSendAgain={() => sendAgain.mutate({ seatId, mutationId })}
            onDismiss={() => takeOff(change)}
            ref={(element) => {
              if (element === null) elements.current.delete(mutationId);
              else elements.current.set(mutationId, element);
            }}
          />
        );
      })}
    </Stack>
  );
}
