import { beforeEach, inject } from 'vitest';

beforeEach(({ skip }) => {
  const postgres = inject('postgres');
  if ('obstacle' in postgres) skip(postgres.obstacle);
});
