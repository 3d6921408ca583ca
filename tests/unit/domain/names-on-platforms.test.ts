import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  computeReadableName,
  splitHiddenCharacters,
} from '../../../src/shared/domain/hidden-characters.ts';
import { NamesInFolder } from '../../../src/shared/domain/safe-file-name.ts';
import { hostileNames } from '../../support/names/hostile-names.ts';
import {
  computeMacKey,
  computeWindowsKey,
  findMacFault,
  findWindowsFault,
} from '../../support/names/platform-name-rules.ts';

/** Hostile names with pieces put before and after them, in another case or form, and whatever else there is. */
const names = fc.array(
  fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom(...hostileNames),
    fc
      .tuple(
        fc.constantFrom(...hostileNames),
        fc.constantFrom('', ' ', '.', '\u{200C}', '\u{301}', '.txt', ' (2)'),
        fc.constantFrom('NFC', 'NFD', 'NFKC'),
        fc.boolean(),
      )
      .map(([name, end, form, isUpper]) => {
        const made = (name + end).normalize(form);
        return isUpper ? made.toUpperCase() : made;
      }),
  ),
  { maxLength: 25 },
);

const takeAll = (all: readonly string[]): string[] => {
  const folder = new NamesInFolder();
  return all.map((name) => folder.take(name));
};

describe('names in one folder', () => {
  test('keep Windows’ and macOS’s rules, are all different there, and come out the same again', () => {
    fc.assert(
      fc.property(names, (all) => {
        const taken = takeAll(all);
        for (const name of taken) {
          expect(findWindowsFault(name)).toBeUndefined();
          expect(findMacFault(name)).toBeUndefined();
        }
        for (const keyOf of [computeWindowsKey, computeMacKey])
          expect(new Set(taken.map((name) => keyOf(name))).size).toBe(all.length);
        expect(takeAll(all)).toEqual(taken);
      }),
      { numRuns: 300 },
    );
  });

  test('are handed out to two thousand files of one name without counting from the start each time', () => {
    const taken = takeAll(Array.from({ length: 2000 }, () => 'photo.jpg'));
    expect(new Set(taken).size).toBe(2000);
    expect(taken.at(-1)).toBe('photo (2000).jpg');
  });

  test('the rules that they are held to find fault with the names as they came', () => {
    expect(
      hostileNames.filter((name) => findWindowsFault(name) !== undefined).length,
    ).toBeGreaterThan(25);
    expect(hostileNames.filter((name) => findMacFault(name) !== undefined)).toContain('..');
    expect(computeMacKey('Straße')).toBe(computeMacKey('STRASSE'));
  });
});

describe('a name for people', () => {
  test.each([
    ['invoice\u{202E}fdp.exe', 'invoice⟨U+202E⟩fdp.exe'],
    ['line\r\nbreak', 'line⟨U+000D⟩⟨U+000A⟩break'],
    ['report ', 'report⟨U+0020⟩'],
    ['a\u{200B}b', 'a⟨U+200B⟩b'],
    ['👩‍👩‍👧 café.md', '👩‍👩‍👧 café.md'],
    ['דוח סופי.pdf', 'דוח סופי.pdf'],
  ])('%j reads %j', (name, readable) => {
    expect(computeReadableName(name)).toBe(readable);
  });

  test('loses nothing, and hides nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const pieces = splitHiddenCharacters(name);
        expect(pieces.map(({ text }) => text).join('')).toBe(name);
        expect(computeReadableName(name)).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u{200B}\u{FEFF}]/u);
      }),
    );
  });
});
