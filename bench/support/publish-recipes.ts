/**
 * For each platform: an account on both sides, and the calls that its connector makes for one post, in plain `fetch`.
 * The limits of the stand-ins are the platforms' own; twenty posts an account stay below them.
 */
import { randomUUID } from 'node:crypto';
import { signCall } from '#connectors/bilibili/signature.ts';
import type { PackagePayload, Reach } from '#shared/package.ts';
import { formOf, getJson, postForm, postJson, readJson, remembered } from './publish-calls.ts';
import { clip } from './publish-clip.ts';

export type BenchAccount = {
  settings: Record<string, string>;
  secrets: Record<string, string>;
  /** `PUT /sandbox/_control/<platform>/accounts/<id>` makes it on the stand-in. */
  standIn: { id: string; body: Record<string, unknown> };
};

export type FloorPost = {
  /** Where the stand-in's API begins. */
  base: string;
  account: BenchAccount;
  payload: PackagePayload;
  picture: Buffer;
  /** Access tokens by account, fetched once. */
  tokens: Map<string, Promise<string>>;
};

export type Recipe = {
  reach: Reach;
  /** The kind of ledger entry that the irreversible call leaves. */
  accepted: string;
  account(number: number, boundDomain: string): BenchAccount;
  /** One post, to the platform's word that it took it. */
  post(post: FloorPost): Promise<void>;
};

const digits = (number: number, length: number) => String(number).padStart(length, '0');
const yearMs = 365 * 86_400_000;

const wechat: Recipe = {
  reach: 'publish',
  accepted: 'publish.accepted',
  account(number) {
    const appId = `wx${digits(number, 16)}`;
    const secret = `bench-secret-${number}`;
    return {
      settings: { appId, originalId: `gh_${digits(number, 12)}`, kind: 'service' },
      secrets: { appSecret: secret, token: 'benchtoken', encodingAESKey: 'A'.repeat(43) },
      standIn: {
        id: appId,
        body: { secret, name: `压测公众号${number}`, kind: 'service', publishDelayMs: 0 },
      },
    };
  },
  async post({ base, account, payload, picture, tokens }) {
    const { appId: appid = '' } = account.settings;
    const token = await remembered(tokens, appid, async () => {
      const asked = { grant_type: 'client_credential', appid, secret: account.secrets.appSecret };
      return String((await postJson(`${base}/cgi-bin/stable_token`, asked)).access_token);
    });
    const at = (path: string) => `${base}/cgi-bin/${path}access_token=${token}`;
    const cover = await postForm(at('material/add_material?type=image&'), formOf({}, 'media', picture));
    const draft = await postJson(at('draft/add?'), {
      articles: [
        {
          ...{ article_type: 'news', title: payload.title, author: payload.author, digest: payload.digest },
          ...{ content: payload.body.value, content_source_url: payload.sourceUrl },
          ...{ thumb_media_id: cover.media_id, need_open_comment: 1, only_fans_can_comment: 0 },
        },
      ],
    });
    const { publish_id } = await postJson(at('freepublish/submit?'), { media_id: draft.media_id });
    await postJson(at('freepublish/get?'), { publish_id });
  },
};

const weibo: Recipe = {
  reach: 'timeline',
  accepted: 'post.published',
  account(number, boundDomain) {
    const uid = String(1_900_000_000 + number);
    const token = `2.00bench${digits(number, 12)}`;
    const app = { appKey: String(1_000_000_000 + number), appSecret: 'bench-secret' };
    return {
      settings: { appKey: app.appKey, uid, boundDomain, operatorIp: '203.0.113.7' },
      secrets: { appSecret: app.appSecret, accessToken: token },
      standIn: { id: uid, body: { ...app, name: `压测微博${number}`, boundDomain, token } },
    };
  },
  async post({ base, account, payload, picture }) {
    const { accessToken: access_token = '' } = account.secrets;
    await postForm(`${base}/oauth2/get_token_info`, new URLSearchParams({ access_token }));
    const fields = { access_token, status: payload.body.value, rip: account.settings.operatorIp ?? '' };
    await postForm(`${base}/2/statuses/share.json`, formOf(fields, 'pic', picture));
  },
};

