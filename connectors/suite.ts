/**
 * The contract suite: what every connector that publishes by API keeps, shown against its stand-in. A stage puts one
 * account on a stand-in and says how that platform words a refusal; everything else is the same for all of them.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PackagePayload } from '#shared/package.ts';
import type {
  AccountSession,
  CheckResult,
  Connector,
  Credentials,
  Master,
  MediaReader,
  OnceStep,
  Outcome,
  PlatformIds,
  PushedEvent,
  PushRequest,
  RemotePublish,
} from './contract.ts';
import { describeAfter } from './suite-after.ts';

/** Misbehaviour as the stand-ins are scripted; `accept`: the platform does the work before it misbehaves. */
export type SuiteFault =
  | { kind: 'status'; status: number; body?: unknown; headers?: Record<string, string>; accept?: boolean }
  | { kind: 'lose-answer' | 'html' | 'truncate'; accept: boolean }
  | { kind: 'stall'; at: 'headers' | 'body'; accept: boolean };

export type ConnectorStage = {
  session: AccountSession;
  media: MediaReader;
  /** A new delivery's package, with a short link of its own. */
  build(): PackagePayload;
  once(): OnceStep;
  /** Arms a fault for the next irreversible call. */
  armSubmit(fault: SuiteFault): void;
  /** Arms a fault for the next calls, whichever they are; `times` 0 disarms. */
  armAll(fault: SuiteFault, times: number): void;
  /** How many posts the platform really accepted. */
  accepted(): number;
  /** HTTP requests made so far. */
  calls(): number;
  /** Lets the platform finish what it does by itself, and the settling time pass. */
  settle(): void;
  /** The platform's own words for: this content is refused; too many calls. */
  refusals: { content: SuiteFault; limit: SuiteFault };
  expireToken(): void;
  /** The grant is withdrawn or the secret changed: only a person can mend it. */
  revokeToken(): void;
  /** Whether the connector can make a new token by itself. */
  renewsToken: boolean;
  /** One push of a private message, as the platform signs it now, and one signed with another secret. */
  pushes(): { credentials: Credentials; genuine: PushRequest; forged: PushRequest };
  /** What such a push is, where the platform pushes no messages. */
  pushedKind?: PushedEvent['kind'];
  /** Somebody writes a comment under the post, as the public does. */
  comment?(ids: PlatformIds, text: string): void;
  /** How many answers to comments the platform really took. */
  answers?(): number;
  /** Posts of this stage can be taken away by a person only. */
  byHand?: boolean;
  /** How often the platform really took a post away. */
  gone?(): number;
  /** Lets people read this post, and the platform count them. */
  count?(ids: PlatformIds): void;
  stop(): Promise<void>;
};

type Case = { name: string; fault: SuiteFault; kinds: readonly Outcome['kind'][] };

const unclear = ['unknown'] as const;
const both = (name: string, fault: (accept: boolean) => SuiteFault): Case[] => [
  { name: `${name} before acceptance`, fault: fault(false), kinds: unclear },
  { name: `${name} after acceptance`, fault: fault(true), kinds: unclear },
];

const cases: readonly Case[] = [
  ...both('a 500', (accept) => ({ kind: 'status', status: 500, accept })),
  ...both('a 502 page', (accept) => ({ kind: 'status', status: 502, body: '<html></html>', accept })),
  ...both('an answer lost', (accept) => ({ kind: 'lose-answer', accept })),
  ...both('a stall at the headers', (accept) => ({ kind: 'stall', at: 'headers', accept })),
  ...both('a stall in the body', (accept) => ({ kind: 'stall', at: 'body', accept })),
  ...both('HTML in a 200', (accept) => ({ kind: 'html', accept })),
  ...both('truncated JSON', (accept) => ({ kind: 'truncate', accept })),
  {
    name: 'a 429',
    fault: { kind: 'status', status: 429, headers: { 'retry-after': '30' } },
    kinds: ['retry-later'],
  },
];

