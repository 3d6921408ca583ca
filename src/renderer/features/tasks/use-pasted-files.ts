import { useEffect, useEffectEvent } from 'react';
import { Temporal } from 'temporal-polyfill';
import { collectPasted, type CollectedFile } from '../../ui/collect-files.ts';

/** Files and pictures pasted anywhere on the screen. Text goes where the cursor is, as ever. */
export function usePastedFiles(onFiles: (files: readonly CollectedFile[]) => void): void {
  const handleFiles = useEffectEvent(onFiles);
  useEffect(() => {
    const take = (event: ClipboardEvent) => {
      const data = event.clipboardData;
      // A drop zone that has the focus, or a dialog above, has taken it; text from a spreadsheet brings a picture along.
      if (event.defaultPrevented || data === null || data.files.length === 0) return;
      if (data.types.includes('text/plain') || document.querySelector('[role=dialog]') !== null)
        return;
      event.preventDefault();
      handleFiles(collectPasted(data, Temporal.Now.plainDateTimeISO().toString()).files);
    };
    globalThis.addEventListener('paste', take);
    return () => globalThis.removeEventListener('paste', take);
  }, []);
}
