import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { startLoopbackServer } from '../../src/main/loopback/loopback-server.ts';
import { ScriptedEngine } from '../support/hosts/scripted-engine.ts';

/** What a hostile file tries: to run, to read what the interface holds, to move its window, to tell the world. */
const attack = (away: string) =>
  `document.cookie; parent.document.title = 'taken'; top.location = '${away}/moved'; localStorage.taken = '1'; fetch('${away}/fetched'); alert('runs');`;

const hostileFiles = (
  away: string,
): Readonly<Record<string, { type: string; content: string }>> => ({
  'page.html': {
    type: 'text/html',
    content: `<!doctype html><title>x</title><meta http-equiv="refresh" content="0;url=${away}/refreshed">
<link rel="preconnect" href="${away}"><iframe srcdoc="&lt;link rel=preconnect href=${away}&gt;"></iframe>
<base href="${away}/"><link rel="stylesheet" href="${away}/style.css"><script>${attack(away)}</script>
<script src="${away}/script.js"></script><img src="${away}/pixel.png" onerror="${attack(away)}">
<iframe src="${away}/framed"></iframe><object data="${away}/object"></object>
<form action="${away}/sent" id="f"><input name="a" autofocus onfocus="f.submit()"></form>
<svg onload="${attack(away)}"></svg><p id="shown">The words of the page</p>`,
  },
  'drawing.svg': {
    type: 'image/svg+xml',
    content: `<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60" onload="${attack(away)}">
<script>${attack(away)}</script><image href="${away}/pixel.png" width="9" height="9"/>
<foreignObject width="90" height="60"><iframe xmlns="http://www.w3.org/1999/xhtml" src="${away}/framed"/></foreignObject>
<rect width="90" height="60" fill="teal"/></svg>`,
  },
  'script.pdf': {
    type: 'application/pdf',
    content: `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\("runs"\\); app.launchURL\\("${away}/launched"\\); this.submitForm\\("${away}/sent"\\);)>>>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 90 90]>>endobj
trailer<</Root 1 0 R>>
%%EOF`,
  },
  'text.txt': { type: 'text/plain', content: `<script>${attack(away)}</script>` },
  // What says that it is harmless, and is not.
  'picture.png': { type: 'image/png', content: `<script>${attack(away)}</script>` },
  'film.mp4': { type: 'video/mp4', content: `<html><script>${attack(away)}</script></html>` },
});

test('nothing runs in a hostile file that is looked at, nothing of the interface can be read, and nobody is told', async ({
  browser,
}) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'stint-hostile-'));
  const reached: string[] = [];
  const outside = createServer((request, response) => {
    reached.push(request.url ?? '');
    response.end();
  });
  // Whoever is connected to knows that the file is read, also where nothing is asked for.
  outside.on('connection', () => reached.push('a connection'));
  await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve));
  const away = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`;
  const engine = new ScriptedEngine();
  const files = hostileFiles(away);
  for (const [name, { type, content }] of Object.entries(files)) {
    const file = path.join(folder, name);
    await writeFile(file, content);
    engine.attachments.set(`seat/${name}`, {
      path: file,
      name,
      mediaType: type,
      sizeBytes: content.length,
    });
  }
  const renderer = path.join(folder, 'renderer');
  await mkdir(renderer);
  // As the interface shows them, and as carelessly as one could.
  await writeFile(
    path.join(renderer, 'index.html'),
    `<!doctype html><meta property="csp-nonce" nonce="__CSP_NONCE__"><title>Stint</title>
${Object.keys(files)
  .map((name) =>
    [
      `<iframe class="sandboxed" name="${name}" sandbox="" src="/files/seat/${name}?frame=1"></iframe>`,
      `<iframe class="bare" src="/files/seat/${name}?frame=1"></iframe>`,
      `<iframe class="plain" src="/files/seat/${name}"></iframe>`,
      `<img src="/files/seat/${name}?frame=1"><video src="/files/seat/${name}"></video>`,
    ].join('\n'),
  )
  .join('\n')}`,
  );
  const server = await startLoopbackServer({
    engine,
    rendererFolder: renderer,
    port: 0,
    log: { info: () => {}, error: () => {}, warn: () => {} } as never,
  });
  const origin = `http://127.0.0.1:${server.port}`;
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const dialogs: string[] = [];
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    // The session's cookie, as the interface gets it.
    await context.setExtraHTTPHeaders({});
    const first = await context.request.get(`${origin}/files/seat/text.txt`, {
      headers: { 'x-stint-token': server.token },
    });
    expect(first.ok()).toBe(true);
    await page.goto(`${origin}/`);
    await expect(
      page.frameLocator('iframe.sandboxed[name="page.html"]').locator('#shown'),
    ).toHaveText('The words of the page');
    await page.waitForLoadState('load');
    // Time for what would run later.
    await page.waitForTimeout(1500);

    expect(dialogs).toEqual([]);
    expect(reached).toEqual([]);
    expect(page.url()).toBe(`${origin}/`);
    expect(await page.title()).toBe('Stint');
    expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([]);
    expect(context.pages()).toHaveLength(1);
    // Also without the frame's own attribute, the answer's policy gives the file an origin that nobody shares.
    const origins = await Promise.all(
      page
        .frames()
        .filter((frame) => /\.html/.test(frame.url()))
        .map((frame) => frame.evaluate(() => globalThis.origin)),
    );
    expect(origins).toHaveLength(2);
    expect(new Set(origins)).toEqual(new Set(['null']));
  } finally {
    await context.close();
    await server.close();
    await new Promise((resolve) => outside.close(resolve));
    await rm(folder, { recursive: true, force: true });
  }
});
