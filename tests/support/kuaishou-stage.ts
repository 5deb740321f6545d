/** The stage of the Kuaishou tests: the stand-in, one account on it, and a session over the real outbound client. */
import { createHash } from 'node:crypto';
import type { AccountSession, Exchange, MediaReader, OnceStep, PlatformIds } from '#connectors/contract.ts';
import { kuaishou } from '#connectors/kuaishou/connector.ts';
import type { ConnectorStage, SuiteFault } from '#connectors/suite.ts';
import type { ArmFault } from '#sandbox/core/faults.ts';
import type { LedgerEntry, LedgerKind } from '#sandbox/core/ledger.ts';
import { tell } from '#sandbox/kuaishou/push.ts';
import { revokeGrant, type SetUpAccount, setUpAccount } from '#sandbox/kuaishou/set-up.ts';
import { type KuaishouAccount, stateOf } from '#sandbox/kuaishou/state.ts';
import { type Sandbox, startSandbox } from '#sandbox/start.ts';
import { createPlatformHttp } from '#server/base/egress.ts';
import type { PackageMedia, PackagePayload } from '#shared/package.ts';
import { memoryMedia } from './media-reader.ts';
import { memoryTokens } from './memory-tokens.ts';
import { buildVideo } from './video-file.ts';

export const KUAISHOU_OPEN_ID = 'f198e20b0c24ac90';
export const KUAISHOU_APP = 'ks_test_app';
export const KUAISHOU_SECRET = 'ks_app_secret_0001';
const ACCESS = 'TEST_ACCESS_TOKEN';
const REFRESH = 'TEST_REFRESH_TOKEN';
const DAY_MS = 86_400_000;

if (kuaishou.publish.kind !== 'remote') throw new Error('Kuaishou publishes by API');
const { publish } = kuaishou;

/** The smallest picture that is one: a 1×1 PNG. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
export const KUAISHOU_COVER: PackageMedia = {
  sha256: createHash('sha256').update(PNG).digest('hex'),
  mime: 'image/png',
  width: 1,
  height: 1,
  size: PNG.length,
  role: 'cover',
  alt: '办事窗口',
};
const small = buildVideo(2048);
/** Three fragments: two whole ones and a rest. */
const large = buildVideo(17 * 1024 * 1024);
const media = memoryMedia({
  [KUAISHOU_COVER.sha256]: PNG,
  [small.media.sha256]: small.file,
  [large.media.sha256]: large.file,
});

export type KuaishouStage = {
  sandbox: Sandbox;
  session: AccountSession;
  exchanges: Exchange[];
  /** Makes a delivery's package; each has a short link of its own. */
  build(size?: 'small' | 'large'): PackagePayload;
  media: MediaReader;
  once(): OnceStep;
  arm(path: string, fault: ArmFault['fault'], times?: number): void;
  ledger(kind: LedgerKind): LedgerEntry[];
  /** The account's state on the stand-in. */
  account(): KuaishouAccount;
  prepare(payload: PackagePayload): Promise<PlatformIds>;
  advance(ms: number): void;
  /** API paths called since the last look. */
  calls(): string[];
  stop(): Promise<void>;
};

