import { parentPort } from 'node:worker_threads';
import type { ReportTask, ReportAnswer } from './report-thread.ts';
import { writeReportPdf } from './write-report-pdf.ts';

/** Lays reports out in a thread of its own, so that nobody at the window waits for it. */
parentPort?.on('message', ({ page, madeAt, target }: ReportTask) => {
  let answer: ReportAnswer;
  try {
    answer = { kind: 'written', ...writeReportPdf(page, madeAt, target) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    answer = { kind: 'failed', code, message };
  }
  parentPort?.postMessage(answer);
});
