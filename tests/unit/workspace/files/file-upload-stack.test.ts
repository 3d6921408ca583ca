import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { ClientRequest } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createFileUpload } from '../../../../src/main/workspace/files/file-upload-stack.ts';

const sizeBytes = 32 * 1024 * 1024;

test('a piece that was refused before all of it was sent is sent no further, and leaves no line open', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'stint-upload-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'film.mp4');
  await writeFile(path, Buffer.alloc(sizeBytes));
  // Answers, and reads nothing more.
  const lines: Socket[] = [];
  const server = createServer((socket) => {
    lines.push(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.pause();
      socket.write('HTTP/1.1 409 Conflict\r\ncontent-length: 0\r\n\r\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const line of lines) line.destroy();
    server.close();
  });
  const { httpStack, fileReader } = createFileUpload(path);
  const file = await fileReader?.openFile(Buffer.alloc(0), sizeBytes);
  const piece = await file?.slice(0, sizeBytes);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const request = httpStack?.createRequest('PATCH', url);
  const answer = await request?.send(piece?.value);
  expect(answer?.getStatus()).toBe(409);
  const sent = request?.getUnderlyingObject() as ClientRequest | undefined;
  expect(sent?.socket?.destroyed).toBe(true);
});
