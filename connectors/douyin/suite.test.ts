/** The contract suite against the stand-in. */
import { describe } from 'vitest';
import { receiveMessage } from '#sandbox/douyin/messages.ts';
import { revokeGrant } from '#sandbox/douyin/set-up.ts';
import { personCalled } from '#sandbox/douyin/state.ts';
import { stageDouyin } from '#tests/support/douyin-stage.ts';
import type { PushRequest } from '../contract.ts';
import { type ConnectorStage, describeConnector, type SuiteFault } from '../suite.ts';
import { douyin } from './connector.ts';

/** Nobody listens there: the pushes are looked at, not delivered. */
const NOWHERE = 'http://127.0.0.1:9/hooks';

const refusal = (error_code: number | string, description: string): SuiteFault => ({
  kind: 'status',
  status: 200,
  body: { data: { error_code, description }, extra: { error_code, description, now: 0, logid: 'L' } },
});

const creating = { pictures: 'create_image_text', video: 'create_video' } as const;

async function open(kind: keyof typeof creating): Promise<ConnectorStage> {
  const stage = await stageDouyin({ push: { url: NOWHERE } });
  const { world } = stage.sandbox;
  let messages = 0;
  return {
    session: stage.session,
    media: stage.media,
    once: stage.once,
    stop: stage.stop,
    renewsToken: true,
    build: () => stage.build(kind === 'video' ? { video: 'small' } : {}),
    armSubmit: (fault) => stage.arm(`/api/douyin/v1/video/${creating[kind]}/`, fault),
    armAll(fault, times) {
      world.faults.clear();
      if (times > 0) world.faults.arm({ platform: 'douyin', path: '/', times, fault });
    },
    accepted: () => stage.ledger('publish.accepted').length,
    calls: () => stage.exchanges.length,
    settle: () => stage.advance(douyin.publish.settleMs),
    refusals: { content: refusal(28001007, '参数不合法'), limit: refusal('28003017', 'quota已用完') },
    expireToken() {
      for (const token of stage.account().access) token.expiresAt = world.clock.now();
    },
    revokeToken: () => void revokeGrant(world, stage.account()),
    pushes() {
      world.pushes.behave('douyin', { forge: true, tries: 1, timeoutMs: 100 });
      const person = personCalled(stage.account(), '市民甲');
      receiveMessage(world, stage.account(), person, `请问几点下班？${++messages}`);
      const [forged, genuine] = world.pushes
        .list('douyin')
        .slice(-2)
        .map(
          ({ http }): PushRequest => ({
            method: 'POST',
            query: {},
            headers: http.headers,
            body: Buffer.from(http.body),
          }),
        );
      return { credentials: stage.session.credentials, forged: forged!, genuine: genuine! };
    },
  };
}

describe('pictures', () => describeConnector(douyin, () => open('pictures')));
describe('videos', () => describeConnector(douyin, () => open('video')));
