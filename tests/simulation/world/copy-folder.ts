import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What belongs to a running process and not to its data: SQLite's index of the WAL, and the locks. */
const isOfProcess = (name: string): boolean =>
  name.endsWith('-shm') || name.includes('.lock') || name.endsWith('.pid');

/**
 * Copies a folder as it is at this very moment: synchronously, so that nothing in this process happens in
 * between. With the WAL, and without what only a running process has: what a power cut would leave.
 */
export function copyFolder(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    if (entry.isDirectory()) copyFolder(source, join(to, entry.name));
    else if (entry.isFile() && !isOfProcess(entry.name)) copyFileSync(source, join(to, entry.name));
  }
}
