import { readFile } from 'node:fs/promises';
import { getDocument, VerbosityLevel } from 'pdfjs-dist/legacy/build/pdf.mjs';

export interface ReadPdf {
  readonly title: string;
  readonly language: string | null;
  readonly isTagged: boolean;
  readonly pageCount: number;
  /** Without what only decorates, such as page numbers; white space as the reader put it. */
  readonly text: string;
  /** Where its links lead, in their order. */
  readonly links: readonly string[];
  /** Roles of the structure's elements, in their order. */
  readonly roles: readonly string[];
}

interface StructureNode {
  readonly role?: string;
  readonly children?: readonly StructureNode[];
}

/** Reads a PDF with a program that did not write it. */
export async function readPdf(path: string): Promise<ReadPdf> {
  const data = new Uint8Array(await readFile(path));
  const loading = getDocument({ data, verbosity: VerbosityLevel.ERRORS });
  const document = await loading.promise;
  const links: string[] = [];
  const roles: string[] = [];
  let text = '';
  for (let number = 1; number <= document.numPages; number += 1) {
    const page = await document.getPage(number);
    text += readText((await page.getTextContent({ includeMarkedContent: true })).items);
    for (const annotation of (await page.getAnnotations()) as { unsafeUrl?: string }[])
      if (annotation.unsafeUrl !== undefined) links.push(annotation.unsafeUrl);
    listRoles(((await page.getStructTree()) ?? {}) as StructureNode, roles);
    page.cleanup();
  }
  const { info } = await document.getMetadata();
  const { Title: title = '', Language: language = null } = info as {
    Title?: string;
    Language?: string;
  };
  // The types say that it is an object of these names.
  const marks = (await document.getMarkInfo()) as unknown as Map<string, boolean> | null;
  const isTagged = marks?.get('Marked') === true;
  const pageCount = document.numPages;
  await loading.destroy();
  return { title, language, isTagged, pageCount, text, links, roles };
}

function readText(items: readonly object[]): string {
  const tags: string[] = [];
  let text = '';
  for (const item of items) {
    if ('tag' in item) tags.push(String(item.tag));
    else if ('str' in item) {
      const { str, hasEOL } = item as { str: string; hasEOL: boolean };
      if (!tags.includes('Artifact')) text += str + (hasEOL ? '\n' : '');
    } else tags.pop();
  }
  return text;
}

function listRoles({ role, children = [] }: StructureNode, roles: string[]): void {
  if (role !== undefined) roles.push(role);
  for (const child of children) listRoles(child, roles);
}
