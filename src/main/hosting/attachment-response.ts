import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { computeSafeFileName } from '../../shared/domain/safe-file-name.ts';
import { StintError } from '../../shared/errors.ts';
import { parseByteRange } from './byte-range.ts';
import type { HostResponse } from './host-response.ts';
import { securityHeaders } from './security-headers.ts';
import { withoutConnections } from './without-connections.ts';

export interface ServedFile {
  readonly path: string;
  /** As people know it; what it is saved as. */
  readonly name: string;
  readonly mediaType: string;
  readonly isDownload: boolean;
  /** The content is this part of the file; without it, the whole. */
  readonly startByte?: number;
  readonly sizeBytes?: number;
  /** Asked for to be shown in a frame: what could carry scripts is given out as itself, in a sandbox. */
  readonly isFramed?: boolean;
}

/**
 * What a browser shows without running anything. No SVG and no HTML: both carry scripts, and the file
 * comes from someone else.
 */
const previewTypes = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
  'application/pdf',
  'text/plain',
]);

/**
 * What is a document of its own. It is only ever shown in a frame whose origin is its own, without scripts. The encoding is
 * said, so that the page cannot choose one in which it reads otherwise than `withoutConnections` does. No SVG: the
 * interface shows it as a picture.
 */
const framedTypes: Readonly<Record<string, string>> = {
  'text/html': 'text/html; charset=utf-8',
};

/**
 * `sandbox` without a word more: an origin that nobody shares, no scripts, no forms, no windows, no navigation of the
 * page around it. Nothing is loaded but what the file itself holds, so that it cannot tell anybody that it is read.
 */
const framedPolicy = [
  'sandbox',
  "default-src 'none'",
  'img-src data:',
  'media-src data:',
  'font-src data:',
  "style-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ');

function findFramedType(mediaType: string): string | undefined {
  return framedTypes[(mediaType.split(';')[0] ?? '').trim().toLowerCase()];
}

function findPreviewType(mediaType: string): string | undefined {
  const essence = (mediaType.split(';')[0] ?? '').trim().toLowerCase();
  if (essence === 'text/plain') return 'text/plain; charset=utf-8';
  const isPreview = previewTypes.has(essence) || /^(?:audio|video)\/[\w.+-]+$/.test(essence);
  return isPreview ? essence : undefined;
}

/**
 * A file of a stranger runs nothing and reaches nothing, whatever it turns out to be. That keeps a browser's own PDF
 * viewer out, too: it runs what a document brings along. The interface draws PDFs itself.
 */
const filePolicy = [
  'sandbox',
  "default-src 'none'",
  "img-src 'self' data:",
  "media-src 'self'",
  "style-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** RFC 8187, section 3.2.1: all but attr-char is percent-encoded. */
function encodeExtendedValue(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * RFC 6266: a plain name for old programs, and the true one as UTF-8. Neither can hold a folder or break
 * out of the header.
 */
export function computeContentDisposition(kind: 'inline' | 'attachment', name: string): string {
  const safe = name.replaceAll(/[\p{Cc}\p{Bidi_Control}/\\]/gu, '_') || 'file';
  const plain = safe.replaceAll(/[^ -~]|["%]/gu, '_');
  const extended = plain === safe ? '' : `; filename*=UTF-8''${encodeExtendedValue(safe)}`;
  return `${kind}; filename="${plain}"${extended}`;
}

/**
 * Serves a file by range (RFC 9110, section 14). `If-Range` never matches, since no validator is given
 * out: the whole file is sent then.
 *
 * @throws StintError `file_missing`
 */
export async function createFileResponse(
  file: ServedFile,
  request: {
    readonly method: string;
    readonly range: string | undefined;
    readonly ifRange: string | undefined;
  },
): Promise<HostResponse> {
  const handle = await open(file.path).catch((error: unknown) => {
    throw new StintError('file_missing', `the content of ${file.name} is not on this computer`, {
      cause: error,
    });
  });
  let isHandedOn = false;
  try {
    const { size: wholeSize } = await handle.stat();
    const { startByte } = file;
    const size = startByte === undefined ? wholeSize : (file.sizeBytes ?? 0);
    if ((startByte ?? 0) + size > wholeSize)
      throw new StintError('file_changed', `the archive that holds ${file.name} was changed`);
    const framedType = file.isFramed === true ? findFramedType(file.mediaType) : undefined;
    const previewType = framedType ?? findPreviewType(file.mediaType);
    const type = previewType ?? 'application/octet-stream';
    const kind = previewType === undefined || file.isDownload ? 'attachment' : 'inline';
    const headers = {
      ...securityHeaders,
      'content-type': type,
      'content-disposition': computeContentDisposition(kind, computeSafeFileName(file.name)),
      'content-security-policy': framedType === undefined ? filePolicy : framedPolicy,
      'cache-control': 'private, no-cache',
      'accept-ranges': framedType === undefined ? 'bytes' : 'none',
    };
    const mayBePart = request.ifRange === undefined && framedType === undefined;
    const asked = mayBePart ? request.range : undefined;
    const range = parseByteRange(asked, size);
    if (range === 'unsatisfiable')
      return {
        status: 416,
        headers: { ...headers, 'content-range': `bytes */${size}`, 'content-length': '0' },
        body: undefined,
      };
    const sent = range === 'whole' ? { start: 0, end: size - 1 } : range;
    const sentHeaders = {
      ...headers,
      'content-length': String(sent.end - sent.start + 1),
      ...(range === 'whole' ? {} : { 'content-range': `bytes ${sent.start}-${sent.end}/${size}` }),
    };
    const status = range === 'whole' ? 200 : 206;
    if (request.method === 'HEAD' || size === 0)
      return { status, headers: sentHeaders, body: undefined };
    isHandedOn = true;
    const content = handle.createReadStream(place(sent, startByte ?? 0));
    const body = framedType === undefined ? content : Readable.from(withoutConnections(content));
    // Also where nothing of it was read.
    body.once('close', () => content.destroy());
    return { status, headers: sentHeaders, body };
  } finally {
    if (!isHandedOn) await handle.close();
  }
}

function place(
  { start, end }: { readonly start: number; readonly end: number },
  startByte: number,
): { start: number; end: number } {
  return { start: start + startByte, end: end + startByte };
}
