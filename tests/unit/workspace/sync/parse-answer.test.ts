import { expect, test } from 'vitest';
import type { PullResponse } from '../../../../src/shared/protocol/pull.ts';
import { encodePage } from '../../../../src/server/sync/encode-page.ts';
import { parseAnswer } from '../../../../src/main/workspace/sync/parse-answer.ts';
import { Turns } from '../../../../src/main/workspace/sync/turns.ts';

const page: PullResponse = {
  head: { seq: 7, hash: 'abc' },
  scopes: [{ scope: 'all', seq: 7 }],
  added: ['all'],
  removed: [],
  rows: [
    { table: 'tasks', seq: 1, row: { id: '1', title: 'Line one\nline two, ]\u2028"}],' } },
    { table: 'tasks', seq: 2, row: { id: '2', title: 'Übersetzen 翻訳 😀', position: 1.5 } },
    { table: 'tasks', seq: 3, row: { id: '3', title: '', note: null } },
  ],
  complete: true,
  restart: null,
  anchor: null,
};

const parse = (body: string | Buffer): Promise<unknown> =>
  parseAnswer(new Uint8Array(Buffer.from(body)).buffer, new Turns(() => 0));

test.for([
  ['three rows', page],
  ['one row', { ...page, rows: page.rows.slice(0, 1) }],
  ['no row', { ...page, rows: [] as PullResponse['rows'] }],
  ['more rows than are read in one go', { ...page, rows: Array(1000).fill(page.rows[1]) }],
] satisfies [string, PullResponse][])(
  'a page with %s is the same by lines and as a whole',
  async ([, sent]) => {
    const body = encodePage(sent);
    expect(JSON.parse(body.toString())).toEqual(sent);
    expect(await parse(body)).toEqual(sent);
  },
);

test('what is not written by lines is read as a whole', async () => {
  expect(await parse(JSON.stringify(page))).toEqual(page);
  expect(await parse('{"rows":[]}')).toEqual({ rows: [] });
  expect(await parse('[1]')).toEqual([1]);
});

test.for([
  '',
  '{"rows":[\n',
  '{"rows":[\n{"table":"tasks"},\n',
  '{"rows":[\n{"table":"tasks"}\n]',
  '{"rows":[\n{"table":"tas\n],"head":1}',
  '<html>\n</html>',
])('what is cut or no JSON is refused: %j', async (body) => {
  await expect(parse(body)).rejects.toThrow(SyntaxError);
});
