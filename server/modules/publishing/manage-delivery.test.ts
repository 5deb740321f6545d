import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wallTime } from '#server/base/clock.ts';
import {
  cancelDelivery,
  checkDeliveryNow,
  decideDelivery,
  getDelivery,
  holdDelivery,
  listDeliveries,
  releaseDelivery,
  retryDelivery,
} from '#shared/publishing.ts';
import { createClient } from '#tests/support/client.ts';
import { buildDesk, countAccepted, type Desk } from './test-support.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await buildDesk();
});
afterAll(() => desk?.close());

const params = (deliveryId: string) => ({ params: { deliveryId } });
const inAnHour = () => wallTime(new Date(Date.now() + 3_600_000));

describe('who may', () => {
  test('nobody without signing in', async () => {
    const { id } = await desk.approveOn('site');
    const nobody = createClient(desk.installation.url, '');
    expect((await nobody.try(listDeliveries, { query: {} })).status).toBe(401);
    const answer = await nobody.try(cancelDelivery, { ...params(id), body: { reason: '不发了' } });
    expect([answer.status, answer.error?.code]).toEqual([401, 'sign-in-needed']);
  });

  test('the neighbouring county finds none of our deliveries, in the list or by id', async () => {
    const { id } = await desk.approveOn('site');
    const neighbour = await desk.installation.as('st.bianji');
    const list = await neighbour.call(listDeliveries, { query: {} });
    expect(list.rows).toEqual([]);
    expect((await neighbour.try(getDelivery, params(id))).status).toBe(404);
    expect((await neighbour.try(holdDelivery, { ...params(id), body: { reason: '试试' } })).status).toBe(404);
    expect((await desk.find(id)).state).toBe('planned');
  });

  test('a first reviewer reads deliveries and changes none; only the final one and the administrator decide', async () => {
    const { id } = await desk.approveOn('weibo');
    await desk.set(id, "state = 'unknown', submitted_at = clock_timestamp()");
    const reviewer = await desk.installation.as('chushen');
    expect((await reviewer.try(getDelivery, params(id))).status).toBe(200);
    expect((await reviewer.try(cancelDelivery, { ...params(id), body: { reason: '试试' } })).status).toBe(
      403,
    );
    const decision = { verdict: 'did-not-cancel' as const, url: null, evidence: '平台上没有' };
    expect((await desk.editor.try(decideDelivery, { ...params(id), body: decision })).status).toBe(403);
    const final = await desk.installation.as('zhongshen');
    expect((await final.try(decideDelivery, { ...params(id), body: decision })).status).toBe(200);
  });
});

