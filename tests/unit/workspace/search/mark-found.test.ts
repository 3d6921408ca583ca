import Database from 'better-sqlite3';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  excerptFound,
  foldWord,
  markFound,
} from '../../../../src/main/workspace/search/mark-found.ts';
import {
  computeSearchQuery,
  splitSearchWords,
} from '../../../../src/main/workspace/search/search-query.ts';
import { foundMark } from '../../../../src/shared/contract/search-requests.ts';

const { begin, end } = foundMark;
const show = (text: string) => text.replaceAll(begin, '[').replaceAll(end, ']');
const fold = (asked: string) => splitSearchWords(asked).map(foldWord);

test('words that begin with what was asked are marked, whatever their case and accents', () => {
  expect(show(markFound('Cafés in Gdańsk: a CAFÉ is no cafeteria', fold('café gdansk')))).toBe(
    '[Cafés] in [Gdańsk]: a [CAFÉ] is no [cafeteria]',
  );
});

test('an excerpt shows where most of the words stand together, and says where it was cut', () => {
  const filling = Array.from({ length: 40 }, (_, index) => `word${index}`).join(' ');
  const text = `Harbour first. ${filling} the old harbour has new opening hours today ${filling}`;
  expect(show(excerptFound(text, fold('harbour opening hours')))).toBe(
    '…word39 the old [harbour] has new [opening] [hours] today word0 word1 word2 word3 word4…',
  );
  expect(show(excerptFound('Nothing of it in here', fold('harbour')))).toBe(
    'Nothing of it in here',
  );
  expect(show(excerptFound('', fold('harbour')))).toBe('');
});

test.each(['-', ' ', '\n', 'x', '💩'])(
  'an excerpt is short, however many of %j stand in a row: the page that shows it would stand still',
  (sign) => {
    const row = sign.repeat(100_000);
    const excerpt = show(excerptFound(`The pay ${row} day by day`, fold('pay')));
    expect(excerpt).toMatch(/^The \[pay\] .{1,250}… ?day by day$/su);
    expect(excerpt.isWellFormed()).toBe(true);
  },
);

test('what is marked is what the index finds', () => {
  const connection = new Database(':memory:');
  connection.exec(
    `create virtual table "texts" using fts5("title", tokenize = "unicode61 remove_diacritics 2")`,
  );
  const insert = connection.prepare(`insert into "texts" ("rowid", "title") values (1, ?)`);
  const highlight = connection.prepare<[string, string, string], { marked: string }>(
    `select highlight("texts", 0, ?, ?) as "marked" from "texts" where "texts" match ?`,
  );
  const word = fc.constantFrom(
    'Café',
    'cafes',
    'GDAŃSK',
    'Malmö',
    'malm',
    'Søren',
    'łódź',
    'x-ray',
    '7a',
    'naïve',
    'e\u0301te',
  );
  const sentence = fc
    .array(fc.tuple(word, fc.constantFrom(' ', ', ', '-', '\n', ' “')), {
      minLength: 1,
      maxLength: 9,
    })
    .map((parts) => parts.flat().join(''));
  fc.assert(
    fc.property(sentence, word, (text, asked) => {
      connection.exec('delete from "texts"');
      insert.run(text);
      const found = highlight.get(begin, end, computeSearchQuery(asked) ?? '""');
      const marked = markFound(text, fold(asked));
      // Two words asked for in one, such as "x-ray", both have to be there to be found at all.
      if (found !== undefined) expect(show(marked)).toBe(show(found.marked));
      else expect(splitSearchWords(asked).length > 1 || !marked.includes(begin)).toBe(true);
    }),
    { numRuns: 200 },
  );
  connection.close();
});
