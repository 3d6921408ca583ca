import type { SyncMark } from '../../shared/contract/shapes.ts';
import type { MarkState } from './mark.tsx';

const states: Record<SyncMark, MarkState> = {
  on_this_computer: 'local',
  sending: 'sending',
  on_the_server: 'server',
  refused: 'refused',
};

export function toMarkState(mark: SyncMark): MarkState {
  return states[mark];
}
