import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Temporal } from 'temporal-polyfill';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generateSampleFiles } from '../../../resources/sample/generate.ts';
import {
  listSamplePaths,
  loadSample,
  type Sample,
} from '../../../src/server/sample/sample-format.ts';

const sampleFolder = fileURLToPath(new URL('../../../resources/sample', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stint-sample-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function listFiles(below: string): Promise<string[]> {
  const entries = await readdir(join(sampleFolder, below), {
    recursive: true,
    withFileTypes: true,
  });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(sampleFolder.length + 1)
        .replaceAll('\\', '/'),
    );
}

/** Loads a copy of sample.json after `change`, and returns the error it fails with. */
async function loadChanged(change: (sample: Sample) => unknown): Promise<unknown> {
  const sample = JSON.parse(await readFile(join(sampleFolder, 'sample.json'), 'utf8')) as Sample;
  change(sample);
  await writeFile(join(folder, 'sample.json'), JSON.stringify(sample));
  return loadSample(folder).then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('the sample', () => {
  it('loads, and names every file in its folders and no other', async () => {
    const named = listSamplePaths(await loadSample(sampleFolder));
    const present = [...(await listFiles('reference')), ...(await listFiles('deliverables'))];
    expect(named.map((path) => path.normalize('NFC')).toSorted()).toEqual(
      present.map((path) => path.normalize('NFC')).toSorted(),
    );
  });

  it('has file names with accents, spaces and an emoji', async () => {
    const names = listSamplePaths(await loadSample(sampleFolder)).join('\n');
    expect(names).toMatch(/é/);
    expect(names).toMatch(/ü/);
    expect(names).toMatch(/ /);
    expect(names).toMatch(/\p{Extended_Pictographic}/u);
  });

  it('generates the committed bytes again', async () => {
    const paths = await generateSampleFiles(folder);
    expect(paths.length).toBeGreaterThan(10);
    for (const path of paths) {
      const [generated, committed] = await Promise.all([
        readFile(join(folder, path)),
        readFile(join(sampleFolder, path)),
      ]);
      expect(generated.equals(committed), path).toBe(true);
    }
  });

  it('keeps the intern inside the budget, without overlapping time', async () => {
    const sample = await loadSample(sampleFolder);
    const entries = sample.work.flatMap((work) =>
      work.rounds.flatMap((round) => round.timeEntries),
    );
    const today = Temporal.PlainDate.from('2026-06-15');
    const spans = entries
      .map(({ startedAt, minutes }) => {
        const start = today.add({ days: startedAt.dayOffset }).toZonedDateTime({
          timeZone: sample.intern.timeZone,
          plainTime: startedAt.time,
        }).epochMilliseconds;
        return { start, end: start + minutes * 60_000 };
      })
      .toSorted((one, other) => one.start - other.start);
    spans.forEach((span, index) => {
      expect(span.start).toBeGreaterThanOrEqual(spans[index - 1]?.end ?? 0);
    });
    const minutes = entries.reduce((sum, entry) => sum + entry.minutes, 0);
    expect(minutes).toBeLessThanOrEqual(sample.project.hourBudgetMinutes);
    for (const { startedAt } of entries) {
      expect(startedAt.dayOffset).toBeGreaterThanOrEqual(sample.project.startsOn.dayOffset);
    }
  });

  it('has one task that comes back with comments on its criteria before it is accepted', async () => {
    const sample = await loadSample(sampleFolder);
    const returned = sample.work.filter((work) => work.rounds.length > 1);
    expect(returned).toHaveLength(1);
    expect(returned[0]?.rounds[0]?.review.criterionComments.length).toBeGreaterThan(0);
    expect(sample.work.map((work) => work.task)).toEqual(sample.tasks.map((task) => task.key));
  });
});

describe('loadSample', () => {
  it('names the field whose value does not fit', async () => {
    const error = await loadChanged((sample) =>
      Object.assign(sample.project, { timeZone: 'Mars/Olympus' }),
    );
    expect(error).toMatchObject({ code: 'invalid_input', field: 'project.timeZone' });
  });

  it.each([
    '../outside.pdf',
    '/etc/hosts',
    'reference/../../outside.pdf',
    'C:\\outside.pdf',
    'reference//a.pdf',
  ])('refuses the path %s', async (path) => {
    const error = await loadChanged((sample) => sample.tasks[0]?.referenceFiles.push(path));
    expect(error).toMatchObject({ code: 'invalid_input', field: 'tasks.0.referenceFiles.2' });
  });

  it('refuses a comment on a criterion that the task does not have', async () => {
    const error = await loadChanged((sample) =>
      sample.work[0]?.rounds[0]?.review.criterionComments.push({
        criterion: 5,
        comment: 'Which one?',
      }),
    );
    expect(error).toMatchObject({
      code: 'invalid_input',
      field: 'work.0.rounds.0.review.criterionComments.3.criterion',
    });
  });

  it('names a file that is missing', async () => {
    await cp(sampleFolder, folder, { recursive: true });
    await rm(join(folder, 'reference', 'code book.json'));
    await expect(loadSample(folder)).rejects.toMatchObject({
      code: 'file_missing',
      message: expect.stringContaining('reference/code book.json') as string,
    });
  });

  it('says that sample.json is missing, or is not JSON', async () => {
    await expect(loadSample(folder)).rejects.toMatchObject({ code: 'file_missing' });
    await writeFile(join(folder, 'sample.json'), '{');
    await expect(loadSample(folder)).rejects.toMatchObject({ code: 'invalid_input' });
  });
});
