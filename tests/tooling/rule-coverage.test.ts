import { expect, test } from 'vitest';
import { listIds, listRules, listTitles, loadRuleCoverage } from '../../scripts/rule-coverage.ts';

/** Not written out, so that these are not found as titles themselves. */
const id = (number: number): string => `SY-${number}`;

test('the rules are those of the rules section, each once, in order', () => {
  const document =
    '# P\n\nSY-99\n\n## Rules\n\n- **SY-2** and SY-10, SY-2\n- SY-1\n\n## Scopes\n\nSY-98\n';
  expect(listRules(document)).toEqual(['SY-1', 'SY-2', 'SY-10']);
});

test('a test counts for the rules that its title begins with, in any quotes and over lines', () => {
  const source = `
    test('${id(1)} one', () => {});
    test.for(cases)("${id(2)} it's two", () => {});
    test.skipIf(isOld)(
      \`${id(3)}, ${id(4)} both\`, () => {});
    test('about ${id(5)}', () => {});
  `;
  expect(listTitles(source)).toEqual(['SY-1 one', "SY-2 it's two", 'SY-3, SY-4 both']);
  expect(listIds(`${id(3)}, ${id(4)} both`)).toEqual(['SY-3', 'SY-4']);
  expect(listIds(`${id(3)} as in ${id(4)}`)).toEqual(['SY-3']);
  expect(listIds(`${id(12)} and ${id(13)}`)).toEqual(['SY-12', 'SY-13']);
});

test('every rule from 1 to 23 is known', () => {
  expect([...loadRuleCoverage().keys()]).toEqual(
    Array.from({ length: 23 }, (_, index) => `SY-${index + 1}`),
  );
});