const douyin: Recipe = {
  reach: 'timeline',
  accepted: 'publish.accepted',
  account(number) {
    const openId = `bench-open-id-${digits(number, 8)}`;
    const refreshToken = `rft.bench${digits(number, 12)}`;
    const app = { clientKey: `benchkey${number}`, clientSecret: 'bench-secret' };
    return {
      settings: { clientKey: app.clientKey, scopes: 'user_info,video.create.bind,video.data.bind' },
      secrets: {
        ...{ clientSecret: app.clientSecret, openId, refreshToken },
        refreshExpiresAt: new Date(Date.now() + 29 * 86_400_000).toISOString(),
      },
      standIn: { id: openId, body: { ...app, name: `压测抖音${number}`, refreshToken, reviewDelayMs: 0 } },
    };
  },
  async post({ base, account, payload, picture, tokens }) {
    const { openId = '', refreshToken = '' } = account.secrets;
    const token = await remembered(tokens, openId, async () => {
      const fields = { client_key: account.settings.clientKey ?? '', grant_type: 'refresh_token' };
      const form = new URLSearchParams({ ...fields, refresh_token: refreshToken });
      const answer = await postForm(`${base}/oauth/refresh_token/`, form);
      return String((answer.data as Record<string, unknown>).access_token);
    });
    const headers = { 'access-token': token };
    const at = (path: string) => `${base}/api/douyin/v1/video/${path}/?open_id=${openId}`;
    const { data } = await postForm(at('upload_image'), formOf({}, 'image', picture), headers);
    const { image } = data as { image: { image_id: string } };
    await postJson(
      at('create_image_text'),
      { text: payload.body.value, image_list: [image.image_id] },
      headers,
    );
  },
};

const bilibili: Recipe = {
  reach: 'timeline',
  accepted: 'publish.accepted',
  account(number) {
    const openid = `bench-openid-${digits(number, 8)}`;
    const pair = { accessToken: `benchaccess${number}`, refreshToken: `benchrefresh${number}` };
    const app = { appKey: `benchkey${number}`, appSecret: 'bench-secret' };
    const accessEndsAt = new Date(Date.now() + yearMs).toISOString();
    return {
      settings: { appKey: app.appKey, category: '17', openid },
      secrets: { appSecret: app.appSecret, ...pair, accessEndsAt },
      standIn: {
        id: openid,
        body: { ...app, ...pair, name: `压测哔哩${number}`, reviewMs: 0, tokenLifeMs: yearMs },
      },
    };
  },
  async post({ base, account, payload, picture }) {
    const signed = () => {
      const headers = signCall({
        ...{ accessKey: account.settings.appKey ?? '', secret: account.secrets.appSecret ?? '' },
        ...{ accessToken: account.secrets.accessToken ?? '', body: '' },
        ...{ nonce: randomUUID(), now: new Date() },
      });
      return headers;
    };
    const at = (path: string) => `${base}/arcopen/fn/${path}`;
    await getJson(at('user/account/scopes'), { 'content-type': 'application/json', ...signed() });
    const { data } = await postForm(at('article/upload/image'), formOf({}, 'file', picture), signed());
    const form = formOf({
      ...{ title: payload.title ?? '', category: '17', template_id: '4', summary: payload.digest ?? '' },
      ...{ content: payload.body.value, original: '0', up_closed_reply: '0' },
      image_urls: (data as { url: string }).url,
    });
    await postForm(at('article/add'), form, signed());
  },
};

