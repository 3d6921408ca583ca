import { type HostResponse, toErrorResponse } from '../hosting/host-response.ts';

/** Looser than the shipped policy: Vite injects scripts into the page and speaks over a web socket. */
const developmentPolicy = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "connect-src 'self' ws://localhost:* http://localhost:*",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/**
 * The interface from Vite's development server, on the app's own origin. Never used by a packaged app.
 *
 * @param serverUrl where electron-vite says that the server listens
 */
export function createDevelopmentAssets(
  serverUrl: string,
): (pathname: string, search: string) => Promise<HostResponse> {
  return async (pathname, search) => {
    const accept = /\.\w+$/.test(pathname) || pathname.startsWith('/@') ? '*/*' : 'text/html';
    try {
      const answer = await fetch(new URL(pathname + search, serverUrl), { headers: { accept } });
      return {
        status: answer.status,
        headers: {
          'content-type': answer.headers.get('content-type') ?? 'application/octet-stream',
          'content-security-policy': developmentPolicy,
          'cache-control': 'no-store',
        },
        body: new Uint8Array(await answer.arrayBuffer()),
      };
    } catch {
      return toErrorResponse({ code: 'unavailable', message: `${serverUrl} does not answer` });
    }
  };
}
