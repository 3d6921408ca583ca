import {
  type DirectoryDropItem,
  isDirectoryDropItem,
  isFileDropItem,
  type DropItem,
} from 'react-aria-components';

/** A file under the name that it is to have: with the folders that it lay in, such as `photos/2026/a.jpg`. */
export interface CollectedFile {
  readonly file: File;
  readonly name: string;
}

export interface CollectedFiles {
  readonly files: readonly CollectedFile[];
  /** How many more there were, or could not be read. */
  readonly leftOut: number;
}

/** As many as a submission holds. */
export const mostCollected = 2000;

/** What systems put into folders for themselves. */
const litter = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini']);

async function* walk(
  folder: DirectoryDropItem,
  path: string,
): AsyncGenerator<CollectedFile | undefined> {
  try {
    for await (const entry of folder.getEntries()) {
      const name = `${path}/${entry.name}`;
      if (isDirectoryDropItem(entry)) yield* walk(entry, name);
      else if (isFileDropItem(entry))
        yield await entry.getFile().then(
          (file) => ({ file, name }),
          () => undefined,
        );
    }
  } catch {
    yield undefined;
  }
}

/** The files of a drop or a paste, folders taken apart. */
export async function collectDropped(items: readonly DropItem[]): Promise<CollectedFiles> {
  const files: CollectedFile[] = [];
  let leftOut = 0;
  const take = (found: CollectedFile | undefined) => {
    if (found === undefined) leftOut += 1;
    else if (litter.has(found.file.name)) return;
    else if (files.length < mostCollected) files.push(found);
    else leftOut += 1;
  };
  for (const item of items) {
    if (isFileDropItem(item)) {
      const file = await item.getFile();
      take({ file, name: file.name });
    } else if (isDirectoryDropItem(item))
      for await (const found of walk(item, item.name)) take(found);
  }
  return { files, leftOut };
}

/** Files, or a folder's files, from the system's dialog. */
export function collectChosen(list: readonly File[]): CollectedFiles {
  const wanted = list.filter(({ name }) => !litter.has(name));
  const files = wanted.slice(0, mostCollected).map((file) => ({
    file,
    name: file.webkitRelativePath === '' ? file.name : file.webkitRelativePath,
  }));
  return { files, leftOut: wanted.length - files.length };
}

/**
 * Files of the clipboard. Browsers call every picture `image.png`: each gets the moment in its name, or the second
 * would take the first one's place.
 */
export function collectPasted(data: DataTransfer, moment: string): CollectedFiles {
  const stamp = moment.slice(0, 19).replace('T', ' ').replaceAll(':', '.');
  const files = [...data.files].map((file, index) => {
    const ending = /\.[a-z0-9]+$/i.exec(file.name)?.[0] ?? '';
    const isPicture = /^image\.[a-z]+$/i.test(file.name);
    const number = index === 0 ? '' : ` (${index + 1})`;
    return { file, name: isPicture ? `Pasted picture ${stamp}${number}${ending}` : file.name };
  });
  return { files, leftOut: 0 };
}
