import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  employerShortcuts,
  internShortcuts,
  sharedShortcuts,
} from '../../../src/renderer/features/shortcuts/screen-shortcuts.ts';

const featuresFolder = path.join(import.meta.dirname, '../../../src/renderer/features');

const listed = [...internShortcuts, ...employerShortcuts, ...sharedShortcuts];

/** The bindings written out as literals in the screens' sources: their keys and what they say they do. */
function listBoundKeys(): Map<string, string> {
  const bound = new Map<string, string>();
  for (const name of readdirSync(featuresFolder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.tsx') || name.startsWith('shortcuts')) continue;
    const source = readFileSync(path.join(featuresFolder, name), 'utf8');
    for (const [, keys = '', label = ''] of source.matchAll(
      /keys: \[([^\n]+?)\],\s*label: '([^']+)'/gu,
    ))
      bound.set(label, keys.replaceAll(/['\s]/gu, ''));
    // One binding for each criterion of the brief, by its number.
    if (source.includes('{ keys: [String(number)], label: `Comment on ${subject}`'))
      bound.set('Comment on a criterion', '1,to,9');
    // One binding for each criterion of the brief, by its number.
    if (/keys: \[String\(number\)\],\s*label: `Comment on \$\{subject\}`/u.test(source))
      bound.set('Comment on a criterion', '1,to,9');
  }
  return bound;
}

describe('the page of shortcuts', () => {
  it('names the keys of the screens as they are bound there', () => {
    const bound = listBoundKeys();
    expect(bound.size).toBeGreaterThan(15);
    for (const { keys, label } of listed)
      expect([label, bound.get(label)]).toEqual([label, keys.join(',')]);
  });

  it('leaves out none of one key', () => {
    const named = new Set(listed.map(({ label }) => label));
    const bare = [...listBoundKeys()].filter(([, keys]) => !keys.includes(','));
    expect(bare.filter(([label]) => !named.has(label))).toEqual([]);
  });
});
