import type { FileItem, SyncMark } from '../../../shared/contract/shapes.ts';
import { Mark, type MarkState } from '../../ui/mark.tsx';

const states: Record<SyncMark, MarkState> = {
  on_this_computer: 'local',
  sending: 'sending',
  on_the_server: 'server',
  refused: 'refused',
};

export interface SyncSignProps {
  readonly mark: SyncMark;
  readonly isLabelled?: boolean;
}

/** Where one thing stands, in the words of the contract. */
export function SyncSign({ mark, isLabelled = false }: SyncSignProps) {
  return <Mark state={states[mark]} isLabelled={isLabelled} />;
}

/** Where a file stands on its way to the server. */
export function FileSign({ file }: { readonly file: FileItem }) {
  if (file.isOnServer) return <Mark state="server" />;
  if (file.direction === 'up' && file.movedBytes !== null)
    return (
      <Mark state="file" fraction={file.movedBytes / Math.max(file.sizeBytes, 1)} isLabelled />
    );
  return <Mark state="local" />;
}
