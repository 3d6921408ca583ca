import type { FileItem, SyncMark } from '../../shared/contract/shapes.ts';
import type { MarkProps, MarkState } from './mark.tsx';

const states: Record<SyncMark, MarkState> = {
  on_this_computer: 'local',
  sending: 'sending',
  on_the_server: 'server',
  refused: 'refused',
};

export function toMarkState(mark: SyncMark): MarkState {
  return states[mark];
}

/** A file's own mark: its bytes travel apart from the record that names it (SY-9). */
export function computeFileMark(file: FileItem): Pick<MarkProps, 'state' | 'fraction'> {
  if (file.movedBytes !== null && file.sizeBytes > 0) {
    return { state: 'file', fraction: file.movedBytes / file.sizeBytes };
  }
  return { state: file.isOnServer ? 'server' : 'local' };
}
