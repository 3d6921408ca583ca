import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha256Hex } from '../../../src/main/workspace/ports/system-ports.ts';
import { computeCanonicalJson } from '../../../src/shared/canonical-json.ts';
import { computeDerivedId } from '../../../src/shared/domain/derived-id.ts';
import { idSchema } from '../../../src/shared/domain/fields.ts';
import { computeManifestHash } from '../../../src/shared/domain/manifest.ts';

const file = (name: string, content: string) => ({
  attachmentId: crypto.randomUUID(),
  name,
  sha256: sha256Hex(content),
  sizeBytes: content.length,
  mediaType: 'text/plain',
});
const work = {
  taskId: crypto.randomUUID(),
  briefVersionId: crypto.randomUUID(),
  note: 'Done.',
  ticked: ['b', 'a'],
  files: [file('one.txt', 'one'), file('two.txt', 'two')],
};

test('the same work has the same manifest hash, whatever ids the devices made up and in whatever order', () => {
  const other = {
    ...work,
    ticked: ['a', 'b'],
    files: [file('two.txt', 'two'), file('one.txt', 'one')],
  };
  expect(computeManifestHash(other, sha256Hex)).toBe(computeManifestHash(work, sha256Hex));
});

test.each([
  ['the note', { note: 'Done!' }],
  ['a tick', { ticked: ['a'] }],
  ['the brief version', { briefVersionId: crypto.randomUUID() }],
  ['a name', { files: [file('uno.txt', 'one'), file('two.txt', 'two')] }],
  ['a content', { files: [file('one.txt', 'ONE'), file('two.txt', 'two')] }],
  ['which content has which name', { files: [file('one.txt', 'two'), file('two.txt', 'one')] }],
])('%s changes the manifest hash', (_case, change) => {
  expect(computeManifestHash({ ...work, ...change }, sha256Hex)).not.toBe(
    computeManifestHash(work, sha256Hex),
  );
});

test('canonical JSON reads back as it was, and does not depend on the order of keys', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = computeCanonicalJson(value);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(computeCanonicalJson(JSON.parse(text))).toBe(text);
    }),
  );
  expect(computeCanonicalJson({ b: 1, a: [true, null, 'é'], '€': undefined })).toBe(
    '{"a":[true,null,"é"],"b":1}',
  );
  expect(() => computeCanonicalJson({ x: Number.NaN })).toThrow('finite');
});

test('a derived id is a UUID, the same each time, and another for another purpose', () => {
  const id = computeDerivedId('m', 'receipt', sha256Hex);
  expect(idSchema.safeParse(id).success).toBe(true);
  expect(computeDerivedId('m', 'receipt', sha256Hex)).toBe(id);
  expect(computeDerivedId('m', 'other', sha256Hex)).not.toBe(id);
});
