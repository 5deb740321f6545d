/** Who named the account, by `GET /api/v1/notifications`. What answers a post of ours is a comment there already. */
import type { MentionsCapability } from '../contract.ts';
import { asksAgain, call, failureOf } from './client.ts';
import { readOwner } from './instance.ts';
import { Notifications } from './shapes.ts';
import { plainText, withoutMentions } from './text.ts';

const PAGE_SIZE = 40;

export const mentions: MentionsCapability = {
  everyMs: 10 * 60_000,
  async list(session, since) {
    const owner = await readOwner(session);
    if ('failure' in owner) return owner;
    const answer = await call(session, {
      method: 'GET',
      path: '/api/v1/notifications',
      query: { 'types[]': 'mention', limit: PAGE_SIZE, ...(since ? { since_id: since } : {}) },
    });
    if (answer.kind !== 'ok') return { failure: failureOf(answer) };
    const read = Notifications.safeParse(answer.json);
    if (!read.success) return { failure: asksAgain('unreadable-notifications') };
    // Some servers ignore the filter of types.
    const found = read.data.flatMap(({ type, status }) =>
      type === 'mention' && status && status.in_reply_to_account_id !== owner.id ? [status] : [],
    );
    return {
      mentions: found.toReversed().map((status) => ({
        platformId: status.id,
        person: {
          key: status.account.url ?? status.account.id,
          name: status.account.display_name || status.account.acct,
        },
        text: withoutMentions(plainText(status.content)),
        at: status.created_at,
      })),
      newest: read.data[0]?.id ?? since,
    };
  },
};
