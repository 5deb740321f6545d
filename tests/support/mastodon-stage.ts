/** The stage of the Mastodon tests: the stand-in, one account on it, and a session over the real outbound client. */
import { createHash } from 'node:crypto';
import type {
  AccountSession,
  Exchange,
  MediaReader,
  OnceStep,
  Outcome,
  PlatformIds,
} from '#connectors/contract.ts';
import { mastodon } from '#connectors/mastodon/connector.ts';
import type { ArmFault } from '#sandbox/core/faults.ts';
import type { LedgerEntry, LedgerKind } from '#sandbox/core/ledger.ts';
import { type SetUpAccount, setUpAccount } from '#sandbox/mastodon/set-up.ts';
import { type MastodonAccount, stateOf } from '#sandbox/mastodon/state.ts';
import { type Sandbox, startSandbox } from '#sandbox/start.ts';
import { createPlatformHttp } from '#server/base/egress.ts';
import type { PackageMedia, PackagePayload } from '#shared/package.ts';
import { memoryMedia } from './media-reader.ts';

export const MASTODON_USER = 'qingchuan';
export const MASTODON_TOKEN = 'TEST_TOKEN_OF_THE_BUREAU';

if (mastodon.publish.kind !== 'remote') throw new Error('Mastodon publishes by API');
const { publish } = mastodon;

/** The smallest picture that is one: a 1×1 PNG. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

export const MASTODON_PICTURE: PackageMedia = {
  sha256: createHash('sha256').update(PNG).digest('hex'),
  mime: 'image/png',
  width: 1,
  height: 1,
  size: PNG.length,
  role: 'cover',
  alt: '办事窗口',
};

const media = memoryMedia({ [MASTODON_PICTURE.sha256]: PNG });

type Words = { title?: string; text?: string; picture?: boolean };

export type MastodonStage = {
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
  account(): MastodonAccount;
  prepare(payload: PackagePayload, once?: OnceStep): Promise<PlatformIds>;
  submit(payload: PackagePayload, ids: PlatformIds): Promise<Outcome>;
  advance(ms: number): void;
  /** `METHOD path` of the API calls since the last look. */
  calls(): string[];
  stop(): Promise<void>;
};

export async function stageMastodon(change: Partial<SetUpAccount> = {}): Promise<MastodonStage> {
  const sandbox = await startSandbox();
  const { world } = sandbox;
  setUpAccount(world, MASTODON_USER, { name: '青川人社', token: MASTODON_TOKEN, ...change });
  const exchanges: Exchange[] = [];
  const http = createPlatformHttp({
    baseUrl: `${sandbox.url}/sandbox/mastodon`,
    allowPrivate: true,
    record: (exchange) => exchanges.push(exchange),
  });
  const session: AccountSession = {
    account: {
      id: 'a7',
      name: '青川人社',
      platform: 'mastodon',
      settings: { instanceUrl: 'https://instance.example', username: MASTODON_USER },
    },
    credentials: { accessToken: MASTODON_TOKEN },
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
      buildPayload(`https://rs.example.gov.cn/s/T0ken${String(++links).padStart(3, '0')}`, words),
    once: memoryOnce,
    arm: (path, fault, times = 1) => void world.faults.arm({ platform: 'mastodon', path, times, fault }),
    ledger: (kind) => world.ledger.list({ platform: 'mastodon', kind }),
    account() {
      const account = stateOf(world).accounts[MASTODON_USER];
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
        .map(({ method, url }) => `${method} ${new URL(url).pathname.replace('/sandbox/mastodon', '')}`);
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
    media: words.picture ? [MASTODON_PICTURE] : [],
  };
  return {
    ...publish.compose(master, { shortLink, settings: {} }),
    format: 1,
    platform: 'mastodon',
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
