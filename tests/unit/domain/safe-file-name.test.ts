import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import {
  computeSafeFileName,
  computeSlug,
  NamesInFolder,
} from '../../../src/shared/domain/safe-file-name.ts';

describe('a file name in a bundle', () => {
  test.each([
    ['résumé of findings.md', 'résumé of findings.md'],
    ['🌱 launch plan.pdf', '🌱 launch plan.pdf'],
    ['../../etc/passwd', '.._.._etc_passwd'],
    ['a/b\\c.txt', 'a_b_c.txt'],
    ['CON', '_CON'],
    ['nul.txt', '_nul.txt'],
    ['com¹.tar.gz', '_com¹.tar.gz'],
    ['NUL .txt', '_NUL .txt'],
    ['report. . .', 'report'],
    ['  spaces  ', 'spaces'],
    ['...', 'file'],
    ['', 'file'],
    ['invoice\u202Efdp.exe', 'invoicefdp.exe'],
    ['line\r\nbreak\t.txt', 'linebreak.txt'],
    ['100 %.csv', '100 ％.csv'],
    ['what? <is> "it": a|b*.md', 'what_ _is_ _it__ a_b_.md'],
    ['lone \uD83C.txt', 'lone _.txt'],
    ['cafe\u0301.txt', 'caf\u00E9.txt'],
    ['.gitignore', '.gitignore'],
  ])('%j becomes %j', (name, expected) => {
    expect(computeSafeFileName(name)).toBe(expected);
  });

  test('keeps its extension and whole characters when it is too long', () => {
    const cut = computeSafeFileName(`${'👩‍👩‍👧'.repeat(80)}.tar`);
    expect(cut).toMatch(/^(?:👩‍👩‍👧)+\.tar$/u);
    expect(cut.length).toBeLessThanOrEqual(100);
    expect(Buffer.byteLength(computeSafeFileName(`${'漢'.repeat(300)}.docx`))).toBeLessThanOrEqual(
      200,
    );
  });

  test('is safe whatever the name was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
        const safe = computeSafeFileName(name);
        expect(safe).not.toMatch(/[\p{Cc}\p{Bidi_Control}<>:"/\\|?*%]/u);
        expect(safe).not.toMatch(/^\s|[.\s]$/u);
        expect(safe.length).toBeGreaterThan(0);
        expect(safe.length).toBeLessThanOrEqual(101);
        expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(201);
        expect(computeSafeFileName(safe)).toBe(safe);
      }),
      { numRuns: 2000 },
    );
  });

  test('that is cut does not end as another kind of file', () => {
    const safe = computeSafeFileName(`${'a'.repeat(96)}.exe${'b'.repeat(20)}`);
    expect(safe).toBe(`${'a'.repeat(96)}_exe`);
    const long = `${'a'.repeat(95)}.exe.${'b'.repeat(20)}`;
    expect(computeSafeFileName(long)).toBe(`${'a'.repeat(95)}.exe_`);
    expect(computeSafeFileName(`v1.2 ${'a'.repeat(120)}`)).toBe(`v1.2 ${'a'.repeat(95)}`);
    expect(computeSafeFileName(`v1.2-${'a'.repeat(120)}.tar.gz`)).toMatch(
      /^v1\.2-a+\.tar\.gz$|^v1\.2-a+\.gz$/,
    );
  });

  test('gets a number where the folder has it already, whatever its case or Unicode form', () => {
    const names = new NamesInFolder();
    const taken = [
      'Plan.pdf',
      'plan.PDF',
      'Plan (2).pdf',
      'Straße.txt',
      'STRASSE.txt',
      'caf\u00E9',
      'cafe\u0301',
    ].map((name) => names.take(name));
    expect(taken).toEqual([
      'Plan.pdf',
      'plan (2).PDF',
      'Plan (2) (2).pdf',
      'Straße.txt',
      'STRASSE (2).txt',
      'caf\u00E9',
      'caf\u00E9 (2)',
    ]);
  });

  test.each([
    ['Frühling & Sommer: Inês', 'fruhling-sommer-ines'],
    ['Straße', 'strasse'],
    ['研究', '研究'],
    ['../..', ''],
  ])('the slug of %j is %j', (text, expected) => {
    expect(computeSlug(text)).toBe(expected);
  });
});
