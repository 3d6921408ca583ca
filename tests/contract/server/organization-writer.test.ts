import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import {
  migratePostgresDatabase,
  openPostgresServerDatabase,
} from '../../../src/server/database/postgres-server-database.ts';
import type { ServerDatabase } from '../../../src/server/database/server-database.ts';
import { openSqliteServerDatabase } from '../../../src/server/database/sqlite-server-database.ts';
import { createServerPorts } from '../../../src/server/ports/server-ports.ts';
import {
  createOrganizationWriter,
  type OrganizationSession,
} from '../../../src/server/sync/organization-writer.ts';
import { loadReceiptSigner } from '../../../src/server/sync/receipt-signer.ts';
import type { DomainRow } from '../../../src/shared/database/domain-tables.ts';
import type { MutationStore } from '../../../src/shared/database/mutation-store.ts';
import { StintError } from '../../../src/shared/errors.ts';
import { createPostgresDatabase } from '../../support/postgres/create-postgres-database.ts';
import { computeInstant, computeSha256, createId } from '../../support/server/test-ids.ts';
import { createTestFolder } from '../../support/server/test-server.ts';

const orgId = createId();
const actor = { accountId: createId(), membershipId: createId(), role: 'owner' } as const;

async function openDatabase(folder: string): Promise<ServerDatabase> {
  if (process.env['STINT_TEST_STORAGE'] !== 'postgres')
    return await openSqliteServerDatabase(path.join(folder, 'server.db'));
  const database = openPostgresServerDatabase(await createPostgresDatabase());
  await migratePostgresDatabase(database);
  return database;
}

async function openTestWriter() {
  const folder = await createTestFolder();
  const database = await openDatabase(folder);
  onTestFinished(() => database.close());
  const poked: string[] = [];
  const writer = createOrganizationWriter({
    database,
    signer: loadReceiptSigner(folder),
    pokes: { notify: (id: string) => poked.push(id), closeAccount: () => undefined } as never,
    clock: createServerPorts().clock,
    onLocked: () => undefined,
  });
  const listDrafts = async () =>
    (await database.db.selectFrom('drafts').select(['id', 'note']).orderBy('note').execute()).map(
      ({ note }) => note,
    );
  return { database, writer, poked, listDrafts };
}

const createDraft = (note: string, id = createId()): DomainRow<'drafts'> => ({
  orgId,
  id,
  scope: `private:${actor.membershipId}`,
  taskId: id,
  note,
  tickedJson: '[]',
  updatedAt: computeInstant(),
  noteVersionId: null,
});

/** Applies whatever `change` does as one mutation. */
function apply(
  session: OrganizationSession,
  change: (store: MutationStore) => Promise<void>,
): Promise<number> {
  return session.apply({
    definition: {
      name: 'test.change',
      version: 1,
      schema: z.unknown(),
      by: 'server',
      label: 'Test',
      apply: (store) => change(store),
    },
    id: createId(),
    args: {},
    argsJson: '{}',
    argsHash: computeSha256('{}'),
    actor,
    device: null,
    claimedAt: computeInstant(),
    receivedAt: computeInstant(),
    baseSeq: 0,
  });
}

const createAcknowledgement = (): DomainRow<'briefAcknowledgements'> => ({
  orgId,
  id: createId(),
  scope: `private:${actor.membershipId}`,
  taskId: createId(),
  briefVersionId: createId(),
  membershipId: actor.membershipId,
  acknowledgedAt: computeInstant(),
});

const countAcknowledgements = async ({ db }: MutationStore): Promise<number> =>
  (await db.selectFrom('briefAcknowledgements').select('id').where('orgId', '=', orgId).execute())
    .length;

const countDrafts = async ({ db }: MutationStore): Promise<number> =>
  (await db.selectFrom('drafts').select('id').where('orgId', '=', orgId).execute()).length;

const refuse = (): never => {
  throw new StintError('refused', 'not this one');
};

