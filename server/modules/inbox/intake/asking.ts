/** What asking a platform for comments or mentions has in common: whether it may be done now, and what a refusal means. */
import type { Connector, Exchange, Outcome } from '#connectors/contract.ts';
import type { App } from '#server/base/app.ts';
import { fromWallTime, now, wallDate } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import {
  demandSignIn,
  findAccount,
  findHold,
  holdCalls,
  holdSubjects,
  openAccountSession,
  takeCalls,
} from '#server/modules/accounts/index.ts';
import { addDays } from '#server/modules/planning/index.ts';
import { takeCall } from './store.ts';

/** Of the 100 calls a day that the strictest platform allows; the account setting `commentCallsPerDay` wins. */
const defaultCallsPerDay = 60;
/** A stand-in on this machine has no quota to spare. */
const standInCallsPerDay = 20_000;
/** Who tries the product out will not wait for minutes. */
const standInEveryMs = 5_000;
const retryMs = 10 * 60_000;

type AccountRef = { bureauId: string; accountId: string };
export type AskReady = {
  account: NonNullable<Awaited<ReturnType<typeof findAccount>>>;
  session: Awaited<ReturnType<typeof openAccountSession>>['session'];
  connector: Connector;
  /** Whose budget the call was taken from. */
  day: string;
  exchanges: Exchange[];
};

/** @returns null when there is nothing to ask for any more; `until` when not now */
export async function readyToAsk(
  app: App,
  tx: Tx,
  { bureauId, accountId }: AccountRef,
  capability: 'comments' | 'mentions',
): Promise<AskReady | { until: Date; why: string } | null> {
  const account = await findAccount(tx, bureauId, accountId);
  if (!account || account.state === 'closed') return null;
  if (account.state !== 'active') return { until: new Date(now().getTime() + retryMs), why: account.state };
  const hold = await findHold(tx, Object.values(holdSubjects(account)));
  if (hold) return { until: hold.until, why: hold.reason };
  const exchanges: Exchange[] = [];
  const record = (exchange: Exchange) => void exchanges.push(exchange);
  const { session, connector } = await openAccountSession(app, tx, { bureauId, accountId }, record);
  if (!connector[capability]) return null;
  const day = wallDate(now());
  const usual = isStandIn(app, connector) ? standInCallsPerDay : defaultCallsPerDay;
  const limit = Number(session.account.settings.commentCallsPerDay ?? usual);
  if (!(await takeCall(tx, accountId, day, limit))) {
    return { until: fromWallTime(`${addDays(day, 1)} 00:00`), why: 'budget-used' };
  }
  // A stand-in has calls to spare, and publishing there must not wait for what was read.
  const [limited] = isStandIn(app, connector) ? [] : await takeCalls(tx, [{ account, counts: ['calls'] }]);
  if (limited) return { until: limited, why: 'budget-used' };
  return { account, session, connector, day, exchanges };
}

/** True where the operator sent the connector to a server of this very machine. */
export function isStandIn(app: App, connector: Connector): boolean {
  const url = app.config.platformUrls.get(connector.id);
  return url !== undefined && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);
}

/** The connector's rhythm; quicker with a stand-in. */
export function askAgainMs(app: App, connector: Connector, everyMs: number): number {
  return isStandIn(app, connector) ? Math.min(everyMs, standInEveryMs) : everyMs;
}

/** @returns how long to leave the platform alone, and what operators see */
export async function noteAskFailure(
  app: App,
  tx: Tx,
  { bureauId, accountId }: AccountRef,
  failure: Outcome,
): Promise<{ waitMs: number; outcome: Record<string, unknown> }> {
  const account = await findAccount(tx, bureauId, accountId);
  let waitMs = retryMs;
  if (failure.kind === 'retry-later' && account) {
    await holdCalls(tx, holdSubjects(account)[failure.scope], failure.afterMs, failure.code);
    waitMs = Math.max(failure.afterMs, 60_000);
  }
  if (failure.kind === 'sign-in-again') await demandSignIn(app, tx, bureauId, accountId, failure.code);
  // Refused for good: what is asked about is closed or gone. Asked again once a day, in case it comes back.
  if (failure.kind === 'rejected') waitMs = 86_400_000;
  const code = 'code' in failure ? failure.code : failure.kind;
  return { waitMs, outcome: { failure: failure.kind, code } };
}
