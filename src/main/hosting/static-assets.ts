import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import {
  computeContentSecurityPolicy,
  createNonce,
  noncePlaceholder,
} from './content-security-policy.ts';
import type { HostResponse } from './host-response.ts';
import { securityHeaders } from './security-headers.ts';

const mediaTypes: Readonly<Record<string, string>> = {
  '.avif': 'image/avif',
  '.css': 'text/css; charset=utf-8',
  '.gif': 'image/gif',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

function createTextResponse(status: number, text: string): HostResponse {
  return {
    status,
    headers: {
      ...securityHeaders,
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
    },
    body: text,
  };
}

/** The page with a fresh nonce, in the policy and in its `meta` element alike. */
function createPageResponse(html: string): HostResponse {
  const nonce = createNonce();
  return {
    status: 200,
    headers: {
      ...securityHeaders,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': computeContentSecurityPolicy(nonce),
      'cache-control': 'no-store',
    },
    body: html.replaceAll(noncePlaceholder, nonce),
  };
}

/** The segments of a path, or undefined where it could lead out of the folder. */
function findSegments(pathname: string): readonly string[] | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
  if (/[\0\\:]/.test(decoded)) return undefined;
  const segments = decoded.split('/').filter((segment) => segment !== '');
  return segments.some((segment) => /^\.+$/.test(segment)) ? undefined : segments;
}

/**
 * Serves the built interface. A path without an extension is an address inside the interface, and gets
 * its page.
 *
 * @param folder where index.html and the assets lie (out/renderer)
 */
export function createStaticAssets(folder: string): (pathname: string) => Promise<HostResponse> {
  const findContent = async (segments: readonly string[]): Promise<Buffer | undefined> => {
    try {
      const root = await realpath(folder);
      const file = await realpath(path.join(root, ...segments));
      // A link inside the folder must not lead out of it either.
      if (!file.startsWith(root + path.sep)) return undefined;
      return await readFile(file);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined;
      throw error;
    }
  };
  return async (pathname) => {
    const segments = findSegments(pathname);
    if (segments === undefined) return createTextResponse(404, 'Not found');
    const extension = path.posix.extname(segments.at(-1) ?? '').toLowerCase();
    if (extension === '' || segments.join('/') === 'index.html') {
      const page = await findContent(['index.html']);
      return page === undefined
        ? createTextResponse(503, 'The interface has not been built. Run: npm run build')
        : createPageResponse(page.toString('utf8'));
    }
    const content = await findContent(segments);
    if (content === undefined) return createTextResponse(404, 'Not found');
    return {
      status: 200,
      headers: {
        ...securityHeaders,
        'content-type': mediaTypes[extension] ?? 'application/octet-stream',
        // Vite puts a hash of the content into the name of whatever lies in assets/.
        'cache-control':
          segments[0] === 'assets' ? 'public, max-age=31536000, immutable' : 'no-cache',
      },
      body: content,
    };
  };
}
