import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeJsonEntry } from '../../../../src/main/workspace/desk/json-entry.ts';
import { sha256Hex } from '../../../../src/main/workspace/ports/system-ports.ts';
import { Turns } from '../../../../src/main/workspace/sync/turns.ts';

async function write(document: Readonly<Record<string, unknown>>): Promise<string> {
  const entry = await makeJsonEntry('data.json', document, new Turns(() => 0));
  const pieces: Buffer[] = [];
  for await (const piece of entry.open(() => Buffer.alloc(0))) pieces.push(Buffer.from(piece));
  const content = Buffer.concat(pieces);
  expect(entry).toMatchObject({ sizeBytes: content.length });
  const text = content.toString('utf8');
  expect(entry.sha256).toBe(sha256Hex(text));
  return text;
}

test('a document that is written part by part is the same as one that is written as a whole', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 6 }), { maxKeys: 5 }),
      async (document) => {
        expect(await write(document)).toBe(`${JSON.stringify(document, undefined, 2)}\n`);
      },
    ),
  );
});

test('others have their turn while a document of many rows is written', async () => {
  let turns = 0;
  let isOver = false;
  const count = () => {
    turns += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  const rows = Array.from({ length: 3_000 }, (_, index) => ({
    id: index,
    note: 'a note'.repeat(50),
  }));
  const text = await write({ tables: { rows } });
  isOver = true;
  expect(turns).toBeGreaterThan(30);
  expect(JSON.parse(text)).toEqual({ tables: { rows } });
});
