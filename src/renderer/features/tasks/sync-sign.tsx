import type { FileItem, SyncMark } from '../../../shared/contract/shapes.ts';
import { toMarkState } from '../../ui/mark-of.ts';
import { Mark } from '../../ui/mark.tsx';

export interface SyncSignProps {
  readonly mark: SyncMark;
  readonly isLabelled?: boolean;
}

/** Where one thing stands, in the words of the contract. */
export function SyncSign({ mark, isLabelled = false }: SyncSignProps) {
  return <Mark state={toMarkState(mark)} isLabelled={isLabelled} />;
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
