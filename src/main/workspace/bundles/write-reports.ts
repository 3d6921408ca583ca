import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArchiveEntry } from './archive-writer.ts';
import type { ReportPage } from './bundle-contents.ts';
import { readBlocks } from './read-blocks.ts';
import { ReportHelper } from './report/pdf/report-helper.ts';

export interface WrittenReports {
  readonly entries: readonly ArchiveEntry[];
  /** Removes what lies on the disk, once the archive has it. */
  remove(): Promise<void>;
}

/**
 * Reports as pages and, beside each, the same as a PDF. Those are written into a folder first, since their hashes
 * stand before them in the archive. Exports take turns: what lies in that folder is what one that was killed left.
 */
export async function writeReports(
  pages: readonly ReportPage[],
  madeAt: string,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<WrittenReports> {
  const remove = () => rm(folder, { recursive: true, force: true });
  await remove();
  await mkdir(folder, { mode: 0o700 });
  const entries: ArchiveEntry[] = [];
  const helper = new ReportHelper();
  try {
    for (const [index, { path, html }] of pages.entries()) {
      signal?.throwIfAborted();
      const target = join(folder, `${index + 1}.pdf`);
      const { sha256, sizeBytes } = await helper.write({ page: html, madeAt, target }, signal);
      const pdfPath = path.replace(/index\.html$/, 'report.pdf');
      entries.push({ path, content: Buffer.from(html.toWellFormed(), 'utf8') });
      entries.push({
        path: pdfPath,
        sha256,
        sizeBytes,
        open: (take) => readBlocks(target, sizeBytes, take),
      });
    }
  } catch (error) {
    await helper.close();
    await remove();
    throw error;
  } finally {
    await helper.close();
  }
  return { entries, remove };
}
