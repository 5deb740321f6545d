/**
 * An answer is sent once, by the rules of a post (DESIGN: publish once). The claim is committed before the first byte
 * leaves; the platform is called exactly once per claim; what cannot be known from its answer is `unknown`, and is
 * never repeated blindly.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { AccountSession, Connector, Exchange } from '#connectors/contract.ts';
import { systemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { now } from '#server/base/clock.ts';
import { isUniqueViolation, type Tx } from '#server/base/database.ts';
import { log } from '#server/base/log.ts';
import { OutboundError } from '#server/base/outbound-error.ts';
import {
  findAccount,
  findHold,
  holdSubjects,
  openAccountSession,
  takeCalls,
} from '#server/modules/accounts/index.ts';
import { record } from '#server/modules/audit/index.ts';
import { findDeliveryForReading } from '#server/modules/publishing/index.ts';
import { findConversation, findLastInbound } from '../threads/store.ts';
import { type Settled, settleReply } from './settle-reply.ts';
import { lockDue, moveReply, postponeReply, type ReplyRecord, type ReplyRef } from './store.ts';

const pausedRetryMs = 60_000;
const notConnectedRetryMs = 30_000;
const saveTries = 10;
const saveAgainMs = 1_000;

/** A reply with everything its platform call needs; `reply.fence` is the claim's own. */
export type ReadyReply = {
  reply: ReplyRecord;
  session: AccountSession;
  connector: Connector;
  /** Comments: the post's ids and the comment. Messages: the person. Null: no interface reaches them. */
  to:
    | null
    | { kind: 'comment'; ids: Readonly<Record<string, string>>; commentId: string }
    | { kind: 'message'; personKey: string; inReplyTo: string | null };
  exchanges: Exchange[];
};

export async function sendReply(app: App, processId: string, ref: ReplyRef): Promise<void> {
  const ready = await claim(app, processId, ref);
  if (!ready) return;
  await app.failpoints.hit('reply.submitting');
  const outcome = await callOnce(ready);
  await app.failpoints.hit('reply.answered');
  await saveOutcome(app, ready, outcome);
}

/**
 * The answer of the one call is worth waiting for: a database that is away for a moment must not turn `sent` into
 * `unknown`. When it stays away the sweep finds the row.
 */
async function saveOutcome(app: App, { reply, exchanges }: ReadyReply, outcome: Settled): Promise<void> {
  for (let left = saveTries; ; left -= 1) {
    try {
      const saved = await app.database.withWorker((tx) =>
        settleReply(app, tx, reply, { outcome, exchanges }),
      );
      if (!saved)
        log.warn({ replyId: reply.id, outcome: outcome.kind }, 'an outcome came too late and was not kept');
      return;
    } catch (error) {
      if (left === 0) throw error;
      await delay(saveAgainMs);
    }
  }
}

/** Commits `submitting`, or does nothing: held, paused, answered by someone else, window over. */
async function claim(app: App, processId: string, ref: ReplyRef): Promise<ReadyReply | null> {
  try {
    return await app.database.withWorker(async (tx) => {
      const reply = await lockDue(tx, ref, 'due');
      if (!reply) return null;
      const ready = await makeReady(app, tx, reply);
      if (!ready) return null;
      const { conversation, ...call } = ready;
      if (!conversation.window_open) {
        await settleReply(app, tx, reply, {
          outcome: { kind: 'window-closed', code: null },
          exchanges: [],
        });
        return null;
      }
      const fence = await moveReply(tx, reply, {
        state: 'submitting',
        wakeInMs: null,
        claimedBy: processId,
        submitted: true,
        absences: 0,
      });
      // The row is locked: only a defect could have changed it.
      if (fence === null) throw new Error('a locked reply changed');
      await record(
        tx,
        systemActor(reply.bureau_id),
        'reply.submitting',
        { kind: 'case', id: reply.case_id },
        { replyId: reply.id, fence },
      );
      return { ...call, reply: { ...reply, state: 'submitting', fence } };
    });
  } catch (error) {
    // Another answer of this account is in flight; this one stays due and is looked at again in a second.
    if (isUniqueViolation(error, 'replies_one_in_flight')) return null;
    throw error;
  }
}

/** Opens the account for one call; null when the reply must wait, and then its next time is set. */
export async function makeReady(app: App, tx: Tx, reply: ReplyRecord) {
  if (reply.account_id === null) throw new Error('only a reply on a platform is sent');
  const ids = { bureauId: reply.bureau_id, accountId: reply.account_id };
  const ref = { bureauId: reply.bureau_id, id: reply.id };
  const account = await findAccount(tx, ids.bureauId, ids.accountId);
  const conversation = await findConversation(tx, ids.bureauId, reply.conversation_id);
  if (!account || !conversation) throw new Error('a reply has its account and its conversation');
  if (account.state !== 'active') {
    await postponeReply(tx, ref, new Date(now().getTime() + pausedRetryMs));
    return null;
  }
  const hold = await findHold(tx, Object.values(holdSubjects(account)));
  if (hold) {
    await postponeReply(tx, ref, hold.until);
    return null;
  }
  const [limited] = await takeCalls(tx, [{ account, counts: ['calls'] }]);
  if (limited) {
    await postponeReply(tx, ref, limited);
    return null;
  }
  const exchanges: Exchange[] = [];
  const { session, connector } = await openAccountSession(app, tx, ids, (exchange) =>
    exchanges.push(exchange),
  );
  const to = await findAddressee(tx, reply, conversation);
  return { reply, session, connector, to, exchanges, conversation };
}

async function findAddressee(
  tx: Tx,
  reply: ReplyRecord,
  conversation: { kind: string; delivery_id: string | null; person_key: string },
): Promise<ReadyReply['to']> {
  if (conversation.kind === 'message') {
    const last = await findLastInbound(tx, reply.bureau_id, reply.conversation_id);
    return { kind: 'message', personKey: conversation.person_key, inReplyTo: last?.platform_id ?? null };
  }
  const delivery =
    conversation.delivery_id === null
      ? null
      : await findDeliveryForReading(tx, reply.bureau_id, conversation.delivery_id);
  // Nobody there that an interface could answer: a person does it.
  if (!delivery || reply.to_platform_id === null) return null;
  return { kind: 'comment', ids: delivery.platformIds, commentId: reply.to_platform_id };
}

const isOffered = ({ messages }: Connector, { account }: AccountSession): boolean =>
  messages !== undefined && (messages.offered?.(account.settings) ?? true);

/** The one call. Whatever a connector throws is no refusal: unless no byte left, nobody can know. */
async function callOnce({ connector, session, to, reply }: ReadyReply): Promise<Settled> {
  const absent: Settled = { kind: 'window-closed', code: null };
  if (!to) return absent;
  try {
    if (to.kind === 'message')
      return isOffered(connector, session)
        ? await connector.messages!.send(session, to.personKey, reply.text, to.inReplyTo)
        : absent;
    return (await connector.comments?.reply(session, to.ids, to.commentId, reply.text)) ?? absent;
  } catch (error) {
    if (error instanceof OutboundError && error.stage === 'before-write') {
      return { kind: 'retry-later', afterMs: notConnectedRetryMs, code: 'not-connected', scope: 'account' };
    }
    return { kind: 'unknown', reason: error instanceof Error ? error.name : 'error' };
  }
}
