/**
 * Renews a grant before it ends. One process at a time (the row of `account_health`), the new pair is committed before
 * anybody uses it, and only the platform's own refusal means that a person must sign in: a network that fails says nothing.
 */
import { getConnector } from '#connectors/registry.ts';
import type { App } from '#server/base/app.ts';
import { clockOf } from '#server/base/database.ts';
import { record } from '#server/modules/audit/index.ts';
import { grantEnd } from './grant-end.ts';
import { listEnding, lockHealth, postponeRenewal, saveRenewal } from './health-store.ts';
import { demandSignIn } from './save-account.ts';
import { openAccountSession } from './session.ts';
import { findAccount, listSecrets } from './store.ts';
import { storeGranted } from './store-granted.ts';

type Ids = { bureauId: string; accountId: string };
type Result = 'renewed' | 'postponed' | 'refused' | 'not-due';

const firstWaitMs = 5 * 60_000;
const longestWaitMs = 6 * 3_600_000;
/** The widest margin a connector may ask for. */
const widestMarginMs = 30 * 24 * 3_600_000;

/** Renews what is due, one after the other. */
export async function renewDue(app: App): Promise<void> {
  const [rows, now] = await app.database.withWorker(async (tx) => [
    await listEnding(tx, widestMarginMs, null),
    await clockOf(tx),
  ]);
  for (const row of rows) {
    const { renew } = getConnector(row.platform);
    const due = renew && row.expires_at.getTime() - now.getTime() <= renew.marginMs;
    if (!due || (row.next_renew_at && row.next_renew_at > now)) continue;
    await renewGrant(app, { bureauId: row.bureau_id, accountId: row.account_id });
  }
}

export async function renewGrant(app: App, ids: Ids): Promise<Result> {
  return app.database.withWorker(async (tx) => {
    const health = await lockHealth(tx, ids, false);
    const account = await findAccount(tx, ids.bureauId, ids.accountId);
    if (!health || account?.state !== 'active') return 'not-due';
    const { session, connector } = await openAccountSession(app, tx, ids, () => undefined);
    const secrets = await listSecrets(tx, ids.bureauId, ids.accountId);
    const now = await clockOf(tx);
    const ends = secrets.flatMap(({ name, expires_at }) =>
      expires_at && !name.startsWith('token:') ? [expires_at.getTime()] : [],
    );
    // Read under the lock: another process may have renewed it while this one waited for its turn.
    if (!connector.renew || Math.min(...ends) - now.getTime() > connector.renew.marginMs) return 'not-due';
    const result = await connector.renew
      .renew(session)
      .catch((error: Error) => ({ failure: { kind: 'retry-later' as const, afterMs: 0, code: error.name } }));
    const system = { personId: null, name: '系统', bureauId: ids.bureauId };
    const subject = { kind: 'account', id: ids.accountId };
    if (!('failure' in result)) {
      await storeGranted(app, tx, ids, result.credentials, result.expiresAt);
      await saveRenewal(tx, ids, result.renewableUntil);
      await record(tx, system, 'account.renewed', subject, {
        expiresAt: result.expiresAt?.toISOString() ?? null,
      });
      app.live.changed(tx, ids.bureauId, 'accounts');
      return 'renewed';
    }
    const { failure } = result;
    if (failure.kind === 'sign-in-again') {
      await demandSignIn(app, tx, ids.bureauId, ids.accountId, failure.code);
      return 'refused';
    }
    const asked = failure.kind === 'retry-later' ? failure.afterMs : 0;
    const waited = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(health.renew_tries, 10));
    const code = 'code' in failure ? failure.code : failure.kind;
    await postponeRenewal(tx, ids, code, Math.max(asked, waited));
    await record(tx, system, 'account.renewal-postponed', subject, { code });
    app.live.changed(tx, ids.bureauId, 'accounts');
    return 'postponed';
  });
}

/** Accounts whose grant ends for good within the horizon, with that moment. */
export async function listGrantEnds(
  tx: Parameters<typeof listEnding>[0],
  horizonMs: number,
  bureauId: string | null,
): Promise<{ bureauId: string; accountId: string; name: string; platform: string; end: Date }[]> {
  const rows = await listEnding(tx, horizonMs, bureauId);
  const limit = (await clockOf(tx)).getTime() + horizonMs;
  return rows.flatMap((row) => {
    const end = grantEnd({
      expiresAt: row.expires_at,
      renews: getConnector(row.platform).renew !== undefined,
      renewableUntil: row.renewable_until,
      renewFails: row.renew_tries > 0,
    });
    if (!end || end.getTime() > limit) return [];
    const { bureau_id: bureauId, account_id: accountId, name, platform } = row;
    return [{ bureauId, accountId, name, platform, end }];
  });
}
