import { useEffect, useState, useSyncExternalStore } from 'react';
import type { StagedFile } from '../../../shared/contract/shapes.ts';
import { uploadFile } from '../../client/host.ts';
import { StagedFileList, type StagingFile } from './staged-file-list.ts';

export interface StagedFiles {
  readonly files: readonly StagingFile[];
  readonly isBusy: boolean;
  /** Whether one of them could not be taken in. */
  readonly hasProblem: boolean;
  readonly add: (files: readonly File[]) => void;
  readonly retry: (key: string) => void;
  readonly remove: (key: string) => void;
  readonly clear: () => void;
}

/** Those of the forms that are kept for the session, whether they are shown or not. */
const kept = new Map<string, StagedFileList>();

function getKept(keptAs: string): StagedFileList {
  const storageKey = `stint.form.${keptAs}.files`;
  const list =
    kept.get(keptAs) ??
    new StagedFileList({
      upload: uploadFile,
      storage: {
        read: () => sessionStorage.getItem(storageKey),
        write: (text) =>
          text === null
            ? sessionStorage.removeItem(storageKey)
            : sessionStorage.setItem(storageKey, text),
      },
    });
  kept.set(keptAs, list);
  return list;
}

function useList(list: StagedFileList): StagedFiles {
  const files = useSyncExternalStore(list.subscribe, () => list.files);
  const { add, retry, remove, clear } = list;
  return {
    files,
    isBusy: files.some(({ staged, problem }) => staged === undefined && problem === undefined),
    hasProblem: files.some(({ problem }) => problem !== undefined),
    add,
    retry,
    remove,
    clear,
  };
}

/** Takes in files at once, and keeps them with what stands in the form (`useKeptState`) until it is sent or left. */
export function useKeptFiles(keptAs: string): StagedFiles {
  return useList(getKept(keptAs));
}

/** Takes in files at once and hands on each; leaving breaks off what has not come. */
export function useStagedFiles(onStaged: (staged: StagedFile) => void): StagedFiles {
  const [list] = useState(() => new StagedFileList({ upload: uploadFile, onStaged }));
  useEffect(() => list.clear, [list]);
  return useList(list);
}
