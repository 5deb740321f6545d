/**
 * Comments of platforms that do not push them. Each published post is asked about in the rhythm its connector
 * names, within a daily number of calls an account, so that answering and publishing keep their share of the quota.
 */
import type { Connector, Exchange, InboundComment, Outcome } from '#connectors/contract.ts';
import { getConnector } from '#connectors/registry.ts';
import type { App } from '#server/base/app.ts';
import { fromWallTime, now, wallDate } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { log } from '#server/base/log.ts';
import {
  countCallSuccess,
  countMoreCalls,
  demandSignIn,
  findAccount,
  findHold,
  holdCalls,
  holdSubjects,
  openAccountSession,
  takeCalls,
} from '#server/modules/accounts/index.ts';
import { addDays } from '#server/modules/planning/index.ts';
import { findDeliveryForReading, listCommentableDeliveries } from '#server/modules/publishing/index.ts';
import { answeredOnPlatform } from '../answers/answered-on-platform.ts';
import { checkWords } from '../moderation/moderate.ts';
import { listKnownMessages } from '../threads/store.ts';
import { recordInbound } from './record-inbound.ts';
import {
  addCalls,
  claimDuePolls,
  deletePoll,
  insertMissingPolls,
  type Poll,
  settlePoll,
  takeCall,
} from './store.ts';

/** Of the 100 calls a day that the strictest platform allows; the account setting `commentCallsPerDay` wins. */
const defaultCallsPerDay = 60;
/** A stand-in on this machine has no quota to spare, and who tries the product out will not wait for minutes. */
const standInCallsPerDay = 20_000;
const standInEveryMs = 5_000;
const pollDays = 30;
const leaseSeconds = 120;
const atOnce = 4;
const retryMs = 10 * 60_000;

/** Makes a poll row for every published post that may have comments. */
export async function planPolls(app: App): Promise<void> {
  await app.database.withWorker(async (tx) => {
    const deliveries = await listCommentableDeliveries(tx, pollDays);
    await insertMissingPolls(
      tx,
      deliveries
        .filter(({ platform }) => getConnector(platform).comments)
        .map(({ bureauId, deliveryId, accountId }) => ({ bureauId, deliveryId, accountId })),
    );
  });
}

/** Asks about the posts whose time has come. @returns how many were asked about */
export async function pollComments(app: App): Promise<number> {
  const polls = await app.database.withWorker((tx) => claimDuePolls(tx, atOnce, leaseSeconds));
  await Promise.all(
    polls.map((poll) =>
      pollOne(app, poll).catch((error: Error) => {
        // The lease brings it back; nothing of the answer was kept.
        log.warn({ deliveryId: poll.deliveryId, error: error.message }, 'comments were not read');
      }),
    ),
  );
  return polls.length;
}

type Ready = {
  account: NonNullable<Awaited<ReturnType<typeof findAccount>>>;
  session: Awaited<ReturnType<typeof openAccountSession>>['session'];
  connector: Connector;
  delivery: NonNullable<Awaited<ReturnType<typeof findDeliveryForReading>>>;
  day: string;
  exchanges: Exchange[];
};

async function pollOne(app: App, poll: Poll): Promise<void> {
  const ready = await app.database.withWorker((tx) => prepare(app, tx, poll));
  if (!ready) return;
  const { connector, delivery, session, exchanges } = ready;
  const answer = await connector.comments!.list(session, delivery.platformIds);
  await app.database.withWorker(async (tx) => {
    // One call was taken before it was made; what it needed beyond that is counted now.
    await addCalls(tx, poll.accountId, ready.day, exchanges.length - 1);
    if (!isStandIn(app, connector)) await countMoreCalls(tx, ready.account, exchanges.length - 1);
    if ('failure' in answer) return settleFailure(app, tx, poll, answer.failure);
    const fresh = await keepComments(app, tx, poll, answer.comments);
    await countCallSuccess(tx, poll.accountId);
    await settlePoll(tx, poll, nextTime(app, connector, delivery.publishedAt), {
      seen: answer.comments.length,
      fresh,
    });
  });
}

