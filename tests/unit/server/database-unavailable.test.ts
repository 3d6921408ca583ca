import { DatabaseError } from 'pg';
import { expect, test } from 'vitest';
import {
  DatabaseUnavailableError,
  describeUnavailable,
} from '../../../src/server/database/database-unavailable-error.ts';
import { computeDatabaseError } from '../../../src/server/database/postgres-errors.ts';

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

function createDatabaseError(code: string): DatabaseError {
  const error = new DatabaseError('it failed', 1, 'error');
  error.code = code;
  return error;
}

test.each([
  '08006',
  '25006',
  '25P03',
  '53000',
  '53200',
  '53300',
  '53400',
  '55P03',
  '57014',
  '57P01',
  '57P03',
  '57P05',
])(
  'SY-7 PostgreSQL’s %s says nothing of the mutation, but that the database has to be asked again',
  (code) => {
    expect(computeDatabaseError(createDatabaseError(code))).toMatchObject({
      name: 'DatabaseUnavailableError',
      code,
    });
  },
);

test.each(['23505', '22P02', '42703', '53100', 'XX000'])(
  'SY-7 PostgreSQL’s %s stays as it is',
  (code) => {
    const error = createDatabaseError(code);
    expect(computeDatabaseError(error)).toBe(error);
  },
);

test('a database that only reads is told in words', () => {
  expect(describeUnavailable(new DatabaseUnavailableError('25006'))).toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/only reads now/) as string,
  });
});

test('any other error than that of a lost database is told as it is', () => {
  const error = new TypeError('a fault');
  expect(describeUnavailable(error)).toBe(error);
});
