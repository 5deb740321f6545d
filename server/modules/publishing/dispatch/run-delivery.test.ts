import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { getConnector } from '#connectors/registry.ts';
import { wallTime } from '#server/base/clock.ts';
import { getDelivery } from '#shared/publishing.ts';
import { claimDue, moveDelivery } from '../store.ts';
import { buildDesk, countAccepted, type Desk } from '../test-support.ts';
import { runDelivery } from './run-delivery.ts';
import { sendDelivery } from './send-delivery.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await buildDesk();
});
afterAll(() => desk?.close());

const late = (interval: string) => `due_at = clock_timestamp() - interval '${interval}'`;

/** A claim is judged by the clock it is given: noon, so that quiet hours don't depend on when the test runs. */
async function stepAtNoon(deliveryId: string): Promise<void> {
  const claimed = await desk.claim(deliveryId);
  const now = await desk.app.database.now();
  const noon = new Date(`${wallTime(now).slice(0, 10)}T12:00:00+08:00`);
  const shift = noon.getTime() - now.getTime();
  const shifted = { ...claimed, due_at: new Date(claimed.due_at.getTime() + shift) };
  await runDelivery(desk.app, shifted, { paused: false, now: noon });
}

describe('a delivery whose time passed while the program was down', () => {
  test('goes out when it is ten minutes late, and says how late it was', async () => {
    const { id } = await desk.approveOn('site');
    await desk.set(id, late('10 minutes'));
    const published = await desk.step(id);
    expect(published.state).toBe('published');
    expect(published.late_seconds).toBeGreaterThanOrEqual(600);
    expect(published.late_seconds).toBeLessThan(660);
  });

  test('is held for a person when it is more than 15 minutes late, with the reason and the audit row', async () => {
    const { id } = await desk.approveOn('weibo');
    await desk.set(id, late('16 minutes'));
    const before = countAccepted(desk, 'weibo');
    const held = await desk.step(id);
    expect([held.state, held.reason, held.wake_at]).toEqual(['held', 'missed', null]);
    expect((await desk.auditOf(id)).map((entry) => entry.action)).toContain('delivery.held');
    expect(countAccepted(desk, 'weibo')).toBe(before);
  });

  test('goes out hours late by day when it was planned "even if late"', async () => {
    const { id } = await desk.approveOn('site', { target: { evenIfLate: true } });
    await desk.set(id, late('3 hours'));
    await stepAtNoon(id);
    expect((await desk.find(id)).state).toBe('published');
  });

  test('expires after 24 hours, even when planned "even if late"', async () => {
    const { id } = await desk.approveOn('weibo', { target: { evenIfLate: true } });
    await desk.set(id, late('24 hours 1 minute'));
    const expired = await desk.step(id);
    expect([expired.state, expired.reason]).toEqual(['expired', 'missed-long']);
    expect((await desk.auditOf(id)).at(-1)).toMatchObject({
      action: 'delivery.expired',
      detail: { reason: 'missed-long' },
    });
  });

  test('is not "missed" when it was there in time and the platform made it wait', async () => {
    const { id } = await desk.approveOn('weibo');
    await desk.set(id, `${late('40 minutes')}, reason = 'limit', resume_at = clock_timestamp()`);
    expect((await desk.step(id)).state).toBe('prepared');
    // Prepared anew, it is still the same post that had to wait.
    expect((await desk.step(id)).state).toBe('published');
  });

  test('is held when it was missed after the platform had made it wait', async () => {
    const { id } = await desk.approveOn('weibo');
    await desk.set(
      id,
      `${late('3 hours')}, reason = 'limit', resume_at = clock_timestamp() - interval '16 minutes'`,
    );
    const before = countAccepted(desk, 'weibo');
    const held = await desk.step(id);
    expect([held.state, held.reason]).toEqual(['held', 'missed']);
    expect(countAccepted(desk, 'weibo')).toBe(before);
  });

  test('begins to count as missed from the moment at which a limit ends', async () => {
    const { id } = await desk.approveOn('weibo');
    const until = new Date(Date.now() + 1_800_000);
    await desk.app.database.withWorker(async (tx) =>
      moveDelivery(tx, await desk.claim(id), { reason: 'limit', wake_at: until }),
    );
    expect((await desk.find(id)).resume_at).toEqual(until);
  });
});

