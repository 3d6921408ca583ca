import { useState } from 'react';
import { UserPlus } from 'lucide-react';
import { useRequest } from '../../client/use-request.ts';
import { Button } from '../../ui/button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { InviteInternDialog } from '../projects/invite-intern-dialog.tsx';

/** An intern is always invited to a project: choose it here, without going there first. */
export function InviteToProject({ seatId }: { readonly seatId: string }) {
  const projects = useRequest('projects.list', { seatId });
  const [chosenId, setChosenId] = useState<string | null>(null);
  const open = (projects.data ?? []).filter(({ isClosed }) => !isClosed);
  const chosen = open.find(({ projectId }) => projectId === chosenId);
  if (open.length === 0) return null;
  return (
    <>
      <Menu
        label="Invite to a project"
        placement="bottom end"
        trigger={
          <Button icon={<UserPlus />} size="small">
            Invite an intern to…
          </Button>
        }
        items={open.map((project) => ({
          id: project.projectId,
          label: project.title,
          onAction: () => setChosenId(project.projectId),
        }))}
      />
      {chosen === undefined ? null : (
        <InviteInternDialog
          seatId={seatId}
          projectId={chosen.projectId}
          projectTitle={chosen.title}
          onClose={() => setChosenId(null)}
        />
      )}
    </>
  );
}
