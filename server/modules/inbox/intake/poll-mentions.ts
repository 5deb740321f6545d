/**
 * Mentions of platforms that have to be asked for them, account by account, out of the same daily calls as comments. One that
 * was pushed too is the same message.
 */
import type { Mention } from '#connectors/contract.ts';
import { connectors } from '#connectors/registry.ts';
import type { App } from '#server/base/app.ts';
import { now } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { log } from '#server/base/log.ts';
import { withoutNul } from '#server/base/text/without-nul.ts';
import {
  countCallSuccess,
  countMoreCalls,
  isStandIn,
  listActiveAccounts,
} from '#server/modules/accounts/index.ts';
import { type AskReady, askAgainMs, noteAskFailure, readyToAsk } from './asking.ts';
import {
  claimDueMentionPolls,
  deleteMentionPoll,
  insertMissingMentionPolls,
  type MentionPoll,
  settleMentionPoll,
} from './mention-store.ts';
import { recordInbound } from './record-inbound.ts';
import { addCalls } from './store.ts';

const leaseSeconds = 120;
const atOnce = 4;

/** Makes a poll row for every account whose platform can be asked. */
export async function planMentionPolls(app: App): Promise<void> {
  const platforms = [...connectors.values()].filter(({ mentions }) => mentions).map(({ id }) => id);
  await app.database.withWorker(async (tx) => {
    await insertMissingMentionPolls(tx, await listActiveAccounts(tx, platforms));
  });
}

/** Asks for the accounts whose time has come. @returns how many were asked for */
export async function pollMentions(app: App): Promise<number> {
  const polls = await app.database.withWorker((tx) => claimDueMentionPolls(tx, atOnce, leaseSeconds));
  await Promise.all(
    polls.map((poll) =>
      pollOne(app, poll).catch((error: Error) => {
        // The lease brings it back; nothing of the answer was kept.
        log.warn({ accountId: poll.accountId, error: error.message }, 'mentions were not read');
      }),
    ),
  );
  return polls.length;
}

async function pollOne(app: App, poll: MentionPoll): Promise<void> {
  const ready = await app.database.withWorker((tx) => prepare(app, tx, poll));
  if (!ready) return;
  const { connector, session, exchanges, account, day } = ready;
  const { list, everyMs } = connector.mentions!;
  const answer = withoutNul(await list(session, poll.newest));
  await app.database.withWorker(async (tx) => {
    // One call was taken before it was made; what it needed beyond that is counted now.
    await addCalls(tx, poll.accountId, day, exchanges.length - 1);
    if (!isStandIn(app, connector)) await countMoreCalls(tx, account, exchanges.length - 1);
    if ('failure' in answer) {
      const { waitMs, outcome } = await noteAskFailure(app, tx, poll, answer.failure);
      return settleMentionPoll(tx, poll, { nextAt: new Date(now().getTime() + waitMs), outcome });
    }
    let fresh = 0;
    for (const mention of answer.mentions) if (await recordMention(tx, poll, mention)) fresh += 1;
    if (fresh > 0) app.live.changed(tx, poll.bureauId, 'cases');
    await countCallSuccess(tx, poll.accountId);
    const nextAt = new Date(now().getTime() + askAgainMs(app, connector, everyMs));
    const outcome = { seen: answer.mentions.length, fresh };
    // Saved with the mentions: after a crash the same ones are told again, and are known.
    await settleMentionPoll(tx, poll, { nextAt, newest: answer.newest, outcome });
  });
}

/** Null when there is nothing to ask now; then the poll's next time is set. */
async function prepare(app: App, tx: Tx, poll: MentionPoll): Promise<AskReady | null> {
  const found = await readyToAsk(app, tx, poll, 'mentions');
  if (!found) await deleteMentionPoll(tx, poll);
  else if ('until' in found)
    await settleMentionPoll(tx, poll, { nextAt: found.until, outcome: { waits: found.why } });
  else return found;
  return null;
}

/** Each mention is a conversation of its own. @returns false when it was here already */
export async function recordMention(
  tx: Tx,
  { bureauId, accountId }: { bureauId: string; accountId: string },
  { platformId, person, text, at }: Mention,
): Promise<boolean> {
  const recorded = await recordInbound(tx, {
    ...{ bureauId, accountId, kind: 'mention', deliveryId: null, attachment: null, window: null },
    ...{ threadKey: platformId, platformId: `mention:${platformId}`, person, text, at },
  });
  return recorded !== null;
}