describe('a delivery that is not due', () => {
  test('on the own site waits for its minute and is not published early', async () => {
    const { id } = await desk.approveOn('site');
    await desk.set(id, "due_at = clock_timestamp() + interval '5 minutes'");
    const waiting = await desk.step(id);
    expect(waiting.state).toBe('planned');
    expect(waiting.wake_at).toEqual(waiting.due_at);
  });

  test('is prepared ahead, but the irreversible call waits for the time', async () => {
    const { id } = await desk.approveOn('weibo');
    await desk.set(id, "due_at = clock_timestamp() + interval '5 minutes'");
    const before = countAccepted(desk, 'weibo');
    const prepared = await desk.step(id);
    expect(prepared.state).toBe('prepared');
    expect(prepared.wake_at).toEqual(prepared.due_at);
    // Woken too early all the same.
    const still = await desk.step(id);
    expect([still.state, still.wake_at]).toEqual(['prepared', still.due_at]);
    expect(countAccepted(desk, 'weibo')).toBe(before);
  });

  test('stays put while publishing is paused by the clock alarm, due or not', async () => {
    const { id } = await desk.approveOn('site');
    const paused = await desk.step(id, true);
    expect(paused.state).toBe('planned');
    expect(paused.wake_at!.getTime()).toBeGreaterThan(Date.now());
    expect((await desk.step(id)).state).toBe('published');
  });
});

describe('what is not approved is not sent', () => {
  test('a review voided after preparation holds the delivery; nothing reaches the platform', async () => {
    const { id, reviewId } = await desk.approveOn('weibo');
    expect((await desk.step(id)).state).toBe('prepared');
    await desk.tamper("update reviews set state = 'voided' where id = $1", [reviewId]);
    const before = countAccepted(desk, 'weibo');
    const held = await desk.step(id);
    expect([held.state, held.reason]).toEqual(['held', 'approval-missing']);
    expect((await desk.auditOf(id)).at(-1)).toMatchObject({
      action: 'delivery.not-sent',
      detail: { reason: 'approval-missing' },
    });
    expect(countAccepted(desk, 'weibo')).toBe(before);
  });

  const tamperWith = async (deliveryId: string, change: string) => {
    await desk.tamper('alter table packages disable trigger packages_immutable');
    await desk.tamper(
      `update packages set ${change} where id = (select package_id from deliveries where id = $1)`,
      [deliveryId],
    );
    await desk.tamper('alter table packages enable trigger packages_immutable');
  };

  test.each(['weibo', 'site', 'xiaohongshu'])(
    'one byte changed in the stored package holds the delivery on %s',
    async (platform) => {
      const { id } = await desk.approveOn(platform, { title: '职工退休一件事怎么办' });
      await tamperWith(id, "payload = replace(payload, '退休', '退体')");
      const held = await desk.step(id);
      expect([held.state, held.reason, held.url]).toEqual(['held', 'approval-missing', null]);
    },
  );

  test('other bytes with their own right hash are not what was signed either', async () => {
    const { id } = await desk.approveOn('weibo');
    expect((await desk.step(id)).state).toBe('prepared');
    await tamperWith(
      id,
      "payload = replace(payload, '退休', '退体'), hash = sha256(convert_to(replace(payload, '退休', '退体'), 'UTF8'))",
    );
    const before = countAccepted(desk, 'weibo');
    expect((await desk.step(id)).reason).toBe('approval-missing');
    expect(countAccepted(desk, 'weibo')).toBe(before);
  });

  test.each([
    ['before the approved window', "not_before = clock_timestamp() + interval '1 hour'"],
    ['after the approved window', "not_after = clock_timestamp() - interval '1 second'"],
  ])('%s it is held', async (_name, change) => {
    const { id, reviewId } = await desk.approveOn('site');
    await desk.tamper(`update reviews set ${change} where id = $1`, [reviewId]);
    const held = await desk.step(id);
    expect([held.state, held.reason]).toEqual(['held', 'approval-window']);
  });

  test('a paused account makes it wait, and it goes on by itself afterwards', async () => {
    const { id, accountId } = await desk.approveOn('weibo');
    await desk.tamper("update accounts set state = 'paused' where id = $1", [accountId]);
    const waiting = await desk.step(id);
    expect([waiting.state, waiting.reason]).toEqual(['planned', 'account-not-active']);
    await desk.tamper("update accounts set state = 'active' where id = $1", [accountId]);
    expect((await desk.step(id)).state).toBe('prepared');
  });
});

