/** How a publication is told: to who asks, and in the push. */
import type { Json } from './call.ts';
import type { Publication } from './state.ts';

export function publicationInfo(publication: Publication): Json {
  const { publishId, status, articleId, failIdx } = publication;
  const base = { publish_id: publishId, publish_status: status, fail_idx: failIdx };
  if (articleId === null) return base;
  const item = publication.articles.map((_article, at) => ({
    idx: at + 1,
    article_url: shortAddress(publication.pageBase, articleId, at + 1),
  }));
  return { ...base, article_id: articleId, article_detail: { count: item.length, item } };
}

const shortAddress = (base: string, articleId: string, idx: number): string =>
  `${base}/sandbox/wechat-official/s/${articleId}${idx === 1 ? '' : `?idx=${idx}`}`;

/** The long form that carries `mid`, by which comments are addressed. */
export const longAddress = (base: string, msgDataId: string, idx: number): string =>
  `${base}/sandbox/wechat-official/s?__biz=SANDBOX&mid=${msgDataId}&idx=${idx}&sn=0`;
