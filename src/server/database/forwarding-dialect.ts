import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type DialectAdapter,
  Kysely,
  type QueryCompiler,
  type QueryResult,
} from 'kysely';
import type { ServerTables } from './server-tables.ts';
import type { ServerTransaction, StatementWatch } from './server-database.ts';

/**
 * The same transaction, where each statement first waits for `watch.before`: so that whoever reads sees what was
 * written, though it is still waiting to be written together with more.
 */
export function forwardTransaction(
  trx: ServerTransaction,
  parts: { createAdapter(): DialectAdapter; createQueryCompiler(): QueryCompiler },
  watch: StatementWatch,
): ServerTransaction {
  const connection: DatabaseConnection = {
    async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
      const known = watch.recall?.(query);
      if (known !== undefined) return known as QueryResult<Row>;
      await watch.before(query);
      try {
        const result = await trx.executeQuery<Row>(query as CompiledQuery<Row>);
        watch.after?.(query, result);
        return result;
      } catch (error) {
        throw watch.describeFailure(error);
      }
    },
    streamQuery() {
      throw new Error('nothing is streamed within a transaction');
    },
  };
  const refuse = (): Promise<never> =>
    Promise.reject(new Error('the transaction is begun and ended by whom it belongs to'));
  const nothing = (): Promise<void> => Promise.resolve();
  const dialect: Dialect = {
    ...parts,
    createIntrospector: () => {
      throw new Error('a schema is not looked at within a transaction');
    },
    createDriver: () => ({
      init: nothing,
      acquireConnection: () => Promise.resolve(connection),
      beginTransaction: refuse,
      commitTransaction: refuse,
      rollbackTransaction: refuse,
      releaseConnection: nothing,
      destroy: nothing,
    }),
  };
  // It can do all that a transaction can, as long as nobody tries to end it.
  return new Kysely<ServerTables>({ dialect }) as ServerTransaction;
}
