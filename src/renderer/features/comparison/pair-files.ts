import type { FileItem } from '../../../shared/contract/shapes.ts';

type ComparedFile = Pick<FileItem, 'attachmentId' | 'name' | 'sha256'>;

/** What became of a file from one revision to another. */
export type FilePair<File extends ComparedFile> =
  | {
      readonly kind: 'unchanged' | 'changed' | 'renamed';
      readonly before: File;
      readonly after: File;
    }
  | { readonly kind: 'added'; readonly before: undefined; readonly after: File }
  | { readonly kind: 'removed'; readonly before: File; readonly after: undefined };

const rank = { changed: 0, added: 1, removed: 2, renamed: 3, unchanged: 4 } as const;

/** By name, and by content where the name is another; what changed first. A hash says whether it is the same. */
export function pairFiles<File extends ComparedFile>(
  before: readonly File[],
  after: readonly File[],
): FilePair<File>[] {
  const left = [...before];
  const take = (fits: (file: File) => boolean): File | undefined => {
    const index = left.findIndex(fits);
    return index === -1 ? undefined : left.splice(index, 1)[0];
  };
  const pairs: FilePair<File>[] = [];
  const rest: File[] = [];
  // Names may occur twice: the same content under the same name belongs together first.
  const unlike = after.filter((file) => {
    const same = take(({ name, sha256 }) => name === file.name && sha256 === file.sha256);
    if (same !== undefined) pairs.push({ kind: 'unchanged', before: same, after: file });
    return same === undefined;
  });
  for (const file of unlike) {
    const namesake = take(({ name }) => name === file.name);
    if (namesake === undefined) rest.push(file);
    else pairs.push({ kind: 'changed', before: namesake, after: file });
  }
  for (const file of rest) {
    const twin = take(({ sha256 }) => sha256 === file.sha256);
    pairs.push(
      twin === undefined
        ? { kind: 'added', before: undefined, after: file }
        : { kind: 'renamed', before: twin, after: file },
    );
  }
  for (const file of left) pairs.push({ kind: 'removed', before: file, after: undefined });
  return pairs.toSorted((one, other) => rank[one.kind] - rank[other.kind]);
}
