import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeComment } from '#sandbox/weibo/comments.ts';
import { writeMention } from '#sandbox/weibo/mentions.ts';
import type { PackagePayload } from '#shared/package.ts';
import { stageWeibo, WEIBO_PICTURE, type WeiboStage } from '#tests/support/weibo-stage.ts';
import type { PlatformIds } from '../contract.ts';
import { type ConnectorStage, describeConnector } from '../suite.ts';
import { weibo } from './connector.ts';

const { publish, comments, mentions, metrics, probe } = weibo;
if (publish.kind !== 'remote' || !comments || !mentions || !metrics || !probe)
  throw new Error('capabilities');

const remote = publish;

const settings = { kind: 'business', mediaReads: 'yes' };
const stageBusiness = () =>
  stageWeibo({ business: true, mediaReads: true, commentScope: 'authorised' }, settings);

let stage: WeiboStage;
beforeEach(async () => {
  stage = await stageBusiness();
});
afterEach(() => stage.stop());

async function publishThis(payload: PackagePayload): Promise<PlatformIds> {
  const prepared = await remote.prepare(stage.session, payload, stage.media, stage.once());
  if (prepared.kind !== 'prepared') throw new Error(JSON.stringify(prepared));
  const outcome = await remote.submit(stage.session, payload, prepared.ids, stage.media);
  if (outcome.kind !== 'published') throw new Error(JSON.stringify(outcome));
  return outcome.ids;
}

describe('a post by the business interface', () => {
  test('with one picture goes out in one call', async () => {
    stage.calls();
    await publishThis(stage.build({ picture: true }));
    expect(stage.calls()).toEqual(['/oauth2/get_token_info', '/2/statuses/upload/biz.json']);
  });

  test('of more than 140 characters keeps its sentences and is sent as long text', async () => {
    const sentence = '材料齐全的，当场受理。';
    const payload = stage.build({ text: sentence.repeat(60) });
    expect(payload.body.value.length).toBeGreaterThan(600);
    const ids = await publishThis(payload);
    expect(stage.account().posts.at(-1)?.text).toBe(payload.body.value);
    expect(ids.postId).toBeTruthy();
  });

  test('takes nine pictures, each sent once before, and the tenth is refused in words', async () => {
    const nine = Array.from({ length: 9 }, () => ({ ...WEIBO_PICTURE, role: 'body' as const }));
    const payload = { ...stage.build(), media: nine };
    const context = { shortLink: payload.shortLink, reach: payload.reach, settings };
    expect(publish.inspect(payload, context).problems).toEqual([]);
    stage.calls();
    await publishThis(payload);
    // The same picture nine times is one upload.
    expect(stage.calls().filter((path) => path.includes('upload_pic'))).toHaveLength(1);
    expect(stage.account().posts.at(-1)?.more).toHaveLength(8);
    const ten = { ...payload, media: [...nine, ...nine.slice(0, 1)] };
    expect(publish.inspect(ten, context).problems.map(({ zh }) => zh)).toEqual(['最多带 9 张图片。']);
    expect(publish.inspect(payload, { ...context, settings: {} }).problems.length).toBeGreaterThan(0);
  });

  test('is not sent when the application has only the open interface', async () => {
    stage.account().business = false;
    const payload = stage.build({ picture: true });
    const outcome = await publish.submit(stage.session, payload, { uid: '1' }, stage.media);
    expect(outcome).toMatchObject({ kind: 'rejected', code: '10014' });
    expect(stage.ledger('post.published')).toEqual([]);
  });
});

