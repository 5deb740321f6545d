import type { AccountSession, Connector, Credentials, Exchange, Scope } from '#connectors/contract.ts';
import { getConnector } from '#connectors/registry.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { monotonicMs, now } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { createPlatformHttp } from '#server/base/egress.ts';
import { findAccountAnywhere, findAccountsWithSecrets, findHolds, type Hold, listSecrets } from './store.ts';
import { tokenStoreFor, tokensAmong } from './tokens.ts';
import { holdSubjects } from './view.ts';

type Ids = { bureauId: string; accountId: string };

export async function readCredentials(app: App, tx: Tx, ids: Ids): Promise<Credentials> {
  return openCredentials(app, ids, await listSecrets(tx, ids.bureauId, ids.accountId));
}

function openCredentials(
  app: App,
  { bureauId, accountId }: Ids,
  secrets: readonly { name: string; sealed: Buffer }[],
): Credentials {
  const credentials: Record<string, string> = {};
  for (const row of secrets) {
    if (row.name.startsWith('token:')) continue;
    const place = { bureauId, table: 'account_secrets', row: accountId, column: row.name };
    credentials[row.name] = app.sealer.open(place, row.sealed).toString();
  }
  return credentials;
}

type Opened = {
  session: AccountSession;
  connector: Connector;
  account: Loaded['account'];
};
type Loaded = Awaited<ReturnType<typeof findAccountsWithSecrets>>[number];

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
): Promise<Opened> {
  const [found] = await findAccountsWithSecrets(tx, [ids]);
  if (!found) throw new AppError('not-found');
  return openSession(app, found, record);
}

/**
 * The same for many, each with the holds over it by the database's clock, in two round trips. `failing`: a breaker over
 * it counts failures, so that a success must be told.
 * @returns in the order asked
 * @throws {AppError} not-found
 */
export async function openAccountSessions(
  app: App,
  tx: Tx,
  asked: readonly (Ids & { record(exchange: Exchange): void })[],
): Promise<(Opened & { holds: Record<Scope, Hold | null>; failing: boolean })[]> {
  const found = new Map((await findAccountsWithSecrets(tx, asked)).map((one) => [one.account.id, one]));
  const opened = asked.map(({ accountId, record }) => {
    const loaded = found.get(accountId);
    if (!loaded) throw new AppError('not-found');
    return openSession(app, loaded, record);
  });
  const subjects = opened.map(({ account }) => holdSubjects(account));
  const { holds, failing } = await findHolds(tx, [...new Set(subjects.flatMap((one) => Object.values(one)))]);
  return opened.map((one, at) => {
    const over = (scope: Scope) => holds.get(subjects[at]![scope]) ?? null;
    return {
      ...one,
      holds: { account: over('account'), app: over('app'), platform: over('platform') },
      failing: Object.values(subjects[at]!).some((subject) => failing.has(subject)),
    };
  });
}

function openSession(app: App, { account, secrets }: Loaded, record: (exchange: Exchange) => void): Opened {
  const connector = getConnector(account.platform);
  const ids = { bureauId: account.bureau_id, accountId: account.id };
  const settings = account.settings as Record<string, string>;
  const configured = app.config.platformUrls.get(connector.id);
  const own = connector.baseUrlSetting ? settings[connector.baseUrlSetting] : undefined;
  const baseUrl = configured ?? own ?? connector.defaultBaseUrl ?? 'http://invalid.invalid';
  const session: AccountSession = {
    account: { id: account.id, name: account.name, platform: account.platform, settings },
    credentials: { ...settings, ...openCredentials(app, ids, secrets) },
    http: createPlatformHttp({
      baseUrl,
      // An address that the operator set by hand may be private: a stand-in, or a proxy in the bureau's own network.
      allowedHosts: configured
        ? [...app.config.allowedHosts, new URL(configured).host]
        : app.config.allowedHosts,
      domains: connector.domains ?? [],
      allowPrivate: false,
      record,
    }),
    tokens: tokenStoreFor(app, ids, tokensAmong(app, ids, secrets)),
    now,
    publicUrl: app.config.publicUrl,
  };
  return { session, connector, account };
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
