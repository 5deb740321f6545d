import { personCalled, statusById } from '#sandbox/mastodon/state.ts';
import { writeReply } from '#sandbox/mastodon/statuses.ts';
import { stageMastodon } from '#tests/support/mastodon-stage.ts';
import { type ConnectorStage, describeConnector } from '../suite.ts';
import { mastodon } from './connector.ts';
import { KEY_HOLDS_MS } from './limits.ts';

async function open(): Promise<ConnectorStage> {
  const stage = await stageMastodon();
  const { world } = stage.sandbox;
  const revoke = () => {
    for (const token of stage.account().tokens) token.revoked = true;
  };
  return {
    ...{ session: stage.session, media: stage.media, once: stage.once, stop: stage.stop, renewsToken: false },
    build: () => stage.build({ picture: true }),
    armSubmit: (fault) => stage.arm('/api/v1/statuses POST', fault),
    armAll(fault, times) {
      world.faults.clear();
      if (times > 0) world.faults.arm({ platform: 'mastodon', path: '/', times, fault });
    },
    accepted: () => stage.ledger('post.published').length,
    calls: () => stage.exchanges.length,
    // Past the life of the key: the suite is about reading back; publish.test.ts is about the key.
    settle: () => stage.advance(KEY_HOLDS_MS),
    refusals: {
      content: {
        kind: 'status',
        status: 422,
        body: { error: 'Validation failed: Text character limit of 500 exceeded' },
      },
      limit: {
        kind: 'status',
        status: 429,
        body: { error: 'Too many requests' },
        headers: { 'x-ratelimit-reset': new Date(Date.now() + 60_000).toISOString() },
      },
    },
    expireToken: revoke,
    revokeToken: revoke,
    comment({ postId = '' }, text) {
      const post = statusById(world, postId);
      const person = personCalled(world, '市民甲');
      if (post) writeReply(world, stage.account(), post, { person, text, visibility: 'public' });
    },
    answers: () => stage.ledger('reply.sent').length,
    gone: () => stage.ledger('post.deleted').length,
    count: ({ postId = '' }) => void Object.assign(statusById(world, postId) ?? {}, { favourites: 12 }),
    pushes() {
      throw new Error('this platform pushes nothing');
    },
  };
}

describeConnector(mastodon, open);
