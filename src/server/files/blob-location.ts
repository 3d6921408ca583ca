import { StintError } from '../../shared/errors.ts';
import type { Clock } from '../../shared/ports.ts';
import { createSystemClock } from '../ports/system-clock.ts';
import { createLocalProcessLink } from '../processes/local-process-link.ts';
import type { ProcessLink } from '../processes/process-link.ts';
import { createSystemRandomness } from '../ports/system-randomness.ts';
import type { BlobStore } from './blob-store.ts';
import { createDiskBlobStore } from './disk-blob-store.ts';

export interface S3Location {
  readonly bucket: string;
  /** Without a slash at its end; empty for the whole bucket. */
  readonly prefix: string;
  /** Undefined for the provider's own, by region. */
  readonly endpoint: string | undefined;
  readonly region: string;
  /** The bucket's name in the path rather than in the host's name, as most servers other than the first want it. */
  readonly isPathStyle: boolean;
}

const expected =
  'expected s3://BUCKET/PREFIX?endpoint=URL&region=NAME&path-style=true, of which the bucket alone is needed';

/**
 * Takes `s3://bucket/prefix?endpoint=…&region=…&path-style=true` apart.
 * @throws StintError `invalid_input` for anything else. A key has no place in it, and is never repeated in the message.
 */
export function parseS3Location(text: string): S3Location {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 's3:' || url.hostname === '') throw createRefusal(expected);
  if (url.username !== '' || url.password !== '')
    throw createRefusal('the keys belong into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
  const known = new Set(['endpoint', 'region', 'path-style']);
  for (const name of url.searchParams.keys())
    if (!known.has(name)) throw createRefusal(`it knows no "${name}"; ${expected}`);
  const endpoint = url.searchParams.get('endpoint') ?? undefined;
  if (endpoint !== undefined && !/^https?:\/\/[^\s/]+/.test(endpoint))
    throw createRefusal('the endpoint: expected an address that begins with https:// or http://');
  const pathStyle = url.searchParams.get('path-style') ?? String(endpoint !== undefined);
  if (pathStyle !== 'true' && pathStyle !== 'false')
    throw createRefusal('path-style: expected true or false');
  return {
    bucket: url.hostname,
    prefix: decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, ''),
    endpoint,
    region: url.searchParams.get('region') ?? process.env['AWS_REGION'] ?? 'us-east-1',
    isPathStyle: pathStyle === 'true',
  };
}

function createRefusal(reason: string): StintError {
  return new StintError('invalid_input', `STINT_BLOBS: ${reason}`, { field: 'STINT_BLOBS' });
}

/**
 * The store that a server keeps its contents in: a bucket where one is named, else the data folder's own.
 * `link` is what ties the server's processes together: to be given wherever another one may write to the store.
 * @throws StintError `invalid_input` for an address that is none.
 */
export async function openBlobStore(
  blobsFolder: string,
  location: string | undefined,
  {
    clock = createSystemClock(),
    link = createLocalProcessLink(),
  }: {
    readonly clock?: Pick<Clock, 'nowMs'>;
    readonly link?: Pick<ProcessLink, 'tryLock'>;
  } = {},
): Promise<BlobStore> {
  if (location === undefined)
    return createDiskBlobStore(blobsFolder, { randomness: createSystemRandomness(), clock, link });
  const parsed = parseS3Location(location);
  // Loaded only where it is used: it is large, and most servers keep their files on a disk.
  const { createS3BlobStore } = await import('./s3-blob-store.ts');
  return createS3BlobStore(parsed);
}
