import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#server/base/ids.ts';
import { getArticle } from '#shared/content.ts';
import { type Delivery, decideDelivery, getDelivery } from '#shared/publishing.ts';
import { registerPosts } from '#shared/registrations.ts';
import { checkTask, getHandOff, listTasks, proveHandOff } from '#shared/tasks.ts';
import { listWithdrawals, withdrawArticle, withdrawDelivery } from '#shared/withdrawals.ts';
import { type Client, createClient } from '#tests/support/client.ts';
import { until } from '#tests/support/wait.ts';
import { buildDesk, type Desk } from '../test-support.ts';
import { runWithdrawals } from './run-withdrawals.ts';

let desk: Desk;
let admin: Client;
beforeAll(async () => {
  desk = await buildDesk();
  admin = await desk.installation.as('guanli');
});
afterAll(() => desk?.close());

const order = { reason: '政策表述有误', withinHours: 2 };
const on = (list: readonly Delivery[], platform: string) => list.find((one) => one.platform === platform)!.id;
const stateOf = async (id: string) => (await desk.find(id)).state;

/** All of an article's posts, brought as far as wanted. */
async function published(...platforms: string[]) {
  const made = await desk.approve({ platforms });
  for (const { id, platform } of made.deliveries) {
    if (platform === 'site') await desk.step(id);
    else
      await desk.set(
        id,
        `state = 'published', published_at = now(), wake_at = null, url = 'https://${platform}.example/1'`,
      );
  }
  return made;
}

const withdraw = (articleId: string) =>
  desk.editor.call(withdrawArticle, { params: { articleId }, body: order });

async function targetsOf(articleId: string) {
  const { rows } = await desk.editor.call(listWithdrawals, { query: { articleId } });
  return new Map(rows[0]!.targets.map((target) => [target.deliveryId, target]));
}

async function claim(token: string, cookie: string): Promise<number> {
  const form = new FormData();
  const picture = await sharp({ create: { width: 60, height: 90, channels: 3, background: '#fff' } })
    .png()
    .toBuffer();
  form.append('note', '已删除');
  form.append('file', new Blob([new Uint8Array(picture)], { type: 'image/png' }), '截图.png');
  const answer = await fetch(`${desk.installation.url}/api/hand-off/${token}/claim`, {
    method: 'POST',
    headers: { cookie, 'idempotency-key': newId() },
    body: form,
  });
  return answer.status;
}

describe('an emergency withdrawal', () => {
  test('needs somebody who signed in and may manage posts, and a reason', async () => {
    const { articleId } = await desk.approve({ platforms: ['site'] });
    const input = { params: { articleId }, body: order };
    expect((await createClient(desk.installation.url, '').try(withdrawArticle, input)).status).toBe(401);
    const reader = await desk.installation.as('lingdao');
    expect((await reader.try(withdrawArticle, input)).status).toBe(403);
    const silent = await desk.editor.try(withdrawArticle, { ...input, body: { reason: ' ' } });
    expect(silent.status).toBe(400);
  });

  test('stops what is not out, takes the site page away at once, and gives the rest to people', async () => {
    const { articleId, deliveries } = await published('site', 'xiaohongshu', 'weibo');
    const [site, note, post] = ['site', 'xiaohongshu', 'weibo'].map((one) => on(deliveries, one));
    await desk.set(
      post!,
      `state = 'planned', published_at = null, due_at = now() + interval '1 day', url = null`,
    );
    const page = `${desk.installation.url}${new URL((await desk.find(site!)).url!).pathname}`;
    expect((await fetch(page)).status).toBe(200);
    await withdraw(articleId);
    // Each web process hears of it within a moment.
    await until(async () => (await fetch(page)).status === 404, { what: 'the page is gone' });
    expect([await stateOf(site!), await stateOf(note!), await stateOf(post!)]).toEqual([
      'withdrawn',
      'published',
      'cancelled',
    ]);
    const targets = await targetsOf(articleId);
    expect([site, note, post].map((id) => targets.get(id!)!.state)).toEqual(['gone', 'by-hand', 'never-out']);
    expect((await desk.editor.call(getArticle, { params: { articleId } })).state).toBe('draft');
    expect((await desk.auditOf(articleId)).at(-1)).toMatchObject({
      action: 'article.withdrawn',
      detail: { reason: order.reason, posts: 3 },
    });
  });

  test('voids the approval: what was prepared can no longer pass the last look', async () => {
    const { articleId, deliveries } = await desk.approve({ platforms: ['weibo'] });
    const id = deliveries[0]!.id;
    const claimed = await desk.claim(id);
    await withdraw(articleId);
    expect(await stateOf(id)).toBe('cancelled');
    expect(claimed.fence).toBe((await desk.find(id)).fence);
    const again = await desk.step(id);
    expect(again.state).toBe('cancelled');
  });

  test('ends an open task to post by hand', async () => {
    const { articleId, deliveries } = await desk.approve({ platforms: ['xiaohongshu'] });
    const id = deliveries[0]!.id;
    await desk.step(id);
    const { handoffUrl } = await desk.editor.call(getDelivery, { params: { deliveryId: id } });
    await withdraw(articleId);
    const token = handoffUrl!.slice(-22);
    const phone = createClient(desk.installation.url, '');
    expect((await phone.call(getHandOff, { params: { token } })).state).toBe('cancelled');
    const proof = { pasted: 'https://www.xiaohongshu.com/explore/66f1a2b3000000001e03c4d5' };
    expect((await phone.try(proveHandOff, { params: { token }, body: proof })).status).toBe(410);
  });

  test('twice takes nothing away twice, and with nothing out says so', async () => {
    const { articleId } = await published('xiaohongshu');
    await withdraw(articleId);
    const again = await desk.editor.try(withdrawArticle, { params: { articleId }, body: order });
    expect([again.status, again.error?.code]).toEqual([409, 'nothing-to-withdraw']);
    expect((await desk.editor.call(listWithdrawals, { query: { articleId } })).rows).toHaveLength(1);
  });
});