test('SY-6 a refused mutation leaves nothing, whether it had to be written early or not', async () => {
  const { writer, database, listDrafts } = await openTestWriter();
  const head = await writer.create(orgId, async (session) => {
    await apply(session, (store) => store.insert('drafts', createDraft('a')));
    await expect(
      apply(session, async (store) => {
        await store.insert('drafts', createDraft('refused at once'));
        refuse();
      }),
    ).rejects.toMatchObject({ code: 'refused' });
    await expect(
      apply(session, async (store) => {
        await store.insert('drafts', createDraft('refused after a query'));
        expect(await countDrafts(store)).toBe(2);
        await store.insert('drafts', createDraft('refused later'));
        expect(await countDrafts(store)).toBe(3);
        refuse();
      }),
    ).rejects.toMatchObject({ code: 'refused' });
    await apply(session, async (store) => {
      expect(await countDrafts(store)).toBe(1);
      await store.insert('drafts', createDraft('b'));
    });
    return session.head;
  });
  expect(await listDrafts()).toEqual(['a', 'b']);
  expect(head.seq).toBe(2);
  const log = await database.db
    .selectFrom('mutationLog')
    .select(['seq', 'hash'])
    .orderBy('seq')
    .execute();
  expect(log.map(({ seq }) => seq)).toEqual([1, 2]);
  expect(log.at(-1)?.hash).toBe(head.hash);
});

test('SY-6 a refused mutation leaves a row as the mutations before it had left it', async () => {
  const { writer, database, listDrafts } = await openTestWriter();
  const id = createId();
  await writer.create(orgId, async (session) => {
    await apply(session, (store) => store.insert('drafts', createDraft('first', id)));
    await apply(session, (store) => store.patch('drafts', id, { note: 'second' }));
    await expect(
      apply(session, async (store) => {
        await store.patch('drafts', id, { note: 'refused' });
        await countDrafts(store);
        await store.patch('drafts', id, { note: 'refused again' });
        refuse();
      }),
    ).rejects.toMatchObject({ code: 'refused' });
    await apply(session, async (store) => {
      expect((await store.find('drafts', id))?.note).toBe('second');
      await store.patch('drafts', id, { tickedJson: '["x"]' });
    });
  });
  expect(await listDrafts()).toEqual(['second']);
  const [row] = await database.db.selectFrom('drafts').select('tickedJson').execute();
  expect(row?.tickedJson).toBe('["x"]');
});

test('SY-6 a refused mutation that read some tables, and others later, loses nothing of those before it', async () => {
  const { writer, database, listDrafts } = await openTestWriter();
  const head = await writer.create(orgId, async (session) => {
    await apply(session, async (store) => {
      await store.insert('drafts', createDraft('a'));
      await store.insert('briefAcknowledgements', createAcknowledgement());
    });
    await expect(
      apply(session, async (store) => {
        await store.insert('drafts', createDraft('refused'));
        // Its own is written early, in a savepoint; what the other table waits for must not be in that.
        expect(await countDrafts(store)).toBe(2);
        expect(await countAcknowledgements(store)).toBe(1);
        await store.insert('briefAcknowledgements', createAcknowledgement());
        expect(await countAcknowledgements(store)).toBe(2);
        refuse();
      }),
    ).rejects.toMatchObject({ code: 'refused' });
    await apply(session, async (store) => {
      expect(await countDrafts(store)).toBe(1);
      expect(await countAcknowledgements(store)).toBe(1);
      await store.insert('drafts', createDraft('b'));
    });
    return session.head;
  });
  expect(head.seq).toBe(2);
  expect(await listDrafts()).toEqual(['a', 'b']);
  const acknowledgements = await database.db
    .selectFrom('briefAcknowledgements')
    .select('id')
    .execute();
  expect(acknowledgements).toHaveLength(1);
  const log = await database.db.selectFrom('mutationLog').select('seq').orderBy('seq').execute();
  expect(log.map(({ seq }) => seq)).toEqual([1, 2]);
});

test('SY-4 a query that was asked before sees what was written since, in whatever way', async () => {
  const { writer, listDrafts } = await openTestWriter();
  const id = createId();
  const read = async ({ db }: MutationStore) =>
    (await db.selectFrom('drafts').select('note').where('id', '=', id).execute()).map(
      ({ note }) => note,
    );
  await writer.create(orgId, async (session) => {
    await apply(session, async (store) => {
      expect(await read(store)).toEqual([]);
      await store.insert('drafts', createDraft('first', id));
      expect(await read(store)).toEqual(['first']);
      const rows = await store.db.selectFrom('drafts').select('note').execute();
      for (const row of rows) row.note = 'changed by whoever was given it';
      expect(await store.db.selectFrom('drafts').select('note').execute()).toEqual([
        { note: 'first' },
      ]);
    });
    await apply(session, async (store) => {
      expect(await read(store)).toEqual(['first']);
      await store.patch('drafts', id, { note: 'second' });
      expect(await read(store)).toEqual(['second']);
    });
    await session.trx.updateTable('drafts').set({ note: 'third' }).where('id', '=', id).execute();
    await apply(session, async (store) => {
      expect(await read(store)).toEqual(['third']);
    });
  });
  expect(await listDrafts()).toEqual(['third']);
});

