/** Articles: pictures, handing in, lists, one article, and the review that decides what the public sees. */
import { sniffPicture } from '../core/media.ts';
import type { World } from '../core/world.ts';
import { type Call, required, whole } from './call.ts';
import { Refusal } from './refusal.ts';
import {
  type Article,
  type BilibiliAccount,
  imageAddress,
  imageHash,
  newId,
  PLATFORM,
  stateOf,
} from './state.ts';

const PICTURE_LIMIT = 5 * 1024 * 1024;
const SHORTEST = 200;
const LONGEST = 40_000;
const SCOPE = 'ATC_BASE';

const demandScope = (account: BilibiliAccount): void => {
  if (!account.scopes.includes(SCOPE)) throw new Refusal(127011);
};

/** `POST /arcopen/fn/article/upload/image` */
export function uploadImage({ world, account, file }: Call): unknown {
  demandScope(account);
  const mime = file && sniffPicture(file);
  if (!file || (mime !== 'image/jpeg' && mime !== 'image/png')) throw new Refusal(127102);
  if (file.length > PICTURE_LIMIT) throw new Refusal(127102);
  const sha256 = world.media.keep(file);
  world.ledger.append({
    platform: PLATFORM,
    account: account.openid,
    kind: 'media.uploaded',
    key: sha256,
    detail: { bytes: file.length },
  });
  return { url: imageAddress(sha256, mime === 'image/png' ? 'png' : 'jpg'), size: file.length };
}

/** `POST /arcopen/fn/article/add`: hidden until it was reviewed. */
export function addArticle({ world, account, fields }: Call): unknown {
  demandScope(account);
  const title = required(fields, 'title');
  if ([...title].length > 40) throw new Refusal(129005);
  const content = withoutLinks(required(fields, 'content'));
  const pictures = [...content.matchAll(/<img[^>]*\ssrc="([^"]*)"/g)].map((match) => match[1] ?? '');
  const length = [...wordsOf(content)].length;
  if (length > LONGEST || (length < SHORTEST && pictures.length < 3)) throw new Refusal(127100);
  if (pictures.some((url) => imageHash(url) === null)) throw new Refusal(127100);
  const imageUrls = (fields.image_urls ?? '').split(',').filter(Boolean);
  if (imageUrls.some((url) => imageHash(url) === null)) throw new Refusal(129004);
  const templateId = whole(fields, 'template_id');
  const expected: Record<number, number> = { 3: 3, 4: 1, 5: 0 };
  if (expected[templateId] !== imageUrls.length) throw new Refusal(127100);
  const article: Article = {
    ...{ id: newId(world), title, content, templateId, imageUrls },
    summary: required(fields, 'summary'),
    category: whole(fields, 'category'),
    closedReply: fields.up_closed_reply === '1',
    ...{ state: 'in-review', reason: '', at: world.clock.now(), publishedAt: null },
  };
  account.articles.push(article);
  world.ledger.append({
    platform: PLATFORM,
    account: account.openid,
    kind: 'publish.accepted',
    key: String(article.id),
    detail: { title, pictures: pictures.length },
  });
  if (account.reviewMs !== null)
    world.schedule.after(account.reviewMs, `${PLATFORM}.review`, { openid: account.openid, id: article.id });
  return { id: article.id };
}

/** Links to other sites are taken away, their words stay. */
const withoutLinks = (html: string): string => html.replaceAll(/<\/?a\b[^>]*>/gi, '');
const wordsOf = (html: string): string => html.replaceAll(/<[^>]*>/g, '');

const groupOf: Record<number, Article['state'] | undefined> = { 1: 'in-review', 2: 'passed', 3: 'refused' };

/** `GET /arcopen/fn/article/list`: newest first; the texts are not shown. */
export function listArticles({ account, fields }: Call): unknown {
  demandScope(account);
  const [page, size] = [whole(fields, 'pn', 1), whole(fields, 'ps', 10)];
  if (page < 1 || size < 1 || size > 50) throw new Refusal(127100);
  const wanted = groupOf[whole(fields, 'group', 0)];
  const found = account.articles.filter((article) => !wanted || article.state === wanted).toReversed();
  const shown = found.slice((page - 1) * size, page * size).map((article) => describe(article, false));
  const paging = { pn: page, ps: size, total: found.length };
  return account.listAs === 'articles' ? { articles: shown, artPage: paging } : { list: shown, page: paging };
}

/** `GET /arcopen/fn/article/detail` */
export function showArticle({ account, fields }: Call): unknown {
  demandScope(account);
  const id = whole(fields, 'id');
  const article = account.articles.find((candidate) => candidate.id === id);
  if (!article) throw new Refusal(127124);
  return describe(article, true);
}

/** `GET /arcopen/fn/article/categories` */
export const listCategories = (): unknown => [
  { id: 3, parent_id: 0, name: '生活', children: [{ id: 15, parent_id: 3, name: '日常' }] },
];

function describe(article: Article, whole: boolean): Record<string, unknown> {
  return {
    id: article.id,
    title: article.title,
    summary: article.summary,
    category: { id: article.category, parent_id: 3, name: '日常' },
    template_id: article.templateId,
    // Nobody says what the numbers mean; these are made up so that no client can lean on them.
    state: { 'in-review': 2, passed: 0, refused: -2 }[article.state],
    reason: article.reason,
    image_urls: article.imageUrls,
    ctime: Math.floor(article.at / 1000),
    publish_time: article.publishedAt ? Math.floor(article.publishedAt / 1000) : 0,
    ...(whole ? { content: article.content } : {}),
  };
}

export function reviewArticle(
  world: World,
  openid: string,
  id: number,
  verdict: { passed: true } | { passed: false; reason: string },
): void {
  const account = stateOf(world).accounts[openid];
  const article = account?.articles.find((candidate) => candidate.id === id);
  if (article?.state !== 'in-review') return;
  world.changed();
  if (!verdict.passed) {
    article.state = 'refused';
    article.reason = verdict.reason;
    return;
  }
  article.state = 'passed';
  article.publishedAt = world.clock.now();
  world.ledger.append({
    platform: PLATFORM,
    account: openid,
    kind: 'post.published',
    key: String(id),
    detail: { title: article.title },
  });
}
