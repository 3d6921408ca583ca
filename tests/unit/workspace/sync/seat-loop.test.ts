import { expect, test } from 'vitest';
import { SeatLoop } from '../../../../src/main/workspace/sync/seat-loop.ts';
import { WorkspaceSync } from '../../../../src/main/workspace/sync/workspace-sync.ts';
import type { Timers } from '../../../../src/shared/ports.ts';
import { ports, settle, waitFor } from '../../../support/sync/test-installation.ts';
import { setUpPair } from '../../../support/sync/test-organization.ts';
import { setUpSyncScene } from '../../../support/sync/sync-scene.ts';

const scene = setUpSyncScene();

test('SY-13 a poke during a round asks for another one, but for a number that this one reaches', async () => {
  const { intern } = await setUpPair(scene.desk, scene.laptop, scene.proxy.url);
  await settle(scene.desk);
  await settle(scene.laptop);
  // From here on this loop alone asks the server.
  await scene.desk.sync.stop();
  await scene.laptop.sync.stop();
  const { headSeq } = await intern.db
    .selectFrom('seatState')
    .select('headSeq')
    .executeTakeFirstOrThrow();
  expect(headSeq).toBeGreaterThan(0);
  const loop = new SeatLoop(
    intern,
    ports,
    () => scene.laptop.accounts.findClient(intern.record.accountKey),
    () => Promise.reject(new Error('nobody is to take another name')),
    () => {},
  );
  const countPullsOf = async (pokedSeq: number): Promise<number> => {
    scene.proxy.requests.length = 0;
    loop.request(true);
    loop.poke(pokedSeq);
    await waitFor('the end of the rounds', async () => loop.state === 'idle', 15_000);
    return scene.proxy.requests.filter((line) => line.endsWith('/pull')).length;
  };
  try {
    expect(await countPullsOf(headSeq)).toBe(1);
    expect(await countPullsOf(headSeq + 1)).toBe(2);
  } finally {
    await loop.stop();
  }
});

test('a person who signs in while a round ends for want of a session is not asked to do so again', async () => {
  const { intern } = await setUpPair(scene.desk, scene.laptop, scene.proxy.url);
  await settle(scene.laptop);
  await scene.laptop.sync.stop();
  let isSignedIn = false;
  let endFirst = (): void => {};
  const first = new Promise<void>((resolve) => {
    endFirst = resolve;
  });
  const loop = new SeatLoop(
    intern,
    ports,
    async () => {
      if (isSignedIn) return scene.laptop.accounts.findClient(intern.record.accountKey);
      await first;
      return undefined;
    },
    () => Promise.reject(new Error('nobody is to take another name')),
    () => {},
  );
  try {
    loop.request(false);
    isSignedIn = true;
    loop.request(true);
    endFirst();
    await waitFor('the round after the sign-in', async () => loop.state === 'idle', 5000);
    expect(loop.lastProblem).toBeNull();
    // Where nobody signs in, it rests after the one round that was asked for.
    isSignedIn = false;
    loop.request(true);
    await waitFor('the rest', async () => loop.state === 'signed_out', 5000);
  } finally {
    await loop.stop();
  }
});

test('what ends while a round runs leaves no timer behind that would hold the program', async () => {
  const { intern } = await setUpPair(scene.desk, scene.laptop, scene.proxy.url);
  await settle(scene.laptop);
  await scene.laptop.sync.stop();
  const running = new Set<() => void>();
  const timers: Timers = {
    after: (delayMs, action) => {
      const cancel = ports.timers.after(delayMs, () => {
        running.delete(end);
        action();
      });
      const end = (): void => {
        running.delete(end);
        cancel();
      };
      running.add(end);
      return end;
    },
  };
  const sync = new WorkspaceSync(scene.laptop.seats, scene.laptop.accounts, scene.laptop.files, {
    ...ports,
    timers,
  });
  scene.proxy.holdsAnswersTo = '/pull';
  sync.start();
  await waitFor('the answer to the pull', async () => scene.proxy.keptAnswers > 0);
  const stopped = sync.stop();
  scene.proxy.holdsAnswersTo = undefined;
  await stopped;
  expect(running.size).toBe(0);
  // A sign-in that was under way comes to its end after that.
  sync.adopt(intern.record.seatId);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(running.size).toBe(0);
});
