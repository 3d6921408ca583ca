import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { collectContents } from '../../../src/server/files/collect-contents.ts';
import { createContentScrubber } from '../../../src/server/files/content-scrubber.ts';
import { runExclusively } from '../../../src/server/processes/run-exclusively.ts';
import { catchError } from '../../support/catch-error.ts';
import { openServerParts } from '../../support/server/open-server-parts.ts';
import { TestOrganization } from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';
import { uploadContent } from '../../support/server/upload-content.ts';

/** What a server is made of on which three contents lie. */
async function setUp() {
  const server = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(server.url);
  for (const text of ['one', 'two', 'three']) await uploadContent(owner, orgId, Buffer.from(text));
  await server.close();
  return { ...(await openServerParts(server)), dataFolder: server.dataFolder };
}

test('a server that is to end reads no further content', async () => {
  const parts = await setUp();
  let readContents = 0;
  const scrubber = createContentScrubber({
    ...parts,
    onScrubbed() {
      readContents += 1;
      parts.link.announceEnd();
    },
  });
  expect(await catchError(() => scrubber.scrub({ everything: true }))).toMatchObject({
    name: 'AbortError',
  });
  expect(readContents).toBe(1);
});

test('a server that is to end breaks the reading of a content off, and takes none for damaged', async () => {
  const { blobs, ...parts } = await setUp();
  async function* readWithoutEnd() {
    for (;;) {
      yield Buffer.from('piece');
      parts.link.announceEnd();
    }
  }
  const endless = { ...blobs, read: () => Readable.from(readWithoutEnd()) };
  const scrubber = createContentScrubber({ ...parts, blobs: endless });
  expect(await catchError(() => scrubber.scrub({ everything: true }))).toMatchObject({
    name: 'AbortError',
  });
  const contents = await parts.database.db.selectFrom('contents').select('damagedAt').execute();
  expect(contents).toEqual(Array(3).fill({ damagedAt: null }));
});

test('a server that is to end collects nothing more', async () => {
  const parts = await setUp();
  parts.link.announceEnd();
  expect(await collectContents(parts)).toMatchObject({
    looseContents: 0,
    postponed: expect.stringContaining('to end'),
  });
});

test('SY-23 a server that is to end does not wait for what another process holds', async () => {
  const { link, ports } = await setUp();
  const lock = await link.tryLock('key');
  const waiting = catchError(() =>
    runExclusively(link, ports.timers, 'key', () => Promise.resolve()),
  );
  link.announceEnd();
  expect(await waiting).toMatchObject({ name: 'DatabaseUnavailableError', code: 'ending' });
  await lock?.release();
});
