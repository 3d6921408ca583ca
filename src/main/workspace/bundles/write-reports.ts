import type { Pausing } from '../sync/turns.ts';
import type { ArchiveEntry } from './archive-writer.ts';
import type { ReportPage } from './bundle-contents.ts';
import { type MadeContents, openStored } from './made-contents.ts';
import { ReportHelper } from './report/pdf/report-helper.ts';
import { eachPiece } from './text-entry.ts';

/** Reports as pages and, beside each, the same as a PDF. */
export async function writeReports(
  pages: readonly ReportPage[],
  madeAt: string,
  made: MadeContents,
  turns: Pausing,
  signal: AbortSignal | undefined,
): Promise<ArchiveEntry[]> {
  const entries: ArchiveEntry[] = [];
  const helper = new ReportHelper();
  try {
    for (const { path, parts } of pages) {
      signal?.throwIfAborted();
      const page = made.nameFile();
      entries.push(await made.write(path, page, eachPiece(parts, turns)));
      const target = made.nameFile();
      const written = await helper.write({ page, madeAt, target }, signal);
      entries.push(openStored(path.replace(/index\.html$/, 'report.pdf'), target, written));
    }
  } finally {
    await helper.close();
  }
  return entries;
}
