/** The stage of the WeChat tests: the stand-in, one account on it, and a session over the real outbound client. */
import { createHash } from 'node:crypto';
import type {
  AccountSession,
  Exchange,
  MediaReader,
  OnceStep,
  Outcome,
  PlatformIds,
} from '#connectors/contract.ts';
import { wechatOfficial } from '#connectors/wechat-official/connector.ts';
import type { ArmFault } from '#sandbox/core/faults.ts';
import type { LedgerEntry, LedgerKind } from '#sandbox/core/ledger.ts';
import { type Sandbox, startSandbox } from '#sandbox/start.ts';
import { type SetUpAccount, setUpAccount } from '#sandbox/wechat-official/set-up.ts';
import { stateOf, type WechatAccount } from '#sandbox/wechat-official/state.ts';
import { createPlatformHttp } from '#server/base/egress.ts';
import type { PackageMedia, PackagePayload, Reach } from '#shared/package.ts';
import { memoryMedia } from './media-reader.ts';
import { memoryTokens } from './memory-tokens.ts';

export const WECHAT_APP_ID = 'wx00000000000test0';
export const WECHAT_AES_KEY = 'llmChHXtUG9eOuSL+aPl5OM8gK5GxKmFlq8DpxB3/jo';
const SECRET = 'TEST_SECRET';

if (wechatOfficial.publish.kind !== 'remote') throw new Error('WeChat publishes by API');
const { publish } = wechatOfficial;

/** The smallest picture that is one: a 1×1 PNG. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

export type WechatStage = {
  sandbox: Sandbox;
  session: AccountSession;
  exchanges: Exchange[];
  /** Makes a delivery's package; each has a short link of its own unless one is given. */
  build(change?: Partial<PackagePayload>): PackagePayload;
  media: MediaReader;
  /** Remembers the ids of steps as the publishing module does. */
  once(): OnceStep & { saved: Map<string, PlatformIds> };
  arm(path: string, fault: ArmFault['fault'], times?: number): void;
  ledger(kind: LedgerKind): LedgerEntry[];
  /** The account's state on the stand-in. */
  account(): WechatAccount;
  /** Prepares and returns the ids; throws when preparation ends otherwise. */
  prepare(payload: PackagePayload, once?: OnceStep): Promise<PlatformIds>;
  submit(payload: PackagePayload, ids: PlatformIds): Promise<Outcome>;
  advance(ms: number): void;
  /** API paths called since the last look. */
  calls(): string[];
  stop(): Promise<void>;
};

export async function stageWechat(account: Partial<SetUpAccount> = {}): Promise<WechatStage> {
  const sandbox = await startSandbox();
  const { world } = sandbox;
  setUpAccount(world, WECHAT_APP_ID, {
    secret: SECRET,
    name: '青川县人社局',
    kind: 'subscription',
    publishDelayMs: 60_000,
    ...account,
  });
  const exchanges: Exchange[] = [];
  const base = `${sandbox.url}/sandbox/wechat-official`;
  const http = createPlatformHttp({ baseUrl: base, allowPrivate: true, record: (e) => exchanges.push(e) });
  const session: AccountSession = {
    account: {
      id: 'a1',
      name: '青川县人社局',
      platform: 'wechat-official',
      settings: { kind: 'subscription' },
    },
    credentials: {
      appId: WECHAT_APP_ID,
      appSecret: SECRET,
      token: 'matrixTestToken',
      encodingAESKey: WECHAT_AES_KEY,
    },
    // Waiting is not what these tests are about: a stalled answer is given up after a second.
    http: { ...http, request: (call) => http.request({ ...call, timeoutMs: 1000 }) },
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
    build: (change = {}) => buildPayload(`https://rs.example.gov.cn/s/T0ken${++links}`, change),
    media,
    once: memoryOnce,
    arm: (path, fault, times = 1) =>
      void world.faults.arm({ platform: 'wechat-official', path, times, fault }),
    ledger: (kind) => world.ledger.list({ platform: 'wechat-official', kind }),
    account() {
      const account = stateOf(world).accounts[WECHAT_APP_ID];
      if (!account) throw new Error('no account');
      return account;
    },
    async prepare(payload, once = memoryOnce()) {
      const result = await publish.prepare(session, payload, media, once);
      if (result.kind !== 'prepared') throw new Error(JSON.stringify(result));
      return result.ids;
    },
    submit: (payload, ids) => publish.submit(session, payload, ids, media),
    advance: (ms) => world.clock.advance(ms),
    calls() {
      const fresh = exchanges
        .slice(seen)
        .map(({ url }) => new URL(url).pathname.replace(/^.*wechat-official/, ''));
      seen = exchanges.length;
      return fresh;
    },
    stop: () => sandbox.stop(),
  };
}

/** What a delivery knows after an outcome. */
export const knownIds = (ids: PlatformIds, outcome: Outcome): PlatformIds =>
  'ids' in outcome ? { ...ids, ...outcome.ids } : ids;

export const PICTURE: PackageMedia = {
  sha256: createHash('sha256').update(PNG).digest('hex'),
  mime: 'image/png',
  width: 1,
  height: 1,
  size: PNG.length,
  role: 'cover',
  alt: '办事窗口',
};

const media = memoryMedia({ [PICTURE.sha256]: PNG });

function buildPayload(shortLink: string, change: Partial<PackagePayload>): PackagePayload {
  const master = {
    title: '退休一件事，一次办好',
    digest: '五个事项一次申请。',
    author: '人社局',
    html: `<p>材料齐全的，<strong>当场</strong>受理。</p><p><img src="media:${PICTURE.sha256}" alt="窗口"></p>`,
    text: '材料齐全的，当场受理。',
    media: [PICTURE],
  };
  return {
    ...publish.compose(master, { shortLink, settings: {} }),
    format: 1,
    platform: 'wechat-official',
    accountId: '0191d3a0-0000-7000-8000-000000000001',
    mode: 'api',
    reach: 'publish' satisfies Reach,
    shortLink,
    ...change,
  };
}

function memoryOnce(): OnceStep & { saved: Map<string, PlatformIds> } {
  const saved = new Map<string, PlatformIds>();
  const once: OnceStep = async (name, step) => {
    const ids = saved.get(name) ?? (await step());
    saved.set(name, ids);
    return ids;
  };
  return Object.assign(once, { saved });
}
