/**
 * The second half of the contract suite: what every connector keeps after a post is out, in storms and with clocks that
 * differ. Part of `suite.ts`; a capability that a connector lacks has no tests, a stage tells only what it can.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import type { AccountAbility, Connector, PlatformIds, RemotePublish } from './contract.ts';
import type { ConnectorStage, SuiteFault } from './suite.ts';

type Stage = () => ConnectorStage;
type Trouble = { name: string; fault: SuiteFault };

/** Says nothing about what was asked, and nothing about the grant. */
const storms: readonly Trouble[] = [
  { name: 'a 503', fault: { kind: 'status', status: 503 } },
  { name: 'a 502 page', fault: { kind: 'status', status: 502, body: '<html></html>' } },
  { name: 'a 429', fault: { kind: 'status', status: 429, headers: { 'retry-after': '30' } } },
  { name: 'a lost answer', fault: { kind: 'lose-answer', accept: false } },
  { name: 'HTML in a 200', fault: { kind: 'html', accept: false } },
  { name: 'truncated JSON', fault: { kind: 'truncate', accept: false } },
  { name: 'headers that never come', fault: { kind: 'stall', at: 'headers', accept: false } },
  { name: 'a body that never ends', fault: { kind: 'stall', at: 'body', accept: false } },
];
const emptyAnswers: readonly Trouble[] = [
  { name: 'an empty object', fault: { kind: 'status', status: 200, body: {} } },
  { name: 'an empty list', fault: { kind: 'status', status: 200, body: [] } },
];
/** The work was done; nobody hears of it. */
const lostAfterwards: readonly Trouble[] = [
  { name: 'an answer lost after the work', fault: { kind: 'lose-answer', accept: true } },
  { name: 'a 502 after the work', fault: { kind: 'status', status: 502, accept: true } },
  { name: 'truncated JSON after the work', fault: { kind: 'truncate', accept: true } },
];
const MANY = 50;
const DAY_MS = 86_400_000;

export function describeAfter(connector: Connector, publish: RemotePublish, stage: Stage): void {
  describeStorms(publish, stage);
  describeClocks(connector, publish, stage);
  describeWithdrawal(connector, publish, stage);
  describeFigures(connector, publish, stage);
  describeGrants(connector, stage);
  describeRenewal(connector, stage);
  describeComments(connector, publish, stage);
  describeModeration(connector, publish, stage);
}

/** A post that is out, with every id that its delivery knows. */
async function publishOne(publish: RemotePublish, stage: ConnectorStage): Promise<PlatformIds> {
  const payload = stage.build();
  const prepared = await publish.prepare(stage.session, payload, stage.media, stage.once());
  if (prepared.kind !== 'prepared') throw new Error(`not prepared: ${JSON.stringify(prepared)}`);
  const sentAt = stage.session.now();
  const sent = await publish.submit(stage.session, payload, prepared.ids, stage.media);
  const submitted = 'ids' in sent ? { ...prepared.ids, ...sent.ids } : prepared.ids;
  stage.settle();
  const found = await publish.check(stage.session, payload, submitted, sentAt);
  if (found.kind !== 'published') throw new Error(`not published: ${JSON.stringify(found)}`);
  return { ...submitted, ...found.ids };
}

/** Every call meets the fault while `work` runs. */
async function during<T>(stage: ConnectorStage, { fault }: Trouble, work: () => Promise<T>): Promise<T> {
  stage.armAll(fault, MANY);
  try {
    return await work();
  } finally {
    stage.armAll(fault, 0);
  }
}

