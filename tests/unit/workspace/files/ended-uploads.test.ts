import { expect, test } from 'vitest';
import type { ManifestFile } from '../../../../src/shared/domain/manifest.ts';
import type { Seat } from '../../../../src/main/workspace/seats/seat.ts';
import { ports, settle, uuid, waitFor } from '../../../support/sync/test-installation.ts';
import { setUpPair, submit } from '../../../support/sync/test-organization.ts';
import { setUpSyncScene } from '../../../support/sync/sync-scene.ts';

const scene = setUpSyncScene();

async function makeFile(sizeBytes: number, name: string): Promise<ManifestFile> {
  const content = Buffer.from(ports.randomness.bytes(sizeBytes));
  const stored = await scene.laptop.files.importStream([content] as never);
  return { attachmentId: uuid(), name, mediaType: 'text/csv', ...stored };
}

/** A draft's three small files, which go together. */
async function attachThree(intern: Seat, taskId: string): Promise<ManifestFile[]> {
  scene.laptop.sync.control.pause();
  const files: ManifestFile[] = [];
  for (let index = 0; index < 3; index += 1) {
    const file = await makeFile(900 + index, `answers ${index}.csv`);
    await intern.mutate('draft.attach', { taskId, file }, { subject: file.name });
    files.push(file);
  }
  await waitFor('the draft at the server', async () => {
    const { count } = await intern.db
      .selectFrom('outboxStates')
      .select((row) => row.fn.countAll<number>().as('count'))
      .where('state', 'in', ['pending', 'applied'])
      .executeTakeFirstOrThrow();
    return count === 0 ? true : undefined;
  });
  scene.laptop.sync.control.resume();
  return files;
}

async function waitForRequest(path: string): Promise<void> {
  await waitFor(`a request to ${path}`, async () =>
    scene.proxy.requests.some((request) => request.includes(path)) ? true : undefined,
  );
}

async function loadState(seat: Seat, sha256: string) {
  const upload = await seat.db
    .selectFrom('uploads')
    .select('finishedAt')
    .where('sha256', '=', sha256)
    .executeTakeFirst();
  const use = await seat.db
    .selectFrom('attachments')
    .select('arrivedAt')
    .where('sha256', '=', sha256)
    .executeTakeFirstOrThrow();
  const ended = await seat.db
    .selectFrom('endedUploads')
    .select('sha256')
    .where('sha256', '=', sha256)
    .execute();
  return {
    isQueued: upload !== undefined && upload.finishedAt === null,
    hasArrived: use.arrivedAt !== null,
    isEnded: ended.length > 0,
  };
}

const arrived = { isQueued: false, hasArrived: true, isEnded: false };
const ended = { isQueued: false, hasArrived: false, isEnded: true };

test('SY-22 sending that is ended while small files are on their way together ends; the others arrive', async () => {
  const { intern, task } = await setUpPair(scene.desk, scene.laptop, scene.proxy.url);
  scene.proxy.isSilentAt = '/files/small';
  const [first, second, third] = await attachThree(intern, task.taskId);
  if (first === undefined || second === undefined || third === undefined) throw new Error('none');
  await waitForRequest('/files/small');
  // That request is never answered, nor does its body reach the server; the next ones pass.
  scene.proxy.isSilentAt = undefined;
  expect(await scene.laptop.sync.cancelUpload(intern.record.seatId, second.sha256)).toBe(true);
  await settle(scene.laptop, 30_000);
  scene.laptop.sync.kick();
  await settle(scene.laptop, 30_000);
  expect(await loadState(intern, first.sha256)).toEqual(arrived);
  expect(await loadState(intern, second.sha256)).toEqual(ended);
  expect(await loadState(intern, third.sha256)).toEqual(arrived);
  await submit(intern, task, { files: [{ ...second, attachmentId: uuid() }] });
  await settle(scene.laptop, 30_000);
  await settle(scene.desk, 30_000);
  expect(await scene.desk.files.findSize(second.sha256)).toBe(second.sizeBytes);
});

test.each([
  ['a moment later', 300],
  ['never', 60_000],
])(
  'SY-22 what the server took before it was ended is told to have arrived, where its answer comes %s',
  async (_when, heldMs) => {
    const { intern, task } = await setUpPair(scene.desk, scene.laptop, scene.proxy.url);
    scene.proxy.holdsAnswersTo = '/files/small';
    const files = await attachThree(intern, task.taskId);
    const [file] = files;
    if (file === undefined) throw new Error('no file was made');
    await waitForRequest('/files/small');
    await waitFor('the arrival at the server', async () => {
      scene.laptop.sync.kick();
      return (await loadState(intern, file.sha256)).hasArrived ? true : undefined;
    });
    const release = setTimeout(() => {
      scene.proxy.holdsAnswersTo = undefined;
    }, heldMs);
    expect(await scene.laptop.sync.cancelUpload(intern.record.seatId, file.sha256)).toBe(false);
    clearTimeout(release);
    scene.proxy.holdsAnswersTo = undefined;
    await settle(scene.laptop, 30_000);
    for (const { sha256 } of files) expect(await loadState(intern, sha256)).toEqual(arrived);
  },
);

