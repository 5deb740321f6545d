/** The stage of the Weibo tests: the stand-in, one account on it, and a session over the real outbound client. */
import { createHash } from 'node:crypto';
import type {
  AccountSession,
  Exchange,
  MediaReader,
  OnceStep,
  Outcome,
  PlatformIds,
} from '#connectors/contract.ts';
import { weibo } from '#connectors/weibo/connector.ts';
import type { ArmFault } from '#sandbox/core/faults.ts';
import type { LedgerEntry, LedgerKind } from '#sandbox/core/ledger.ts';
import { type Sandbox, startSandbox } from '#sandbox/start.ts';
import { type SetUpAccount, setUpAccount } from '#sandbox/weibo/set-up.ts';
import { stateOf, type WeiboAccount } from '#sandbox/weibo/state.ts';
import { createPlatformHttp } from '#server/base/egress.ts';
import type { PackageMedia, PackagePayload } from '#shared/package.ts';
import { memoryMedia } from './media-reader.ts';

export const WEIBO_UID = '1900000001';
export const WEIBO_TOKEN = 'TEST_TOKEN';
export const WEIBO_SECRET = 'TEST_SECRET';

if (weibo.publish.kind !== 'remote') throw new Error('Weibo publishes by API');
const { publish } = weibo;

/** The smallest picture that is one: a 1×1 PNG. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

export const WEIBO_PICTURE: PackageMedia = {
  sha256: createHash('sha256').update(PNG).digest('hex'),
  mime: 'image/png',
  width: 1,
  height: 1,
  size: PNG.length,
  role: 'cover',
  alt: '办事窗口',
};

const media = memoryMedia({ [WEIBO_PICTURE.sha256]: PNG });

export type WeiboStage = {
  sandbox: Sandbox;
  session: AccountSession;
  exchanges: Exchange[];
  /** Makes a delivery's package; each has a short link of its own. */
  build(words?: { title?: string; text?: string; picture?: boolean }): PackagePayload;
  media: MediaReader;
  once(): OnceStep;
  arm(path: string, fault: ArmFault['fault'], times?: number): void;
  ledger(kind: LedgerKind): LedgerEntry[];
  /** The account's state on the stand-in. */
  account(): WeiboAccount;
  submit(payload: PackagePayload): Promise<Outcome>;
  advance(ms: number): void;
  /** API paths called since the last look. */
  calls(): string[];
  stop(): Promise<void>;
};

export async function stageWeibo(
  change: Partial<SetUpAccount> = {},
  settings: Record<string, string> = {},
): Promise<WeiboStage> {
  const sandbox = await startSandbox();
  const { world } = sandbox;
  setUpAccount(world, WEIBO_UID, {
    appKey: 'APPKEY',
    appSecret: WEIBO_SECRET,
    name: '青川人社',
    boundDomain: 'example.gov.cn',
    token: WEIBO_TOKEN,
    ...change,
  });
  const exchanges: Exchange[] = [];
  const http = createPlatformHttp({
    baseUrl: `${sandbox.url}/sandbox/weibo`,
    allowPrivate: true,
    record: (exchange) => exchanges.push(exchange),
  });
  const session: AccountSession = {
    account: {
      id: 'a2',
      name: '青川人社',
      platform: 'weibo',
      settings: {
        appKey: 'APPKEY',
        uid: WEIBO_UID,
        boundDomain: 'example.gov.cn',
        operatorIp: '203.0.113.7',
        ...settings,
      },
    },
    credentials: { appSecret: WEIBO_SECRET, accessToken: WEIBO_TOKEN },
    // Waiting is not what these tests are about: a stalled answer is given up after a second.
    http: { ...http, request: (call) => http.request({ ...call, timeoutMs: 1000 }) },
    tokens: {
      get: () => Promise.reject(new Error('this platform has no tokens to renew')),
      peek: async () => null,
      drop: () => Promise.reject(new Error('this platform has no tokens to renew')),
    },
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
      buildPayload(`https://rs.example.gov.cn/s/T0ken${String(++links).padStart(3, '0')}`, words, settings),
    once: memoryOnce,
    arm: (path, fault, times = 1) => void world.faults.arm({ platform: 'weibo', path, times, fault }),
    ledger: (kind) => world.ledger.list({ platform: 'weibo', kind }),
    account() {
      const account = stateOf(world).accounts[WEIBO_UID];
      if (!account) throw new Error('no account');
      return account;
    },
    submit: (payload) => publish.submit(session, payload, {}, media),
    advance: (ms) => world.clock.advance(ms),
    calls() {
      const fresh = exchanges
        .slice(seen)
        .map(({ url }) => new URL(url).pathname.replace('/sandbox/weibo', ''));
      seen = exchanges.length;
      return fresh;
    },
    stop: () => sandbox.stop(),
  };
}

function buildPayload(
  shortLink: string,
  words: { title?: string; text?: string; picture?: boolean },
  settings: Record<string, string>,
): PackagePayload {
  const text = words.text ?? '材料齐全的，当场受理。五个事项一次申请。';
  const master = {
    title: words.title ?? '退休一件事，一次办好',
    digest: '',
    author: '人社局',
    html: `<p>${text}</p>`,
    text,
    media: words.picture ? [WEIBO_PICTURE] : [],
  };
  return {
    ...publish.compose(master, { shortLink, settings }),
    format: 1,
    platform: 'weibo',
    accountId: '0191d3a0-0000-7000-8000-000000000002',
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
