import {
  DummyDriver,
  Kysely,
  sql,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { expect, test } from 'vitest';
import { listReadTables } from '../../../src/server/database/list-read-tables.ts';
import type { DomainDatabase } from '../../../src/shared/database/domain-tables.ts';

const db = new Kysely<DomainDatabase>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});
const list = (query: { compile(): { query: Parameters<typeof listReadTables>[0] } }) => {
  const tables = listReadTables(query.compile().query);
  return tables === undefined ? undefined : [...tables].toSorted();
};

test('the tables of a query are those of its joins and sub-queries too, however it is ordered', () => {
  expect(list(db.selectFrom('tasks').selectAll().orderBy('id', 'desc').limit(1))).toEqual([
    'tasks',
  ]);
  expect(
    list(
      db
        .selectFrom('tasks as task')
        .innerJoin('engagements', (join) => join.onRef('engagements.id', '=', 'task.engagementId'))
        .select('task.id')
        .where(({ exists, selectFrom }) =>
          exists(
            selectFrom('reviews').select('reviews.id').whereRef('reviews.taskId', '=', 'task.id'),
          ),
        ),
    ),
  ).toEqual(expect.arrayContaining(['engagements', 'reviews', 'tasks']));
  // A value is no name, whatever stands in it.
  expect(
    list(db.selectFrom('tasks').select('id').where('title', 'in', ['reviews', 'drafts'])),
  ).toEqual(['tasks']);
});

test('of a query with SQL of its own, and of what writes, nothing is said', () => {
  expect(
    list(
      db
        .selectFrom('tasks')
        .select('id')
        .where(sql<boolean>`"id" in (select "taskId" from "reviews")`),
    ),
  ).toBeUndefined();
  expect(list(db.selectFrom('tasks').select(sql<number>`count(*)`.as('count')))).toBeUndefined();
  expect(list(db.deleteFrom('tasks'))).toBeUndefined();
  expect(
    list(
      db
        .with('gone', (inner) => inner.deleteFrom('tasks').returning('id'))
        .selectFrom('gone')
        .select('id'),
    ),
  ).toBeUndefined();
});
