/** The stage of the Bilibili tests: the stand-in, one account on it, and a session over the real outbound client. */
import { createHash } from 'node:crypto';
import { bilibili } from '#connectors/bilibili/connector.ts';
import type {
  AccountSession,
  Exchange,
  MediaReader,
  OnceStep,
  PlatformIds,
  PushRequest,
} from '#connectors/contract.ts';
import type { ConnectorStage } from '#connectors/suite.ts';
import { tellVideo } from '#sandbox/bilibili/push.ts';
import { type SetUpAccount, setUpAccount } from '#sandbox/bilibili/set-up.ts';
import { type BilibiliAccount, stateOf } from '#sandbox/bilibili/state.ts';
import type { ArmFault } from '#sandbox/core/faults.ts';
import type { LedgerEntry, LedgerKind } from '#sandbox/core/ledger.ts';
import { type Sandbox, startSandbox } from '#sandbox/start.ts';
import { createPlatformHttp } from '#server/base/egress.ts';
import type { PackageMedia, PackagePayload } from '#shared/package.ts';
import { memoryMedia } from './media-reader.ts';
import { memoryTokens } from './memory-tokens.ts';
import { buildVideo } from './video-file.ts';

export const BILIBILI_OPENID = '9205eeaa';
export const BILIBILI_KEY = '34c0f583f0414123';
export const BILIBILI_SECRET = 'TEST_SECRET';
const ACCESS = 'TEST_ACCESS_TOKEN';
const REFRESH = 'TEST_REFRESH_TOKEN';

if (bilibili.publish.kind !== 'remote') throw new Error('Bilibili publishes by API');
const { publish } = bilibili;

/** The smallest picture that is one: a 1×1 PNG. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const PICTURE: PackageMedia = {
  sha256: createHash('sha256').update(PNG).digest('hex'),
  mime: 'image/png',
  width: 1,
  height: 1,
  size: PNG.length,
  role: 'cover',
  alt: '办事窗口',
};
const small = buildVideo(2048);
/** Three parts: two whole ones and a rest. */
const large = buildVideo(17 * 1024 * 1024);
const media = memoryMedia({
  [PICTURE.sha256]: PNG,
  [small.media.sha256]: small.file,
  [large.media.sha256]: large.file,
});

type Words = { title?: string; text?: string; picture?: boolean; video?: 'small' | 'large' };

export type BilibiliStage = {
  sandbox: Sandbox;
  session: AccountSession;
  exchanges: Exchange[];
  /** Makes a delivery's package; each has a short link of its own. */
  build(words?: Words): PackagePayload;
  media: MediaReader;
  once(): OnceStep;
  arm(path: string, fault: ArmFault['fault'], times?: number): void;
  ledger(kind: LedgerKind): LedgerEntry[];
  /** The account's state on the stand-in. */
  account(): BilibiliAccount;
  prepare(payload: PackagePayload): Promise<PlatformIds>;
  advance(ms: number): void;
  /** API paths called since the last look. */
  calls(): string[];
  /** As another process would see the account: the stored tokens are shared, nothing else. */
  anotherProcess(): AccountSession;
  stop(): Promise<void>;
};

export async function stageBilibili(change: Partial<SetUpAccount> = {}): Promise<BilibiliStage> {
  const sandbox = await startSandbox();
  const { world } = sandbox;
  setUpAccount(world, BILIBILI_OPENID, {
    appKey: BILIBILI_KEY,
    appSecret: BILIBILI_SECRET,
    name: '青川人社',
    accessToken: ACCESS,
    refreshToken: REFRESH,
    ...change,
  });
  const exchanges: Exchange[] = [];
  const http = createPlatformHttp({
    baseUrl: `${sandbox.url}/sandbox/bilibili`,
    allowPrivate: true,
    record: (exchange) => exchanges.push(exchange),
  });
  const session: AccountSession = {
    account: {
      id: 'a7',
      name: '青川人社',
      platform: 'bilibili',
      settings: { appKey: BILIBILI_KEY, category: '15', tid: '21' },
    },
    credentials: {
      appKey: BILIBILI_KEY,
      appSecret: BILIBILI_SECRET,
      category: '15',
      accessToken: ACCESS,
      refreshToken: REFRESH,
      openid: BILIBILI_OPENID,
    },
    // Waiting is not what these tests are about: a stalled answer is given up after a second.
    http: {
      ...http,
      request: (call) => http.request({ ...call, timeoutMs: /upload/.test(call.path) ? 30_000 : 1000 }),
    },
    tokens: memoryTokens(() => world.clock.now()),
    now: () => new Date(world.clock.now()),
    publicUrl: 'https://rs.example.gov.cn',
  };
  let links = 0;
  let seen = 0;
  return {
    sandbox,
    session,
    exchanges,
    media,
    build: (words = {}) =>
      buildPayload(`https://rs.example.gov.cn/s/T0ken${String(++links).padStart(3, '0')}`, words),
    once: memoryOnce,
    arm: (path, fault, times = 1) => void world.faults.arm({ platform: 'bilibili', path, times, fault }),
    ledger: (kind) => world.ledger.list({ platform: 'bilibili', kind }),
    account() {
      const account = stateOf(world).accounts[BILIBILI_OPENID];
      if (!account) throw new Error('no account');
      return account;
    },
    async prepare(payload) {
      const result = await publish.prepare(session, payload, media, memoryOnce());
      if (result.kind !== 'prepared') throw new Error(JSON.stringify(result));
      return result.ids;
    },
    advance: (ms) => world.clock.advance(ms),
    calls() {
      const fresh = exchanges
        .slice(seen)
        .map(({ url }) => new URL(url).pathname.replace('/sandbox/bilibili', ''));
      seen = exchanges.length;
      return fresh;
    },
    anotherProcess: () => ({ ...session, credentials: { ...session.credentials } }),
    stop: () => sandbox.stop(),
  };
}

