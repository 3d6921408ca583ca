import { useState } from 'react';
import { useLocation } from 'wouter';
import { isolate } from '../../../shared/domain/isolate.ts';
import { describeError } from '../../client/describe-error.ts';
import { request, uploadFile } from '../../client/host.ts';
import { openedBundlePath } from '../../routes.ts';
import { showToast } from '../../ui/toast.tsx';

export interface OpenBundle {
  readonly isOpening: boolean;
  /** From the person's disk. The workspace reads it from a copy of its own, so that it stays as it was. */
  readonly openFile: (file: File) => void;
  /** One that lies among this computer's exports. */
  readonly openExported: (fileName: string) => void;
}

/** Opens a bundle to be read, and goes there. What cannot be opened is said in words, and changes nothing. */
export function useOpenBundle(): OpenBundle {
  const [, navigate] = useLocation();
  const [isOpening, setIsOpening] = useState(false);
  const open = async (name: string, find: () => Promise<{ bundleId: string }>) => {
    setIsOpening(true);
    try {
      const { bundleId } = await find();
      navigate(openedBundlePath(bundleId));
    } catch (error) {
      showToast({
        title: `“${isolate(name)}” cannot be opened`,
        description: `${describeError(error)} Nothing on this computer was changed.`,
        tone: 'negative',
      });
    } finally {
      setIsOpening(false);
    }
  };
  return {
    isOpening,
    openFile: (file) =>
      void open(file.name, async () => {
        const { stagedId } = await uploadFile(file);
        return request('bundle.open', { stagedId });
      }),
    openExported: (fileName) => void open(fileName, () => request('bundle.open', { fileName })),
  };
}
