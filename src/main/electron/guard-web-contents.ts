import type { WebContents } from 'electron';
import { parseExternalUrl } from '../hosting/external-url.ts';
import { isAppUrl } from './app-origin.ts';

/**
 * Keeps a page where it is. The interface moves by the history alone, which none of these events tell;
 * any real navigation would be to somewhere else.
 */
export function guardWebContents(
  contents: WebContents,
  openExternal: (url: string) => Promise<void>,
): void {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => {
    // A preview's frame goes to the file that it shows, and from there to nowhere.
    if (event.isMainFrame || !isFileUrl(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    try {
      void openExternal(parseExternalUrl(url)).catch(() => undefined);
    } catch {
      // Neither https nor mailto: there is nothing to open.
    }
    return { action: 'deny' };
  });
}

function isFileUrl(url: string): boolean {
  return isAppUrl(url) && new URL(url).pathname.startsWith('/files/');
}
