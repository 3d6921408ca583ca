import { readFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import type { ReportTask, ReportAnswer } from './report-helper.ts';
import { writeReportPdf } from './write-report-pdf.ts';

/** Lays reports out beside the workspace, so that nobody at the window waits for it: as a process, or as a thread. */

const answer = ({ page, madeAt, target }: ReportTask): ReportAnswer => {
  try {
    return { kind: 'written', ...writeReportPdf(readFileSync(page, 'utf8'), madeAt, target) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { kind: 'failed', code, message };
  }
};

if (parentPort === null)
  process.on('message', (task) => {
    process.send?.(answer(task as ReportTask));
  });
else
  parentPort.on('message', (task: ReportTask) => {
    parentPort?.postMessage(answer(task));
  });
