import { useSyncExternalStore } from 'react';
import type { ConnectionState } from './carrier.ts';

let state: ConnectionState = 'starting';
const listeners = new Set<() => void>();

export function setConnection(next: ConnectionState): void {
  if (next === state) return;
  state = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** Whether the workspace process answers. Not the network: the app works without that. */
export function useConnection(): ConnectionState {
  return useSyncExternalStore(subscribe, () => state);
}