/** The same as the common suite wants it. */
export async function stageBilibiliForSuite(kind: 'article' | 'video'): Promise<ConnectorStage> {
  const stage = await stageBilibili({ push: { url: 'http://127.0.0.1:9/hooks' } });
  let pushed = 0;
  const { world } = stage.sandbox;
  return {
    ...{ session: stage.session, media: stage.media, once: stage.once, stop: stage.stop, renewsToken: true },
    build: () => stage.build({ picture: true, ...(kind === 'video' ? { video: 'small' } : {}) }),
    armSubmit: (fault) =>
      stage.arm(kind === 'video' ? '/arcopen/fn/archive/add-by-utoken' : '/arcopen/fn/article/add', fault),
    armAll(fault, times) {
      world.faults.clear();
      if (times > 0) world.faults.arm({ platform: 'bilibili', path: '/', times, fault });
    },
    accepted: () => stage.ledger('publish.accepted').length,
    byHand: kind === 'article',
    gone: () => stage.ledger('post.deleted').length,
    calls: () => stage.exchanges.length,
    settle: () => stage.advance(publish.settleMs + 60_000),
    refusals: {
      content: { kind: 'status', status: 200, body: { code: 129005, message: '标题含有特殊文字' } },
      limit: { kind: 'status', status: 200, body: { code: 127009, message: 'api请求次数达到上限' } },
    },
    expireToken() {
      for (const pair of stage.account().tokens) pair.expiresAt = world.clock.now();
    },
    revokeToken() {
      for (const pair of stage.account().tokens) pair.revoked = true;
    },
    pushes() {
      world.pushes.behave('bilibili', { forge: true, tries: 1, timeoutMs: 100 });
      tellVideo(world, stage.account(), {
        ...{ bvid: `BV1push${++pushed}`, title: '一分钟看懂', desc: '', tag: '人社', tid: 21, cover: '' },
        ...{ bytes: 1, state: 'passed', reason: '', at: 0, publishedAt: 0, views: 0 },
      });
      const [forged, genuine] = world.pushes
        .list('bilibili')
        .slice(-2)
        .map(
          ({ http }): PushRequest => ({
            ...{ method: 'POST', query: {}, headers: http.headers, body: Buffer.from(http.body) },
          }),
        );
      return { credentials: stage.session.credentials, forged: forged!, genuine: genuine! };
    },
    pushedKind: 'delivery',
  };
}

const PARAGRAPH =
  '参加企业职工基本养老保险的人员达到法定退休年龄后，可以一次申请五个事项，材料齐全的当场受理。';

function buildPayload(shortLink: string, words: Words): PackagePayload {
  const text = words.text ?? PARAGRAPH.repeat(6);
  const picture = words.picture ? `<figure><img src="media:${PICTURE.sha256}" alt="办事窗口"></figure>` : '';
  const master = {
    title: words.title ?? '退休一件事，一次办好',
    digest: '五个事项一次申请。',
    author: '人社局',
    html: `<h2>办理条件</h2><p>${text}</p>${picture}`,
    text,
    media: [
      ...(words.picture ? [PICTURE] : []),
      ...(words.video ? [(words.video === 'small' ? small : large).media] : []),
    ],
  };
  return {
    ...publish.compose(master, { shortLink, settings: {} }),
    format: 1,
    platform: 'bilibili',
    accountId: '0191d3a0-0000-7000-8000-000000000007',
    mode: 'api',
    reach: 'timeline',
    shortLink,
  };
}

function memoryOnce(): OnceStep {
  const saved = new Map<string, PlatformIds>();
  return async (name, step) => {
    const ids = saved.get(name) ?? (await step());
    saved.set(name, ids);
    return ids;
  };
}