test('SY-4 rows listed by their values are those of now, also after a refusal', async () => {
  const { writer } = await openTestWriter();
  const scope = `private:${actor.membershipId}`;
  const list = async (store: MutationStore) =>
    (await store.list('drafts', { scope, tickedJson: '[]' })).map(({ note }) => note);
  const first = createDraft('first', '00000000-0000-7000-8000-000000000001');
  const second = createDraft('second', '00000000-0000-7000-8000-000000000002');
  await writer.create(orgId, async (session) => {
    await apply(session, async (store) => {
      expect(await list(store)).toEqual([]);
      await store.insert('drafts', second);
      await store.insert('drafts', first);
      expect(await list(store)).toEqual(['first', 'second']);
      for (const row of await store.list('drafts', { scope })) Object.assign(row, { note: 'x' });
      expect(await list(store)).toEqual(['first', 'second']);
    });
    await expect(
      apply(session, async (store) => {
        await store.patch('drafts', first.id, { tickedJson: '["x"]' });
        expect(await list(store)).toEqual(['second']);
        refuse();
      }),
    ).rejects.toMatchObject({ code: 'refused' });
    await apply(session, async (store) => {
      expect(await list(store)).toEqual(['first', 'second']);
    });
    await session.trx
      .updateTable('drafts')
      .set({ note: 'third' })
      .where('id', '=', first.id)
      .execute();
    await apply(session, async (store) => {
      expect(await list(store)).toEqual(['third', 'second']);
      expect(await store.list('drafts', { scope: 'private:other' })).toEqual([]);
    });
  });
});

test('SY-4 what a batch has written is seen by the mutations behind it, and by whoever reads in its transaction', async () => {
  const { writer } = await openTestWriter();
  const id = createId();
  await writer.create(orgId, async (session) => {
    await apply(session, (store) => store.insert('drafts', createDraft('first', id)));
    await apply(session, async (store) => {
      expect((await store.find('drafts', id))?.note).toBe('first');
      expect(await countDrafts(store)).toBe(1);
      await store.patch('drafts', id, { note: 'second' });
    });
    const read = await session.trx.selectFrom('drafts').select('note').execute();
    expect(read).toEqual([{ note: 'second' }]);
    const log = await session.trx.selectFrom('mutationLog').select('seq').execute();
    expect(log).toHaveLength(2);
  });
});

test('SY-7 an id that is taken is found when the batch is written, and refuses its own mutation alone', async () => {
  const { writer, poked, listDrafts } = await openTestWriter();
  const id = createId();
  await writer.create(orgId, (session) =>
    apply(session, (store) => store.insert('drafts', createDraft('there before', id))),
  );
  const outcomes: string[] = [];
  const { seq } = await writer.create(orgId, async (session) => {
    // Runs again from its beginning where something was found too late.
    outcomes.length = 0;
    for (const draft of [createDraft('a'), createDraft('taken', id), createDraft('b')])
      outcomes.push(
        await apply(session, (store) => store.insert('drafts', draft)).then(
          () => 'applied',
          (error: { code?: string }) => {
            if (error instanceof StintError) return error.code;
            throw error;
          },
        ),
      );
    return session.head;
  });
  expect(outcomes).toEqual(['applied', 'conflict', 'applied']);
  expect(seq).toBe(3);
  expect(await listDrafts()).toEqual(['a', 'b', 'there before']);
  expect(poked).toEqual([orgId, orgId]);
});

test('SY-7 a fault in the middle of a batch leaves nothing of all of it, and tells nobody', async () => {
  const { writer, poked, listDrafts } = await openTestWriter();
  await expect(
    writer.create(orgId, async (session) => {
      await apply(session, (store) => store.insert('drafts', createDraft('a')));
      await apply(session, async (store) => {
        await store.insert('drafts', createDraft('b'));
        await countDrafts(store);
        throw new TypeError('a fault');
      });
    }),
  ).rejects.toThrow('a fault');
  expect(await listDrafts()).toEqual([]);
  expect(poked).toEqual([]);
});