describe('while nobody knows whether a post is out', () => {
  test.each(['submitting', 'unknown', 'pending'] as const)(
    '%s waits, and is taken away once it turns out to be there',
    async (state) => {
      const { articleId, deliveries } = await published('weibo');
      const id = deliveries[0]!.id;
      await desk.set(id, `state = '${state}', published_at = null, url = null, submitted_at = now()`);
      await withdraw(articleId);
      expect(await stateOf(id)).toBe(state);
      await runWithdrawals(desk.app);
      expect((await targetsOf(articleId)).get(id)!.state).toBe('waiting');
      await desk.set(id, `state = 'published', published_at = now()`);
      await desk.tamper('update withdrawal_targets set wake_at = now() where delivery_id = $1', [id]);
      await runWithdrawals(desk.app);
      // Without the platform's id nothing can be named to it: a person is asked.
      expect((await targetsOf(articleId)).get(id)!.state).toBe('by-hand');
    },
  );

  test('a post that turns out absent is stopped instead of sent again', async () => {
    const { articleId, deliveries } = await published('weibo');
    const id = deliveries[0]!.id;
    await desk.set(id, `state = 'unknown', published_at = null, url = null, submitted_at = now()`);
    await withdraw(articleId);
    await admin.call(decideDelivery, {
      params: { deliveryId: id },
      body: { verdict: 'did-not-resend', url: null, evidence: '时间线上没有' },
    });
    await desk.tamper('update withdrawal_targets set wake_at = now() where delivery_id = $1', [id]);
    await runWithdrawals(desk.app);
    expect(await stateOf(id)).toBe('cancelled');
    expect((await targetsOf(articleId)).get(id)!.state).toBe('never-out');
  });
});

describe('what a person takes away', () => {
  async function byHand() {
    const { articleId, deliveries } = await published('xiaohongshu');
    await withdraw(articleId);
    const id = deliveries[0]!.id;
    const { rows } = await desk.editor.call(listTasks, { query: { subjectId: id } });
    const task = rows.find(({ kind }) => kind === 'withdraw')!;
    return { articleId, id, task, token: task.url.slice(-22) };
  }

  test('is proven by a screenshot and a second person; only then it is gone', async () => {
    const { articleId, id, task, token } = await byHand();
    const page = await createClient(desk.installation.url, '').call(getHandOff, { params: { token } });
    expect(page).toMatchObject({ kind: 'withdraw', takesLink: false, title: order.reason });
    expect(page.copy).toEqual([{ field: 'link', text: 'https://xiaohongshu.example/1', fit: null }]);
    expect(await claim(token, '')).toBe(409);
    expect(await claim(token, desk.editor.cookie)).toBe(200);
    expect(await stateOf(id)).toBe('published');
    const check = { params: { taskId: task.id }, body: { verdict: 'verified' as const } };
    const own = await desk.editor.try(checkTask, check);
    expect([own.status, own.error?.code]).toEqual([409, 'task-own-claim']);
    await admin.call(checkTask, check);
    expect(await stateOf(id)).toBe('withdrawn');
    expect((await targetsOf(articleId)).get(id)).toMatchObject({
      state: 'gone',
      task: { state: 'verified' },
    });
    expect((await desk.auditOf(id)).at(-1)).toMatchObject({
      action: 'delivery.withdrawn',
      detail: { by: 'person' },
    });
  });

  test('is returned with a reason, done again, and checked again', async () => {
    const { id, task, token } = await byHand();
    const check = (body: { verdict: 'verified' } | { verdict: 'returned'; reason: string }) =>
      admin.try(checkTask, { params: { taskId: task.id }, body });
    expect((await check({ verdict: 'verified' })).error?.code).toBe('task-not-claimed');
    await claim(token, desk.editor.cookie);
    expect((await check({ verdict: 'returned', reason: '截图里还看得到' })).status).toBe(200);
    const page = await createClient(desk.installation.url, '').call(getHandOff, { params: { token } });
    expect([page.state, page.returnReason]).toEqual(['returned', '截图里还看得到']);
    expect(await claim(token, desk.editor.cookie)).toBe(200);
    expect((await check({ verdict: 'verified' })).status).toBe(200);
    expect(await stateOf(id)).toBe('withdrawn');
  });
});

test('a registered post without an article is taken away alone', async () => {
  const accounts = await desk.tamper(`select id from accounts where platform = 'xiaohongshu' limit 1`);
  const row = {
    accountId: accounts.rows[0].id as string,
    pasted: 'https://www.xiaohongshu.com/explore/66f1a2b3000000001e0aaaaa',
    title: '旧作品',
    publishedWall: '2026-01-02 10:00',
  };
  const { ids } = await desk.editor.call(registerPosts, { body: { rows: [row] } });
  await desk.editor.call(withdrawDelivery, { params: { deliveryId: ids[0]! }, body: order });
  const { rows } = await desk.editor.call(listWithdrawals, { query: { deliveryId: ids[0]! } });
  expect(rows[0]).toMatchObject({ articleId: null, targets: [{ state: 'by-hand' }] });
});
