import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PlatformIds } from '#connectors/contract.ts';
import { knownIds, stageWechat, WECHAT_APP_ID, type WechatStage } from '#tests/support/wechat-stage.ts';
import { wechatOfficial } from './connector.ts';

const { withdraw: capability, publish } = wechatOfficial;
if (!capability || publish.kind !== 'remote' || !publish.discard) throw new Error('capabilities');
const { withdraw } = capability;
const { discard } = publish;

let stage: WechatStage;
beforeEach(async () => {
  stage = await stageWechat();
});
afterEach(() => stage.stop());

async function publishOne(reach: 'publish' | 'mass-send' = 'publish'): Promise<PlatformIds> {
  const payload = stage.build({ reach });
  const ids = await stage.prepare(payload);
  const submitted = knownIds(ids, await stage.submit(payload, ids));
  stage.advance(60_000);
  return knownIds(submitted, await publishedOutcome(payload, submitted));
}

async function publishedOutcome(payload: ReturnType<WechatStage['build']>, ids: PlatformIds) {
  if (publish.kind !== 'remote') throw new Error('remote');
  const found = await publish.check(stage.session, payload, ids, stage.session.now());
  if (found.kind !== 'published') throw new Error(JSON.stringify(found));
  return found;
}

const bodyOf = (path: string): unknown => stage.exchanges.findLast(({ url }) => url.includes(path))?.request;

describe('a published article', () => {
  test('is deleted by its own index, never by none or zero, and its readers are told', async () => {
    const ids = await publishOne();
    expect(await withdraw(stage.session, ids)).toEqual({ kind: 'withdrawn' });
    expect(bodyOf('/cgi-bin/freepublish/delete')).toMatchObject({
      json: { article_id: ids.articleId, index: 1 },
    });
    expect(stage.ledger('post.deleted')).toMatchObject([{ detail: { index: 1 } }]);
    const page = `${stage.sandbox.url}/sandbox/wechat-official/a/${WECHAT_APP_ID}/posts/${ids.msgDataId}-0`;
    expect(await (await fetch(page)).text()).toContain('该内容已被发布者删除');
  });

  test('that is gone already is withdrawn', async () => {
    const ids = await publishOne();
    await withdraw(stage.session, ids);
    expect(await withdraw(stage.session, ids)).toEqual({ kind: 'withdrawn' });
    expect(stage.ledger('post.deleted')).toHaveLength(1);
  });

  test('is found by its job where the article’s id is not known', async () => {
    const { articleId, ...ids } = await publishOne();
    expect(articleId).toBeTruthy();
    expect(await withdraw(stage.session, ids)).toEqual({ kind: 'withdrawn' });
    expect(await withdraw(stage.session, ids)).toEqual({ kind: 'withdrawn' });
    expect(stage.ledger('post.deleted')).toHaveLength(1);
  });

  test('is left to a person where the account may not delete, or nothing names it', async () => {
    const ids = await publishOne();
    stage.arm('/cgi-bin/freepublish/delete', { kind: 'answer', body: { errcode: 48001, errmsg: 'no' } });
    expect(await withdraw(stage.session, ids)).toEqual({ kind: 'by-hand', code: '48001' });
    expect(await withdraw(stage.session, { draftId: 'D' })).toEqual({
      kind: 'by-hand',
      code: 'no-article-id',
    });
    expect(stage.ledger('post.deleted')).toEqual([]);
  });
});

describe('a mass send', () => {
  test('is deleted by its message id, once, whatever became of the answer', async () => {
    const ids = await publishOne('mass-send');
    stage.arm('/cgi-bin/message/mass/delete', { kind: 'lose-answer', accept: true });
    expect((await withdraw(stage.session, ids)).kind).toBe('retry-later');
    expect(await withdraw(stage.session, ids)).toEqual({ kind: 'withdrawn' });
    expect(bodyOf('/cgi-bin/message/mass/delete')).toMatchObject({ json: { article_idx: 1 } });
    expect(stage.ledger('post.deleted')).toHaveLength(1);
  });
});

describe('a preparation that is not wanted any more', () => {
  test('leaves no draft behind, however often it is cleared up', async () => {
    const ids = await stage.prepare(stage.build());
    expect(Object.keys(stage.account().drafts)).toHaveLength(1);
    expect(await discard(stage.session, ids)).toEqual({ kind: 'done' });
    expect(await discard(stage.session, ids)).toEqual({ kind: 'done' });
    expect(await discard(stage.session, {})).toEqual({ kind: 'done' });
    expect(stage.account().drafts).toEqual({});
  });

  test('is tried again later when the platform does not answer', async () => {
    const ids = await stage.prepare(stage.build());
    stage.arm('/cgi-bin/draft/delete', { kind: 'lose-answer', accept: false });
    expect((await discard(stage.session, ids)).kind).toBe('retry-later');
  });
});
