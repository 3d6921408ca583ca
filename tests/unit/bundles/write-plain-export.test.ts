import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { writePlainExport } from '../../../src/main/workspace/bundles/write-plain-export.ts';
import { addOrganization, openTestWorkspace } from '../../support/workspace/test-workspace.ts';

test('a long text is written whole in its pieces, and no character is cut in two', async () => {
  const workspace = await openTestWorkspace();
  onTestFinished(() => workspace.close());
  const { intern } = await addOrganization(workspace);
  // A pair of code units lies across each place at which a piece could end, wherever the pieces begin.
  const text = `x${'😀'.repeat(300_000)}, and a half: \uD83D`;
  const written = await writePlainExport(workspace.workspace, {
    seatId: intern.record.seatId,
    name: 'pieces',
    ending: '.txt',
    text,
  });
  const bytes = Buffer.from(text.toWellFormed(), 'utf8');
  expect((await readFile(written.path)).equals(bytes)).toBe(true);
  expect(written).toMatchObject({
    sizeBytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  });
});