const kuaishou: Recipe = {
  reach: 'timeline',
  accepted: 'publish.accepted',
  account(number) {
    const openId = `bench-open-id-${digits(number, 8)}`;
    const pair = { accessToken: `benchaccess${number}`, refreshToken: `benchrefresh${number}` };
    const app = { appId: `benchapp${number}`, appSecret: 'bench-secret' };
    const ends = new Date(Date.now() + yearMs).toISOString();
    return {
      settings: { appId: app.appId },
      secrets: {
        ...{ appSecret: app.appSecret, openId, ...pair, accessEndsAt: ends, refreshEndsAt: ends },
        grantedScopes: 'user_info,user_video_publish,user_video_info',
      },
      standIn: {
        id: openId,
        body: { ...app, ...pair, name: `压测快手${number}`, reviewMs: 0, tokenLifeMs: yearMs },
      },
    };
  },
  async post({ base, account, payload, picture }) {
    const query = new URLSearchParams({
      access_token: account.secrets.accessToken ?? '',
      app_id: account.settings.appId ?? '',
    });
    await getJson(`${base}/openapi/user_info?${query}`);
    const started = await postForm(`${base}/openapi/photo/start_upload?${query}`, new URLSearchParams());
    const token = new URLSearchParams({ upload_token: String(started.upload_token) });
    const headers = { 'content-type': 'application/octet-stream' };
    const body = new Uint8Array(clip);
    await readJson(await fetch(`${base}/api/upload?${token}`, { method: 'POST', headers, body }));
    const form = formOf({ caption: payload.body.value }, 'cover', picture);
    await postForm(`${base}/openapi/photo/publish?${query}&${token}`, form);
  },
};

const mastodon: Recipe = {
  reach: 'timeline',
  accepted: 'post.published',
  account(number) {
    const username = `bench${number}`;
    const token = `mastodon-token-${digits(number, 12)}`;
    return {
      settings: { instanceUrl: 'https://mastodon.bench.example', username },
      secrets: { accessToken: token },
      standIn: { id: username, body: { name: `压测长毛象${number}`, token } },
    };
  },
  async post({ base, account, payload, picture }) {
    const headers = { authorization: `Bearer ${account.secrets.accessToken}` };
    await getJson(`${base}/api/v1/accounts/verify_credentials`, headers);
    await getJson(`${base}/api/v2/instance`, headers);
    const { id } = await postForm(`${base}/api/v2/media`, formOf({}, 'file', picture), headers);
    await getJson(`${base}/api/v1/media/${id}`, headers);
    const status = { status: payload.body.value, media_ids: [id], visibility: 'public', language: 'zh' };
    await postJson(`${base}/api/v1/statuses`, status, { ...headers, 'idempotency-key': randomUUID() });
  },
};

const wordpress: Recipe = {
  reach: 'page',
  accepted: 'post.published',
  account(number) {
    const username = `bench${number}`;
    const password = `bench-password-${digits(number, 8)}`;
    return {
      settings: { siteUrl: 'https://site.bench.example', username },
      secrets: { applicationPassword: password },
      standIn: { id: username, body: { name: `压测站${number}`, applicationPassword: password } },
    };
  },
  async post({ base, account, payload, picture }) {
    const login = `${account.settings.username}:${account.secrets.applicationPassword}`;
    const headers = { authorization: `Basic ${Buffer.from(login).toString('base64')}` };
    const at = (path: string) => `${base}/wp-json/wp/v2/${path}`;
    await getJson(at('users/me?context=edit'), headers);
    const { id: cover } = await postForm(at('media'), formOf({}, 'file', picture), headers);
    const slug = `bench-${randomUUID()}`;
    const search = `posts?context=edit&slug=${slug}&status=publish,future,draft,pending,private`;
    await fetch(at(search), { headers }).then((response) => response.json());
    const text = { title: payload.title, content: payload.body.value, excerpt: payload.digest };
    const draft = { ...text, status: 'draft', slug, featured_media: cover };
    const { id } = await postJson(at('posts'), draft, headers);
    await postJson(at(`posts/${id}`), { ...text, status: 'publish' }, headers);
  },
};

export const recipes: Readonly<Record<string, Recipe>> = {
  'wechat-official': wechat,
  ...{ weibo, douyin, kuaishou, bilibili, mastodon, wordpress },
};

/** @throws {Error} for a platform without a recipe */
export function getRecipe(platform: string): Recipe {
  const recipe = recipes[platform];
  if (!recipe) throw new Error(`no recipe for ${platform}`);
  return recipe;
}
