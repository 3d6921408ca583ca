import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HostResponse } from '../../../src/main/hosting/host-response.ts';
import { createStaticAssets } from '../../../src/main/hosting/static-assets.ts';
import { createRendererFolder, type RendererFolder } from '../../support/hosts/renderer-folder.ts';

let renderer: RendererFolder;
let respond: (pathname: string) => Promise<HostResponse>;

beforeEach(async () => {
  renderer = await createRendererFolder();
  respond = createStaticAssets(renderer.folder);
});

afterEach(() => renderer.remove());

const textOf = (response: HostResponse) => Buffer.from(response.body as Buffer).toString('utf8');

test('the page carries the policy of the design, with the nonce that its meta element has', async () => {
  const response = await respond('/');
  const nonce = /nonce="([\w-]+)"/.exec(textOf(response))?.[1] ?? 'none';
  expect(response.headers['content-security-policy']).toBe(
    `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self'; connect-src 'self'; font-src 'self'; frame-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'`,
  );
  expect(Buffer.from(nonce, 'base64url')).toHaveLength(16);
});

test('each page has a nonce of its own and is never kept', async () => {
  const [first, second] = [await respond('/'), await respond('/')];
  expect(textOf(first)).not.toBe(textOf(second));
  expect(first.headers['cache-control']).toBe('no-store');
});

test.each(['/', '/tasks/0190/0191', '/join', '/index.html'])(
  '%s shows the interface',
  async (pathname) => {
    const response = await respond(pathname);
    expect(response.status).toBe(200);
    expect(response.headers['content-type']).toBe('text/html; charset=utf-8');
  },
);

test('an asset with a hash in its name is kept for good, another is asked for again', async () => {
  const hashed = await respond('/assets/index-Ab12.js');
  expect(hashed.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  expect(hashed.headers['content-type']).toBe('text/javascript; charset=utf-8');
  const plain = await respond('/stint.svg');
  expect(plain.headers['cache-control']).toBe('no-cache');
  expect(plain.headers['content-type']).toBe('image/svg+xml');
});

test.each([
  '/../secret.txt',
  '/%2e%2e/secret.txt',
  '/..%2fsecret.txt',
  '/assets/../../secret.txt',
  '/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
  '/..%5csecret.txt',
  '//secret.txt',
  '/%00/secret.txt',
  '/C:/secret.txt',
  '/linked.txt',
  '/%',
  '/missing.js',
  '/assets',
])('%s gives nothing that lies outside, and no page in place of a file', async (pathname) => {
  const response = await respond(pathname);
  expect(textOf(response)).not.toContain('secret');
  if (pathname !== '/assets') expect(response.status).toBe(404);
});

test('an interface that has not been built is said to be so', async () => {
  await rm(path.join(renderer.folder, 'index.html'));
  const response = await respond('/');
  expect(response.status).toBe(503);
  expect(response.body).toContain('npm run build');
});
