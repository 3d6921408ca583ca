import path from 'node:path';
import { fileURLToPath, URL } from 'node:url';
import { linkScheme } from './invitation-link.ts';

/**
 * The bundle among what the system started the program with: "Open with" hands its path over as an argument (Windows,
 * Linux). The last one counts, since options with values come before it.
 *
 * @param folder what a path that is no whole one starts from.
 */
export function findBundleFile(args: readonly string[], folder: string): string | undefined {
  const last = args.at(-1);
  if (last === undefined || !isBundleFile(last) || last.startsWith('-')) return undefined;
  // Any page can have the program started with a link of its scheme, which never names a file.
  if (last.toLowerCase().startsWith(`${linkScheme}:`)) return undefined;
  // Desktops of Linux hand files over as addresses.
  if (last.startsWith('file://')) return URL.canParse(last) ? toPath(last) : undefined;
  return last.includes('://') ? undefined : path.resolve(folder, last);
}

function toPath(address: string): string | undefined {
  try {
    return fileURLToPath(address);
  } catch {
    // Of another computer, or with a folder's sign in a name.
    return undefined;
  }
}

/** By its name alone; what is in it is checked when it is opened. */
export function isBundleFile(file: string): boolean {
  return file.toLowerCase().endsWith('.zip') && file.length <= 4096;
}
