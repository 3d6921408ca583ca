import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { fetchLarge } from '../../../../src/main/workspace/ports/fetch-large.ts';

const content = randomBytes(3_000_000);

async function startServer() {
  let connections = 0;
  const server = createServer((request, response) => {
    if (request.url === '/broken') {
      response.writeHead(200, { 'content-length': content.byteLength });
      response.write(content.subarray(0, 1000), () => response.destroy());
    } else if (request.url === '/slow') response.writeHead(200).write(content.subarray(0, 1000));
    else response.writeHead(request.headers.range === undefined ? 200 : 206).end(content);
  });
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => server.closeAllConnections());
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, countConnections: () => connections };
}

async function read(response: Response): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of response.body ?? []) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

test('an answer comes whole, several over one connection, each piece the memory of its reader', async () => {
  const { url, countConnections } = await startServer();
  for (const headers of [{}, { range: 'bytes=0-' }, {}]) {
    const response = await fetchLarge(url, { headers });
    expect(response.status).toBe('range' in headers ? 206 : 200);
    expect((await read(response)).equals(content)).toBe(true);
  }
  expect(countConnections()).toBe(1);
  const { body } = await fetchLarge(url);
  for await (const piece of body ?? []) {
    expect((piece as Uint8Array).byteOffset).toBe(0);
    expect((piece as Uint8Array).byteLength).toBe((piece as Uint8Array).buffer.byteLength);
  }
});

test('a line that breaks is told as by fetch; who broke it off hears the own reason', async () => {
  const { url } = await startServer();
  await expect(fetchLarge('http://127.0.0.1:1/')).rejects.toMatchObject({
    cause: { code: 'ECONNREFUSED' },
  });
  await expect(fetchLarge(`${url}/broken`).then(read)).rejects.toThrow('fetch failed');
  const ending = new AbortController();
  const response = await fetchLarge(`${url}/slow`, { signal: ending.signal });
  const reading = read(response);
  ending.abort(new Error('paused'));
  await expect(reading).rejects.toThrow('paused');
  await expect(fetchLarge(url, { signal: ending.signal })).rejects.toThrow('paused');
});
