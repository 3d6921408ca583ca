import type { Readable } from 'node:stream';

/** First and last byte, both included, as in RFC 9110, section 14.1.2. */
export interface ByteSpan {
  readonly first: number;
  readonly last: number;
}

/** Where the contents lie: on disk here, in an object store when the host grows. Shared within an organization only. */
export interface BlobStore {
  /**
   * Takes over a file whose hash was verified: moved, not copied, where that is possible. When the
   * promise settles the content survives a power cut, and the source file is gone. Taking over a
   * content that is there already only removes the source.
   */
  adopt(orgId: string, sha256: string, sourcePath: string): Promise<void>;
  /** The content's size, or undefined where the store does not hold it. */
  findSizeBytes(orgId: string, sha256: string): Promise<number | undefined>;
  read(orgId: string, sha256: string, span: ByteSpan | undefined): Readable;
}
