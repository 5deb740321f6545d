import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wallTime } from '#server/base/clock.ts';
import { buildDesk, type Desk } from '#server/modules/publishing/test-support.ts';
import { submitArticle } from '#shared/content.ts';
import { listTodo, type Todo } from '#shared/home.ts';
import { decideReview, getReview } from '#shared/review.ts';
import { withdrawDelivery } from '#shared/withdrawals.ts';
import { buildDraft } from '#tests/support/build-article.ts';
import { type Client, createClient } from '#tests/support/client.ts';

let desk: Desk;
const people = new Map<string, Client>();
beforeAll(async () => {
  desk = await buildDesk();
  for (const login of [
    'bianji',
    'chushen',
    'fushen',
    'zhongshen',
    'guanli',
    'lingdao',
    'yunwei',
    'shangji',
    'st.bianji',
  ])
    people.set(login, await desk.installation.as(login));
});
afterAll(() => desk?.close());

const todoOf = async (login: string): Promise<Todo[]> => (await people.get(login)!.call(listTodo, {})).rows;
const find = async (login: string, key: string) => (await todoOf(login)).find((line) => line.key === key);
const seenBy = async (key: string) => {
  const seen: string[] = [];
  for (const login of people.keys()) if (await find(login, key)) seen.push(login);
  return seen;
};

async function submitted(title: string, plannedWall: string | null = null) {
  const draft = await buildDraft(desk.installation, desk.editor, { title, target: { plannedWall } });
  const { reviewId } = await desk.editor.call(submitArticle, {
    params: { articleId: draft.articleId },
    body: { baseRevision: draft.revision },
  });
  return { ...draft, reviewId };
}

