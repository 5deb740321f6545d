import { afterEach, beforeEach, expect, test } from 'vitest';
import { stageWeibo, WEIBO_UID, type WeiboStage } from '#tests/support/weibo-stage.ts';
import { weibo } from './connector.ts';

const { withdraw, metrics } = weibo;
if (!withdraw || !metrics?.account) throw new Error('capabilities');
const { account: askAccount } = metrics;

let stage: WeiboStage;
beforeEach(async () => {
  stage = await stageWeibo();
});
afterEach(() => stage.stop());

async function publishOne() {
  const outcome = await stage.submit(stage.build());
  if (outcome.kind !== 'published') throw new Error(outcome.kind);
  return outcome.ids;
}

test('a post is deleted, and its address says so', async () => {
  const ids = await publishOne();
  expect(await withdraw.withdraw(stage.session, ids)).toEqual({ kind: 'withdrawn' });
  const page = await fetch(`${stage.sandbox.url}/sandbox/weibo/${WEIBO_UID}/${ids.postId}`);
  expect(await page.text()).toContain('此微博已被作者删除');
});

test('an application that may only share leaves it to a person', async () => {
  const ids = await publishOne();
  const body = { error_code: 10014, error: 'Insufficient app permissions' };
  stage.arm('/2/statuses/destroy.json', { kind: 'status', status: 403, body });
  expect(await withdraw.withdraw(stage.session, ids)).toEqual({ kind: 'by-hand', code: '10014' });
  expect(await withdraw.withdraw(stage.session, {})).toEqual({ kind: 'by-hand', code: 'no-post-id' });
  expect(stage.ledger('post.deleted')).toEqual([]);
});

test('an answer that shows another post is no deletion', async () => {
  const ids = await publishOne();
  stage.arm('/2/statuses/destroy.json', { kind: 'answer', body: { idstr: '1' } });
  expect(await withdraw.withdraw(stage.session, ids)).toMatchObject({ kind: 'retry-later' });
});

test('a hundred posts cost one call; figures that are not told are not zero', async () => {
  const ids = await publishOne();
  stage.arm('/2/statuses/count.json', {
    kind: 'answer',
    body: [{ id: Number(ids.postId), comments: '3', attitudes: null }],
  });
  stage.calls();
  const asked = Array.from({ length: 100 }, (_, at) => ({
    ...{ key: String(at), ids: at === 0 ? ids : { postId: String(at) }, publishedAt: stage.session.now() },
  }));
  expect(await metrics.posts(stage.session, asked)).toMatchObject({
    figures: [{ key: '0', totals: { comments: 3 } }],
  });
  expect(stage.calls()).toHaveLength(1);
  expect(await askAccount(stage.session)).toMatchObject({ totals: { followers: 0, posts: 1 } });
});
