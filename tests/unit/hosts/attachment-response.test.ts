import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  computeContentDisposition,
  createFileResponse,
} from '../../../src/main/hosting/attachment-response.ts';
import type { HostResponse } from '../../../src/main/hosting/host-response.ts';

let folder: string;
let file: string;
const content = '0123456789';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'stint-attachment-'));
  file = path.join(folder, 'content');
  await writeFile(file, content);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function respond(
  mediaType: string,
  options: { isDownload?: boolean; range?: string; ifRange?: string; method?: string } = {},
): Promise<{ response: HostResponse; text: string }> {
  const response = await createFileResponse(
    { path: file, name: 'a.bin', mediaType, isDownload: options.isDownload ?? false },
    { method: options.method ?? 'GET', range: options.range, ifRange: options.ifRange },
  );
  if (!(response.body instanceof Readable)) return { response, text: '' };
  const chunks = await response.body.toArray();
  return { response, text: Buffer.concat(chunks as Buffer[]).toString('utf8') };
}

describe('what a browser may show', () => {
  test.each([
    ['image/png', 'image/png'],
    ['IMAGE/JPEG', 'image/jpeg'],
    ['application/pdf', 'application/pdf'],
    ['text/plain; charset=latin1', 'text/plain; charset=utf-8'],
    ['audio/mpeg', 'audio/mpeg'],
    ['video/mp4', 'video/mp4'],
  ])('%s is shown as %s', async (mediaType, type) => {
    const { response } = await respond(mediaType);
    expect(response.headers['content-type']).toBe(type);
    expect(response.headers['content-disposition']).toMatch(/^inline;/);
  });

  test.each([
    'text/html',
    'image/svg+xml',
    'application/xhtml+xml',
    'text/xml',
    'video/mp4\r\nx: y',
    '',
  ])('%j is only ever saved, as plain bytes', async (mediaType) => {
    const { response } = await respond(mediaType);
    expect(response.headers['content-type']).toBe('application/octet-stream');
    expect(response.headers['content-disposition']).toMatch(/^attachment;/);
  });

  test('what is asked for as a download is saved, and keeps its type', async () => {
    const { response } = await respond('image/png', { isDownload: true });
    expect(response.headers['content-type']).toBe('image/png');
    expect(response.headers['content-disposition']).toMatch(/^attachment;/);
  });

  test.each(['image/png', 'text/plain', 'video/mp4', 'text/html', 'application/pdf'])(
    'a file of type %s is sandboxed and cannot load anything of others',
    async (mediaType) => {
      const policy = (await respond(mediaType)).response.headers['content-security-policy'];
      expect(policy).toMatch(/^sandbox; default-src 'none';/);
      expect(policy).toContain("frame-ancestors 'none'");
    },
  );

  test.each(['image/svg+xml', 'application/xhtml+xml'])(
    '%s is given out as itself to nobody: it could make connections by elements of any name',
    async (mediaType) => {
      const { headers } = await createFileResponse(
        { path: file, name: 'a.bin', mediaType, isDownload: false, isFramed: true },
        { method: 'HEAD', range: undefined, ifRange: undefined },
      );
      expect(headers['content-type']).toBe('application/octet-stream');
    },
  );

  test.each(['utf8', 'utf16le', 'big endian'] as const)(
    'a page in a frame makes no connection, in %s',
    async (encoding) => {
      const padding = ' '.repeat(65_530);
      const page = `\uFEFF${padding}<p>a link</p><LiNK rel=preconnect href=//a.example><iframe srcdoc="&lt;link&gt;"></iframe>`;
      const bytes = Buffer.from(page, encoding === 'utf8' ? 'utf8' : 'utf16le');
      if (encoding === 'big endian') bytes.swap16();
      const pageFile = path.join(folder, 'page.html');
      await writeFile(pageFile, bytes);
      const { headers, body } = await createFileResponse(
        { path: pageFile, name: 'a', mediaType: 'text/html', isDownload: false, isFramed: true },
        { method: 'GET', range: 'bytes=5-', ifRange: undefined },
      );
      const sent = Buffer.concat((await (body as Readable).toArray()) as Buffer[]);
      expect(headers['content-length']).toBe(String(sent.length));
      if (encoding === 'big endian') sent.swap16();
      expect(sent.toString(encoding === 'utf8' ? 'utf8' : 'utf16le')).toBe(
        page.replace('<LiNK', '<meta').replace('<iframe', '<xframe'),
      );
      expect(headers['x-dns-prefetch-control']).toBe('off');
    },
  );

  test.each([['text/html', 'text/html; charset=utf-8']])(
    '%s is given out as itself to a frame alone, in an origin of its own',
    async (type, sent) => {
      const { headers } = await createFileResponse(
        { path: file, name: 'a.bin', mediaType: type, isDownload: false, isFramed: true },
        { method: 'HEAD', range: undefined, ifRange: undefined },
      );
      expect(headers['content-type']).toBe(sent);
      expect(headers['content-security-policy']).toMatch(
        /^sandbox; default-src 'none'; img-src data:;/,
      );
      expect(headers['content-security-policy']).toContain("frame-ancestors 'self'");
    },
  );

  test('every file says that its type must not be guessed', async () => {
    const { response } = await respond('text/plain');
    expect(response.headers['x-content-type-options']).toBe('nosniff');
    expect(response.headers['cross-origin-resource-policy']).toBe('same-origin');
  });
});

