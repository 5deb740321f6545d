/** A receipt in a browser that keeps cookies: each form leads to a page with an address. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#server/base/ids.ts';
import { buildInstallation, type TestInstallation } from '#tests/support/build-app.ts';
import { fieldOf, prove, visitor } from './test-visitor.ts';

let stage: TestInstallation;
let visiting: ReturnType<typeof visitor>;
beforeAll(async () => {
  stage = await buildInstallation();
  visiting = visitor(stage.url);
});
afterAll(() => stage?.close());

describe('a receipt in a browser that keeps cookies', () => {
  async function receive() {
    const go = visiting.visit();
    await go('/ask');
    const checked = await go('/ask/check', { text: '失业登记在哪里办？' });
    // Back leads here again from an answer that was offered; a receipt itself is kept nowhere.
    expect(checked.headers.get('cache-control')).toBe('private, no-cache');
    const sent = await go('/ask/send', {
      ...{ text: '失业登记在哪里办？', key: fieldOf(checked.html, 'key'), page: '' },
      proof: await prove(checked.html),
    });
    expect([sent.status, sent.headers.get('location')]).toEqual([303, '/receipt/given']);
    return { go, sent };
  }

  test('is a page that can be loaded again, and its key stands in no address', async () => {
    const { go, sent } = await receive();
    const [cookie] = sent.headers.getSetCookie();
    expect(cookie).toMatch(/^hs_receipt=[\w-]+; Path=\/receipt; Max-Age=1800; HttpOnly; SameSite=Lax/);
    const given = await go('/receipt/given');
    const key = { receipt: fieldOf(given.html, 'receipt'), code: fieldOf(given.html, 'code') };
    expect(key).toMatchObject({
      receipt: expect.stringMatching(/^\w{10}$/),
      code: expect.stringMatching(/^\w{8}$/),
    });
    expect(cookie).not.toContain(key.code);
    expect(given.headers.get('cache-control')).toBe('no-store');
    expect(await go('/receipt/given')).toMatchObject({ status: 200 });

    const opened = await go('/receipt', key);
    expect([opened.status, opened.headers.get('location')]).toEqual([303, '/receipt?shown']);
    for (const path of ['/receipt?shown', '/receipt']) {
      const shown = await go(path);
      expect(shown.html).toContain('失业登记在哪里办？');
      expect(shown.html).toContain('<dt>办理编号</dt>');
      expect(shown.html).toContain(key.receipt.slice(0, 5));
    }
    expect((await go('/receipt/given')).html).toContain(key.code);

    const added = await go('/receipt/add', { ...key, key: newId(), text: '我住云溪镇。' });
    expect(added.status).toBe(303);
    expect((await go('/receipt?shown')).html).toContain('已收到您的补充。');
    expect((await go('/receipt?shown')).html).not.toContain('已收到您的补充。');

    await go('/receipt/leave', {});
    expect((await go('/receipt')).html).not.toContain('失业登记');
    expect((await go('/receipt/given')).status).toBe(303);
  });

  test('with a wrong code says so on a page of its own, once', async () => {
    const { go } = await receive();
    await go('/receipt/leave', {});
    const refused = await go('/receipt', { receipt: 'AAAAAAAAAA', code: 'BBBBBBBB' });
    expect(refused.status).toBe(303);
    const shown = await go('/receipt?shown');
    expect([shown.status, shown.html.includes('回执号或查询码不对')]).toEqual([404, true]);
    expect((await go('/receipt')).html).not.toContain('回执号或查询码不对');
  });

  test('says that nothing was kept where it was sent on without its cookie, and takes no cookie of others', async () => {
    expect((await visiting.open('/receipt?shown')).html).toContain('请重新输入回执号和查询码');
    const forged = await visiting.open('/receipt', {
      headers: { cookie: 'hs_receipt=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' },
    });
    expect([forged.status, forged.html.includes('查看答复')]).toEqual([200, true]);
  });

  test('keeps a supplement that is too long', async () => {
    const { go } = await receive();
    const given = await go('/receipt/given');
    const key = { receipt: fieldOf(given.html, 'receipt'), code: fieldOf(given.html, 'code') };
    const text = '补'.repeat(2_001);
    const refused = await go('/receipt/add', { ...key, key: newId(), text });
    expect(refused.status).toBe(422);
    expect(refused.html).toContain(text);
    expect(refused.html).toContain('请删去 1 字');
  });

  test('of spam says politely that it was not taken up, why, and what to do', async () => {
    const key = await visiting.ask('本店低价促销，欢迎选购');
    await stage.app.database.asOwner((db) =>
      sql`
        with found as (
          update cases c set state = 'closed', outcome = 'spam', closed_at = now() from case_conversations l
          join conversations v on v.bureau_id = l.bureau_id and v.id = l.conversation_id
          where c.bureau_id = l.bureau_id and c.id = l.case_id and v.receipt = ${key.receipt}
          returning c.bureau_id, c.id)
        insert into case_events (bureau_id, case_id, id, event, at, detail)
        select bureau_id, id, ${newId()}, 'spam-marked', now(), '{"why": "advert"}' from found`.execute(db),
    );
    const { html } = await visiting.post('/receipt', key);
    expect(html).toContain('<strong>未受理</strong>');
    expect(html).toContain('看起来是广告或推广');
    expect(html).toContain('tel:12333');
    expect(html).not.toContain('垃圾');
    expect(html).not.toContain('您满意吗');
  });
});
