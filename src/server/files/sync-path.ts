import { open } from 'node:fs/promises';

/** Flushes a file, or a folder's entries, to the disk. */
export async function syncPath(filePath: string): Promise<void> {
  let handle;
  try {
    handle = await open(filePath, 'r');
  } catch (error) {
    // Windows does not open folders; its file system keeps their entries in its own journal.
    if (process.platform === 'win32') return;
    throw error;
  }
  try {
    await handle.sync();
  } catch (error) {
    if (process.platform !== 'win32') throw error;
  } finally {
    await handle.close();
  }
}