function describeStorms(publish: RemotePublish, stage: Stage): void {
  test.each(storms)('preparing amid $name waits, and goes on when it is over', async (trouble) => {
    const [payload, once] = [stage().build(), stage().once()];
    const prepare = () => publish.prepare(stage().session, payload, stage().media, once);
    expect(['retry-later', 'prepared']).toContain((await during(stage(), trouble, prepare)).kind);
    expect((await prepare()).kind).toBe('prepared');
    expect(stage().accepted()).toBe(0);
  });

  test('a storm of 429 is waited out, never for longer than a day', async () => {
    const payload = stage().build();
    const prepared = await publish.prepare(stage().session, payload, stage().media, stage().once());
    if (prepared.kind !== 'prepared') throw new Error('not prepared');
    const submit = () => publish.submit(stage().session, payload, prepared.ids, stage().media);
    for (const after of ['30', '0', 'soon', '99999999999', '']) {
      stage().armSubmit({ kind: 'status', status: 429, headers: { 'retry-after': after } });
      const outcome = await submit();
      if (outcome.kind !== 'retry-later') throw new Error(`${after}: ${outcome.kind}`);
      expect(outcome.afterMs, after).toBeGreaterThan(0);
      expect(outcome.afterMs, after).toBeLessThanOrEqual(DAY_MS);
    }
    expect(stage().accepted()).toBe(0);
    expect(['published', 'pending']).toContain((await submit()).kind);
    expect(stage().accepted()).toBe(1);
  });

  test('a grant taken away while an answer is lost makes nobody say “absent”', async () => {
    const payload = stage().build();
    const prepared = await publish.prepare(stage().session, payload, stage().media, stage().once());
    if (prepared.kind !== 'prepared') throw new Error('not prepared');
    stage().armSubmit({ kind: 'lose-answer', accept: true });
    const sentAt = stage().session.now();
    await publish.submit(stage().session, payload, prepared.ids, stage().media);
    stage().settle();
    stage().revokeToken();
    const found = await publish.check(stage().session, payload, prepared.ids, sentAt);
    expect(['sign-in-again', 'unknown']).toContain(found.kind);
  });
}

function describeClocks({ push }: Connector, publish: RemotePublish, stage: Stage): void {
  test.each([90_000, -90_000])('a clock that is off by %i ms hides no post', async (skew) => {
    const payload = stage().build();
    const prepared = await publish.prepare(stage().session, payload, stage().media, stage().once());
    if (prepared.kind !== 'prepared') throw new Error('not prepared');
    stage().armSubmit({ kind: 'lose-answer', accept: true });
    const sentAt = new Date(stage().session.now().getTime() + skew);
    await publish.submit(stage().session, payload, prepared.ids, stage().media);
    stage().settle();
    expect((await publish.check(stage().session, payload, prepared.ids, sentAt)).kind).toBe('published');
  });

  test('a date to wait for is read by the clock of the platform that named it', async () => {
    const payload = stage().build();
    const prepared = await publish.prepare(stage().session, payload, stage().media, stage().once());
    if (prepared.kind !== 'prepared') throw new Error('not prepared');
    const theirs = stage().session.now().getTime() + 3_600_000;
    const headers = {
      date: new Date(theirs).toUTCString(),
      'retry-after': new Date(theirs + 120_000).toUTCString(),
    };
    stage().armSubmit({ kind: 'status', status: 429, headers });
    const outcome = await publish.submit(stage().session, payload, prepared.ids, stage().media);
    expect(outcome.kind).toBe('retry-later');
    expect(outcome.kind === 'retry-later' && outcome.afterMs).toBeLessThanOrEqual(10 * 60_000);
  });

  if (!push) return;

  test.each([4, -4])('a push of a platform whose clock is off by %i minutes opens', (minutes) => {
    const { credentials, genuine } = stage().pushes();
    const now = new Date(stage().session.now().getTime() + minutes * 60_000);
    expect(push.open(credentials, genuine, now)).not.toBeNull();
  });

  test('pushes that arrive in another order mean the same', () => {
    const [first, second] = [stage().pushes(), stage().pushes()];
    const now = stage().session.now();
    const read = ({ credentials, genuine }: typeof first) => {
      const opened = push.open(credentials, genuine, now)!;
      return push.parse(opened.clear, opened.dedupKey);
    };
    const inOrder = [read(first), read(second)];
    expect([read(second), read(first)].toReversed()).toEqual(inOrder);
  });
}

