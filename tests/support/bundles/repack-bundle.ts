import { computeBagEntries } from '../../../src/main/workspace/bundles/bag.ts';
import { writeArchive } from '../../../src/main/workspace/bundles/archive-writer.ts';
import { engagementDocumentSchema } from '../../../src/shared/bundle/engagement-document.ts';
import { readArchive } from './read-archive.ts';

/** `engagement.json` of a bundle of one engagement. */
export function readDocument(entries: ReadonlyMap<string, Buffer>) {
  const [, content] = [...entries].find(([name]) => name.endsWith('/data/engagement.json')) ?? [];
  return engagementDocumentSchema.parse(JSON.parse(content?.toString('utf8') ?? ''));
}

type Document = ReturnType<typeof readDocument>;

/** The same bag with some contents changed and all its manifests made anew: only the signatures can tell. */
export async function repack(
  path: string,
  change: (inside: string, content: Buffer) => Buffer,
  agent = 'Stint',
): Promise<string> {
  const entries = await readArchive(path);
  const payload = [...entries].flatMap(([name, content]) => {
    const [, inside] = /^[^/]+\/data\/(.+)$/.exec(name) ?? [];
    return inside === undefined ? [] : [{ path: inside, content: change(inside, content) }];
  });
  const forged = `${path}.forged.zip`;
  await writeArchive(
    forged,
    computeBagEntries('forged', payload, [['Bag-Software-Agent', agent]]),
    '2026-03-12',
  );
  return forged;
}

export const isDocument = (inside: string): boolean => inside.endsWith('engagement.json');

export const changeDocument = (content: Buffer, change: (document: Document) => unknown): Buffer =>
  Buffer.from(JSON.stringify(change(JSON.parse(content.toString('utf8')) as Document)));

/** The same with other data. */
export function forge(path: string, change: (document: Document) => unknown): Promise<string> {
  return repack(path, (inside, content) =>
    isDocument(inside) ? changeDocument(content, change) : content,
  );
}

/** The first of the first task. */
export function getSubmission({ tasks }: Document) {
  const submission = tasks[0]?.submissions[0];
  if (submission === undefined) throw new Error('expected a submission');
  return submission;
}
