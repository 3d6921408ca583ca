import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface RendererFolder {
  /** The built interface. Beside it lies `secret.txt`, which must never be served. */
  readonly folder: string;
  readonly outside: string;
  remove(): Promise<void>;
}

/** A small built interface, with a page, a hashed asset, and a link that leads out of the folder. */
export async function createRendererFolder(): Promise<RendererFolder> {
  const outside = await mkdtemp(path.join(tmpdir(), 'stint-renderer-'));
  const folder = path.join(outside, 'renderer');
  await mkdir(path.join(folder, 'assets'), { recursive: true });
  await writeFile(path.join(outside, 'secret.txt'), 'a secret');
  await writeFile(
    path.join(folder, 'index.html'),
    '<!doctype html><meta property="csp-nonce" nonce="__CSP_NONCE__"><title>Stint</title>',
  );
  await writeFile(path.join(folder, 'assets', 'index-Ab12.js'), 'export {};');
  await writeFile(path.join(folder, 'stint.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  await symlink(path.join(outside, 'secret.txt'), path.join(folder, 'linked.txt'));
  return { folder, outside, remove: () => rm(outside, { recursive: true, force: true }) };
}
