import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PICTURE, stageWechat, type WechatStage } from '#tests/support/wechat-stage.ts';
import { prepare } from './prepare.ts';

let stage: WechatStage;
beforeEach(async () => {
  stage = await stageWechat();
});
afterEach(() => stage.stop());

describe('preparation', () => {
  test('uploads each body picture and the cover once and makes one draft', async () => {
    const ids = await stage.prepare(stage.build());
    expect(stage.calls()).toEqual([
      '/cgi-bin/stable_token',
      '/cgi-bin/media/uploadimg',
      '/cgi-bin/material/add_material',
      '/cgi-bin/draft/add',
    ]);
    expect(ids.draftId).toBeTruthy();
    expect(stage.ledger('draft.created')).toHaveLength(1);
  });

  test('sends the approved HTML with nothing changed but the picture addresses', async () => {
    const payload = stage.build();
    await stage.prepare(payload);
    const sent = stage.exchanges.find(({ url }) => url.includes('/draft/add'))?.request;
    const [article] = (sent as { json: { articles: { content: string }[] } }).json.articles;
    const [before, after] = payload.body.value.split(`media:${PICTURE.sha256}`);
    expect(article?.content.startsWith(before ?? '?')).toBe(true);
    expect(article?.content.endsWith(after ?? '?')).toBe(true);
    expect(article?.content).toMatch(/<img src="http:\/\/mmbiz\.[^"]+"/);
  });

  test('goes on after a crash with the ids that were saved', async () => {
    const once = stage.once();
    const payload = stage.build();
    stage.arm('/cgi-bin/draft/add', { kind: 'status', status: 502 });
    expect(await prepare(stage.session, payload, stage.media, once)).toMatchObject({ kind: 'retry-later' });
    stage.calls();
    await stage.prepare(payload, once);
    expect(stage.calls()).toEqual(['/cgi-bin/draft/add']);
    expect(stage.ledger('media.uploaded')).toHaveLength(2);
  });

  test('only verifies a draft that was saved before', async () => {
    const once = stage.once();
    const payload = stage.build();
    const first = await stage.prepare(payload, once);
    stage.calls();
    expect(await stage.prepare(payload, once)).toEqual(first);
    expect(stage.calls()).toEqual(['/cgi-bin/draft/get']);
  });

  test('puts the approved article back into a draft that somebody changed by hand', async () => {
    const once = stage.once();
    const payload = stage.build();
    const first = await stage.prepare(payload, once);
    const draft = stage.account().drafts[first.draftId ?? '']!;
    const approved = structuredClone(draft.articles);
    for (const change of [
      { title: '改过的标题' },
      { content: '<p>加了一句。</p>' },
      { digest: '改过的摘要' },
    ]) {
      Object.assign(draft.articles[0]!, change);
      stage.calls();
      expect(await stage.prepare(payload, once)).toEqual(first);
      expect(stage.calls()).toEqual(['/cgi-bin/draft/get', '/cgi-bin/draft/update']);
      expect(draft.articles).toEqual(approved);
    }
    expect(stage.ledger('draft.created')).toHaveLength(1);
  });

  test('makes a changed draft anew when its cover has left the library, and leaves none behind', async () => {
    const once = stage.once();
    const payload = stage.build({ reach: 'mass-send' });
    const first = await stage.prepare(payload, once);
    const account = stage.account();
    account.drafts[first.draftId ?? '']!.articles[0]!.title = '改过的标题';
    delete account.materials[first.coverId ?? ''];
    const second = await stage.prepare(payload, once);
    expect(second).not.toHaveProperty('draftGone');
    expect(Object.keys(account.drafts)).toEqual([second.draftId]);
    expect(account.drafts[second.draftId ?? '']!.articles[0]?.title).toBe(payload.title);
  });

  test('sends no draft into which somebody put a second article', async () => {
    const once = stage.once();
    const payload = stage.build();
    const first = await stage.prepare(payload, once);
    const draft = stage.account().drafts[first.draftId ?? '']!;
    draft.articles.push({ ...draft.articles[0]!, title: '另一篇' });
    expect(await prepare(stage.session, payload, stage.media, once)).toMatchObject({
      ...{ kind: 'rejected', code: 'draft-with-others' },
    });
    expect(draft.articles).toHaveLength(2);
  });

  test('makes a new draft when the saved one was deleted on the platform', async () => {
    const once = stage.once();
    const payload = stage.build();
    const first = await stage.prepare(payload, once);
    const account = stage.account();
    delete account.drafts[first.draftId ?? ''];
    const second = await stage.prepare(payload, once);
    expect(second.draftId).not.toBe(first.draftId);
    expect(Object.keys(account.drafts)).toEqual([second.draftId]);
  });

  test('uploads the cover again when the platform does not know the saved one', async () => {
    const once = stage.once();
    stage.arm('/cgi-bin/draft/add', { kind: 'answer', body: { errcode: 40007, errmsg: 'invalid media_id' } });
    await stage.prepare(stage.build(), once);
    expect([...once.saved.keys()].filter((name) => name.startsWith('cover'))).toEqual(['cover', 'cover:2']);
  });

  test('renews an expired token once and goes on', async () => {
    await stage.prepare(stage.build());
    stage.calls();
    for (const token of stage.account().tokens) token.expiresAt = 0;
    await stage.prepare(stage.build());
    expect(stage.calls().slice(0, 3)).toEqual([
      '/cgi-bin/media/uploadimg',
      '/cgi-bin/stable_token',
      '/cgi-bin/media/uploadimg',
    ]);
  });

  test('forces a new token only when the platform hands out the refused one again', async () => {
    await stage.prepare(stage.build());
    const refused = { errcode: 40001, errmsg: 'invalid credential rid: 0' };
    stage.arm('/cgi-bin/media/uploadimg', { kind: 'answer', body: refused });
    await stage.prepare(stage.build());
    const asked = stage.exchanges.filter(({ url }) => url.endsWith('/stable_token'));
    expect(
      asked.map(({ request }) => (request as { json: { force_refresh: boolean } }).json.force_refresh),
    ).toEqual([false, false, true]);
  });

  test('asks for new credentials when the secret is wrong', async () => {
    stage.account().secret = 'another';
    const result = await prepare(stage.session, stage.build(), stage.media, stage.once());
    expect(result).toEqual({ kind: 'sign-in-again', code: '40125' });
  });

  test('tells in both languages what the platform refuses in the content', async () => {
    const payload = stage.build();
    const body = { ...payload.body, value: `${payload.body.value}【平台拒绝的内容】` };
    const result = await prepare(stage.session, { ...payload, body }, stage.media, stage.once());
    expect(result).toMatchObject({ kind: 'rejected', code: '45166' });
    expect((result as { reason: string }).reason).toMatch(/内容被平台拒绝.*refuses the content/);
  });

  test.each(['/cgi-bin/media/uploadimg', '/cgi-bin/material/add_material', '/cgi-bin/draft/add'])(
    'saves nothing when %s answers without an id',
    async (path) => {
      const once = stage.once();
      const payload = stage.build();
      stage.arm(path, { kind: 'answer', body: {} });
      const result = await prepare(stage.session, payload, stage.media, once);
      expect(result).toMatchObject({ kind: 'retry-later', code: 'answer-without-id' });
      expect((await stage.prepare(payload, once)).draftId).toBeTruthy();
    },
  );

  test('never lets anything but an address into the approved HTML', async () => {
    stage.arm('/cgi-bin/media/uploadimg', { kind: 'answer', body: { url: 'http://x/" onload="y' } });
    const result = await prepare(stage.session, stage.build(), stage.media, stage.once());
    expect(result).toMatchObject({ kind: 'retry-later', code: 'picture-address' });
  });

  test('waits out the daily quota without counting a failure', async () => {
    stage.arm('/cgi-bin/draft/add', {
      kind: 'answer',
      body: { errcode: 45009, errmsg: 'reach max api daily quota limit' },
    });
    const result = await prepare(stage.session, stage.build(), stage.media, stage.once());
    expect(result).toMatchObject({ kind: 'retry-later', code: '45009', scope: 'app' });
  });
});
