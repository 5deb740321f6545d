/** The stage of the WordPress tests: the stand-in, one user on it, and a session over the real outbound client. */
import { createHash } from 'node:crypto';
import type {
  AccountSession,
  Exchange,
  MediaReader,
  OnceStep,
  Outcome,
  PlatformIds,
} from '#connectors/contract.ts';
import { wordpress } from '#connectors/wordpress/connector.ts';
import type { ArmFault } from '#sandbox/core/faults.ts';
import type { LedgerEntry, LedgerKind } from '#sandbox/core/ledger.ts';
import { type Sandbox, startSandbox } from '#sandbox/start.ts';
import { type SetUpAccount, setUpAccount } from '#sandbox/wordpress/set-up.ts';
import { stateOf, type User } from '#sandbox/wordpress/state.ts';
import { createPlatformHttp } from '#server/base/egress.ts';
import type { PackageMedia, PackagePayload } from '#shared/package.ts';
import { memoryMedia } from './media-reader.ts';

export const WORDPRESS_USER = 'huisheng';
/** As the site shows it. */
export const WORDPRESS_PASSWORD = 'abcd EFGH 1234 ijkl MNOP 5678';

if (wordpress.publish.kind !== 'remote') throw new Error('WordPress publishes by API');
const { publish } = wordpress;

/** The smallest picture that is one: a 1×1 PNG. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

export const WORDPRESS_PICTURE: PackageMedia = {
  sha256: createHash('sha256').update(PNG).digest('hex'),
  mime: 'image/png',
  width: 1,
  height: 1,
  size: PNG.length,
  role: 'cover',
  alt: '办事窗口',
};

export const wordpressMedia = memoryMedia({ [WORDPRESS_PICTURE.sha256]: PNG });

type Words = { title?: string; text?: string; picture?: boolean };

export type WordpressStage = {
  sandbox: Sandbox;
  session: AccountSession;
  exchanges: Exchange[];
  /** Makes a delivery's package; each has a short link of its own. */
  build(words?: Words): PackagePayload;
  media: MediaReader;
  once(): OnceStep;
  arm(path: string, fault: ArmFault['fault'], times?: number): void;
  ledger(kind: LedgerKind): LedgerEntry[];
  /** The user's state on the stand-in. */
  user(): User;
  prepare(payload: PackagePayload, once?: OnceStep): Promise<PlatformIds>;
  submit(payload: PackagePayload, ids: PlatformIds): Promise<Outcome>;
  advance(ms: number): void;
  /** `METHOD path` of the API calls since the last look. */
  calls(): string[];
  stop(): Promise<void>;
};

export async function stageWordpress(change: Partial<SetUpAccount> = {}): Promise<WordpressStage> {
  const sandbox = await startSandbox();
  const { world } = sandbox;
  setUpAccount(world, WORDPRESS_USER, {
    name: '青川人社',
    applicationPassword: WORDPRESS_PASSWORD,
    ...change,
  });
  const exchanges: Exchange[] = [];
  const http = createPlatformHttp({
    baseUrl: `${sandbox.url}/sandbox/wordpress`,
    allowPrivate: true,
    record: (exchange) => exchanges.push(exchange),
  });
  const session: AccountSession = {
    account: {
      id: 'a8',
      name: '青川人社',
      platform: 'wordpress',
      settings: { siteUrl: 'https://www.example.gov.cn/news/', username: WORDPRESS_USER, categories: '3, 7' },
    },
    credentials: { applicationPassword: WORDPRESS_PASSWORD },
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
    media: wordpressMedia,
    build: (words = {}) =>
      buildWordpressPayload(`https://rs.example.gov.cn/s/T0ken${String(++links).padStart(3, '0')}`, words),
    once: memoryOnce,
    arm: (path, fault, times = 1) => void world.faults.arm({ platform: 'wordpress', path, times, fault }),
    ledger: (kind) => world.ledger.list({ platform: 'wordpress', kind }),
    user() {
      const user = stateOf(world).users[WORDPRESS_USER];
      if (!user) throw new Error('no user');
      return user;
    },
    async prepare(payload, once = memoryOnce()) {
      const result = await publish.prepare(session, payload, wordpressMedia, once);
      if (result.kind !== 'prepared') throw new Error(JSON.stringify(result));
      return result.ids;
    },
    submit: (payload, ids) => publish.submit(session, payload, ids, wordpressMedia),
    advance: (ms) => world.clock.advance(ms),
    calls() {
      const fresh = exchanges
        .slice(seen)
        .map(({ method, url }) => `${method} ${new URL(url).pathname.replace('/sandbox/wordpress', '')}`);
      seen = exchanges.length;
      return fresh;
    },
    stop: () => sandbox.stop(),
  };
}

export function buildWordpressPayload(shortLink: string, words: Words): PackagePayload {
  const text = words.text ?? '材料齐全的，当场受理。五个事项一次申请。';
  const master = {
    title: words.title ?? '退休一件事，一次办好',
    digest: '五个事项一次申请。',
    author: '人社局',
    html: words.picture
      ? `<p>${text}</p><figure><img src="media:${WORDPRESS_PICTURE.sha256}" alt="办事窗口"></figure>`
      : `<p>${text}</p>`,
    text,
    media: words.picture ? [WORDPRESS_PICTURE] : [],
  };
  return {
    ...publish.compose(master, { shortLink, settings: {} }),
    format: 1,
    platform: 'wordpress',
    accountId: '0191d3a0-0000-7000-8000-000000000008',
    mode: 'api',
    reach: 'page',
    shortLink,
  };
}

/** Steps remembered as the database does. */
export function memoryOnce(): OnceStep {
  const saved = new Map<string, PlatformIds>();
  return async (name, step) => {
    const ids = saved.get(name) ?? (await step());
    saved.set(name, ids);
    return ids;
  };
}
