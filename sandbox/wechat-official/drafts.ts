import { randomBytes } from 'node:crypto';
import { type Call, DONE, isJson, type Json, optionalText, part, text, whole } from './call.ts';
import { filterContent } from './content.ts';
import { Refusal } from './refusal.ts';
import { type Article, type Draft, PLATFORM } from './state.ts';

/** An article whose text holds this is refused for its content (45166), so that the refusal can be tried. */
const REFUSED_TEXT = '【平台拒绝的内容】';

const LIMITS = {
  title: 32,
  author: 16,
  digest: 128,
  content: 20_000,
  contentBytes: 1_048_576,
  sourceBytes: 1024,
};

export function addDraft(call: Call): Json {
  const given = call.body.articles;
  if (!Array.isArray(given)) throw new Refusal(47001);
  if (given.length === 0 || given.length > 8) throw new Refusal(44003);
  const articles = given.map((article) => readArticle(call, article));
  const mediaId = randomBytes(48).toString('base64url');
  call.account.drafts[mediaId] = { mediaId, articles, updatedAt: call.world.clock.now() };
  call.world.ledger.append({
    platform: PLATFORM,
    account: call.account.appid,
    kind: 'draft.created',
    key: mediaId,
    detail: { title: articles[0]?.title },
  });
  return { media_id: mediaId };
}

export function updateDraft(call: Call): Json {
  const draft = findDraft(call);
  const index = whole(call.body, 'index');
  if (index < 0 || index >= draft.articles.length) throw new Refusal(40114);
  draft.articles[index] = readArticle(call, { ...draft.articles[index], ...part(call.body, 'articles') });
  draft.updatedAt = call.world.clock.now();
  call.world.ledger.append({
    platform: PLATFORM,
    account: call.account.appid,
    kind: 'draft.updated',
    key: draft.mediaId,
    detail: { index, title: draft.articles[index]?.title },
  });
  return DONE;
}

export function getDraft(call: Call): Json {
  const draft = findDraft(call);
  return { news_item: draft.articles.map((article) => shown(article, true)), ...stamps(draft) };
}

export function listDrafts(call: Call): Json {
  const all = Object.values(call.account.drafts).toSorted((a, b) => b.updatedAt - a.updatedAt);
  const { offset, count, withContent } = paging(call);
  const item = all.slice(offset, offset + count).map((draft) => ({
    media_id: draft.mediaId,
    content: { news_item: draft.articles.map((article) => shown(article, withContent)), ...stamps(draft) },
    update_time: Math.floor(draft.updatedAt / 1000),
  }));
  return { total_count: all.length, item_count: item.length, item };
}

export function deleteDraft(call: Call): Json {
  const draft = findDraft(call);
  delete call.account.drafts[draft.mediaId];
  const { appid } = call.account;
  call.world.ledger.append({
    platform: PLATFORM,
    account: appid,
    kind: 'draft.deleted',
    key: draft.mediaId,
    detail: {},
  });
  return DONE;
}

export const countDrafts = (call: Call): Json => ({ total_count: Object.keys(call.account.drafts).length });

export function findDraft(call: Call, mediaId = text(call.body, 'media_id', 40007)): Draft {
  const draft = call.account.drafts[mediaId];
  if (!draft) throw new Refusal(40007);
  return draft;
}

export function paging(call: Call): { offset: number; count: number; withContent: boolean } {
  const offset = whole(call.body, 'offset', 0);
  const count = whole(call.body, 'count', 20);
  if (offset < 0 || count < 1 || count > 20) throw new Refusal(40097);
  return { offset, count, withContent: whole(call.body, 'no_content', 0) === 0 };
}

/** An article as the platform tells it back. */
export function shown(article: Article, withContent: boolean): Json {
  return { ...article, content: withContent ? article.content : '', thumb_url: '', is_deleted: false };
}

const stamps = (draft: Draft): Json => ({
  create_time: Math.floor(draft.updatedAt / 1000),
  update_time: Math.floor(draft.updatedAt / 1000),
});

function readArticle(call: Call, given: unknown): Article {
  if (!isJson(given)) throw new Refusal(47001);
  const article: Article = {
    article_type: given.article_type === 'newspic' ? 'newspic' : 'news',
    title: text(given, 'title', 44003),
    author: optionalText(given, 'author'),
    digest: optionalText(given, 'digest'),
    content: text(given, 'content', 44003),
    content_source_url: optionalText(given, 'content_source_url'),
    thumb_media_id: optionalText(given, 'thumb_media_id'),
    need_open_comment: given.need_open_comment === 1 ? 1 : 0,
    only_fans_can_comment: given.only_fans_can_comment === 1 ? 1 : 0,
  };
  checkLimits(article);
  if (article.article_type === 'news' && !call.account.materials[article.thumb_media_id]) {
    throw new Refusal(40007);
  }
  const content = filterContent(article.content);
  const digest = article.digest || content.replaceAll(/<[^>]*>/g, '').slice(0, 54);
  return { ...article, content, digest };
}

function checkLimits(article: Article): void {
  if (article.title === '' || article.content === '') throw new Refusal(44003);
  if ([...article.title].length > LIMITS.title) throw new Refusal(45003);
  if ([...article.author].length > LIMITS.author) throw new Refusal(45110);
  if ([...article.digest].length > LIMITS.digest) throw new Refusal(45004);
  if ([...article.content].length >= LIMITS.content) throw new Refusal(45002);
  if (Buffer.byteLength(article.content) >= LIMITS.contentBytes) throw new Refusal(45002);
  const source = article.content_source_url;
  if (Buffer.byteLength(source) > LIMITS.sourceBytes) throw new Refusal(41039);
  if (source !== '' && !/^https?:\/\/\S+$/.test(source)) throw new Refusal(41039);
  if (article.content.includes(REFUSED_TEXT)) throw new Refusal(45166);
}
