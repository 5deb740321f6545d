/** The platform's API: every path it knows, and the one way each call goes. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Answer, answer } from '../core/answer.ts';
import type { World } from '../core/world.ts';
import { authenticate, type Call, type Fields, readFields } from './call.ts';
import { issueTokens, renewTokens } from './oauth.ts';
import { Refusal } from './refusal.ts';
import { PLATFORM } from './state.ts';
import {
  completeUpload,
  countVideos,
  deleteVideo,
  listVideos,
  publishVideo,
  resumeUpload,
  showVideo,
  startUpload,
  uploadFragment,
  uploadWhole,
  userInfo,
} from './videos.ts';

/** [method, path, permission, handler] */
const userCalls: readonly (readonly ['GET' | 'POST', string, string, (call: Call) => object])[] = [
  ['POST', '/openapi/photo/start_upload', 'user_video_publish', startUpload],
  ['POST', '/openapi/photo/publish', 'user_video_publish', publishVideo],
  ['GET', '/openapi/photo/info', 'user_video_info', showVideo],
  ['GET', '/openapi/photo/list', 'user_video_info', listVideos],
  ['GET', '/openapi/photo/count', 'user_video_info', countVideos],
  ['POST', '/openapi/photo/delete', 'user_video_delete', deleteVideo],
  ['GET', '/openapi/user_info', 'user_info', userInfo],
];

/** The host for files asks for the upload's own token only. */
const fileCalls: readonly (readonly [
  'GET' | 'POST',
  string,
  (world: World, fields: Fields, file: Buffer | null) => object,
])[] = [
  ['POST', '/api/upload', uploadWhole],
  ['POST', '/api/upload/multipart', uploadWhole],
  ['POST', '/api/upload/fragment', uploadFragment],
  ['GET', '/api/upload/resume', resumeUpload],
  ['POST', '/api/upload/complete', completeUpload],
];

const tokenCalls = { '/oauth2/access_token': issueTokens, '/oauth2/refresh_token': renewTokens } as const;

export function registerApi(app: FastifyInstance, world: World): void {
  const route = (
    method: ('GET' | 'POST')[],
    path: string,
    run: (request: FastifyRequest, fields: Fields, file: Buffer | null) => object,
  ) => {
    app.route({
      method,
      url: `/${PLATFORM}${path}`,
      handler: (request, reply) => {
        const called = request.url.slice(`/sandbox/${PLATFORM}`.length);
        return answer(world, PLATFORM, called, request, reply, async () => {
          const { fields, file } = await readFields(request);
          return enveloped(world, () => run(request, fields, file));
        });
      },
    });
  };
  for (const [path, run] of Object.entries(tokenCalls))
    route(['GET', 'POST'], path, (_request, fields) => run(world, fields));
  for (const [method, path, run] of fileCalls)
    route([method], path, (_request, fields, file) => run(world, fields, file));
  for (const [method, path, scope, run] of userCalls) {
    route([method], path, (request, fields, file) => {
      const account = authenticate(world, fields, scope);
      const endpoint = `${request.host}/sandbox/${PLATFORM}`;
      return run({ world, account, fields, file, endpoint });
    });
  }
}

function enveloped(world: World, run: () => object): Answer {
  try {
    const data = run();
    world.changed();
    return { json: { result: 1, ...data } };
  } catch (error) {
    if (error instanceof Refusal) return { json: error.envelope() };
    throw error;
  }
}
