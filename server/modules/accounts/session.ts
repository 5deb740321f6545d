import type { AccountSession, Connector, Credentials, Exchange } from '#connectors/contract.ts';
import { getConnector } from '#connectors/registry.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { monotonicMs, now } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { createPlatformHttp } from '#server/base/egress.ts';
import { findAccount, findAccountAnywhere, listSecrets } from './store.ts';
import { tokenStoreFor } from './tokens.ts';

type Ids = { bureauId: string; accountId: string };

export async function readCredentials(app: App, tx: Tx, { bureauId, accountId }: Ids): Promise<Credentials> {
  const credentials: Record<string, string> = {};
  for (const row of await listSecrets(tx, bureauId, accountId)) {
    if (row.name.startsWith('token:')) continue;
    const place = { bureauId, table: 'account_secrets', row: accountId, column: row.name };
    credentials[row.name] = app.sealer.open(place, row.sealed).toString();
  }
  return credentials;
}

/**
 * Everything a connector may touch for one account, for one operation. Clear settings are among the credentials too,
 * so that a connector finds a field by its key wherever it is kept.
 * @throws {AppError} not-found
 */
export async function openAccountSession(
  app: App,
  tx: Tx,
  ids: Ids,
  record: (exchange: Exchange) => void,
): Promise<{ session: AccountSession; connector: Connector }> {
  const row = await findAccount(tx, ids.bureauId, ids.accountId);
  if (!row) throw new AppError('not-found');
  const connector = getConnector(row.platform);
  const settings = row.settings as Record<string, string>;
  const configured = app.config.platformUrls.get(connector.id);
  const own = connector.baseUrlSetting ? settings[connector.baseUrlSetting] : undefined;
  const baseUrl = configured ?? own ?? connector.defaultBaseUrl ?? 'http://invalid.invalid';
  const session: AccountSession = {
    account: { id: row.id, name: row.name, platform: row.platform, settings },
    credentials: { ...settings, ...(await readCredentials(app, tx, ids)) },
    http: createPlatformHttp({
      baseUrl,
      // An address that the operator set by hand may be private: a stand-in, or a proxy in the bureau's own network.
      allowedHosts: configured
        ? [...app.config.allowedHosts, new URL(configured).host]
        : app.config.allowedHosts,
      allowPrivate: false,
      record,
    }),
    tokens: tokenStoreFor(app, ids),
    now,
    publicUrl: app.config.publicUrl,
  };
  return { session, connector };
}

export type PushTarget = Ids & { connector: Connector; credentials: Credentials };

const cacheMs = 5_000;
const cache = new WeakMap<App, Map<string, { target: PushTarget | null; until: number }>>();

/** Who a push is for; remembered for five seconds, because pushes come in bursts and opening seals costs. */
export async function loadPushTarget(app: App, accountId: string): Promise<PushTarget | null> {
  const known = cache.get(app) ?? new Map<string, { target: PushTarget | null; until: number }>();
  cache.set(app, known);
  const hit = known.get(accountId);
  if (hit && hit.until > monotonicMs()) return hit.target;
  const target = await app.database.withWorker(async (tx) => {
    const row = await findAccountAnywhere(tx, accountId);
    if (!row || row.state === 'closed') return null;
    const ids = { bureauId: row.bureau_id, accountId };
    const credentials = {
      ...(row.settings as Record<string, string>),
      ...(await readCredentials(app, tx, ids)),
    };
    return { ...ids, connector: getConnector(row.platform), credentials };
  });
  if (known.size > 10_000) known.clear();
  known.set(accountId, { target, until: monotonicMs() + cacheMs });
  return target;
}
