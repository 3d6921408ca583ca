import { createContext, use } from 'react';

/** Asks the host to open a link outside the app. The frame provides it. */
export const OpenExternalContext = createContext<(url: string) => void>(() => {});

export function useOpenExternal(): (url: string) => void {
  return use(OpenExternalContext);
}
