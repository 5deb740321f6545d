/** The stage of the Douyin tests: the stand-in, one account on it, and a session over the real outbound client. */
import { createHash } from 'node:crypto';
import type {
  AccountSession,
  Exchange,
  MediaReader,
  OnceStep,
  Outcome,
  PlatformIds,
} from '#connectors/contract.ts';
import { douyin } from '#connectors/douyin/connector.ts';
import type { ArmFault } from '#sandbox/core/faults.ts';
import type { LedgerEntry, LedgerKind } from '#sandbox/core/ledger.ts';
import { type SetUpAccount, setUpAccount } from '#sandbox/douyin/set-up.ts';
import { type DouyinAccount, stateOf } from '#sandbox/douyin/state.ts';
import { type Sandbox, startSandbox } from '#sandbox/start.ts';
import { createPlatformHttp } from '#server/base/egress.ts';
import type { PackageMedia, PackagePayload } from '#shared/package.ts';
import { memoryMedia } from './media-reader.ts';
import { memoryTokens } from './memory-tokens.ts';
import { buildVideo } from './video-file.ts';

export const DOUYIN_OPEN_ID = 'ba253642-0590-40bc-9bdf-9a1334b94059';
export const DOUYIN_KEY = 'awtestclientkey1';
export const DOUYIN_SECRET = 'test_client_secret_0001';
export const DOUYIN_REFRESH = 'rft.TEST_REFRESH_TOKEN';
const DAY_MS = 86_400_000;

if (douyin.publish.kind !== 'remote') throw new Error('Douyin publishes by API');
const { publish } = douyin;

/** The smallest picture that is one: a 1×1 PNG. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

export const DOUYIN_PICTURE: PackageMedia = {
  sha256: createHash('sha256').update(PNG).digest('hex'),
  mime: 'image/png',
  width: 1,
  height: 1,
  size: PNG.length,
  role: 'cover',
  alt: '办事窗口',
};

const small = buildVideo(2048);
/** Two parts: twenty megabytes and six. */
const large = buildVideo(26 * 1024 * 1024);
const media = memoryMedia({
  [DOUYIN_PICTURE.sha256]: PNG,
  [small.media.sha256]: small.file,
  [large.media.sha256]: large.file,
});

type Words = { title?: string; text?: string; linkForm?: 'link' | 'code'; video?: 'small' | 'large' };

export type DouyinStage = {
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
  account(): DouyinAccount;
  /** Prepares and returns the ids; throws when preparation ends otherwise. */
  prepare(payload: PackagePayload): Promise<PlatformIds>;
  /** Prepares and submits. */
  submit(payload: PackagePayload): Promise<Outcome>;
  advance(ms: number): void;
  /** API paths called since the last look. */
  calls(): string[];
  stop(): Promise<void>;
};

export async function stageDouyin(change: Partial<SetUpAccount> = {}): Promise<DouyinStage> {
  const sandbox = await startSandbox();
  const { world } = sandbox;
  setUpAccount(world, DOUYIN_OPEN_ID, {
    clientKey: DOUYIN_KEY,
    clientSecret: DOUYIN_SECRET,
    name: '青川人社',
    refreshToken: DOUYIN_REFRESH,
    reviewDelayMs: 60_000,
    earlier: ['社保卡申领指南'],
    ...change,
  });
  // What was there before lies outside every window.
  world.clock.advance(3_600_000);
  const exchanges: Exchange[] = [];
  const http = createPlatformHttp({
    baseUrl: `${sandbox.url}/sandbox/douyin`,
    allowPrivate: true,
    record: (exchange) => exchanges.push(exchange),
  });
  const session: AccountSession = {
    account: {
      id: 'a3',
      name: '青川人社',
      platform: 'douyin',
      settings: { clientKey: DOUYIN_KEY, scopes: 'user_info,video.create.bind' },
    },
    credentials: {
      clientSecret: DOUYIN_SECRET,
      openId: DOUYIN_OPEN_ID,
      refreshToken: DOUYIN_REFRESH,
      refreshExpiresAt: new Date(world.clock.now() + 30 * DAY_MS - 3_600_000).toISOString(),
      grantedScopes: stateOf(world).accounts[DOUYIN_OPEN_ID]!.scopes.join(','),
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
  async function prepare(payload: PackagePayload): Promise<PlatformIds> {
    const result = await publish.prepare(session, payload, media, memoryOnce());
    if (result.kind !== 'prepared') throw new Error(JSON.stringify(result));
    return result.ids;
  }
  return {
    sandbox,
    session,
    exchanges,
    media,
    build: (words = {}) =>
      buildPayload(`https://rs.example.gov.cn/s/T0ken${String(++links).padStart(3, '0')}`, words),
    once: memoryOnce,
    arm: (path, fault, times = 1) => void world.faults.arm({ platform: 'douyin', path, times, fault }),
    ledger: (kind) => world.ledger.list({ platform: 'douyin', kind }),
    account() {
      const account = stateOf(world).accounts[DOUYIN_OPEN_ID];
      if (!account) throw new Error('no account');
      return account;
    },
    prepare,
    submit: async (payload) => publish.submit(session, payload, await prepare(payload), media),
    advance: (ms) => world.clock.advance(ms),
    calls() {
      const fresh = exchanges
        .slice(seen)
        .map(({ url }) => new URL(url).pathname.replace('/sandbox/douyin', ''));
      seen = exchanges.length;
      return fresh;
    },
    stop: () => sandbox.stop(),
  };
}

function buildPayload(shortLink: string, words: Words): PackagePayload {
  const text = words.text ?? '材料齐全的，当场受理。五个事项一次申请。';
  const master = {
    title: words.title ?? '退休一件事，一次办好',
    digest: '',
    author: '人社局',
    html: `<p>${text}</p>`,
    text,
    media: [DOUYIN_PICTURE, ...(words.video ? [(words.video === 'small' ? small : large).media] : [])],
  };
  return {
    ...publish.compose(master, { shortLink, settings: { linkForm: words.linkForm ?? 'link' } }),
    format: 1,
    platform: 'douyin',
    accountId: '0191d3a0-0000-7000-8000-000000000003',
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
