import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { personCalled, statusById } from '#sandbox/mastodon/state.ts';
import { writeReply } from '#sandbox/mastodon/statuses.ts';
import { MASTODON_USER, type MastodonStage, stageMastodon } from '#tests/support/mastodon-stage.ts';
import { mastodon } from './connector.ts';
import { Counted, Notifications } from './shapes.ts';

const { withdraw, metrics, mentions, probe } = mastodon;
if (!withdraw || !metrics?.account || !mentions || !probe) throw new Error('capabilities');
const { account: askAccount } = metrics;
const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../tests/fixtures/mastodon/${name}`, import.meta.url), 'utf8'));

let stage: MastodonStage;
beforeEach(async () => {
  stage = await stageMastodon();
});
afterEach(() => stage.stop());

async function publishOne() {
  const payload = stage.build();
  const outcome = await stage.submit(payload, await stage.prepare(payload));
  if (outcome.kind !== 'published') throw new Error(outcome.kind);
  return outcome.ids;
}

test('a status is deleted, and its address says so', async () => {
  const ids = await publishOne();
  expect(await withdraw.withdraw(stage.session, ids)).toEqual({ kind: 'withdrawn' });
  const page = await fetch(`${stage.sandbox.url}/sandbox/mastodon/@${MASTODON_USER}/${ids.postId}`);
  expect(await page.text()).toContain('已被作者删除');
  expect(await withdraw.withdraw(stage.session, {})).toEqual({ kind: 'by-hand', code: 'no-post-id' });
});

test('a token that may not write leaves the deletion to a person who signs in again', async () => {
  const ids = await publishOne();
  for (const token of stage.account().tokens) token.scopes = ['read'];
  expect(await withdraw.withdraw(stage.session, ids)).toMatchObject({ kind: 'sign-in-again' });
  expect(stage.ledger('post.deleted')).toEqual([]);
});

test('figures are the counters of the status; what a server keeps secret is not zero', async () => {
  const ids = await publishOne();
  Object.assign(statusById(stage.sandbox.world, ids.postId ?? '')!, { favourites: 5, reblogs: 2 });
  const asked = [{ key: 'a', ids, publishedAt: stage.session.now() }];
  expect(await metrics.posts(stage.session, asked)).toMatchObject({
    figures: [{ key: 'a', totals: { likes: 5, shares: 2, comments: 0 } }],
  });
  stage.arm(`/api/v1/statuses/${ids.postId}`, {
    kind: 'answer',
    body: { id: ids.postId, favourites_count: 4, reblogs_count: null },
  });
  expect(await metrics.posts(stage.session, asked)).toMatchObject({ figures: [{ totals: { likes: 4 } }] });
  expect(await askAccount(stage.session)).toMatchObject({ totals: { posts: 1 } });
});

test('a mention elsewhere is told once; an answer to our own post is a comment, not a mention', async () => {
  const { world } = stage.sandbox;
  const say = (text: string, under: string | null) =>
    writeReply(world, stage.account(), under ? statusById(world, under)! : null, {
      ...{ person: personCalled(world, '老李'), text, visibility: 'public' as const },
    });
  const ids = await publishOne();
  const first = say('路灯坏了', null);
  say('下班了吗', ids.postId ?? '');
  const told = await mentions.list(stage.session, null);
  if ('failure' in told) throw new Error('failure');
  expect(told.mentions).toMatchObject([{ platformId: first.id, text: '路灯坏了', person: { name: '老李' } }]);
  expect(await mentions.list(stage.session, told.newest)).toEqual({ mentions: [], newest: told.newest });
  const third = say('又坏了', null);
  const more = await mentions.list(stage.session, told.newest);
  expect('mentions' in more && more.mentions.map(({ platformId }) => platformId)).toEqual([third.id]);
});

test('a probe tells what reading shows, and never that the token may write', async () => {
  expect(await probe.probe(stage.session)).toMatchObject({
    ...{ kind: 'ok', grants: { comments: 'granted', metrics: 'granted' } },
  });
  const told = await probe.probe(stage.session);
  expect(told.kind === 'ok' && Object.keys(told.grants)).toEqual(['comments', 'metrics']);
});

test('notifications and counters of a real server are read', () => {
  const read = Notifications.parse(fixture('notifications.list.json'));
  expect(read.map(({ type }) => type)).toEqual(expect.arrayContaining(['follow', 'mention']));
  expect(read.find(({ type }) => type === 'mention')?.status?.content).toContain('联邦来信');
  expect(Counted.safeParse({ id: '1', ...(fixture('status.metrics.json') as object) }).success).toBe(true);
});