const readFaults: readonly { name: string; fault: SuiteFault }[] = [
  { name: 'a 502', fault: { kind: 'status', status: 502 } },
  { name: 'a 429', fault: { kind: 'status', status: 429 } },
  { name: 'a lost answer', fault: { kind: 'lose-answer', accept: true } },
  { name: 'HTML in a 200', fault: { kind: 'html', accept: true } },
  { name: 'truncated JSON', fault: { kind: 'truncate', accept: true } },
  { name: 'an empty object', fault: { kind: 'status', status: 200, body: {} } },
];

/** Runs the whole suite for a connector that publishes by API. */
export function describeConnector(connector: Connector, open: () => Promise<ConnectorStage>): void {
  const { publish } = connector;
  if (publish.kind !== 'remote') throw new TypeError(`${connector.id} makes no calls`);
  describe(`${connector.id} keeps the contract`, () => {
    let stage: ConnectorStage;
    beforeEach(async () => {
      stage = await open();
    });
    afterEach(() => stage.stop());
    describePublishing(publish, () => stage);
    describeSignIn(publish, () => stage);
    describePushes(connector, () => stage);
    describeAfter(connector, publish, () => stage);
  });
  describePure(connector);
}

function describePublishing(publish: RemotePublish, stage: () => ConnectorStage): void {
  test('an accepted post is sent with one request, found by read-back, and there once', async () => {
    const flow = await prepareFlow(publish, stage());
    const before = stage().calls();
    const outcome = await flow.submit();
    expect(stage().calls() - before).toBe(1);
    expect(['published', 'pending']).toContain(outcome.kind);
    stage().settle();
    const found = await flow.check(knownIds(flow.ids, outcome));
    expect(found.kind).toBe('published');
    expect(stage().accepted()).toBe(1);
  });

  test('preparing twice sends nothing that anybody could see', async () => {
    const payload = stage().build();
    const once = stage().once();
    for (let run = 0; run < 2; run += 1) {
      const result = await publish.prepare(stage().session, payload, stage().media, once);
      expect(result.kind).toBe('prepared');
    }
    expect(stage().accepted()).toBe(0);
  });

  test.each(cases)(
    '$name: one request, an honest outcome, and in the end one post',
    async ({ fault, kinds }) => {
      const flow = await prepareFlow(publish, stage());
      stage().armSubmit(fault);
      const before = stage().calls();
      const outcome = await flow.submit();
      expect(stage().calls() - before).toBe(1);
      expect(kinds).toContain(outcome.kind);
      expect(stage().accepted()).toBe(fault.accept ? 1 : 0);
      stage().settle();
      if (outcome.kind === 'unknown') {
        const found = await flow.check(knownIds(flow.ids, outcome));
        expect(found.kind).toBe(fault.accept ? 'published' : 'absent');
        if (fault.accept) return;
        // Absent is believed when it was said twice.
        expect((await flow.check(flow.ids)).kind).toBe('absent');
      }
      const again = await flow.submit();
      stage().settle();
      expect((await flow.check(knownIds(flow.ids, again))).kind).toBe('published');
      expect(stage().accepted()).toBe(1);
    },
  );

  test('two deliveries do not take each other’s post for their own', async () => {
    const first = await prepareFlow(publish, stage());
    const second = await prepareFlow(publish, stage());
    expect(['published', 'pending']).toContain((await first.submit()).kind);
    stage().settle();
    stage().armSubmit({ kind: 'lose-answer', accept: false });
    expect((await second.submit()).kind).toBe('unknown');
    stage().settle();
    expect((await second.check(second.ids)).kind).not.toBe('published');
    expect(stage().accepted()).toBe(1);
  });

  test.each(readFaults)(
    'a read-back that meets $name says neither absent nor rejected',
    async ({ fault }) => {
      const flow = await prepareFlow(publish, stage());
      stage().armSubmit({ kind: 'lose-answer', accept: true });
      await flow.submit();
      stage().settle();
      stage().armAll(fault, 10);
      const found = await flow.check(flow.ids);
      expect(['unknown', 'retry-later']).toContain(found.kind);
      stage().armAll(fault, 0);
      expect((await flow.check(flow.ids)).kind).toBe('published');
    },
  );

  test('content that the platform refuses is rejected, with its code and a reason', async () => {
    const flow = await prepareFlow(publish, stage());
    stage().armSubmit(stage().refusals.content);
    const outcome = await flow.submit();
    expect(outcome).toMatchObject({ kind: 'rejected' });
    expect(outcome.kind === 'rejected' && outcome.code && outcome.reason).toBeTruthy();
    expect(stage().accepted()).toBe(0);
  });

  test('a limit that the platform documents is waited for', async () => {
    const flow = await prepareFlow(publish, stage());
    stage().armSubmit(stage().refusals.limit);
    const outcome = await flow.submit();
    expect(outcome.kind).toBe('retry-later');
    expect(outcome.kind === 'retry-later' && outcome.afterMs).toBeGreaterThan(0);
    expect((await flow.submit()).kind).not.toBe('unknown');
    expect(stage().accepted()).toBe(1);
  });
}

