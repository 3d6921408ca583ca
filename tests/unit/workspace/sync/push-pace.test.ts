import { expect, test } from 'vitest';
import { PushPace } from '../../../../src/main/workspace/sync/push-pace.ts';
import { StintError } from '../../../../src/shared/errors.ts';
import { maximumPushMutations } from '../../../../src/shared/protocol/version.ts';

test.each([['one'], ['one', 'two']])(
  'SY-7 a server that is unavailable is asked again with the same: of %j nothing is halved or set aside',
  (...mutationIds) => {
    const pace = new PushPace();
    for (let round = 0; round < 5; round += 1) {
      pace.beginRound(1, false);
      const failure = new StintError('unavailable', 'try again later');
      expect(() => pace.fail(mutationIds, failure)).toThrow(failure);
      pace.succeed();
      expect(pace.endRound()).toEqual([]);
      expect(pace.limit).toBe(maximumPushMutations);
    }
  },
);

test('SY-7 what the server stumbles over is halved, and alone set aside once others get through beside it', () => {
  const pace = new PushPace();
  const failure = new StintError('server_error', 'a fault');
  pace.beginRound(1, false);
  pace.fail(['one', 'two'], failure);
  expect(pace.limit).toBe(1);
  for (let round = 0; round < 3; round += 1) {
    pace.beginRound(1, false);
    pace.fail(['one'], failure);
    pace.succeed();
    expect(pace.endRound().map(({ id }) => id)).toEqual(round < 2 ? [] : ['one']);
  }
});
