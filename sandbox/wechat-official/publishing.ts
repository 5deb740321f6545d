/** `freepublish`: queued at once, out a little later; followers are not notified. */
import { randomBytes } from 'node:crypto';
import type { World } from '../core/world.ts';
import { type Call, DONE, type Json, text, whole } from './call.ts';
import { findDraft, paging, shown } from './drafts.ts';
import { pushPublishFinished } from './events.ts';
import { longAddress, publicationInfo } from './publication-info.ts';
import { Refusal } from './refusal.ts';
import { nextId, PLATFORM, type Publication, stateOf, type WechatAccount } from './state.ts';

/** Titles or texts with these end in the platform's failures 4 and 2, so that both can be tried. */
const AUDIT_FAILS = '【审核不通过】';
const ORIGINAL_FAILS = '【原创校验失败】';
/** Name of the scheduled work that finishes a publication. */
const FINISH = 'wechat-official.finish-publication';

export function submitPublication(call: Call): Json {
  const { account, world } = call;
  if (!account.verified) throw new Refusal(48001);
  const draft = findDraft(call);
  const publication: Publication = {
    publishId: String(2_247_480_000 + nextId(world)),
    msgDataId: String(2_247_483_000 + nextId(world)),
    draftId: draft.mediaId,
    articles: structuredClone(draft.articles),
    submittedAt: world.clock.now(),
    status: 1,
    failIdx: [],
    articleId: null,
    publishedAt: null,
    pageBase: account.pageBase ?? call.origin,
  };
  account.publications.push(publication);
  world.ledger.append({
    platform: PLATFORM,
    account: account.appid,
    kind: 'publish.accepted',
    key: publication.publishId,
    detail: { draft: draft.mediaId, title: draft.articles[0]?.title },
  });
  const { appid } = account;
  world.schedule.after(account.publishDelayMs, FINISH, { appid, publishId: publication.publishId });
  const { publishId, msgDataId } = publication;
  return { errcode: 0, errmsg: 'ok', publish_id: publishId, msg_data_id: msgDataId };
}

export function handleFinish(world: World): void {
  world.schedule.handle(FINISH, (data) => {
    const account = stateOf(world).accounts[String(data.appid)];
    const publication = account?.publications.find((candidate) => candidate.publishId === data.publishId);
    if (!account || publication?.status !== 1) return;
    finish(world, account, publication);
    world.changed();
    pushPublishFinished(world, account, publication);
  });
}

function finish(world: World, account: WechatAccount, publication: Publication): void {
  publication.failIdx = indexesWith(publication, AUDIT_FAILS);
  if (publication.failIdx.length > 0) {
    publication.status = 4;
    return;
  }
  publication.failIdx = indexesWith(publication, ORIGINAL_FAILS);
  if (publication.failIdx.length > 0) {
    publication.status = 2;
    return;
  }
  publication.status = 0;
  publication.articleId = randomBytes(32).toString('base64url');
  publication.publishedAt = world.clock.now();
  delete account.drafts[publication.draftId];
  openComments(account, publication.msgDataId, publication.articles);
  world.ledger.append({
    platform: PLATFORM,
    account: account.appid,
    kind: 'post.published',
    key: publication.articleId,
    detail: { reach: 'publish', publishId: publication.publishId, ...firstArticle(publication.articles) },
  });
}

const indexesWith = (publication: Publication, mark: string): number[] =>
  publication.articles.flatMap((article, at) =>
    article.title.includes(mark) || article.content.includes(mark) ? [at + 1] : [],
  );

/** What the ledger keeps of a post, to tell one from another. */
export function firstArticle(articles: Publication['articles']): Json {
  const first = articles[0];
  return {
    title: first?.title,
    sourceUrl: first?.content_source_url,
    contentLength: first?.content.length,
  };
}

export function openComments(
  account: WechatAccount,
  msgDataId: string,
  articles: Publication['articles'],
): void {
  for (const [index, article] of articles.entries()) {
    if (article.need_open_comment === 1) account.commenting[`${msgDataId}-${index}`] = true;
  }
}

export function getPublication(call: Call): Json {
  const publishId = text(call.body, 'publish_id');
  const publication = call.account.publications.find((candidate) => candidate.publishId === publishId);
  if (!publication) throw new Refusal(40097);
  return publicationInfo(publication);
}

export function listPublications(call: Call): Json {
  const out = call.account.publications
    .filter((publication) => publication.status === 0)
    .toSorted((a, b) => (b.publishedAt ?? 0) - (a.publishedAt ?? 0));
  const { offset, count, withContent } = paging(call);
  const item = out.slice(offset, offset + count).map((publication) => ({
    article_id: publication.articleId,
    ...articleContent(publication, withContent),
    update_time: Math.floor((publication.publishedAt ?? 0) / 1000),
  }));
  return { total_count: out.length, item_count: item.length, item };
}

export const getArticle = (call: Call): Json => ({
  news_item: articleContent(findPublished(call), true).content.news_item,
});

/** `index` counts from 1; 0 or none deletes every article of the publication. */
export function deletePublication(call: Call): Json {
  const publication = findPublished(call);
  const index = whole(call.body, 'index', 0);
  if (index < 0 || index > publication.articles.length) throw new Refusal(40114);
  if (index === 0 || publication.articles.length === 1) publication.status = 5;
  else publication.articles.splice(index - 1, 1);
  const { appid } = call.account;
  const key = publication.articleId ?? '';
  call.world.ledger.append({
    platform: PLATFORM,
    account: appid,
    kind: 'post.deleted',
    key,
    detail: { index },
  });
  return DONE;
}

function findPublished(call: Call): Publication {
  const articleId = text(call.body, 'article_id', 53600);
  const found = call.account.publications.find(
    (publication) => publication.articleId === articleId && publication.status === 0,
  );
  if (!found) throw new Refusal(53600);
  return found;
}

function articleContent(publication: Publication, withContent: boolean): { content: { news_item: Json[] } } {
  const newsItems = publication.articles.map((article, at) => ({
    ...shown(article, withContent),
    url: longAddress(publication.pageBase, publication.msgDataId, at + 1),
  }));
  return { content: { news_item: newsItems } };
}
