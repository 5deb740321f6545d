/**
 * Comments of platforms that do not push them. Each published post is asked about in the rhythm its connector
 * names, within a daily number of calls an account, so that answering and publishing keep their share of the quota.
 */
import type { InboundComment } from '#connectors/contract.ts';
import { connectors } from '#connectors/registry.ts';
import type { App } from '#server/base/app.ts';
import { now } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { log } from '#server/base/log.ts';
import { withoutNul } from '#server/base/text/without-nul.ts';
import { countCallSuccess, countMoreCalls, isStandIn } from '#server/modules/accounts/index.ts';
import { findDeliveryForReading, listCommentableDeliveries } from '#server/modules/publishing/index.ts';
import { answeredOnPlatform } from '../answers/answered-on-platform.ts';
import { checkWords } from '../moderation/moderate.ts';
import { listKnownMessages, noteLikes } from '../threads/store.ts';
import { type AskReady, askAgainMs, noteAskFailure, readyToAsk } from './asking.ts';
import { recordInbound } from './record-inbound.ts';
import { addCalls, claimDuePolls, deletePoll, insertMissingPolls, type Poll, settlePoll } from './store.ts';

const pollDays = 30;
const leaseSeconds = 120;
const atOnce = 4;

/** Makes a poll row for every published post that may have comments. */
export async function planPolls(app: App): Promise<void> {
  await app.database.withWorker(async (tx) => {
    const deliveries = await listCommentableDeliveries(tx, pollDays);
    await insertMissingPolls(
      tx,
      deliveries
        // Posts of a connector that this version does not have are nobody's: asking for it would throw, and stop all.
        .filter(({ platform }) => connectors.get(platform)?.comments)
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

type Ready = AskReady & { delivery: NonNullable<Awaited<ReturnType<typeof findDeliveryForReading>>> };

async function pollOne(app: App, poll: Poll): Promise<void> {
  const ready = await app.database.withWorker((tx) => prepare(app, tx, poll));
  if (!ready) return;
  const { connector, delivery, session, exchanges } = ready;
  const answer = withoutNul(await connector.comments!.list(session, delivery.platformIds));
  await app.database.withWorker(async (tx) => {
    // One call was taken before it was made; what it needed beyond that is counted now.
    await addCalls(tx, poll.accountId, ready.day, exchanges.length - 1);
    if (!isStandIn(app, connector)) await countMoreCalls(tx, ready.account, exchanges.length - 1);
    if ('failure' in answer) {
      const { waitMs, outcome } = await noteAskFailure(app, tx, poll, answer.failure);
      return settlePoll(tx, poll, new Date(now().getTime() + waitMs), outcome);
    }
    const fresh = await keepComments(app, tx, poll, answer.comments);
    await countCallSuccess(tx, poll.accountId);
    await settlePoll(tx, poll, nextTime(app, ready, delivery.publishedAt), {
      seen: answer.comments.length,
      fresh,
    });
  });
}

/** Null when there is nothing to ask now; then the poll's next time is set. */
async function prepare(app: App, tx: Tx, poll: Poll): Promise<Ready | null> {
  const delivery = await findDeliveryForReading(tx, poll.bureauId, poll.deliveryId);
  const tooOld =
    delivery?.publishedAt && now().getTime() - delivery.publishedAt.getTime() > pollDays * 86_400_000;
  const found = delivery && !tooOld ? await readyToAsk(app, tx, poll, 'comments') : null;
  if (!delivery || !found) await deletePoll(tx, poll);
  else if ('until' in found) await settlePoll(tx, poll, found.until, { waits: found.why });
  else return { ...found, delivery };
  return null;
}

function nextTime(app: App, { connector }: Ready, publishedAt: Date | null): Date {
  const at = now().getTime();
  const everyMs = connector.comments!.pollEveryMs(at - (publishedAt?.getTime() ?? at));
  return new Date(at + askAgainMs(app, connector, everyMs));
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
    if (comment.reply && (await answeredOnPlatform(app, tx, key, comment))) answered += 1;
  }
  await noteLikes(
    tx,
    { bureauId, accountId },
    comments.flatMap(({ platformId, likes }) =>
      likes === undefined ? [] : [{ threadKey: `${deliveryId}:${platformId}`, likes }],
    ),
  );
  if (fresh + answered > 0) app.live.changed(tx, bureauId, 'cases');
  return fresh;
}
