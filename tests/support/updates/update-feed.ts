import { createHash } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface UpdateFeed {
  readonly url: string;
  /** Paths that were asked for. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

export interface FeedRelease {
  readonly version: string;
  readonly content: Buffer;
  /** Base64 of the SHA-512 that the feed states; the true one when left out, none when null. */
  readonly sha512?: string | null;
  /** Sent in place of the description of the release. */
  readonly page?: string;
  /** The line breaks off after this many bytes of the file. */
  readonly breaksAfterBytes?: number;
  /** What stands beside the description as its signature, of its text. */
  readonly sign?: (description: string) => string;
}

/** A feed as electron-builder writes it for the generic provider: `latest*.yml` beside the files. */
export async function serveUpdateFeed(fileName: string, release: FeedRelease): Promise<UpdateFeed> {
  const { version, content } = release;
  const trueHash = createHash('sha512').update(content).digest('base64');
  const stated = release.sha512 === undefined ? trueHash : release.sha512;
  const yaml = [
    `version: ${version}`,
    'files:',
    `  - url: ${fileName}`,
    ...(stated === null ? [] : [`    sha512: ${stated}`]),
    `    size: ${content.length}`,
    `path: ${fileName}`,
    ...(stated === null ? [] : [`sha512: ${stated}`]),
    "releaseDate: '2026-03-01T00:00:00.000Z'",
    '',
  ].join('\n');
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(`http://feed${request.url ?? '/'}`);
    asked.push(pathname);
    if (/^\/[\w-]+\.yml$/.test(pathname)) response.end(release.page ?? yaml);
    else if (pathname.endsWith('.yml.sig') && release.sign !== undefined)
      response.end(release.sign(yaml));
    else if (pathname === `/${fileName}`) sendFile(response, release);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function sendFile(response: ServerResponse, { content, breaksAfterBytes }: FeedRelease): void {
  response.writeHead(200, { 'content-length': content.length });
  if (breaksAfterBytes === undefined) response.end(content);
  else response.write(content.subarray(0, breaksAfterBytes), () => response.destroy());
}
