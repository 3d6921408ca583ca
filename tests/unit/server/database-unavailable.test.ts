import { expect, test } from 'vitest';
import {
  DatabaseUnavailableError,
  describeUnavailable,
} from '../../../src/server/database/database-unavailable-error.ts';

test.each([
  ['ECONNREFUSED', /cannot be reached \(ECONNREFUSED\); check its address/],
  ['lock_lost', /connection .* was lost in the middle \(lock_lost\); .* try again/],
  ['link_lost', /connection .* was lost in the middle \(link_lost\); .* try again/],
])('SY-23 a database that is lost with %s is told in words', (code, message) => {
  const error = new DatabaseUnavailableError(code);
  expect(describeUnavailable(error)).toMatchObject({
    name: 'StintError',
    code: 'unavailable',
    message: expect.stringMatching(message) as string,
    cause: error,
  });
});

test('any other error than that of a lost database is told as it is', () => {
  const error = new TypeError('a fault');
  expect(describeUnavailable(error)).toBe(error);
});
