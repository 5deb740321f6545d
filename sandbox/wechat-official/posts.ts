/** Posts of an account as its followers see them, whichever way they went out. */
import type { Article, WechatAccount } from './state.ts';

export type Post = {
  msgDataId: string;
  index: number;
  article: Article;
  at: number;
  /** True when every follower was notified. */
  pushed: boolean;
};

/** Newest first. */
export function listPosts(account: WechatAccount): Post[] {
  const published = account.publications
    .filter((out) => out.status === 0)
    .flatMap((out) => posts(out.msgDataId, out.articles, out.publishedAt ?? 0, false));
  const sent = account.massSends
    .filter((send) => send.state === 'sent')
    .flatMap((send) => posts(send.msgDataId, send.articles, send.sentAt ?? 0, true));
  return [...published, ...sent].toSorted((a, b) => b.at - a.at || a.index - b.index);
}

const posts = (msgDataId: string, articles: Article[], at: number, pushed: boolean): Post[] =>
  articles.map((article, index) => ({ msgDataId, index, article, at, pushed }));

export function findPost(account: WechatAccount, msgDataId: string, index: number): Post | undefined {
  return listPosts(account).find((post) => post.msgDataId === msgDataId && post.index === index);
}

/** Whether an address leads to an article that its publisher deleted. */
export const wasDeleted = (account: WechatAccount, msgDataId: string): boolean =>
  account.publications.some((out) => out.msgDataId === msgDataId && out.status === 5) ||
  account.massSends.some((send) => send.msgDataId === msgDataId && send.state === 'deleted');
