import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { World } from '#sandbox/core/world.ts';
import { writeComment } from '#sandbox/wechat-official/comments.ts';
import { setFigures } from '#sandbox/wechat-official/figures.ts';
import {
  receiveMessage as wechatMessage,
  personCalled as wechatPerson,
} from '#sandbox/wechat-official/messages.ts';
import { dayOf as wechatDay } from '#sandbox/wechat-official/state.ts';
import { writeComment as writeWeiboComment } from '#sandbox/weibo/comments.ts';
import { receiveMessage as weiboMessage } from '#sandbox/weibo/messages.ts';
import { personCalled as weiboPerson } from '#sandbox/weibo/state.ts';
import { stageWechat, WECHAT_AES_KEY } from '#tests/support/wechat-stage.ts';
import { stageWeibo } from '#tests/support/weibo-stage.ts';
import type { Connector, PushRequest } from './contract.ts';
import { connectors, getConnector } from './registry.ts';
import { type ConnectorStage, describeConnector, describePure, type SuiteFault } from './suite.ts';

/** Nobody listens there: the pushes are looked at, not delivered. */
const NOWHERE = 'http://127.0.0.1:9/hooks';

const stages: Readonly<Record<string, () => Promise<ConnectorStage>>> = {
  'wechat-official': async () => {
    const stage = await stageWechat({
      push: { url: NOWHERE, token: 'matrixTestToken', encodingAESKey: WECHAT_AES_KEY },
    });
    const { world } = stage.sandbox;
    return {
      ...{
        session: stage.session,
        media: stage.media,
        once: stage.once,
        stop: stage.stop,
        renewsToken: true,
      },
      build: () => stage.build(),
      armSubmit: (fault) => stage.arm('/cgi-bin/freepublish/submit', fault),
      armAll: (fault, times) => armAll(world, 'wechat-official', fault, times),
      accepted: () => stage.ledger('publish.accepted').length,
      calls: () => stage.exchanges.length,
      settle: () => stage.advance(getConnector('wechat-official').publish.settleMs + 60_000),
      refusals: {
        content: { kind: 'status', status: 200, body: { errcode: 53503, errmsg: 'check failed' } },
        limit: {
          kind: 'status',
          status: 200,
          body: { errcode: 45009, errmsg: 'reach max api daily quota limit' },
        },
      },
      expireToken() {
        for (const token of stage.account().tokens) token.expiresAt = world.clock.now();
      },
      revokeToken() {
        stage.account().secret = 'ANOTHER_SECRET';
        for (const token of stage.account().tokens) token.expiresAt = world.clock.now();
      },
      comment({ msgDataId = '' }, content) {
        const { openid, nickname } = wechatPerson(world, stage.account(), '市民甲');
        writeComment(world, stage.account(), { msgDataId, index: 0, openid, nickname, content });
      },
      answers: () => stage.ledger('reply.sent').length,
      gone: () => stage.ledger('post.deleted').length,
      count({ msgDataId }) {
        const day = wechatDay(world.clock.now());
        setFigures(stage.account(), `${msgDataId}_1`, day, () => ({ read: 12 }));
        // Past eight o’clock of the next day.
        stage.advance(Date.parse(`${day}T08:00:00+08:00`) + 86_400_000 - world.clock.now() + 60_000);
      },
      pushes: () => ({
        credentials: stage.session.credentials,
        ...readPushes(world, 'wechat-official', (text) =>
          wechatMessage(world, stage.account(), wechatPerson(world, stage.account(), '市民甲'), text),
        ),
      }),
    };
  },
  weibo: async () => {
    const stage = await stageWeibo({ push: { url: NOWHERE } });
    const { world } = stage.sandbox;
    return {
      ...{
        session: stage.session,
        media: stage.media,
        once: stage.once,
        stop: stage.stop,
        renewsToken: false,
      },
      build: () => stage.build({ picture: true }),
      armSubmit: (fault) => stage.arm('/2/statuses/share.json', fault),
      armAll: (fault, times) => armAll(world, 'weibo', fault, times),
      accepted: () => stage.ledger('post.published').length,
      calls: () => stage.exchanges.length,
      settle: () => stage.advance(getConnector('weibo').publish.settleMs),
      refusals: {
        content: { kind: 'status', status: 400, body: { error_code: '20021', error: 'content is illegal!' } },
        limit: {
          kind: 'status',
          status: 403,
          body: { error_code: 10023, error: 'User requests out of rate limit!' },
        },
      },
      expireToken() {
        for (const token of stage.account().tokens) token.expiresAt = world.clock.now();
      },
      revokeToken() {
        for (const token of stage.account().tokens) token.revoked = true;
      },
      comment({ postId }, content) {
        const post = stage.account().posts.find(({ id }) => id === postId);
        if (post)
          writeWeiboComment(world, stage.account(), post, { nickname: '市民甲', content, authorised: true });
      },
      answers: () => stage.ledger('reply.sent').length,
      gone: () => stage.ledger('post.deleted').length,
      count({ postId }) {
        const post = stage.account().posts.find(({ id }) => id === postId);
        if (post) post.likes = 12;
      },
      pushes: () => ({
        credentials: stage.session.credentials,
        ...readPushes(world, 'weibo', (text) =>
          weiboMessage(world, stage.account(), weiboPerson(stage.account(), '市民甲'), text),
        ),
      }),
    };
  },
};

function armAll(world: World, platform: string, fault: SuiteFault, times: number): void {
  world.faults.clear();
  if (times > 0) world.faults.arm({ platform, path: '/', times, fault });
}

let messages = 0;
function readPushes(world: World, platform: string, say: (text: string) => void) {
  world.pushes.behave(platform, { forge: true, tries: 1, timeoutMs: 100 });
  say(`请问几点下班？${++messages}`);
  const [forged, genuine] = world.pushes
    .list(platform)
    .slice(-2)
    .map(
      ({ http }): PushRequest => ({
        method: 'POST',
        query: Object.fromEntries(new URL(http.url).searchParams),
        headers: http.headers,
        body: Buffer.from(http.body),
      }),
    );
  return { forged: forged!, genuine: genuine! };
}

/** Where a connector's stage is long, its suite lies in its own folder. */
const hasOwnSuite = (id: string) => existsSync(new URL(`./${id}/suite.test.ts`, import.meta.url));

for (const connector of connectors.values()) describeOne(connector);

function describeOne(connector: Connector): void {
  const stage = stages[connector.id];
  if (stage) describeConnector(connector, stage);
  else if (!hasOwnSuite(connector.id)) describePure(connector);
}

test('every connector that publishes by API passes the suite, here or in its own folder', () => {
  for (const [id, connector] of connectors) {
    expect(connector.id).toBe(id);
    expect(Boolean(stages[id]) || hasOwnSuite(id), id).toBe(connector.publish.kind === 'remote');
  }
});

test('an unknown platform is refused in words', () => {
  expect(() => getConnector('myspace')).toThrow(/没有这个平台的连接器/);
});