function describeSignIn(publish: RemotePublish, stage: () => ConnectorStage): void {
  const prepareNew = () => publish.prepare(stage().session, stage().build(), stage().media, stage().once());

  test('an expired token is renewed by preparing, or a person is asked to sign in', async () => {
    await prepareFlow(publish, stage());
    stage().expireToken();
    const result = await prepareNew();
    expect(result.kind).toBe(stage().renewsToken ? 'prepared' : 'sign-in-again');
    expect(stage().accepted()).toBe(0);
  });

  test('a token that expires between preparing and sending costs no post and no second request', async () => {
    const flow = await prepareFlow(publish, stage());
    stage().expireToken();
    const before = stage().calls();
    const outcome = await flow.submit();
    expect(stage().calls() - before).toBeLessThanOrEqual(1);
    expect(outcome.kind).toBe(stage().renewsToken ? 'retry-later' : 'sign-in-again');
    expect(stage().accepted()).toBe(0);
  });

  test('a withdrawn grant asks for signing in again', async () => {
    stage().revokeToken();
    expect((await prepareNew()).kind).toBe('sign-in-again');
    expect(stage().accepted()).toBe(0);
  });
}

function describePushes(connector: Connector, stage: () => ConnectorStage): void {
  const { push } = connector;
  if (!push) return;

  test('a genuine push opens, a forged one and one that is a day old do not', () => {
    const { credentials, genuine, forged } = stage().pushes();
    const now = stage().session.now();
    expect(push.open(credentials, genuine, now)).not.toBeNull();
    expect(push.open(credentials, forged, now)).toBeNull();
    expect(push.open(credentials, genuine, new Date(now.getTime() + 24 * 3_600_000))).toBeNull();
    expect(push.open({}, genuine, now)).toBeNull();
    expect(push.open(credentials, { ...genuine, query: {}, headers: {} }, now)).toBeNull();
    expect(push.open(credentials, { ...genuine, body: Buffer.from('{') }, now)).toBeNull();
  });

  test('a replayed push has the same key, two messages have two', () => {
    const { credentials, genuine } = stage().pushes();
    const another = stage().pushes().genuine;
    const now = stage().session.now();
    const first = push.open(credentials, genuine, now)!;
    expect(push.open(credentials, genuine, new Date(now.getTime() + 5000))?.dedupKey).toBe(first.dedupKey);
    expect(push.open(credentials, another, now)?.dedupKey).not.toBe(first.dedupKey);
    const event = push.parse(first.clear, first.dedupKey);
    expect(event).toMatchObject({ kind: stage().pushedKind ?? 'message', dedupKey: first.dedupKey });
    expect(event).toEqual(push.parse(first.clear, first.dedupKey));
  });
}