export async function stageKuaishou(change: Partial<SetUpAccount> = {}): Promise<KuaishouStage> {
  const sandbox = await startSandbox();
  const { world } = sandbox;
  setUpAccount(world, KUAISHOU_OPEN_ID, {
    ...{ name: '青川人社', appId: KUAISHOU_APP, appSecret: KUAISHOU_SECRET, reviewMs: 60_000 },
    ...{ accessToken: ACCESS, refreshToken: REFRESH },
    ...change,
  });
  const account = () => {
    const found = stateOf(world).accounts[KUAISHOU_OPEN_ID];
    if (!found) throw new Error('no account');
    return found;
  };
  account().works.push({
    ...{ photoId: '3xearlier', caption: '社保卡申领指南', picture: KUAISHOU_COVER.sha256, videoBytes: 1 },
    ...{ at: world.clock.now(), reviewedAt: world.clock.now(), views: 0 },
  });
  // What was there before lies outside every window.
  world.clock.advance(3_600_000);
  const exchanges: Exchange[] = [];
  const http = createPlatformHttp({
    baseUrl: `${sandbox.url}/sandbox/kuaishou`,
    allowPrivate: true,
    record: (exchange) => exchanges.push(exchange),
  });
  const now = world.clock.now();
  const session: AccountSession = {
    account: { id: 'a5', name: '青川人社', platform: 'kuaishou', settings: { appId: KUAISHOU_APP } },
    credentials: {
      ...{ appId: KUAISHOU_APP, appSecret: KUAISHOU_SECRET, openId: KUAISHOU_OPEN_ID },
      ...{ accessToken: ACCESS, refreshToken: REFRESH, grantedScopes: account().scopes.join(',') },
      accessEndsAt: new Date(now + 2 * DAY_MS - 3_600_000).toISOString(),
      refreshEndsAt: new Date(now + 180 * DAY_MS - 3_600_000).toISOString(),
    },
    // Waiting is not what these tests are about: a stalled answer is given up after a second.
    http: {
      ...http,
      request: (call) => http.request({ ...call, timeoutMs: /\/upload/.test(call.path) ? 30_000 : 1000 }),
    },
    tokens: memoryTokens(() => world.clock.now()),
    now: () => new Date(world.clock.now()),
    publicUrl: 'https://rs.example.gov.cn',
  };
  let links = 0;
  let seen = 0;
  return {
    ...{ sandbox, session, exchanges, media, account, once: memoryOnce },
    build: (size = 'small') =>
      buildPayload(`https://rs.example.gov.cn/s/T0ken${String(++links).padStart(3, '0')}`, size),
    arm: (path, fault, times = 1) => void world.faults.arm({ platform: 'kuaishou', path, times, fault }),
    ledger: (kind) => world.ledger.list({ platform: 'kuaishou', kind }),
    async prepare(payload) {
      const result = await publish.prepare(session, payload, media, memoryOnce());
      if (result.kind !== 'prepared') throw new Error(JSON.stringify(result));
      return result.ids;
    },
    advance: (ms) => world.clock.advance(ms),
    calls() {
      const fresh = exchanges
        .slice(seen)
        .map(({ url }) => new URL(url).pathname.replace('/sandbox/kuaishou', ''));
      seen = exchanges.length;
      return fresh;
    },
    stop: () => sandbox.stop(),
  };
}

const refusal = (result: number): SuiteFault => ({
  kind: 'status',
  status: 200,
  body: { result, error: 'invalid_request', error_msg: '参数有误' },
});

/** The same as the common suite wants it. */
export async function stageKuaishouForSuite(): Promise<ConnectorStage> {
  const stage = await stageKuaishou({ push: { url: 'http://127.0.0.1:9/hooks' } });
  const { world } = stage.sandbox;
  return {
    ...{ session: stage.session, media: stage.media, once: stage.once, stop: stage.stop, renewsToken: true },
    build: () => stage.build(),
    armSubmit: (fault) => stage.arm('/openapi/photo/publish', fault),
    armAll(fault, times) {
      world.faults.clear();
      if (times > 0) world.faults.arm({ platform: 'kuaishou', path: '/', times, fault });
    },
    accepted: () => stage.ledger('publish.accepted').length,
    calls: () => stage.exchanges.length,
    settle: () => stage.advance(publish.settleMs),
    refusals: {
      content: refusal(100200100),
      // No code of a limit is documented; HTTP's own is understood.
      limit: { kind: 'status', status: 429, headers: { 'retry-after': '30' } },
    },
    expireToken() {
      for (const pair of stage.account().tokens) pair.expiresAt = world.clock.now();
    },
    revokeToken: () => revokeGrant(world, stage.account()),
    pushes() {
      world.pushes.behave('kuaishou', { forge: true, tries: 1, timeoutMs: 100 });
      tell(world, stage.account(), 'UN_AUTHORIZE');
      const [forged, genuine] = world.pushes
        .list('kuaishou')
        .slice(-2)
        .map(({ http }) => ({
          ...{ method: 'POST' as const, query: {}, headers: http.headers, body: Buffer.from(http.body) },
        }));
      return { credentials: stage.session.credentials, forged: forged!, genuine: genuine! };
    },
    pushedKind: 'revoked',
    gone: () => stage.ledger('post.deleted').length,
    count({ photoId }) {
      for (const work of stage.account().works) if (work.photoId === photoId) work.views += 1;
    },
  };
}

function buildPayload(shortLink: string, size: 'small' | 'large'): PackagePayload {
  const text = '材料齐全的，当场受理。五个事项一次申请。';
  const master = {
    ...{ title: '退休一件事，一次办好', digest: '', author: '人社局', html: `<p>${text}</p>`, text },
    media: [KUAISHOU_COVER, (size === 'small' ? small : large).media],
  };
  return {
    ...publish.compose(master, { shortLink, settings: {} }),
    format: 1,
    platform: 'kuaishou',
    accountId: '0191d3a0-0000-7000-8000-000000000005',
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
