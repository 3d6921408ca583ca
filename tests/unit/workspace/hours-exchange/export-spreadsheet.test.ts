import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import Papa from 'papaparse';
import { afterEach, expect, test } from 'vitest';
import { hoursExchangeHandlers } from '../../../../src/main/workspace/hours-exchange/hours-exchange-handlers.ts';
import { obtainSpreadsheet } from '../../../support/find-spreadsheet.ts';
import {
  addOrganization,
  assignTestTask,
  openTestWorkspace,
  type TestWorkspace,
} from '../../../support/workspace/test-workspace.ts';

const run = promisify(execFile);
let workspace: TestWorkspace | undefined;
let folder: string | undefined;

afterEach(async () => {
  await workspace?.close();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

test('LibreOffice opens the CSV with the same totals, and calculates nothing that somebody wrote', async ({
  skip,
}) => {
  const spreadsheet = await obtainSpreadsheet();
  if (spreadsheet === undefined) {
    skip('LibreOffice is not on this machine: install the package libreoffice-calc-nogui');
    return;
  }
  workspace = await openTestWorkspace({ zone: 'Europe/Berlin' });
  const organization = await addOrganization(workspace);
  const { seatId } = organization.intern.record;
  const taskId = await assignTestTask(workspace, organization);
  const stretches = [
    ['2026-03-27T08:00:00.000Z', '2026-03-27T09:50:00.000Z', '=2+5'],
    ['2026-03-28T22:00:00.000Z', '2026-03-29T02:00:00.000Z', 'across midnight, "and" the change'],
    ['2026-03-29T10:00:00.000Z', '2026-03-29T10:07:30.000Z', '+SUM(E2:E3)\nGröße'],
  ] as const;
  for (const [startedAt, endedAt, note] of stretches)
    await workspace.ask('hours.add', { seatId, taskId, startedAt, endedAt, note });
  const { path: file, seconds } = await hoursExchangeHandlers['hours.export'](
    { seatId, from: '2026-03-01', to: '2026-03-31', format: 'csv' },
    workspace.workspace,
  );
  folder = await mkdtemp(path.join(tmpdir(), 'stint-spreadsheet-'));
  // In and out again through the program's own cells: UTF-8, comma, formulas calculated.
  const convert = async (source: string, target: string) =>
    run(
      spreadsheet,
      [
        `-env:UserInstallation=file://${folder}/profile`,
        '--headless',
        '--infilter=CSV:44,34,76,1,,0,false,true,false,false',
        '--convert-to',
        target,
        '--outdir',
        folder ?? '',
        source,
      ],
      { timeout: 120_000 },
    );
  await convert(
    file,
    'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1',
  );
  const written = (await readdir(folder)).find((name) => name.endsWith('.csv'));
  if (written === undefined) throw new Error('expected LibreOffice to have written a file');
  const text = await readFile(path.join(folder, written), 'utf8');
  const { data } = Papa.parse<Record<string, string>>(text.trim(), { header: true });
  expect(data).toHaveLength(4);
  expect(data.reduce((sum, row) => sum + Number(row['seconds']), 0)).toBe(seconds);
  expect(data.reduce((sum, row) => sum + Number(row['hours']), 0)).toBeCloseTo(seconds / 3600, 3);
  expect(data.map(({ note }) => note)).toEqual([
    "'=2+5",
    'across midnight, "and" the change',
    'across midnight, "and" the change',
    "'+SUM(E2:E3)\nGröße",
  ]);
}, 400_000);
