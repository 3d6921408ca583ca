import type { EngineEvent } from '../../shared/contract/events.ts';
import type { StagedFile } from '../../shared/contract/shapes.ts';

export interface OpenedFile {
  readonly path: string;
  readonly name: string;
  readonly sizeBytes: number;
  /** Where in the file the content begins, where it is a part of it. */
  readonly startByte?: number;
}

/** What a host uses of the engine. Everything rejects with `StintError`. */
export interface HostedEngine {
  /** The audience `renderer` is refused the requests that name files of this machine. */
  dispatch(name: string, input: unknown, audience: 'renderer' | 'local'): Promise<unknown>;
  /** Returns a function that ends it. */
  subscribe(listener: (event: EngineEvent) => void): () => void;
  importStream(
    name: string,
    source: AsyncIterable<Uint8Array>,
    /** With an id it can be watched and ended, and waits for room on a full disk. */
    known?: { readonly importId?: string | undefined; readonly sizeBytes?: number | undefined },
  ): Promise<StagedFile>;
  /** Fetches the content first when it is not on this computer. */
  openAttachment(
    seatId: string,
    attachmentId: string,
  ): Promise<OpenedFile & { readonly mediaType: string }>;
  openExport(fileName: string): Promise<OpenedFile>;
  listRunningWork(): Promise<{ readonly hasTimer: boolean; readonly hasUpload: boolean }>;
  close(): Promise<void>;
}
