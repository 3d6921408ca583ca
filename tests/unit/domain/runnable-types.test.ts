import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canRun, isProgram } from '../../../src/shared/domain/runnable-types.ts';
import { computeSafeFileName } from '../../../src/shared/domain/safe-file-name.ts';

test.each([
  'setup.exe',
  'SETUP.EXE',
  'invoice\u{202E}fdp.exe',
  'setup.e\u{200B}xe',
  'setup.exe. .',
  'holiday.jpg.lnk',
  'budget.xlsm',
  'old.doc',
  'start.desktop',
  'run.command',
  'tool.AppImage',
  'analysis.py',
  'page.html',
  'drawing.svg',
  'installer',
  'start.appref-ms',
  'office.rdp',
  'old.vb',
  'readme.txt.{3050F4D8-98B5-11CF-BB82-00AA00BDCE0B}',
])('%j is warned of', (name) => {
  expect(canRun(name)).toBe(true);
});

test.each([
  'report.pdf',
  'photo.JPG',
  'data.csv',
  'text.docx',
  'notes.md',
  'film.mp4',
  'a.exe.txt',
])('%j is opened at once', (name) => {
  expect(canRun(name)).toBe(false);
});

test.each([
  'setup.exe',
  'holiday.jpg.LNK',
  'site.url',
  'start.desktop',
  'window.scf',
  'page.hta',
  'tool.jar',
  'analysis.py',
  'run.command',
  'script.ps1',
  'installer.msi',
  'disk.iso',
  'tool.AppImage',
  'places.library-ms',
  'panel.settingcontent-ms',
  'sandbox.wsb',
  'office.ppkg',
  'laptop.mobileconfig',
  'invoice\u{202E}fdp.exe',
  'setup.exe. .',
  'readme.txt.{3050F4D8-98B5-11CF-BB82-00AA00BDCE0B}',
])('%j is a program', (name) => {
  expect(isProgram(name)).toBe(true);
  expect(canRun(name)).toBe(true);
});

test.each(['budget.xlsm', 'old.doc', 'page.html', 'drawing.svg', 'types.ts', 'installer', 'a.pdf'])(
  '%j is no program',
  (name) => {
    expect(isProgram(name)).toBe(false);
  },
);

test.each([
  'evil.ex\u{2028}e',
  'evil.l\u{2029}nk',
  'evil.\u{2028}{645FF040-5081-101B-9F08-00AA002F954E}',
])('%j becomes a program where it is laid out, and is one', (name) => {
  expect(isProgram(name)).toBe(true);
});

test('no name is more of a program on the disk than it was before', () => {
  const parts = [
    '.',
    'exe',
    'lnk',
    's',
    'h',
    ' ',
    '{',
    '/',
    '%',
    '\u{2028}',
    '\u{200B}',
    '\u{FEFF}',
    '\u{AD}',
    '\u{212A}',
    '\ud800',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 8 }), (chosen) => {
      const name = chosen.join('');
      const onDisk = computeSafeFileName(name);
      for (const judge of [isProgram, canRun]) expect(judge(name) || !judge(onDisk)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
