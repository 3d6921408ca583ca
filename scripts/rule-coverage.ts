import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from './run-step.ts';

export interface RuleTest {
  readonly title: string;
  /** Path from the repository's root. */
  readonly file: string;
}

const rulesDocument = 'docs/sync-protocol.md';

/** The rules that the protocol's description names, in order of their numbers. */
export function listRules(document: string): string[] {
  const rules = document.slice(document.indexOf('## Rules'), document.indexOf('## Scopes'));
  const numbers = [...rules.matchAll(/\bSY-(\d+)\b/g)].map(([, number]) => Number(number));
  return [...new Set(numbers)].sort((left, right) => left - right).map((number) => `SY-${number}`);
}

/** Titles of tests that begin with a rule's id; of `SY-8, SY-9 …` both count. */
export function listTitles(source: string): string[] {
  return [...source.matchAll(/\(\s*(['"`])(SY-\d+\b.*?[^\\])\1/g)].map(
    ([, , title]) => title ?? '',
  );
}

export function listIds(title: string): string[] {
  const beginning = /^SY-\d+(?:(?:,| and)? SY-\d+)*/.exec(title)?.[0] ?? '';
  return beginning.match(/SY-\d+/g) ?? [];
}

/** Every rule with its tests; a rule without one has an empty list. */
export function loadRuleCoverage(): Map<string, RuleTest[]> {
  const document = readFileSync(path.join(repositoryRoot, rulesDocument), 'utf8');
  const coverage = new Map<string, RuleTest[]>(listRules(document).map((rule) => [rule, []]));
  for (const file of globSync('tests/**/*.{test,journey}.{ts,tsx}', { cwd: repositoryRoot }).sort())
    for (const title of listTitles(readFileSync(path.join(repositoryRoot, file), 'utf8')))
      for (const rule of listIds(title)) {
        const tests = coverage.get(rule);
        if (tests === undefined)
          throw new Error(`${file} tests ${rule}, which ${rulesDocument} does not have: ${title}`);
        tests.push({ title, file });
      }
  return coverage;
}

/** @returns the rules that no test's title begins with. */
export function listUntestedRules(): string[] {
  return [...loadRuleCoverage()].filter(([, tests]) => tests.length === 0).map(([rule]) => rule);
}
