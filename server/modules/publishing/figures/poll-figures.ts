/**
 * Asks the interfaces for figures: the due posts of one account in one call, in the rhythm the connector names by age, never
 * against a limit. What went wrong is kept beside the post and shown; old figures stay as they are.
 */
import type { MetricsCapability, Outcome } from '#connectors/contract.ts';
import { connectors } from '#connectors/registry.ts';
import type { App } from '#server/base/app.ts';
import { clockOf, type Tx } from '#server/base/database.ts';
import { log } from '#server/base/log.ts';
import { obeyFailure, openForCall } from '#server/modules/accounts/index.ts';
import type { AccountMetric, Metric } from '#shared/abilities.ts';
import {
  type AccountPoll,
  claimAccountPoll,
  claimPolls,
  type FigurePoll,
  insertMissingAccountPolls,
  insertMissingPolls,
  settleAccountPoll,
  settlePoll,
} from './poll-store.ts';
import { type NewFigure, putAccountFigures, putFigures } from './store.ts';

/** Platforms tell nothing of older posts, and nobody reads them any more. */
const days = 60;
const leaseMs = 120_000;
const retryMs = 30 * 60_000;
const dayMs = 86_400_000;
/** One claim; the connector's own batch divides it further. */
const atOnce = 100;

export async function planFigurePolls(app: App): Promise<void> {
  const measured = [...connectors.values()].filter((one) => one.metrics).map(({ id }) => id);
  const counted = [...connectors.values()].filter((one) => one.metrics?.account).map(({ id }) => id);
  await app.database.withWorker(async (tx) => {
    await insertMissingPolls(tx, measured, days);
    await insertMissingAccountPolls(tx, counted);
  });
}

/** @returns how many posts were asked about */
export async function pollFigures(app: App): Promise<number> {
  const polls = await app.database.withWorker((tx) => claimPolls(tx, atOnce, leaseMs));
  const [first] = polls;
  if (!first) return 0;
  const capability = connectors.get(first.platform)?.metrics;
  const size = capability?.batch ?? atOnce;
  for (let from = 0; from < polls.length; from += size) {
    await askForPosts(app, polls.slice(from, from + size)).catch((error: Error) => {
      // The lease brings them back; nothing of the answer was kept.
      log.warn({ account: first.accountId, error: error.message }, 'figures were not read');
    });
  }
  return polls.length;
}

type Opened = { metrics: MetricsCapability; session: Parameters<MetricsCapability['posts']>[0] };

/** Null with the milliseconds to wait: nothing may be asked of this account now. */
async function open(
  app: App,
  tx: Tx,
  poll: AccountPoll,
): Promise<Opened | { waitMs: number; failure: string }> {
  const opened = await openForCall(app, tx, poll);
  if (!opened) return { waitMs: retryMs, failure: 'closed' };
  if ('until' in opened) {
    const waitMs = Math.max(1_000, opened.until.getTime() - (await clockOf(tx)).getTime());
    return { waitMs, failure: opened.why };
  }
  const { session, connector } = opened;
  if (!connector.metrics) return { waitMs: dayMs, failure: 'unsupported' };
  return { session, metrics: connector.metrics };
}

async function askForPosts(app: App, polls: readonly FigurePoll[]): Promise<void> {
  const account = polls[0]!;
  const opened = await app.database.withWorker(async (tx) => {
    const found = await open(app, tx, account);
    if ('metrics' in found) return found;
    for (const poll of polls) await settlePoll(tx, poll, found.waitMs, found.failure);
    return null;
  });
  if (!opened) return;
  const { metrics, session } = opened;
  const asked = polls.map((poll) => ({
    key: poll.deliveryId,
    ids: poll.ids,
    publishedAt: poll.publishedAt,
  }));
  const answer = await metrics.posts(session, asked);
  await app.database.withWorker(async (tx) => {
    const now = await clockOf(tx);
    if ('failure' in answer) {
      const waitMs = await obey(app, tx, account, answer.failure);
      for (const poll of polls) await settlePoll(tx, poll, waitMs, codeOf(answer.failure));
      return;
    }
    const found = new Map(answer.figures.map((one) => [one.key, one]));
    const figures: NewFigure[] = [];
    for (const poll of polls) {
      const one = found.get(poll.deliveryId);
      for (const [metric, value] of Object.entries(one?.totals ?? {}) as [Metric, number][])
        figures.push({
          ...{ subjectId: poll.deliveryId, metric, value, capture: 'api' },
          ...{ asOf: one!.asOf, by: null },
        });
      const age = now.getTime() - poll.publishedAt.getTime();
      // Left out of the answer is not zero: the platform said nothing of it this time.
      await settlePoll(tx, poll, metrics.everyMs(age), one ? null : 'not-in-answer');
    }
    await putFigures(tx, account.bureauId, figures);
    if (figures.length > 0) app.live.changed(tx, account.bureauId, 'deliveries');
  });
}

/** Followers and the like, once a day. @returns false when no account was due */
export async function pollAccountFigures(app: App): Promise<boolean> {
  const poll = await app.database.withWorker((tx) => claimAccountPoll(tx, leaseMs));
  if (!poll) return false;
  const opened = await app.database.withWorker(async (tx) => {
    const found = await open(app, tx, poll);
    if ('metrics' in found) return found;
    await settleAccountPoll(tx, poll, found.waitMs, found.failure);
    return null;
  });
  if (!opened) return true;
  const answer = await opened.metrics.account?.(opened.session);
  await app.database.withWorker(async (tx) => {
    if (!answer) return settleAccountPoll(tx, poll, dayMs, 'unsupported');
    if ('failure' in answer) {
      const waitMs = await obey(app, tx, poll, answer.failure);
      return settleAccountPoll(tx, poll, waitMs, codeOf(answer.failure));
    }
    const figures = Object.entries(answer.totals).map(
      ([metric, value]): NewFigure<AccountMetric> => ({
        ...{ subjectId: poll.accountId, metric: metric as AccountMetric, value },
        ...{ capture: 'api', asOf: answer.asOf, by: null },
      }),
    );
    await putAccountFigures(tx, poll.bureauId, figures);
    await settleAccountPoll(tx, poll, dayMs, null);
    app.live.changed(tx, poll.bureauId, 'accounts');
  });
  return true;
}

/** What a failure asks of us; the wait until the next try. */
async function obey(app: App, tx: Tx, poll: AccountPoll, failure: Outcome): Promise<number> {
  await obeyFailure(app, tx, poll, failure);
  if (failure.kind === 'retry-later') return Math.max(failure.afterMs, 60_000);
  return failure.kind === 'rejected' ? dayMs : retryMs;
}

const codeOf = (failure: Outcome): string => ('code' in failure ? failure.code : failure.kind);