function describeWithdrawal({ withdraw }: Connector, publish: RemotePublish, stage: Stage): void {
  if (!withdraw) return;
  describe('taking a post away', () => {
    let ids: PlatformIds;
    beforeEach(async () => {
      ids = await publishOne(publish, stage());
    });
    const ask = () => withdraw.withdraw(stage().session, ids);
    /** True for a kind of post that only a person can take away: then that is all there is to say, and no call is made. */
    async function isByHand(): Promise<boolean> {
      if (!stage().byHand) return false;
      const before = stage().calls();
      expect((await ask()).kind).toBe('by-hand');
      expect(stage().calls()).toBe(before);
      return true;
    }
    const expectGone = (times: number) => {
      const { gone } = stage();
      if (gone) expect(gone()).toBe(times);
    };

    test('is done once, however often it is asked for', async () => {
      if (await isByHand()) return;
      for (let time = 0; time < 3; time += 1) expect(await ask()).toEqual({ kind: 'withdrawn' });
      expectGone(1);
    });

    test.each([...storms, ...emptyAnswers])('amid $name is not said to be done', async (trouble) => {
      if (await isByHand()) return;
      expect(['retry-later', 'unknown']).toContain((await during(stage(), trouble, ask)).kind);
      expectGone(0);
      expect(await ask()).toEqual({ kind: 'withdrawn' });
      expectGone(1);
    });

    test.each(lostAfterwards)('with $name is done when it is asked again', async (trouble) => {
      if (await isByHand()) return;
      expect(['retry-later', 'unknown', 'withdrawn']).toContain((await during(stage(), trouble, ask)).kind);
      expect(await ask()).toEqual({ kind: 'withdrawn' });
      expectGone(1);
    });

    test('without a grant asks for a person', async () => {
      if (await isByHand()) return;
      stage().revokeToken();
      expect((await ask()).kind).toBe('sign-in-again');
      expectGone(0);
    });
  });
}

function describeFigures({ metrics }: Connector, publish: RemotePublish, stage: Stage): void {
  if (!metrics) return;
  describe('figures', () => {
    const ask = (ids: PlatformIds) =>
      metrics.posts(stage().session, [{ key: 'k', ids, publishedAt: stage().session.now() }]);
    let ids: PlatformIds;
    let publishedAt: Date;
    const askOften = () => metrics.posts(stage().session, [{ key: 'k', ids, publishedAt }]);
    beforeEach(async () => {
      ids = await publishOne(publish, stage());
      publishedAt = stage().session.now();
      stage().count?.(ids);
    });

    test('are whole numbers of what the connector says it counts', async () => {
      const told = await askOften();
      if ('failure' in told) throw new Error(JSON.stringify(told));
      if (stage().count) expect(told.figures.map(({ key }) => key)).toEqual(['k']);
      for (const { totals, asOf } of told.figures) {
        expect(Object.keys(totals).length).toBeGreaterThan(0);
        for (const [metric, total] of Object.entries(totals)) {
          expect(Object.keys(metrics.counts)).toContain(metric);
          expect(Number.isSafeInteger(total) && total >= 0, metric).toBe(true);
        }
        expect(asOf.getTime()).toBeLessThanOrEqual(stage().session.now().getTime() + 60_000);
      }
    });

    test.each([...storms, ...emptyAnswers])('amid $name are missing, never zero', async (trouble) => {
      const told = await during(stage(), trouble, askOften);
      if ('figures' in told) expect(told.figures).toEqual([]);
      else expect(['retry-later', 'unknown', 'rejected']).toContain(told.failure.kind);
      if (!metrics.account) return;
      const whole = await during(stage(), trouble, () => metrics.account!(stage().session));
      if ('totals' in whole) expect(whole.totals).toEqual({});
    });

    test('of a post that the platform does not know are missing', async () => {
      const unknown = Object.fromEntries(Object.keys(ids).map((name) => [name, '1']));
      const told = await ask(unknown);
      if ('figures' in told) expect(told.figures).toEqual([]);
      else expect(told.failure.kind).not.toBe('sign-in-again');
    });

    test('without a grant ask for a person', async () => {
      stage().revokeToken();
      const told = await askOften();
      // A kind of post that the platform does not measure costs no call, and has no figures.
      if ('figures' in told) expect(told.figures).toEqual([]);
      else expect(told.failure.kind).toBe('sign-in-again');
    });
  });
}

