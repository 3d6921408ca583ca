import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

const places = ['src/renderer', 'src/main/electron', 'src/main/workspace/sync/arrivals.ts'];

/** Where a name stands in no sentence: what is compared, sent or stored, and what only programs read. */
const apart: ReadonlySet<string> = new Set([
  'src/renderer/client/carrier.ts',
  'src/renderer/client/http-carrier.ts',
  'src/renderer/client/ipc-carrier.ts',
  'src/renderer/features/asked/brief-needs.tsx',
  'src/renderer/features/bundles/bundle-records.tsx',
  'src/renderer/features/overview/overview-screen.tsx',
  'src/renderer/features/projects/form-templates.tsx',
  'src/renderer/features/projects/project-form-values.ts',
  'src/renderer/features/settings/pack-dialog.tsx',
  'src/renderer/ui/collect-files.ts',
]);

const name = String.raw`[A-Za-z.?]*(?:[nN]ame|[tT]itle)(?: \?\? '')?`;
/** In a template: `${task.title}`. */
const inTemplate = new RegExp(String.raw`\$\{${name}\}`, 'u');
/** Beside the words of an element: `Assign to {intern.name}`. */
const besideWords = new RegExp(
  String.raw`^\s*[“A-Za-z][^=>{]*[ “]\{${name}\}|^\s*\{${name}\}(?:’s|[.,:”]? [a-zA-Z])`,
  'u',
);

function listSources(at: string): string[] {
  if (at.endsWith('.ts')) return [at];
  return readdirSync(path.join(root, at), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/u.test(file))
    .map((file) => `${at}/${file.replaceAll(path.sep, '/')}`);
}

const findBareNames = (line: string): boolean =>
  inTemplate.test(line) ||
  (besideWords.test(line) && !/^\s*(?:const|let|import|export|return)\b/u.test(line));

test('a name in a sentence is told from one that is isolated', () => {
  expect(findBareNames('  title={`Cancel “${title}”?`}')).toBe(true);
  expect(findBareNames('  title={`Cancel “${isolate(title)}”?`}')).toBe(false);
  expect(findBareNames('  Assign to {intern.name}')).toBe(true);
  expect(findBareNames('  {internName} is told to stop.')).toBe(true);
  expect(findBareNames('  Assign to <bdi>{intern.name}</bdi>')).toBe(false);
  expect(findBareNames('  {title}')).toBe(false);
});

test('a name stands isolated in every sentence, so that one from right to left moves nothing around it', () => {
  const bare = places
    .flatMap(listSources)
    .filter((file) => !apart.has(file))
    .flatMap((file) =>
      readFileSync(path.join(root, file), 'utf8')
        .split('\n')
        .flatMap((line, index) =>
          findBareNames(line) ? [`${file}:${index + 1} ${line.trim()}`] : [],
        ),
    );
  expect(bare).toEqual([]);
});
