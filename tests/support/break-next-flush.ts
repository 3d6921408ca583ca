import { open, rm } from 'node:fs/promises';
import path from 'node:path';
import { onTestFinished, vi } from 'vitest';

/**
 * The disk does not take the next flush, as one does that was pulled out; the system tells of it once, and all bytes can
 * be read afterwards.
 *
 * @param until when the flush is answered; at once, if nothing else is said.
 * @returns whether it has come to that.
 */
export async function breakNextFlush(
  folder: string,
  kind: 'sync' | 'datasync',
  until = Promise.resolve(),
): Promise<() => boolean> {
  const probePath = path.join(folder, 'probe');
  const probe = await open(probePath, 'w');
  const prototype = Object.getPrototypeOf(probe) as typeof probe;
  await probe.close();
  await rm(probePath);
  const failure = Object.assign(new Error(`EIO: i/o error, f${kind}`), { code: 'EIO' });
  let hasBroken = false;
  const flush = vi.spyOn(prototype, kind).mockImplementationOnce(async () => {
    hasBroken = true;
    await until;
    throw failure;
  });
  onTestFinished(() => flush.mockRestore());
  return () => hasBroken;
}