describe('reading by the business interface', () => {
  test('shows comments of everybody, and costs none of the hundred calls', async () => {
    const ids = await publishThis(stage.build());
    const before = stage.account().used.calls;
    const post = stage.account().posts.at(-1)!;
    writeComment(stage.sandbox.world, stage.account(), post, {
      ...{ nickname: '没有授权过的人', content: '几点下班？', authorised: false },
    });
    const listed = await comments.list(stage.session, ids);
    expect('comments' in listed && listed.comments.map(({ text }) => text)).toEqual(['几点下班？']);
    expect(stage.account().used.calls).toBe(before);
  });

  test('tells likes and reads', async () => {
    const ids = await publishThis(stage.build());
    Object.assign(stage.account().posts.at(-1)!, { likes: 7, reposts: 2, reads: 900 });
    const asked = [{ key: 'a', ids, publishedAt: stage.session.now() }];
    expect(await metrics.posts(stage.session, asked)).toMatchObject({
      figures: [{ key: 'a', totals: { likes: 7, shares: 2, comments: 0, reads: 900 } }],
    });
  });

  test('finds who names the account, in posts and comments, and goes on from the last', async () => {
    const say = (content: string, under: 'post' | 'comment') =>
      writeMention(stage.sandbox.world, stage.account(), { nickname: '老李', content, under });
    const first = say('路灯坏了', 'post');
    const second = say('也看看这里', 'comment');
    const told = await mentions.list(stage.session, null);
    if ('failure' in told) throw new Error('failure');
    expect(told.mentions.map(({ platformId }) => platformId)).toEqual([first.id, second.id]);
    expect(told.mentions[0]).toMatchObject({ person: { name: '老李' }, text: '@青川人社 路灯坏了' });
    expect(told.newest).toBe(second.id);
    expect(await mentions.list(stage.session, told.newest)).toEqual({ mentions: [], newest: second.id });
    const third = say('第三次', 'post');
    const more = await mentions.list(stage.session, told.newest);
    expect('mentions' in more && more.mentions.map(({ platformId }) => platformId)).toEqual([third.id]);
  });

  test('tells what was granted: nothing that could only be seen by doing it', async () => {
    await publishThis(stage.build());
    expect(await probe.probe(stage.session)).toMatchObject({
      grants: { comments: 'granted', metrics: 'granted' },
    });
    stage.account().business = false;
    expect(await probe.probe(stage.session)).toMatchObject({ grants: { comments: 'needs-application' } });
  });
});

test('the ordinary interface does not show people who never authorised this application', async () => {
  const open = await stageWeibo({ commentScope: 'authorised' });
  try {
    writeMention(open.sandbox.world, open.account(), { nickname: '老李', content: '在吗', under: 'post' });
    expect(await mentions.list(open.session, null)).toEqual({ mentions: [], newest: null });
    const told = await probe.probe(open.session);
    expect(told.kind === 'ok' && told.notes.some((note) => note.includes('商业接口'))).toBe(true);
  } finally {
    await open.stop();
  }
});

async function forSuite(): Promise<ConnectorStage> {
  const own = await stageBusiness();
  const { world } = own.sandbox;
  const postOf = ({ postId }: PlatformIds) => own.account().posts.find(({ id }) => id === postId);
  return {
    ...{ session: own.session, media: own.media, once: own.once, stop: own.stop, renewsToken: false },
    build: () => own.build({ picture: true }),
    armSubmit: (fault) => own.arm('/2/statuses/upload/biz.json', fault),
    armAll(fault, times) {
      world.faults.clear();
      if (times > 0) world.faults.arm({ platform: 'weibo', path: '/', times, fault });
    },
    accepted: () => own.ledger('post.published').length,
    calls: () => own.exchanges.length,
    settle: () => own.advance(remote.settleMs),
    refusals: {
      content: { kind: 'status', status: 400, body: { error_code: '20021', error: 'content is illegal!' } },
      limit: { kind: 'status', status: 403, body: { error_code: 10023, error: 'out of rate limit!' } },
    },
    expireToken() {
      for (const token of own.account().tokens) token.expiresAt = world.clock.now();
    },
    revokeToken() {
      for (const token of own.account().tokens) token.revoked = true;
    },
    comment(ids, content) {
      const post = postOf(ids);
      if (post) writeComment(world, own.account(), post, { nickname: '市民甲', content, authorised: false });
    },
    answers: () => own.ledger('reply.sent').length,
    gone: () => own.ledger('post.deleted').length,
    count: (ids) => void Object.assign(postOf(ids) ?? {}, { reads: 12 }),
    pushes() {
      throw new Error('pushes are the same for both kinds');
    },
  };
}

describe('the business interface', () => describeConnector({ ...weibo, push: undefined }, forSuite));