describe('holding and releasing', () => {
  test('a held delivery does not wake; released at once it is due now and goes out', async () => {
    const { id } = await desk.approveOn('site');
    await desk.editor.call(holdDelivery, { ...params(id), body: { reason: '等局领导确认' } });
    const held = await desk.find(id);
    expect([held.state, held.reason, held.wake_at]).toEqual(['held', '等局领导确认', null]);
    await desk.editor.call(releaseDelivery, { ...params(id), body: { plannedWall: null } });
    expect((await desk.find(id)).state).toBe('due');
    expect((await desk.step(id)).state).toBe('published');
    const audit = await desk.auditOf(id);
    expect(audit.map((entry) => entry.action)).toEqual([
      'delivery.planned',
      'delivery.held',
      'delivery.released',
      'delivery.published',
    ]);
    expect(audit[1]?.detail).toEqual({ reason: '等局领导确认' });
  });

  test('released to another time within the approved window it waits for that time', async () => {
    const { id } = await desk.approveOn('site');
    await desk.editor.call(holdDelivery, { ...params(id), body: { reason: '改时间' } });
    const plannedWall = inAnHour();
    await desk.editor.call(releaseDelivery, { ...params(id), body: { plannedWall } });
    const waiting = await desk.step(id);
    expect([waiting.state, waiting.planned_wall]).toEqual(['due', plannedWall]);
    expect(wallTime(waiting.wake_at!)).toBe(plannedWall);
  });

  test('a past time, and a time after the approved window, are refused', async () => {
    const { id } = await desk.approveOn('site');
    await desk.editor.call(holdDelivery, { ...params(id), body: { reason: '改时间' } });
    const past = await desk.editor.try(releaseDelivery, {
      ...params(id),
      body: { plannedWall: '2024-05-01 09:00' },
    });
    expect([past.status, past.error?.code]).toEqual([422, 'schedule-in-past']);
    const after = await desk.editor.try(releaseDelivery, {
      ...params(id),
      body: { plannedWall: wallTime(new Date(Date.now() + 9 * 86_400_000)) },
    });
    expect([after.status, after.error?.code]).toEqual([400, 'input-invalid']);
    expect((await desk.find(id)).state).toBe('held');
  });

  test('what was approved for tomorrow is not released today', async () => {
    const plannedWall = wallTime(new Date(Date.now() + 86_400_000));
    const { id } = await desk.approveOn('site', { target: { plannedWall } });
    await desk.editor.call(holdDelivery, { ...params(id), body: { reason: '再等等' } });
    const refused = await desk.editor.try(releaseDelivery, { ...params(id), body: { plannedWall: null } });
    expect(refused.error?.code).toBe('input-invalid');
    await desk.editor.call(releaseDelivery, { ...params(id), body: { plannedWall } });
    expect((await desk.find(id)).planned_wall).toBe(plannedWall);
  });

  test('only what is held can be released', async () => {
    const { id } = await desk.approveOn('site');
    const answer = await desk.editor.try(releaseDelivery, { ...params(id), body: { plannedWall: null } });
    expect([answer.status, answer.error?.code]).toEqual([409, 'state-conflict']);
  });

  test('a voided approval can’t be released past', async () => {
    const { id, reviewId } = await desk.approveOn('site');
    await desk.editor.call(holdDelivery, { ...params(id), body: { reason: '等等' } });
    await desk.tamper("update reviews set state = 'voided' where id = $1", [reviewId]);
    const answer = await desk.editor.try(releaseDelivery, { ...params(id), body: { plannedWall: null } });
    expect(answer.error?.code).toBe('input-invalid');
  });
});

describe('what may be out', () => {
  test.each(['submitting', 'pending', 'published'])(
    '%s can be neither held nor cancelled nor retried',
    async (state) => {
      const { id } = await desk.approveOn('weibo');
      await desk.set(id, `state = '${state}', submitted_at = clock_timestamp(), wake_at = null`);
      const reason = { reason: '不发了' };
      for (const answer of [
        await desk.editor.try(holdDelivery, { ...params(id), body: reason }),
        await desk.editor.try(cancelDelivery, { ...params(id), body: reason }),
        await desk.editor.try(retryDelivery, { ...params(id), body: {} }),
      ])
        expect([answer.status, answer.error?.code]).toEqual([409, 'state-conflict']);
      expect((await desk.find(id)).state).toBe(state);
      // One call an account: the next test's needs the place.
      await desk.set(id, "state = 'published'");
    },
  );

  test('an unknown delivery can’t be cancelled or retried by a click: that needs a decision', async () => {
    const { id } = await desk.approveOn('weibo');
    await desk.set(id, "state = 'unknown', submitted_at = clock_timestamp()");
    const cancelled = await desk.editor.try(cancelDelivery, { ...params(id), body: { reason: '算了' } });
    const retried = await desk.editor.try(retryDelivery, { ...params(id), body: {} });
    expect([cancelled.error?.code, retried.error?.code]).toEqual(['state-conflict', 'state-conflict']);
  });

  test('a cancelled delivery stays cancelled whatever wakes it', async () => {
    const { id } = await desk.approveOn('weibo');
    await desk.editor.call(cancelDelivery, { ...params(id), body: { reason: '重复了' } });
    const woken = await desk.step(id);
    expect([woken.state, woken.wake_at]).toEqual(['cancelled', null]);
    const again = await desk.editor.try(holdDelivery, { ...params(id), body: { reason: '等等' } });
    expect(again.error?.code).toBe('state-conflict');
  });
});