function describeGrants(connector: Connector, stage: Stage): void {
  const { probe } = connector;
  if (!probe) return;
  const offered: Partial<Record<AccountAbility, unknown>> = {
    ...{ publish: connector.publish, 'mass-send': connector.publish.reaches.includes('mass-send') },
    ...{ comments: connector.comments, 'comment-reply': connector.comments, push: connector.push },
    ...{ moderation: connector.moderation, messages: connector.messages, metrics: connector.metrics },
    ...{ menu: connector.menu, withdraw: connector.withdraw },
    'comment-switch': connector.comments?.setOpen,
  };
  const grantedBy = (told: Awaited<ReturnType<typeof probe.probe>>) =>
    told.kind === 'ok' ? Object.entries(told.grants).filter(([, grant]) => grant === 'granted') : [];

  test('a probe changes nothing and grants only what the connector can do', async () => {
    const told = await probe.probe(stage().session);
    expect(told.kind).toBe('ok');
    for (const [ability] of grantedBy(told)) expect(offered[ability as AccountAbility], ability).toBeTruthy();
    expect(stage().accepted()).toBe(0);
  });

  test.each([...storms, ...emptyAnswers])('a probe amid $name has seen no grant', async (trouble) => {
    const told = await during(stage(), trouble, () => probe.probe(stage().session));
    expect(grantedBy(told)).toEqual([]);
  });

  test('a probe without a grant says so', async () => {
    stage().revokeToken();
    expect(await probe.probe(stage().session)).toMatchObject({
      ...{ kind: 'failed', outcome: { kind: 'sign-in-again' } },
    });
  });
}

function describeRenewal({ renew }: Connector, stage: Stage): void {
  if (!renew) return;
  test.each(storms)('renewing amid $name costs no grant', async (trouble) => {
    const before = stage().calls();
    const told = await during(stage(), trouble, () => renew.renew(stage().session));
    // A grant that lasts needs no call; one that was asked for is asked for again.
    const asked = stage().calls() > before;
    if (asked) expect(told).toMatchObject({ failure: { kind: 'retry-later' } });
    else expect(told).toHaveProperty('credentials');
  });
}

function describeComments({ comments }: Connector, publish: RemotePublish, stage: Stage): void {
  if (!comments) return;
  async function commented(): Promise<{ ids: PlatformIds; commentId: string } | null> {
    const { comment } = stage();
    if (!comment) return null;
    const ids = await publishOne(publish, stage());
    comment(ids, '请问几点下班？');
    const listed = await comments!.list(stage().session, ids);
    if (!('comments' in listed) || !listed.comments[0]) throw new Error(JSON.stringify(listed));
    return { ids, commentId: listed.comments[0].platformId };
  }

  test('comments read twice are the same comments', async () => {
    const found = await commented();
    const read = () => comments.list(stage().session, found?.ids ?? {});
    if (found) expect(await read()).toEqual(await read());
  });

  test.each([...storms, ...lostAfterwards])(
    'an answer amid $name is not said to stand, nor to be absent when it does',
    async (trouble) => {
      const found = await commented();
      if (!found) return;
      const { ids, commentId } = found;
      const before = stage().answers?.() ?? 0;
      const outcome = await during(stage(), trouble, () =>
        comments.reply(stage().session, ids, commentId, '下午五点半下班。'),
      );
      expect(['unknown', 'retry-later']).toContain(outcome.kind);
      const stands = (stage().answers?.() ?? 0) > before;
      // Only what provably was not sent may be tried again.
      if (stands) expect(outcome.kind).toBe('unknown');
      const checked = await comments.checkReply(stage().session, ids, commentId, '下午五点半下班。');
      expect(checked.kind).not.toBe(stands ? 'absent' : 'sent');
    },
  );
}

function describeModeration(connector: Connector, publish: RemotePublish, stage: Stage): void {
  const { moderation, comments } = connector;
  if (!moderation || !comments) return;
  test.each(moderation.actions.flatMap((action) => lostAfterwards.map((one) => ({ ...one, action }))))(
    '$action with $name is done when it is asked again',
    async ({ action, ...trouble }) => {
      const { comment, session } = stage();
      if (!comment) return;
      const ids = await publishOne(publish, stage());
      comment(ids, '请问几点下班？');
      const listed = await comments.list(session, ids);
      if (!('comments' in listed) || !listed.comments[0]) throw new Error(JSON.stringify(listed));
      const { platformId } = listed.comments[0];
      await comments.reply(session, ids, platformId, '下午五点半下班。');
      const act = () => moderation.act(session, ids, platformId, action);
      expect(['retry-later', 'unknown', 'done']).toContain((await during(stage(), trouble, act)).kind);
      expect(await act()).toEqual({ kind: 'done' });
      expect(await act()).toEqual({ kind: 'done' });
    },
  );
}