describe('home', () => {
  test('is for signed-in people', async () => {
    const nobody = createClient(desk.installation.url, '');
    expect((await nobody.try(listTodo, {})).status).toBe(401);
  });

  test('gives a review to the person whose stage it is, and to nobody else', async () => {
    const { reviewId } = await submitted('等初审');
    const key = `review:${reviewId}`;
    expect(await seenBy(key)).toEqual(['chushen']);
    const line = (await find('chushen', key))!;
    expect(line).toMatchObject({ kind: 'review', title: '等初审', to: `/reviews/${reviewId}`, dueAt: null });
    expect(line.note.zh).toContain('林晓');
  });

  test('dates a review by the time it is to go out', async () => {
    const plannedWall = wallTime(new Date(Date.now() + 2 * 86_400_000));
    const { reviewId } = await submitted('后天发', plannedWall);
    const line = (await find('chushen', `review:${reviewId}`))!;
    expect([wallTime(new Date(line.dueAt!)), line.overdue]).toEqual([plannedWall, false]);
  });

  test('shows the author what came back, and their drafts, and not to colleagues', async () => {
    const { reviewId, articleId } = await submitted('要退回');
    const { stage, subjectHash } = await people.get('chushen')!.call(getReview, { params: { reviewId } });
    await people.get('chushen')!.call(decideReview, {
      params: { reviewId },
      body: { stage, subjectHash, decision: 'return', note: '改标题' },
    });
    const key = `article:${articleId}`;
    expect(await find('bianji', key)).toMatchObject({ kind: 'returned', to: `/articles/${articleId}` });
    expect(await seenBy(key)).toEqual(['bianji']);
    const draft = await buildDraft(desk.installation, desk.editor, { title: '' });
    expect(await find('bianji', `article:${draft.articleId}`)).toMatchObject({
      kind: 'draft',
      title: '（未命名）',
    });
  });

  test('gives a hand-off to those who can do it, due at its deadline', async () => {
    const { id } = await desk.approveOn('xiaohongshu');
    const handed = await desk.step(id);
    const deadline = new Date(handed.wake_at!.getTime() - 24 * 3_600_000);
    expect(await seenBy(`hand-off:${id}`)).toEqual(['bianji', 'guanli']);
    const line = (await find('bianji', `hand-off:${id}`))!;
    expect([line.dueAt, line.overdue]).toEqual([deadline.toISOString(), false]);
    await desk.tamper(
      "update assisted_tasks set deadline = clock_timestamp() - interval '1 minute' where subject_id = $1",
      [id],
    );
    expect((await find('bianji', `hand-off:${id}`))!.overdue).toBe(true);
  });

  test('gives a post to take away to those who can, and its check to another than who did it', async () => {
    const { id } = await desk.approveOn('xiaohongshu', { title: '要撤下的一篇' });
    await desk.set(id, "state = 'published', published_at = now(), wake_at = null");
    const order = { reason: '时间写错', withinHours: 2 };
    await desk.editor.call(withdrawDelivery, { params: { deliveryId: id }, body: order });
    const { rows } = await desk.tamper(
      "select id, deadline from assisted_tasks where kind = 'withdraw' and subject_id = $1",
      [id],
    );
    const [task] = rows;
    expect(await seenBy(`withdraw:${task.id}`)).toEqual(['bianji', 'guanli']);
    expect(await find('bianji', `withdraw:${task.id}`)).toMatchObject({
      ...{ kind: 'withdraw-by-hand', title: '要撤下的一篇', to: `/deliveries/${id}`, overdue: false },
      dueAt: task.deadline.toISOString(),
      note: { zh: expect.stringContaining(order.reason) },
    });
    await desk.tamper(
      `update assisted_tasks set state = 'claimed', claimed_at = now(),
         claimed_by = (select id from people where login = 'bianji') where id = $1`,
      [task.id],
    );
    expect(await seenBy(`withdraw:${task.id}`)).toEqual([]);
    expect(await seenBy(`check:${task.id}`)).toEqual(['guanli']);
  });

  test.each([
    ['unknown', 'decide', ['zhongshen', 'guanli']],
    ['held', 'release', ['bianji', 'zhongshen', 'guanli']],
    ['failed', 'mend', ['bianji', 'zhongshen', 'guanli']],
    ['rejected', 'mend', ['bianji', 'zhongshen', 'guanli']],
  ])('a delivery that is %s waits for those who may act on it', async (state, key, who) => {
    const { id } = await desk.approveOn('weibo');
    await desk.set(id, `state = '${state}', wake_at = null`);
    expect(await seenBy(`${key}:${id}`)).toEqual(who);
  });

  test('asks for a confirmation at the platform when the platform waits for one', async () => {
    const { id } = await desk.approveOn('wechat-official');
    await desk.set(id, "state = 'pending', waiting_for = 'platform', wake_at = null");
    expect(await seenBy(`confirm:${id}`)).toEqual([]);
    await desk.set(id, "waiting_for = 'administrator'");
    expect(await seenBy(`confirm:${id}`)).toEqual(['bianji', 'zhongshen', 'guanli']);
  });

  test('tells the administrator alone that an account must sign in again', async () => {
    const { accountId } = await desk.approveOn('weibo');
    await desk.tamper("update accounts set state = 'sign-in-again' where id = $1", [accountId]);
    expect(await seenBy(`account:${accountId}`)).toEqual(['guanli']);
    await desk.tamper("update accounts set state = 'active' where id = $1", [accountId]);
  });

  test('is one list in order of date, the undated last, every line once and with a place to go', async () => {
    for (const login of people.keys()) {
      const rows = await todoOf(login);
      const dates = rows.map((line) => line.dueAt ?? '9999');
      expect(dates).toEqual(dates.toSorted());
      expect(new Set(rows.map((line) => line.key)).size).toBe(rows.length);
      for (const line of rows) expect(line.to).toMatch(/^\/[a-z-]+/);
    }
    expect((await todoOf('bianji')).length).toBeGreaterThan(4);
  });

  test('names fifty of a kind, those that wait longest, and counts the others with the way to them', async () => {
    const { id } = await desk.approveOn('weibo', { title: '等放行的一篇' });
    await desk.tamper(
      `insert into deliveries (bureau_id, id, package_id, review_id, article_id, title, account_id, platform, mode, reach, state, due_at, planned_wall)
       select bureau_id, gen_random_uuid(), package_id, review_id, article_id, '第 ' || n, account_id, platform, mode, reach, 'failed',
              due_at + n * interval '1 minute', planned_wall
       from deliveries, generate_series(1, 60) n where id = $1`,
      [id],
    );
    const { rows, more } = await people.get('guanli')!.call(listTodo, {});
    const { rows: counted } = await desk.tamper(
      "select count(*)::int as n from deliveries where state = 'failed'",
    );
    expect(
      rows.filter(({ to }) => to.startsWith('/deliveries/')).filter(({ kind }) => kind === 'mend').length,
    ).toBeGreaterThanOrEqual(50);
    expect(more).toContainEqual({ kind: 'mend', count: counted[0].n - 50, to: '/deliveries?state=failed' });
    expect(rows.map(({ title }) => title)).toContain('第 1');
    expect(rows.map(({ title }) => title)).not.toContain('第 60');
    expect((await people.get('chushen')!.call(listTodo, {})).more).toEqual([]);
  });

  test('of the neighbouring county, the city and the operator holds nothing of ours', async () => {
    // Their own accounts have figures of their own.
    for (const login of ['st.bianji', 'shangji', 'yunwei'])
      expect((await todoOf(login)).filter(({ kind }) => kind !== 'figures')).toEqual([]);
  });
});
