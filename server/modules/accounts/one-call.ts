/**
 * One call of a platform from a lane of the worker, outside the sending of posts and answers: whether it may be made now, and what
 * a failure asks of the account. Reading, switching, clearing up all go through here, so that each obeys the same holds.
 */
import type { Connector, Exchange, Outcome } from '#connectors/contract.ts';
import type { App } from '#server/base/app.ts';
import { now } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { takeCalls } from './known-limits.ts';
import { demandSignIn } from './save-account.ts';
import { openAccountSession } from './session.ts';
import { findAccount, findHold, holdCalls } from './store.ts';
import { holdSubjects } from './view.ts';

type Ids = { bureauId: string; accountId: string };
type Opened = Awaited<ReturnType<typeof openAccountSession>>;
export type NotNow = { until: Date; why: string };

/** An account that is paused or signed out is looked at again after this long. */
const inactiveMs = 10 * 60_000;

/**
 * No call is taken from any budget yet: `takeOneCall` does that, once the caller knows that it will call.
 * @returns null when the account is gone or closed; `until` when not now
 */
export async function openForCall(
  app: App,
  tx: Tx,
  ids: Ids,
  record: (exchange: Exchange) => void = () => undefined,
): Promise<Opened | NotNow | null> {
  const account = await findAccount(tx, ids.bureauId, ids.accountId);
  if (!account || account.state === 'closed') return null;
  if (account.state !== 'active')
    return { until: new Date(now().getTime() + inactiveMs), why: account.state };
  const hold = await findHold(tx, Object.values(holdSubjects(account)));
  if (hold) return { until: hold.until, why: hold.reason };
  return openAccountSession(app, tx, ids, record);
}

/**
 * Takes one call from the account's known limits.
 * @param use `read`: a stand-in has calls to spare, and publishing there must not wait for what was read
 * @returns null when it may be made
 */
export async function takeOneCall(
  app: App,
  tx: Tx,
  { account, connector }: Opened,
  use: 'read' | 'act',
): Promise<NotNow | null> {
  if (use === 'read' && isStandIn(app, connector)) return null;
  const [limited] = await takeCalls(tx, [{ account, counts: ['calls'] }]);
  return limited ? { until: limited, why: 'budget-used' } : null;
}

/** True where the operator sent the connector to a server of this very machine. */
export function isStandIn(app: App, connector: Connector): boolean {
  const url = app.config.platformUrls.get(connector.id);
  return url !== undefined && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);
}

/** A limit holds what it is about; a grant that ended waits for a person. Anything else says nothing of the account. */
export async function obeyFailure(
  app: App,
  tx: Tx,
  { bureauId, accountId }: Ids,
  outcome: Outcome | { kind: string },
): Promise<void> {
  if (isKind(outcome, 'sign-in-again')) await demandSignIn(app, tx, bureauId, accountId, outcome.code);
  if (!isKind(outcome, 'retry-later')) return;
  const account = await findAccount(tx, bureauId, accountId);
  if (account) await holdCalls(tx, holdSubjects(account)[outcome.scope], outcome.afterMs, outcome.code);
}

function isKind<K extends Outcome['kind']>(
  outcome: Outcome | { kind: string },
  kind: K,
): outcome is Extract<Outcome, { kind: K }> {
  return outcome.kind === kind;
}
