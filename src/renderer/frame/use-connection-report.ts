import { useEffect } from 'react';
import { request } from '../client/host.ts';

/** The Network Information API, which not every browser has. */
interface NetworkInformation extends EventTarget {
  readonly saveData?: boolean;
  readonly type?: string;
}

/** Tells the workspace whether data are paid by volume here, as far as the system says; it pauses files then. */
export function useConnectionReport(): void {
  useEffect(() => {
    const { connection } = navigator as { readonly connection?: NetworkInformation };
    if (connection === undefined) return;
    let told: boolean | undefined;
    const tell = () => {
      const isMetered = connection.saveData === true || connection.type === 'cellular';
      if (isMetered === told) return;
      told = isMetered;
      // Asked again with the next change; until then files move as before.
      request('transfers.reportConnection', { isMetered }).catch(() => {
        told = undefined;
      });
    };
    tell();
    connection.addEventListener('change', tell);
    return () => connection.removeEventListener('change', tell);
  }, []);
}