const sha = 'a'.repeat(64);
const article: Master = {
  title: '退休“一件事”一次办好：五个事项、一张表单、一个窗口',
  digest: '参加企业职工养老保险的人员，可一次申请五个事项。',
  author: '社保中心',
  html: `<h2>办理条件</h2><p>达到法定退休年龄。</p><ul><li>身份证</li></ul><figure><img src="media:${sha}" alt="办事窗口"></figure>`,
  text: '办理条件\n达到法定退休年龄。\n身份证',
  media: [
    {
      sha256: sha,
      mime: 'image/jpeg',
      width: 900,
      height: 1200,
      size: 90_000,
      role: 'cover',
      alt: '办事窗口',
    },
  ],
};
const video: Master['media'][number] = {
  ...{ sha256: 'b'.repeat(64), mime: 'video/mp4', width: 1080, height: 1920, size: 900_000, role: 'video' },
  ...{ durationMs: 42_000, alt: '办事讲解' },
};
const shortLink = 'https://rs.example.gov.cn/s/Abc123DEF';

/** The part of the suite that makes no call; every connector passes it. */
export function describePure(connector: Connector): void {
  const { publish } = connector;
  const [reach] = publish.reaches;
  const master = publish.needsVideo ? { ...article, media: [...article.media, video] } : article;
  describe(`${connector.id} adapts texts`, () => {
    const composed = publish.compose(master, { shortLink, settings: {} });

    test('the same master gives the same bytes, and the master stays as it was', () => {
      const before = structuredClone(master);
      expect(publish.compose(master, { shortLink, settings: {} })).toEqual(composed);
      expect(master).toEqual(before);
    });

    test('its own first adaptation passes its own inspection', () => {
      const { problems, counts } = publish.inspect(composed, { shortLink, reach: reach! });
      expect(problems.filter((problem) => problem.level === 'block')).toEqual([]);
      for (const count of counts) expect(count.used).toBeLessThanOrEqual(count.limit);
    });

    test('a master ten times too long still fits', () => {
      const long = {
        ...master,
        title: master.title.repeat(10),
        digest: master.digest.repeat(30),
        text: master.text.repeat(300),
      };
      const variant = publish.compose(long, { shortLink, settings: {} });
      const { counts } = publish.inspect(variant, { shortLink, reach: reach! });
      const text = variant.body.kind === 'text' ? counts : counts.filter((count) => count.field === 'digest');
      for (const count of text) expect(count.used).toBeLessThanOrEqual(count.limit);
    });

    if (publish.carriesShortLink) {
      test('the post carries the short link of its delivery', () => {
        expect(`${composed.body.value} ${composed.sourceUrl ?? ''}`).toContain(shortLink);
      });
    }

    test('an empty text is blocked, in Chinese and English', () => {
      const empty = { ...composed, title: null, body: { ...composed.body, value: '' } };
      const { problems } = publish.inspect(empty, { shortLink, reach: reach! });
      const blocks = problems.filter((problem) => problem.level === 'block');
      expect(blocks.length).toBeGreaterThan(0);
      for (const { zh, en } of problems) {
        expect(zh).toMatch(/\p{Script=Han}.*[。！？]$/u);
        expect(en).toMatch(/^[A-Z0-9].*\.$/);
      }
    });

    test('is labelled in both languages, and every field of its form too', () => {
      for (const { zh, en } of [connector.label, ...connector.fields.map((field) => field.label)]) {
        expect(zh && en).toBeTruthy();
      }
      expect(publish.reaches.length).toBeGreaterThan(0);
    });
  });
}

type Flow = {
  ids: PlatformIds;
  submit(): Promise<Outcome>;
  check(ids: PlatformIds): Promise<CheckResult>;
};

/** One delivery, prepared; the moment of sending is that of the first submission. */
async function prepareFlow(publish: RemotePublish, stage: ConnectorStage): Promise<Flow> {
  const payload = stage.build();
  const prepared = await publish.prepare(stage.session, payload, stage.media, stage.once());
  if (prepared.kind !== 'prepared') throw new Error(`not prepared: ${JSON.stringify(prepared)}`);
  let sentAt: Date | undefined;
  return {
    ids: prepared.ids,
    submit() {
      sentAt ??= stage.session.now();
      return publish.submit(stage.session, payload, prepared.ids, stage.media);
    },
    check: (ids) => publish.check(stage.session, payload, ids, sentAt ?? stage.session.now()),
  };
}

const knownIds = (ids: PlatformIds, outcome: Outcome): PlatformIds =>
  'ids' in outcome ? { ...ids, ...outcome.ids } : ids;