describe('trying again and asking the platform', () => {
  test('a failed delivery is due at once after a retry', async () => {
    const { id } = await desk.approveOn('weibo');
    await desk.set(id, "state = 'failed', reason = 'gave-up', wake_at = null");
    await desk.editor.call(retryDelivery, { ...params(id), body: {} });
    expect(await desk.find(id)).toMatchObject({ state: 'due', reason: null });
    expect((await desk.step(id)).state).toBe('prepared');
  });

  test('"check now" wakes an unknown delivery and is refused for one that is not out', async () => {
    const { id } = await desk.approveOn('weibo');
    const early = await desk.editor.try(checkDeliveryNow, { ...params(id), body: {} });
    expect(early.error?.code).toBe('state-conflict');
    await desk.set(id, "state = 'unknown', submitted_at = clock_timestamp(), wake_at = null");
    await desk.editor.call(checkDeliveryNow, { ...params(id), body: {} });
    expect((await desk.find(id)).wake_at).not.toBeNull();
  });
});

describe('a person decides an unknown delivery', () => {
  async function unknown(): Promise<string> {
    const { id } = await desk.approveOn('weibo');
    expect((await desk.step(id)).state).toBe('prepared');
    await desk.set(id, "state = 'unknown', submitted_at = clock_timestamp() - interval '1 minute'");
    return id;
  }

  test('"it went out" with the link makes it published, and the evidence is kept in log and attempt', async () => {
    const id = await unknown();
    const administrator = await desk.installation.as('guanli');
    const body = {
      verdict: 'went-out' as const,
      url: 'https://weibo.com/1900000001/N1',
      evidence: '在主页上看到了这条',
    };
    await administrator.call(decideDelivery, { ...params(id), body });
    const view = await desk.editor.call(getDelivery, params(id));
    expect([view.state, view.url]).toEqual(['published', body.url]);
    expect(view.attemptLog.at(-1)).toMatchObject({ step: 'person', outcome: { ...body, by: '何伟' } });
    expect((await desk.auditOf(id)).at(-1)).toMatchObject({ action: 'delivery.decided', detail: body });
  });

  test('"it did not: send again" sends exactly one more', async () => {
    const id = await unknown();
    const before = countAccepted(desk, 'weibo');
    const administrator = await desk.installation.as('guanli');
    await administrator.call(decideDelivery, {
      ...params(id),
      body: { verdict: 'did-not-resend', url: null, evidence: '主页和相册都没有' },
    });
    expect((await desk.find(id)).state).toBe('due');
    expect((await desk.step(id)).state).toBe('prepared');
    expect((await desk.step(id)).state).toBe('published');
    expect(countAccepted(desk, 'weibo')).toBe(before + 1);
  });

  test('"it did not: give up" ends it', async () => {
    const id = await unknown();
    const administrator = await desk.installation.as('guanli');
    await administrator.call(decideDelivery, {
      ...params(id),
      body: { verdict: 'did-not-cancel', url: null, evidence: '平台上没有，也过时了' },
    });
    expect(await desk.find(id)).toMatchObject({
      state: 'cancelled',
      reason: 'person-decided',
      wake_at: null,
    });
  });

  test('without evidence nothing is decided', async () => {
    const id = await unknown();
    const administrator = await desk.installation.as('guanli');
    const answer = await administrator.try(decideDelivery, {
      ...params(id),
      body: { verdict: 'did-not-cancel', url: null, evidence: ' ' },
    });
    expect([answer.status, answer.error?.code]).toEqual([400, 'input-invalid']);
    expect((await desk.find(id)).state).toBe('unknown');
  });

  test('two people deciding at once leave one decision', async () => {
    const id = await unknown();
    const people = await Promise.all(['guanli', 'zhongshen'].map((login) => desk.installation.as(login)));
    const answers = await Promise.all(
      people.map((person) =>
        person.try(decideDelivery, {
          ...params(id),
          body: { verdict: 'did-not-cancel', url: null, evidence: '平台上没有' },
        }),
      ),
    );
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([200, 409]);
    const decided = (await desk.auditOf(id)).filter((entry) => entry.action === 'delivery.decided');
    expect(decided).toHaveLength(1);
  });
});
