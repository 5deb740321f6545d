/** What asking a platform for comments or mentions has in common: whether it may be done now, and what a refusal means. */
import type { Connector, Exchange, Outcome } from '#connectors/contract.ts';
import type { App } from '#server/base/app.ts';
import { fromWallTime, now, wallDate } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import {
  isStandIn,
  type NotNow,
  obeyFailure,
  openForCall,
  takeOneCall,
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
export type AskReady = Exclude<Awaited<ReturnType<typeof openForCall>>, NotNow | null> & {
  /** Whose budget the call was taken from. */
  day: string;
  exchanges: Exchange[];
};

/** @returns null when there is nothing to ask for any more; `until` when not now */
export async function readyToAsk(
  app: App,
  tx: Tx,
  ids: AccountRef,
  capability: 'comments' | 'mentions',
): Promise<AskReady | NotNow | null> {
  const exchanges: Exchange[] = [];
  const opened = await openForCall(app, tx, ids, (exchange) => void exchanges.push(exchange));
  if (!opened || 'until' in opened) return opened;
  const { session, connector } = opened;
  if (!connector[capability]) return null;
  const day = wallDate(now());
  const usual = isStandIn(app, connector) ? standInCallsPerDay : defaultCallsPerDay;
  const limit = Number(session.account.settings.commentCallsPerDay ?? usual);
  if (!(await takeCall(tx, ids.accountId, day, limit))) {
    return { until: fromWallTime(`${addDays(day, 1)} 00:00`), why: 'budget-used' };
  }
  return (await takeOneCall(app, tx, opened, 'read')) ?? { ...opened, day, exchanges };
}

/** The connector's rhythm; quicker with a stand-in. */
export function askAgainMs(app: App, connector: Connector, everyMs: number): number {
  return isStandIn(app, connector) ? Math.min(everyMs, standInEveryMs) : everyMs;
}

/** @returns how long to leave the platform alone, and what operators see */
export async function noteAskFailure(
  app: App,
  tx: Tx,
  ids: AccountRef,
  failure: Outcome,
): Promise<{ waitMs: number; outcome: Record<string, unknown> }> {
  await obeyFailure(app, tx, ids, failure);
  const code = 'code' in failure ? failure.code : failure.kind;
  return { waitMs: waitAfter(failure), outcome: { failure: failure.kind, code } };
}

function waitAfter(failure: Outcome): number {
  if (failure.kind === 'retry-later') return Math.max(failure.afterMs, 60_000);
  // Refused for good: what is asked about is closed or gone. Asked again once a day, in case it comes back.
  return failure.kind === 'rejected' ? 86_400_000 : retryMs;
}
