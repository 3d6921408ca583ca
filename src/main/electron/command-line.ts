import path from 'node:path';
import { parseArgs } from 'node:util';

/**
 * The data folder that `--data DIR` names. Everything else is left alone: Chromium has options of its
 * own on the same line, and the system adds links.
 */
export function parseDataFolder(args: readonly string[], defaultFolder: string): string {
  const { values } = parseArgs({
    args: [...args],
    options: { data: { type: 'string' } },
    strict: false,
    allowPositionals: true,
  });
  return typeof values.data === 'string' ? path.resolve(values.data) : defaultFolder;
}
