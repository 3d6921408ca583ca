import type { ImportProgress } from '../../shared/contract/file-requests.ts';
import type { Carrier } from './carrier.ts';

const lookMs = 200;

export type ImportListener = (progress: ImportProgress) => void;

const listeners = new Map<string, ImportListener>();
let isLooking = false;

/**
 * Tells how far the workspace is with an import: what has come is what it has read, and written. One question answers
 * for all that run. Returns a function that ends it.
 */
export function watchImport(
  carrier: Carrier,
  importId: string,
  listener: ImportListener,
): () => void {
  listeners.set(importId, listener);
  if (!isLooking) void look(carrier);
  return () => {
    listeners.delete(importId);
  };
}

async function look(carrier: Carrier): Promise<void> {
  isLooking = true;
  while (listeners.size > 0) {
    await new Promise((resolve) => setTimeout(resolve, lookMs));
    if (listeners.size === 0) break;
    // A look that fails tells nothing: the import itself says what became of it.
    const answer = await carrier.request('files.imports', {}).catch(() => []);
    for (const progress of answer as readonly ImportProgress[])
      listeners.get(progress.importId)?.(progress);
  }
  isLooking = false;
}