describe('ranges', () => {
  test('without one, the whole file comes', async () => {
    const { response, text } = await respond('text/plain');
    expect(response.status).toBe(200);
    expect(response.headers['content-length']).toBe('10');
    expect(response.headers['accept-ranges']).toBe('bytes');
    expect(text).toBe(content);
  });

  test('a part is named and counted', async () => {
    const { response, text } = await respond('text/plain', { range: 'bytes=2-4' });
    expect(response.status).toBe(206);
    expect(response.headers['content-range']).toBe('bytes 2-4/10');
    expect(response.headers['content-length']).toBe('3');
    expect(text).toBe('234');
  });

  test('one beyond the end is answered with the size', async () => {
    const { response } = await respond('text/plain', { range: 'bytes=10-' });
    expect(response.status).toBe(416);
    expect(response.headers['content-range']).toBe('bytes */10');
  });

  test('a part under a condition that cannot be checked gives the whole file', async () => {
    const { response } = await respond('text/plain', { range: 'bytes=2-4', ifRange: '"etag"' });
    expect(response.status).toBe(200);
  });

  test('HEAD gives the head alone', async () => {
    const { response } = await respond('text/plain', { method: 'HEAD' });
    expect(response.headers['content-length']).toBe('10');
    expect(response.body).toBeUndefined();
  });

  test('a file that is gone is said to be missing', async () => {
    const gone = createFileResponse(
      { path: path.join(folder, 'gone'), name: 'a', mediaType: 'text/plain', isDownload: false },
      { method: 'GET', range: undefined, ifRange: undefined },
    );
    await expect(gone).rejects.toMatchObject({ code: 'file_missing' });
  });
});

// RFC 6266, section 5, and RFC 8187, section 3.2.3.
test.each([
  ['plan.pdf', 'attachment; filename="plan.pdf"'],
  ['a b.pdf', 'attachment; filename="a b.pdf"'],
  ['€ rates.txt', `attachment; filename="_ rates.txt"; filename*=UTF-8''%E2%82%AC%20rates.txt`],
  ["it's (1)*.md", `attachment; filename="it's (1)*.md"`],
  ["é'(1)*.md", `attachment; filename="_'(1)*.md"; filename*=UTF-8''%C3%A9%27%281%29%2A.md`],
  [
    '🌱 launch.pdf',
    `attachment; filename="_ launch.pdf"; filename*=UTF-8''%F0%9F%8C%B1%20launch.pdf`,
  ],
  ['a"b\\c.txt', `attachment; filename="a_b_c.txt"; filename*=UTF-8''a%22b_c.txt`],
  ['100%.txt', `attachment; filename="100_.txt"; filename*=UTF-8''100%25.txt`],
  ['../../etc/passwd', 'attachment; filename=".._.._etc_passwd"'],
  ['a\r\nset-cookie: x', 'attachment; filename="a__set-cookie: x"'],
  ['\u202Efdp.exe', 'attachment; filename="_fdp.exe"'],
  ['\uD800.txt', `attachment; filename="_.txt"; filename*=UTF-8''%EF%BF%BD.txt`],
  ['', 'attachment; filename="file"'],
])('the name %j is sent so that it survives and does no harm', (name, expected) => {
  expect(computeContentDisposition('attachment', name)).toBe(expected);
});
