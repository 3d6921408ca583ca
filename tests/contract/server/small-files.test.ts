import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import type { TestDevice } from '../../support/server/test-device.ts';
import { computeSha256 } from '../../support/server/test-ids.ts';
import { TestOrganization } from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';

interface Sent {
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

function encode(files: readonly Sent[]): Buffer {
  const header = Buffer.from(
    JSON.stringify({
      files: files.map(({ sha256, bytes }) => ({ sha256, sizeBytes: bytes.byteLength })),
    }),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32BE(header.byteLength);
  return Buffer.concat([length, header, ...files.map(({ bytes }) => bytes)]);
}

async function send(device: TestDevice, orgId: string, body: Buffer) {
  const response = await fetch(`${device.baseUrl}${endpoints.smallFiles(orgId)}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${device.token}`,
      'content-type': 'application/octet-stream',
    },
    body: new Uint8Array(body),
  });
  const answer = (await response.json()) as {
    arrived?: string[];
    error?: { code: string };
  };
  return { status: response.status, ...answer };
}

const make = (sizeBytes: number): Sent => {
  const bytes = randomBytes(sizeBytes);
  return { sha256: computeSha256(bytes), bytes };
};

test('SY-22 many small files arrive in one request, each verified, and what is not what it says is left out', async () => {
  const server = await startTestServer();
  const organization = await TestOrganization.create(server.url);
  const { orgId, owner } = organization;
  const files = Array.from({ length: 50 }, (_, index) => make(index * 7));
  const lie = { sha256: computeSha256(randomBytes(9)), bytes: randomBytes(9) };
  const sent = encode([...files, lie]);
  const { status, arrived } = await send(owner, orgId, sent);
  expect(status).toBe(200);
  expect(new Set(arrived)).toEqual(new Set(files.map(({ sha256 }) => sha256)));
  for (const { sha256 } of files)
    expect(
      existsSync(path.join(server.dataFolder, 'blobs', orgId, sha256.slice(0, 2), sha256)),
    ).toBe(true);
  expect(
    existsSync(path.join(server.dataFolder, 'blobs', orgId, lie.sha256.slice(0, 2), lie.sha256)),
  ).toBe(false);
  const folder = path.join(server.dataFolder, 'uploads');
  expect(readdirSync(folder).filter((name) => name.endsWith('.small'))).toEqual([]);
  // Once more is harmless.
  expect((await send(owner, orgId, sent)).arrived).toHaveLength(files.length);
});

test('SY-22 a batch that is malformed, or beyond the quota, takes nothing', async () => {
  const server = await startTestServer({ quotaBytes: 1000 });
  const { orgId, owner } = await TestOrganization.create(server.url);
  const whole = encode([make(100), make(200)]);
  for (const body of [
    Buffer.alloc(2),
    whole.subarray(0, -1),
    Buffer.concat([whole, Buffer.alloc(1)]),
    Buffer.from('\u0000\u0000\u0000\u0002[}'),
  ])
    expect(await send(owner, orgId, body)).toMatchObject({
      status: 400,
      error: { code: 'invalid_input' },
    });
  expect((await send(owner, orgId, encode([make(600), make(600)]))).arrived).toEqual([]);
  expect((await send(owner, orgId, whole)).arrived).toHaveLength(2);
});
