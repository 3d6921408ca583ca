import { HardDrive, HardDriveDownload, MoreHorizontal, Trash2 } from 'lucide-react';
import type { FileItem } from '../../../shared/contract/shapes.ts';
import { computeReadableName } from '../../../shared/domain/hidden-characters.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { useAction } from '../../client/use-request.ts';
import { formatBytes } from '../../format/numbers.ts';
import { IconButton } from '../../ui/button.tsx';
import { Menu, type MenuEntry } from '../../ui/menu.tsx';
import { showToast } from '../../ui/toast.tsx';

export interface FilePlaceMenuProps {
  readonly seatId: string;
  readonly file: FileItem;
}

/** Whether one file that the server has stays on this computer, or is fetched when it is wanted. */
export function FilePlaceMenu({ seatId, file }: FilePlaceMenuProps) {
  const { attachmentId, isHere, isPinned } = file;
  const name = computeReadableName(file.name);
  const keep = useAction('files.keepFile', {
    failure: `“${isolate(name)}” stays as it was`,
    onSuccess: ({ freedBytes }, { isPinned: wanted }) => {
      if (wanted !== false) return;
      showToast(
        freedBytes === 0
          ? {
              title: `“${isolate(name)}” stays for now`,
              description: 'Other work on this computer still uses it.',
            }
          : {
              title: `“${isolate(name)}” is on the server alone now`,
              description: `${formatBytes(freedBytes)} are free again. It comes back when you open it.`,
            },
      );
    },
  });
  const choose = (wanted: boolean | null) => () =>
    keep.mutate({ seatId, attachmentId, isPinned: wanted });
  const items: MenuEntry[] = [
    ...(isPinned === true
      ? []
      : [
          {
            id: 'keep',
            label: 'Keep on this computer',
            description: isHere ? 'It stays when space is freed' : 'It comes now, and stays',
            icon: <HardDriveDownload />,
            onAction: choose(true),
          },
        ]),
    ...(isPinned === null
      ? []
      : [
          {
            id: 'follow',
            label: 'As the files of its task',
            icon: <HardDrive />,
            onAction: choose(null),
          },
        ]),
    ...(isHere
      ? [
          {
            id: 'free',
            label: 'Remove from this computer',
            description: 'It stays on the server',
            icon: <Trash2 />,
            onAction: choose(false),
          },
        ]
      : []),
  ];
  return (
    <Menu
      label={`Where “${isolate(name)}” is kept`}
      placement="bottom end"
      trigger={
        <IconButton
          size="small"
          label={`Where “${isolate(name)}” is kept`}
          icon={<MoreHorizontal />}
          isDisabled={keep.isPending}
        />
      }
      items={items}
    />
  );
}
