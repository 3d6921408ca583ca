import { Ellipsis } from 'lucide-react';
import type { RequestOutput } from '../../../shared/contract/contract.ts';
import { erasedName } from '../../../shared/domain/erasure.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { useAction } from '../../client/use-request.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Menu, type MenuEntry } from '../../ui/menu.tsx';
import { showToast } from '../../ui/toast.tsx';
import styles from './people.module.css';

export type Member = RequestOutput<'people.list'>['members'][number];

export interface MemberActionsProps {
  readonly seatId: string;
  readonly member: Member;
  readonly isOwner: boolean;
  readonly ownMembershipId: string;
  readonly onEndAccess: () => void;
  readonly onErase: () => void;
}

/** Owners end the access of everyone else, managers that of interns; the rules have the last word. */
function mayEndAccess({ member, isOwner, ownMembershipId }: MemberActionsProps): boolean {
  if (member.status === 'removed' || member.person.membershipId === ownMembershipId) return false;
  return isOwner || member.role === 'intern';
}

/** What can be done with one person of the organization. */
export function MemberActions(props: MemberActionsProps) {
  const { seatId, member, isOwner, onEndAccess, onErase } = props;
  const { membershipId, name } = member.person;
  const takeBack = useAction('people.setRole', { failure: 'The role was not changed' });
  const setRole = useAction('people.setRole', {
    failure: 'The role was not changed',
    onSuccess: (_, input) =>
      showToast({
        title: `${isolate(name)} is ${input.role === 'owner' ? 'an owner' : 'a manager'} now`,
        onUndo: () =>
          takeBack.mutate({ ...input, role: input.role === 'owner' ? 'manager' : 'owner' }),
      }),
  });
  if (membershipId === null) return null;
  const isActive = member.status === 'active';
  const items: MenuEntry[] = [];
  if (isOwner && isActive && member.role === 'manager')
    items.push({
      id: 'owner',
      label: 'Make owner',
      onAction: () => setRole.mutate({ seatId, membershipId, role: 'owner' }),
    });
  if (isOwner && isActive && member.role === 'owner')
    items.push({
      id: 'manager',
      label: 'Make manager',
      onAction: () => setRole.mutate({ seatId, membershipId, role: 'manager' }),
    });
  if (isOwner && !isActive && name !== erasedName)
    items.push({ id: 'erase', label: 'Erase data…', isDanger: true, onAction: onErase });
  return (
    <span className={styles.actions}>
      {mayEndAccess(props) ? (
        <Button
          size="small"
          variant="quiet"
          onPress={onEndAccess}
          aria-label={`End access… ${isolate(name)}`}
        >
          End access…
        </Button>
      ) : null}
      {items.length === 0 ? null : (
        <Menu
          label={`More for ${isolate(name)}`}
          trigger={<IconButton label={`More for ${isolate(name)}`} icon={<Ellipsis />} />}
          items={items}
          placement="bottom end"
        />
      )}
    </span>
  );
}
