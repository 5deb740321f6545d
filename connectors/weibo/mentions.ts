/** Who named the account in a post or comment of their own. Ordinary applications see people who once authorised them. */
import type { AccountSession, Mention, MentionsCapability, Outcome } from '../contract.ts';
import { asksAgain, callAs, failureOf } from './client.ts';
import { apiPath } from './credential.ts';
import { CommentPage, MentionPage } from './shapes.ts';

const PAGE_SIZE = 50;

export const mentions: MentionsCapability = {
  /** Two calls each time: four times a day are eight of the hundred. */
  everyMs: 6 * 3_600_000,
  async list(session, since) {
    const posts = await read(session, 'statuses/mentions', since);
    if ('failure' in posts) return posts;
    const comments = await read(session, 'comments/mentions', since);
    if ('failure' in comments) return comments;
    const found = [...posts, ...comments].toSorted((a, b) => a.at.getTime() - b.at.getTime());
    // Posts and comments take their numbers from one row.
    const newest = found
      .map(({ platformId }) => platformId)
      .toSorted(byNumber)
      .at(-1);
    return { mentions: found, newest: newest ?? since };
  },
};

const byNumber = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : 1);

async function read(
  session: AccountSession,
  name: 'statuses/mentions' | 'comments/mentions',
  since: string | null,
): Promise<Mention[] | { failure: Outcome }> {
  const answer = await callAs(session, {
    method: 'GET',
    path: apiPath(session, name),
    query: { since_id: since ?? '0', count: PAGE_SIZE, page: 1 },
  });
  if (answer.kind !== 'ok') return { failure: failureOf(answer) };
  const page =
    name === 'statuses/mentions' ? MentionPage.safeParse(answer.json) : CommentPage.safeParse(answer.json);
  if (!page.success) return { failure: asksAgain('unreadable-mentions') };
  const items = 'statuses' in page.data ? page.data.statuses : page.data.comments;
  const own = session.account.settings.uid;
  return items.flatMap(({ id, user, text, at }) =>
    user && user.id !== own ? [{ platformId: id, person: { key: user.id, name: user.name }, text, at }] : [],
  );
}
