import { z } from 'zod';
import { stagedFileSchema, type StagedFile } from '../../../shared/contract/shapes.ts';
import { describeError } from '../../client/describe-error.ts';
import type { UploadOptions } from '../../client/send-file.ts';

/** A file being taken in, or taken in and not yet attached to anything. */
export interface StagingFile {
  readonly key: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly sentBytes: number;
  readonly staged?: StagedFile;
  readonly problem?: string;
  /** Whether it can be taken in again from here. What a page held is gone with it. */
  readonly canRetry?: boolean;
}

export interface StagedFileListOptions {
  readonly upload: (file: File, options: UploadOptions) => Promise<StagedFile>;
  readonly onStaged?: (staged: StagedFile) => void;
  /** Where the list outlives its page: what was taken in stays with what was typed. */
  readonly storage?: {
    readonly read: () => string | null;
    /** Null takes it away. */
    readonly write: (text: string | null) => void;
  };
}

const keptSchema = z.array(
  z.object({
    key: z.string(),
    name: z.string(),
    sizeBytes: z.number(),
    staged: stagedFileSchema.optional(),
  }),
);

const brokenOff =
  'The page was closed while it was being added. Take it off the list, and choose it again.';

/** The files of one form. It does not hang on the form being shown: leaving breaks nothing off. */
export class StagedFileList {
  readonly #options: StagedFileListOptions;
  readonly #aborts = new Map<string, AbortController>();
  readonly #sources = new Map<string, File>();
  readonly #listeners = new Set<() => void>();
  #files: readonly StagingFile[];

  constructor(options: StagedFileListOptions) {
    this.#options = options;
    this.#files = this.#readKept();
  }

  get files(): readonly StagingFile[] {
    return this.#files;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  readonly add = (chosen: readonly File[]): void => {
    const made = chosen.map((file) => ({ key: crypto.randomUUID(), file }));
    this.#set([
      ...this.#files,
      ...made.map(({ key, file: { name, size } }) => ({
        key,
        name,
        sizeBytes: size,
        sentBytes: 0,
      })),
    ]);
    for (const { key, file } of made) void this.#stage(key, file);
  };

  readonly retry = (key: string): void => {
    const file = this.#sources.get(key);
    if (file === undefined) return;
    this.#set(
      this.#files.map((each) =>
        each.key === key ? { key, name: each.name, sizeBytes: each.sizeBytes, sentBytes: 0 } : each,
      ),
    );
    void this.#stage(key, file);
  };

  readonly remove = (key: string): void => {
    this.#aborts.get(key)?.abort();
    this.#sources.delete(key);
    this.#set(this.#files.filter((each) => each.key !== key));
  };

  /** Once they were attached, or are not wanted any more. */
  readonly clear = (): void => {
    for (const { key } of this.#files) this.remove(key);
  };

  async #stage(key: string, file: File): Promise<void> {
    const abort = new AbortController();
    this.#aborts.set(key, abort);
    this.#sources.set(key, file);
    try {
      const staged = await this.#options.upload(file, {
        signal: abort.signal,
        onProgress: ({ movedBytes }) => this.#patch(key, { sentBytes: movedBytes }),
      });
      this.#sources.delete(key);
      this.#patch(key, { staged, sentBytes: file.size });
      if (!abort.signal.aborted) this.#options.onStaged?.(staged);
    } catch (error) {
      if (!abort.signal.aborted)
        this.#patch(key, { problem: describeError(error), canRetry: true });
    } finally {
      this.#aborts.delete(key);
    }
  }

  #patch(key: string, change: Partial<StagingFile>): void {
    this.#set(this.#files.map((each) => (each.key === key ? { ...each, ...change } : each)));
  }

  #set(files: readonly StagingFile[]): void {
    this.#files = files;
    this.#options.storage?.write(
      files.length === 0
        ? null
        : JSON.stringify(
            files.map(({ key, name, sizeBytes, staged }) => ({ key, name, sizeBytes, staged })),
          ),
    );
    for (const listener of this.#listeners) listener();
  }

  #readKept(): readonly StagingFile[] {
    try {
      const kept = keptSchema.safeParse(JSON.parse(this.#options.storage?.read() ?? '[]'));
      if (kept.success)
        return kept.data.map(({ staged, ...file }) =>
          staged === undefined
            ? { ...file, sentBytes: 0, problem: brokenOff }
            : { ...file, sentBytes: file.sizeBytes, staged },
        );
    } catch {
      // Not readable: begin anew.
    }
    return [];
  }
}