/** Null when there is nothing to ask now; then the poll's next time is set. */
async function prepare(app: App, tx: Tx, poll: Poll): Promise<Ready | null> {
  const account = await findAccount(tx, poll.bureauId, poll.accountId);
  const delivery = await findDeliveryForReading(tx, poll.bureauId, poll.deliveryId);
  const tooOld =
    delivery?.publishedAt && now().getTime() - delivery.publishedAt.getTime() > pollDays * 86_400_000;
  if (!account || account.state === 'closed' || !delivery || tooOld) {
    await deletePoll(tx, poll);
    return null;
  }
  const wait = async (until: Date, why: string) => {
    await settlePoll(tx, poll, until, { waits: why });
    return null;
  };
  if (account.state !== 'active') return wait(new Date(now().getTime() + retryMs), account.state);
  const hold = await findHold(tx, Object.values(holdSubjects(account)));
  if (hold) return wait(hold.until, hold.reason);
  const exchanges: Exchange[] = [];
  const { session, connector } = await openAccountSession(app, tx, poll, (exchange) =>
    exchanges.push(exchange),
  );
  if (!connector.comments) {
    await deletePoll(tx, poll);
    return null;
  }
  const day = wallDate(now());
  const usual = isStandIn(app, connector) ? standInCallsPerDay : defaultCallsPerDay;
  const limit = Number(session.account.settings.commentCallsPerDay ?? usual);
  if (!(await takeCall(tx, poll.accountId, day, limit))) {
    return wait(fromWallTime(`${addDays(day, 1)} 00:00`), 'budget-used');
  }
  // A stand-in has calls to spare, and publishing there must not wait for what was read.
  const [limited] = isStandIn(app, connector) ? [] : await takeCalls(tx, [{ account, counts: ['calls'] }]);
  if (limited) return wait(limited, 'budget-used');
  return { account, session, connector, delivery, day, exchanges };
}

function nextTime(app: App, connector: Connector, publishedAt: Date | null): Date {
  const at = now().getTime();
  const everyMs = connector.comments!.pollEveryMs(at - (publishedAt?.getTime() ?? at));
  return new Date(at + (isStandIn(app, connector) ? Math.min(everyMs, standInEveryMs) : everyMs));
}

/** True where the operator sent the connector to a server of this very machine. */
function isStandIn(app: App, connector: Connector): boolean {
  const url = app.config.platformUrls.get(connector.id);
  return url !== undefined && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);
}

async function settleFailure(app: App, tx: Tx, poll: Poll, failure: Outcome): Promise<void> {
  const account = await findAccount(tx, poll.bureauId, poll.accountId);
  let waitMs = retryMs;
  if (failure.kind === 'retry-later' && account) {
    await holdCalls(tx, holdSubjects(account)[failure.scope], failure.afterMs, failure.code);
    waitMs = Math.max(failure.afterMs, 60_000);
  }
  if (failure.kind === 'sign-in-again') {
    await demandSignIn(app, tx, poll.bureauId, poll.accountId, failure.code);
  }
  // Refused for good: the post takes no comments, or is gone. Asked again once a day, in case it comes back.
  if (failure.kind === 'rejected') waitMs = 86_400_000;
  const code = 'code' in failure ? failure.code : failure.kind;
  await settlePoll(tx, poll, new Date(now().getTime() + waitMs), { failure: failure.kind, code });
}

/** Each comment is a conversation of its own: platforms answer a comment, not a person. */
async function keepComments(
  app: App,
  tx: Tx,
  poll: Poll,
  comments: readonly InboundComment[],
): Promise<number> {
  const { bureauId, accountId, deliveryId } = poll;
  const platformIdOf = (comment: InboundComment) => `comment:${comment.platformId}`;
  const known = await listKnownMessages(tx, bureauId, accountId, comments.map(platformIdOf));
  let fresh = 0;
  let answered = 0;
  // The earliest first, so that their cases are numbered in the order they were written.
  for (const comment of comments.toSorted((a, b) => a.at.getTime() - b.at.getTime())) {
    const key = {
      bureauId,
      accountId,
      kind: 'comment',
      threadKey: `${deliveryId}:${comment.platformId}`,
    } as const;
    if (!known.has(platformIdOf(comment))) {
      const { person, text, at } = comment;
      const platformId = platformIdOf(comment);
      const isNew = await recordInbound(tx, {
        ...key,
        deliveryId,
        platformId,
        person,
        text,
        at,
        attachment: null,
        window: null,
      });
      if (isNew) {
        fresh += 1;
        const { conversationId } = isNew;
        const found = { bureauId, accountId, deliveryId, commentId: comment.platformId, text };
        await checkWords(tx, { ...found, conversationId, personName: person.name });
      }
    }
    if (comment.reply && (await answeredOnPlatform(tx, key, comment))) answered += 1;
  }
  if (fresh + answered > 0) app.live.changed(tx, bureauId, 'cases');
  return fresh;
}
