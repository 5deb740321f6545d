import { writeComment } from '#sandbox/wordpress/comments.ts';
import { postById } from '#sandbox/wordpress/state.ts';
import { stageWordpress } from '#tests/support/wordpress-stage.ts';
import { type ConnectorStage, describeConnector } from '../suite.ts';
import { wordpress } from './connector.ts';

async function open(): Promise<ConnectorStage> {
  const stage = await stageWordpress();
  const { world } = stage.sandbox;
  const revoke = () => {
    stage.user().passwords = [];
  };
  return {
    ...{ session: stage.session, media: stage.media, once: stage.once, stop: stage.stop, renewsToken: false },
    build: () => stage.build({ picture: true }),
    // With the slash: an update of a post, not the making of a draft.
    armSubmit: (fault) => stage.arm('POST /wp/v2/posts/', fault),
    armAll(fault, times) {
      world.faults.clear();
      if (times > 0) world.faults.arm({ platform: 'wordpress', path: '/', times, fault });
    },
    accepted: () => stage.ledger('post.published').length,
    calls: () => stage.exchanges.length,
    settle: () => stage.advance(wordpress.publish.settleMs),
    refusals: {
      content: {
        kind: 'status',
        status: 400,
        body: { code: 'rest_invalid_param', message: 'Invalid parameter(s): title', data: { status: 400 } },
      },
      limit: { kind: 'status', status: 429, body: '<html></html>', headers: { 'retry-after': '20' } },
    },
    expireToken: revoke,
    revokeToken: revoke,
    comment({ postId }, content) {
      const post = postById(world, Number(postId));
      if (post) writeComment(world, post, { nickname: '市民甲', content });
    },
    answers: () => stage.ledger('reply.sent').length,
    gone: () => stage.ledger('post.deleted').length,
    count({ postId }) {
      const post = postById(world, Number(postId));
      if (post) writeComment(world, post, { nickname: '市民乙', content: '好' });
    },
    pushes() {
      throw new Error('this platform pushes nothing');
    },
  };
}

describeConnector(wordpress, open);
