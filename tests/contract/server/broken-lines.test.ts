import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import { createHeldTime } from '../../support/server/held-ports.ts';
import type { TestDevice } from '../../support/server/test-device.ts';
import { computeSha256 } from '../../support/server/test-ids.ts';
import { TestOrganization } from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';
import { uploadContent } from '../../support/server/upload-content.ts';

/** Asks, and breaks the line off so soon that the server is still looking at who asks. */
async function askAndVanish(device: TestDevice, url: string, path: string): Promise<void> {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write(
    `GET ${path} HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${device.token}\r\n\r\n`,
    () => socket.resetAndDestroy(),
  );
  await new Promise((resolve) => socket.once('close', resolve));
}

test('a line that breaks before its request is answered leaves no stream, no transfer and no timer behind', async () => {
  const time = createHeldTime();
  const { url } = await startTestServer({ ports: { timers: time.timers } });
  const { orgId, owner } = await TestOrganization.create(url);
  const content = Buffer.from('content');
  await uploadContent(owner, orgId, content);
  time.advance(1000);
  const idle = time.waiting;
  for (const path of [endpoints.pokes, endpoints.file(orgId, computeSha256(content))]) {
    await Promise.all(Array.from({ length: 40 }, () => askAndVanish(owner, url, path)));
    // Whatever was begun for them has begun by now.
    await wait(300);
    expect(time.waiting, path).toBe(idle);
  }
});
