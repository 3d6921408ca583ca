import { expect, test } from 'vitest';
import { RetryingRounds } from '../../../../src/main/workspace/files/retrying-rounds.ts';

/** Timers that a test runs by hand. */
function makeHeldTimers() {
  const waiting: { delayMs: number; action: () => void }[] = [];
  return {
    waiting,
    timers: {
      after: (delayMs: number, action: () => void) => {
        const entry = { delayMs, action };
        waiting.push(entry);
        return () => {
          if (waiting.includes(entry)) waiting.splice(waiting.indexOf(entry), 1);
        };
      },
    },
  };
}

const randomness = {
  uuid: () => '',
  bytes: () => new Uint8Array(),
  fraction: () => 1,
};
const letItRun = () => new Promise((resolve) => setImmediate(resolve));

test('a failed round is tried again by itself, later each time; an urgent request does not wait', async () => {
  const { waiting, timers } = makeHeldTimers();
  let runs = 0;
  let outcome: 'done' | 'failed' = 'failed';
  const rounds = new RetryingRounds({ randomness, timers }, async () => {
    runs += 1;
    return outcome;
  });
  rounds.request(false);
  await letItRun();
  expect(waiting.map(({ delayMs }) => delayMs)).toEqual([1000]);
  rounds.request(false);
  await letItRun();
  expect(runs).toBe(1);
  waiting.shift()?.action();
  await letItRun();
  expect(runs).toBe(2);
  expect(waiting.map(({ delayMs }) => delayMs)).toEqual([2000]);
  outcome = 'done';
  rounds.request(true);
  await letItRun();
  expect(runs).toBe(3);
  expect(waiting).toEqual([]);
});

test('a request during a round is followed by another round, and one that throws has failed', async () => {
  const { waiting, timers } = makeHeldTimers();
  let runs = 0;
  const rounds = new RetryingRounds({ randomness, timers }, async () => {
    runs += 1;
    if (runs === 1) {
      rounds.request(false);
      await letItRun();
    }
    if (runs === 2) throw new Error('the disk is gone');
    return 'done';
  });
  rounds.request(false);
  await letItRun();
  await letItRun();
  await letItRun();
  expect(runs).toBe(2);
  expect(waiting).toHaveLength(1);
});

test('after the end nothing runs any more, and the round that ran was waited for', async () => {
  const { waiting, timers } = makeHeldTimers();
  let isFinished = false;
  let breakOff: () => void = () => {};
  const rounds = new RetryingRounds({ randomness, timers }, async () => {
    await new Promise<void>((resolve) => {
      breakOff = resolve;
    });
    isFinished = true;
    return 'failed';
  });
  rounds.request(false);
  await letItRun();
  await rounds.stop(() => breakOff());
  expect(isFinished).toBe(true);
  rounds.request(true);
  await letItRun();
  expect(waiting).toEqual([]);
});
