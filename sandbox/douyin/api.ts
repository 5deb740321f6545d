/** The platform's API: every path it knows, and the one way each call goes. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Answer, answer } from '../core/answer.ts';
import type { World } from '../core/world.ts';
import { accountOfToken, type Call, type Fields, readFields, text } from './call.ts';
import { listComments, listReplies, replyToComment } from './comments.ts';
import { createImageText, describeItems, listItems, uploadImage } from './items.ts';
import { sendMessage } from './messages.ts';
import { issueToken, refreshAccess, renewRefresh, userInfo } from './oauth.ts';
import { type Envelope, envelopes, Refusal } from './refusal.ts';
import { issueClientToken, issueTicket, makeShareId, makeShortLink } from './share.ts';
import { type DouyinAccount, PLATFORM, stateOf } from './state.ts';
import { beginParts, completeParts, createVideo, describeFans, uploadPart, uploadVideo } from './videos.ts';

/** [method, path, scope, handler]; the caller's token and `open_id` are looked at first. */
const userCalls: readonly (readonly ['GET' | 'POST', string, string, (call: Call) => object])[] = [
  ['POST', '/api/douyin/v1/video/upload_image/', 'video.create.bind', uploadImage],
  ['POST', '/api/douyin/v1/video/create_image_text/', 'video.create.bind', createImageText],
  ['POST', '/api/douyin/v1/video/upload_video/', 'video.create.bind', uploadVideo],
  ['POST', '/api/douyin/v1/video/init_video_part_upload/', 'video.create.bind', beginParts],
  ['POST', '/api/douyin/v1/video/upload_video_part/', 'video.create.bind', uploadPart],
  ['POST', '/api/douyin/v1/video/complete_video_part_upload/', 'video.create.bind', completeParts],
  ['POST', '/api/douyin/v1/video/create_video/', 'video.create.bind', createVideo],
  ['GET', '/data/external/user/fans/', 'data.external.user', describeFans],
  ['POST', '/api/douyin/v1/video/video_data/', 'video.data.bind', describeItems],
  ['GET', '/api/douyin/v1/video/video_list/', 'video.list.bind', listItems],
  ['GET', '/item/comment/list/', 'item.comment', listComments],
  ['GET', '/item/comment/reply/list/', 'item.comment', listReplies],
  ['POST', '/item/comment/reply/', 'item.comment', replyToComment],
  ['POST', '/im/send/msg/', 'im', sendMessage],
];

type AppHandler = (world: World, fields: Fields, token: unknown) => object;
const appCalls: readonly (readonly ['GET' | 'POST', string, Envelope, AppHandler])[] = [
  ['POST', '/oauth/access_token/', 'oauth', issueToken],
  ['POST', '/oauth/refresh_token/', 'oauth', refreshAccess],
  ['POST', '/oauth/renew_refresh_token/', 'oauth', renewRefresh],
  ['POST', '/oauth/userinfo/', 'oauth', userInfo],
  ['POST', '/oauth/client_token/', 'oauth', issueClientToken],
  ['GET', '/open/getticket/', 'old', issueTicket],
  ['POST', '/share-id/', 'old', makeShareId],
  ['POST', '/api/douyin/v1/schema/get_share/', 'new', makeShortLink],
];

export function registerApi(app: FastifyInstance, world: World): void {
  const route = (
    method: 'GET' | 'POST',
    path: string,
    envelope: Envelope,
    run: (fields: Fields, file: Buffer | null, token: unknown) => object,
  ) => {
    app.route({
      method,
      url: `/${PLATFORM}${path}`,
      handler: (request, reply) => {
        const called = request.url.slice(`/sandbox/${PLATFORM}`.length);
        return answer(world, PLATFORM, called, request, reply, () => respond(request, envelope, run));
      },
    });
  };

  async function respond(
    request: FastifyRequest,
    envelope: Envelope,
    run: (fields: Fields, file: Buffer | null, token: unknown) => object,
  ): Promise<Answer> {
    const { fields, file } = await readFields(request);
    const token = request.headers['access-token'];
    const as = spelling(world, fields);
    const wrap = (data: object, error: Refusal | null) => ({
      json: envelopes[envelope](data, error, world.clock.now(), as),
    });
    try {
      const result = run(fields, file, token);
      world.changed();
      // Some answers stand beside the envelope (the message id of /im/send/msg/).
      const { beside, ...data } = result as { beside?: object };
      const { json } = wrap(data, null);
      return { json: { ...json, ...beside } };
    } catch (error) {
      if (error instanceof Refusal) return wrap({}, error);
      throw error;
    }
  }

  for (const [method, path, envelope, handler] of appCalls) {
    route(method, path, envelope, (fields, _file, token) => handler(world, fields, token));
  }
  for (const [method, path, scope, handler] of userCalls) {
    route(method, path, 'old', (fields, file, token) => {
      const account = accountOfToken(world, token, text(fields, 'open_id'), scope);
      return handler({ world, account, fields, file });
    });
  }
}

function spelling(world: World, fields: Fields): DouyinAccount['errorCodeAs'] {
  return stateOf(world).accounts[String(fields.open_id)]?.errorCodeAs ?? 'number';
}
