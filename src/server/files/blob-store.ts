import type { Readable } from 'node:stream';

/** First and last byte, both included, as in RFC 9110, section 14.1.2. */
export interface ByteSpan {
  readonly first: number;
  readonly last: number;
}

export interface StoredBlob {
  readonly orgId: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  /** When it was put there, in ms since 1970, by the store's own clock. */
  readonly storedAtMs: number;
}

/**
 * Where the contents lie: on disk here, or in an object store. Shared within an organization only. Every call may fail
 * with StintError `unavailable` where the store does not answer: never is a content taken for missing then.
 */
export interface BlobStore {
  /**
   * Takes over a file whose hash was verified: moved, not copied, where that is possible. When the
   * promise settles the content survives a power cut, and the source file is gone. When it fails, the source is
   * as it was. Taking over a content that is there already is harmless.
   */
  adopt(orgId: string, sha256: string, sourcePath: string): Promise<void>;
  /**
   * Takes many small contents at once, whose hashes were verified, with all that can be done once for all of them. When
   * the promise settles they survive a power cut, as with `adopt`; when it fails, some may be there.
   */
  takeAll(
    orgId: string,
    contents: readonly { readonly sha256: string; readonly bytes: Uint8Array }[],
  ): Promise<void>;
  /**
   * Finishes what `takeAll` left for later, and what a power cut left of that: to be called at start, from time to
   * time, and before all that is there is read or cleared away. Harmless beside any other call, in whichever process.
   */
  settle(): Promise<void>;
  /** The content's size, or undefined where the store does not hold it. */
  findSizeBytes(orgId: string, sha256: string): Promise<number | undefined>;
  read(orgId: string, sha256: string, span: ByteSpan | undefined): Readable;
  /** A whole content of at most so many bytes; undefined for a larger one, and where the store does not hold it. */
  readSmall(orgId: string, sha256: string, mostBytes: number): Promise<Uint8Array | undefined>;
  /** Takes a content out for good. Harmless where it is not there. */
  remove(orgId: string, sha256: string): Promise<void>;
  /**
   * Takes a content that was found damaged out of everyone's reach, and keeps it for whoever wants to look at it.
   * Harmless where it is not there.
   */
  setAside(orgId: string, sha256: string): Promise<void>;
  /** Removes what was set aside before this, in ms since 1970. @returns how many. */
  removeSetAside(beforeMs: number): Promise<number>;
  /** Everything it holds but what was set aside, in no order. */
  list(): AsyncIterable<StoredBlob>;
  /** Lets go of connections. */
  close(): void;
}
