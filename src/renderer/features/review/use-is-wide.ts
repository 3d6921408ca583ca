import { useSyncExternalStore } from 'react';

/** Where the panes stand side by side; the width at which ui/panes.module.css lays them out. */
const query = '(width >= 52rem)';

function subscribe(listener: () => void): () => void {
  const media = matchMedia(query);
  media.addEventListener('change', listener);
  return () => media.removeEventListener('change', listener);
}

export function useIsWide(): boolean {
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}
