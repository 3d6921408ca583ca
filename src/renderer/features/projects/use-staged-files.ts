import { useCallback, useEffect, useRef, useState } from 'react';
import type { StagedFile } from '../../../shared/contract/shapes.ts';
import { describeError } from '../../client/describe-error.ts';
import { uploadFile } from '../../client/host.ts';

/** A file being taken in, or taken in and not yet attached to anything. */
export interface StagingFile {
  readonly key: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly sentBytes: number;
  readonly staged?: StagedFile;
  readonly problem?: string;
}

export interface StagedFiles {
  readonly files: readonly StagingFile[];
  readonly isBusy: boolean;
  readonly add: (files: readonly File[]) => void;
  readonly remove: (key: string) => void;
}

/** Takes in files at once, so that they are safe on this computer before the form is sent. */
export function useStagedFiles(onStaged?: (staged: StagedFile) => void): StagedFiles {
  const [files, setFiles] = useState<readonly StagingFile[]>([]);
  const abortsRef = useRef(new Map<string, AbortController>());

  useEffect(() => {
    const aborts = abortsRef.current;
    return () => {
      for (const abort of aborts.values()) abort.abort();
    };
  }, []);

  const patch = useCallback((key: string, change: Partial<StagingFile>) => {
    setFiles((before) => before.map((each) => (each.key === key ? { ...each, ...change } : each)));
  }, []);

  const stage = useCallback(
    async (key: string, file: File) => {
      const abort = new AbortController();
      abortsRef.current.set(key, abort);
      try {
        const staged = await uploadFile(file, {
          signal: abort.signal,
          onProgress: ({ movedBytes }) => patch(key, { sentBytes: movedBytes }),
        });
        patch(key, { staged, sentBytes: file.size });
        onStaged?.(staged);
      } catch (error) {
        if (!abort.signal.aborted) patch(key, { problem: describeError(error) });
      } finally {
        abortsRef.current.delete(key);
      }
    },
    [onStaged, patch],
  );

  const add = useCallback(
    (chosen: readonly File[]) => {
      const made = chosen.map((file) => ({
        key: crypto.randomUUID(),
        name: file.name,
        sizeBytes: file.size,
        sentBytes: 0,
        file,
      }));
      setFiles((before) => [
        ...before,
        ...made.map(({ key, name, sizeBytes, sentBytes }) => ({ key, name, sizeBytes, sentBytes })),
      ]);
      for (const { key, file } of made) void stage(key, file);
    },
    [stage],
  );

  const remove = useCallback((key: string) => {
    abortsRef.current.get(key)?.abort();
    setFiles((before) => before.filter((each) => each.key !== key));
  }, []);

  return {
    files,
    isBusy: files.some(({ staged, problem }) => staged === undefined && problem === undefined),
    add,
    remove,
  };
}