describe('two processes and one delivery', () => {
  test('a claim grows the fence, and what the older claim writes changes nothing', async () => {
    const { id } = await desk.approveOn('weibo');
    const stale = await desk.claim(id);
    const fresh = await desk.claim(id);
    expect(fresh.fence).toBe(stale.fence + 1);
    const write = desk.app.database.withWorker((tx) =>
      moveDelivery(tx, stale, { state: 'held', reason: 'missed' }),
    );
    await expect(write).rejects.toMatchObject({ code: 'state-conflict' });
    expect((await desk.find(id)).state).toBe('planned');
  });

  test('a process that slept past its lease sends nothing', async () => {
    const { id } = await desk.approveOn('weibo');
    expect((await desk.step(id)).state).toBe('prepared');
    const sleeper = await desk.claim(id);
    await desk.claim(id);
    const before = countAccepted(desk, 'weibo');
    const options = { paused: false, now: await desk.app.database.now() };
    await expect(runDelivery(desk.app, sleeper, options)).rejects.toMatchObject({ code: 'state-conflict' });
    expect(countAccepted(desk, 'weibo')).toBe(before);
    expect((await desk.find(id)).state).toBe('prepared');
  });

  test('two claims at the same moment never take the same delivery', async () => {
    const ids = await Promise.all([1, 2, 3].map(async () => (await desk.approveOn('site')).id));
    await desk.tamper('update deliveries set wake_at = case when id = any($1) then clock_timestamp() end', [
      ids,
    ]);
    const claims = await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) =>
        desk.app.database.withWorker((tx) => claimDue(tx, name, { limit: 64 })),
      ),
    );
    expect(
      claims
        .flat()
        .map((row) => row.id)
        .toSorted(),
    ).toEqual(ids.toSorted());
  });

  test('while one post of the account is under way, the next waits and is sent after it', async () => {
    const first = await desk.approveOn('weibo');
    const second = await desk.approveOn('weibo');
    expect((await desk.step(first.id)).state).toBe('prepared');
    expect((await desk.step(second.id)).state).toBe('prepared');
    await desk.set(first.id, "state = 'submitting', submitted_at = clock_timestamp()");
    const before = countAccepted(desk, 'weibo');
    const waiting = await desk.step(second.id);
    expect(waiting.state).toBe('prepared');
    expect(countAccepted(desk, 'weibo')).toBe(before);
    await desk.set(first.id, "state = 'cancelled', wake_at = null");
    expect((await desk.step(second.id)).state).toBe('published');
    expect(countAccepted(desk, 'weibo')).toBe(before + 1);
  });

  test('a call that begins late in its lease gets a whole lease, so that nobody takes it for abandoned', async () => {
    const { id } = await desk.approveOn('weibo');
    expect((await desk.step(id)).state).toBe('prepared');
    await desk.set(id, 'wake_at = clock_timestamp()');
    const [claimed] = await desk.app.database.withWorker((tx) =>
      claimDue(tx, 'slow', { limit: 10, lease: 0 }),
    );
    const taken: string[] = [];
    const failpoints = {
      async hit(name: string) {
        if (name !== 'submit.committed') return;
        const rows = await desk.app.database.withWorker((tx) => claimDue(tx, 'other', { limit: 10 }));
        taken.push(...rows.map((row) => row.id));
      },
    };
    const { publish } = getConnector('weibo');
    if (publish.kind !== 'remote') throw new Error('Weibo publishes by API');
    await sendDelivery({ ...desk.app, failpoints }, claimed!, publish);
    expect(taken).toEqual([]);
    expect((await desk.find(id)).state).toBe('published');
  });

  test('`submitting` found again means that its process is gone: unknown, and no second call', async () => {
    const { id } = await desk.approveOn('weibo');
    expect((await desk.step(id)).state).toBe('prepared');
    await desk.set(id, "state = 'submitting', submitted_at = clock_timestamp()");
    const before = countAccepted(desk, 'weibo');
    expect((await desk.step(id)).state).toBe('unknown');
    expect(countAccepted(desk, 'weibo')).toBe(before);
  });

  test('several posts due on one account are claimed in the order of their times', async () => {
    const made = [];
    for (const minutes of [1, 3, 2]) {
      const { id } = await desk.approveOn('weibo');
      await desk.set(id, `due_at = clock_timestamp() - interval '${minutes} minutes'`);
      made.push({ id, minutes });
    }
    await desk.tamper('update deliveries set wake_at = case when id = any($1) then clock_timestamp() end', [
      made.map((one) => one.id),
    ]);
    const claimed = await desk.app.database.withWorker((tx) => claimDue(tx, 'test', { limit: 64 }));
    const order = made.toSorted((a, b) => b.minutes - a.minutes).map((one) => one.id);
    expect(claimed.map((row) => row.id)).toEqual(order);
  });

  test('while many posts are due, looks at what is out wait for them, but no longer than a minute', async () => {
    const [post, look, oldLook] = [
      await desk.approveOn('weibo'),
      await desk.approveOn('weibo'),
      await desk.approveOn('weibo'),
    ];
    const pending = "state = 'pending', submitted_at = clock_timestamp()";
    await desk.set(look.id, pending);
    await desk.set(oldLook.id, pending);
    await desk.tamper(
      `update deliveries set claimed_by = null, wake_at = case
         when id = any($1) then clock_timestamp()
         when id = $2 then clock_timestamp() - interval '61 seconds' end`,
      [[post.id, look.id], oldLook.id],
    );
    const claim = async (sendsFirst: boolean) =>
      (await desk.app.database.withWorker((tx) => claimDue(tx, 'test', { limit: 64, sendsFirst }))).map(
        (row) => row.id,
      );
    expect((await claim(true)).toSorted()).toEqual([post.id, oldLook.id].toSorted());
    expect(await claim(false)).toEqual([look.id]);
  });
});

describe('a hand-off', () => {
  test('becomes a task with a token and a deadline, and expires a day after it', async () => {
    const { id } = await desk.approveOn('xiaohongshu');
    const task = await desk.step(id);
    expect(task.state).toBe('handed-off');
    const view = await desk.editor.call(getDelivery, { params: { deliveryId: id } });
    expect([view.taskState, view.handoffUrl]).toEqual(['pending', expect.stringMatching(/\/[\w-]{22}$/)]);
    const deadline = Date.parse(view.handoffDeadline!);
    expect(deadline - task.due_at.getTime()).toBe(2 * 3_600_000);
    expect(task.wake_at!.getTime() - deadline).toBe(24 * 3_600_000);
    const expired = await desk.step(id);
    expect([expired.state, expired.reason]).toEqual(['expired', 'handoff-expired']);
  });
});
