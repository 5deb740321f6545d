/** PostgreSQL through `pg`, with transactions that begin in their role and bureau: all of it in one round trip. */
import { AsyncLocalStorage } from 'node:async_hooks';
import {
  CompiledQuery,
  type DatabaseConnection,
  PostgresDialect,
  type PostgresDialectConfig,
  PostgresDriver,
  type TransactionSettings,
} from 'kysely';

export type ScopeRole = 'huisheng_staff' | 'huisheng_worker' | 'huisheng_public';
export type Scope = { role: ScopeRole; bureauId: string };

/** Emptied by the transaction that begins with it, so that none within it inherits it. */
const waiting = new AsyncLocalStorage<{ scope: Scope | null }>();

const bureauPattern = /^[0-9a-f-]{36}$|^$/;

/** The next transaction that `begin` begins is in this scope. */
export function inScope<T>(scope: Scope, begin: () => Promise<T>): Promise<T> {
  // Part of a statement's text: `set` takes no parameters.
  if (!bureauPattern.test(scope.bureauId)) throw new Error('a scope needs a bureau, or none');
  return waiting.run({ scope }, begin);
}

class ScopedDriver extends PostgresDriver {
  override async beginTransaction(
    connection: DatabaseConnection,
    settings: TransactionSettings,
  ): Promise<void> {
    const given = waiting.getStore();
    if (!given?.scope) return super.beginTransaction(connection, settings);
    const { role, bureauId } = given.scope;
    given.scope = null;
    try {
      await connection.executeQuery(
        CompiledQuery.raw(`begin; set local role ${role}; set local huisheng.bureau = '${bureauId}'`),
      );
    } catch (error) {
      // Begun and then refused the role: nobody else ends it.
      await this.rollbackTransaction(
        connection as Parameters<PostgresDriver['rollbackTransaction']>[0],
      ).catch(() => undefined);
      throw error;
    }
  }
}

export class ScopedDialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig;

  constructor(config: PostgresDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createDriver(): PostgresDriver {
    return new ScopedDriver(this.#config);
  }
}