test.each([
  ['', undefined],
  [', also while it is silent about another end', '/uploads/'],
])(
  'SY-22 what arrived though nobody could be asked is not kept for ended once the server tells%s',
  async (_name, silentAt) => {
    const { intern, task } = await setUpPair(scene.desk, scene.laptop, scene.proxy.url);
    scene.proxy.holdsAnswersTo = '/files/small';
    const files = await attachThree(intern, task.taskId);
    // Nor does a pull tell before the end what arrived.
    scene.proxy.stumblesAt = '/pull';
    const [file] = files;
    if (file === undefined) throw new Error('no file was made');
    // A request that has only come to the line would be lost with it, and the file rightly ended.
    await waitFor('what the server answers', async () => scene.proxy.keptAnswers > 0);
    const answer = scene.laptop.sync.cancelUpload(intern.record.seatId, file.sha256);
    scene.proxy.isDown = true;
    // Nobody can say what became of it.
    expect(await answer).toBe(true);
    expect(await loadState(intern, file.sha256)).toEqual(ended);
    await intern.db
      .insertInto('endedUploads')
      .values({
        sha256: 'a'.repeat(64),
        uploadUrl: 'another',
        endedAt: new Date().toISOString(),
        wasThere: 0,
      })
      .execute();
    scene.proxy.isDown = false;
    scene.proxy.stumblesAt = undefined;
    scene.proxy.holdsAnswersTo = silentAt;
    scene.laptop.sync.kick();
    await waitFor('the truth', async () => {
      const state = await loadState(intern, file.sha256);
      return state.hasArrived && !state.isEnded ? true : undefined;
    });
    scene.proxy.holdsAnswersTo = undefined;
    await settle(scene.laptop, 30_000);
    for (const { sha256 } of files) expect(await loadState(intern, sha256)).toEqual(arrived);
  },
);

test('SY-22 a large file that the server has whole when its sending is ended has arrived, and is told so', async () => {
  const { intern, task } = await setUpPair(scene.desk, scene.laptop, scene.proxy.url);
  scene.proxy.holdsAnswersTo = '/uploads/';
  const file = await makeFile(2_000_000, 'film.mp4');
  await intern.mutate('draft.attach', { taskId: task.taskId, file }, { subject: file.name });
  await waitFor('its last byte at the server', async () =>
    [...scene.proxy.forwardedBytes].some(
      ([key, bytes]) => key.startsWith('PATCH ') && bytes === file.sizeBytes,
    )
      ? true
      : undefined,
  );
  setTimeout(() => {
    scene.proxy.holdsAnswersTo = undefined;
  }, 300);
  expect(await scene.laptop.sync.cancelUpload(intern.record.seatId, file.sha256)).toBe(false);
  await settle(scene.laptop, 30_000);
  expect(await loadState(intern, file.sha256)).toEqual(arrived);
});

test('SY-22 the program ends at once, also while a silent server is told of an end or asked for what it lacks', async () => {
  const { intern, task } = await setUpPair(scene.desk, scene.laptop, scene.proxy.url);
  const file = await makeFile(9_000_000, 'film.mp4');
  scene.proxy.cut = { path: '/uploads/', afterBytes: 1_000_000 };
  await intern.mutate('draft.attach', { taskId: task.taskId, file }, { subject: file.name });
  await waitFor('the broken upload', async () => {
    const row = await intern.db.selectFrom('uploads').selectAll().executeTakeFirst();
    return scene.proxy.cut === undefined && row?.uploadUrl ? true : undefined;
  });
  scene.proxy.isSilentAt = '/uploads/';
  scene.proxy.requests.length = 0;
  expect(await scene.laptop.sync.cancelUpload(intern.record.seatId, file.sha256)).toBe(true);
  await waitForRequest('/uploads/');
  scene.proxy.isSilentAt = '/files/';
  scene.laptop.sync.kick();
  await waitForRequest('/files/wanted');
  const beganMs = performance.now();
  await scene.laptop.sync.stop();
  expect(performance.now() - beganMs).toBeLessThan(1000);
});
