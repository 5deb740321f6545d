/** The platform's API: every path it knows, and the one way each call goes. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Answer, answer } from '../core/answer.ts';
import type { World } from '../core/world.ts';
import { addArticle, listArticles, listCategories, showArticle, uploadImage } from './articles.ts';
import { authenticate, type Fields, type Handler, readFields } from './call.ts';
import { issueTokens, renewTokens } from './oauth.ts';
import { Refusal } from './refusal.ts';
import { PLATFORM } from './state.ts';
import { completeVideo, initVideo, uploadCover, uploadPart, uploadSingle } from './uploads.ts';
import { addVideo, deleteVideo, listVideos, userStat, videoStat, viewVideo } from './videos.ts';

const posts: Record<string, Handler> = {
  '/arcopen/fn/article/upload/image': uploadImage,
  '/arcopen/fn/article/add': addArticle,
  '/arcopen/fn/archive/video/init': initVideo,
  '/arcopen/fn/archive/video/complete': completeVideo,
  '/arcopen/fn/archive/cover/upload': uploadCover,
  '/arcopen/fn/archive/add-by-utoken': addVideo,
  '/arcopen/fn/archive/delete': deleteVideo,
};

const gets: Record<string, Handler> = {
  '/arcopen/fn/user/account/info': ({ account }) => ({
    name: account.name,
    face: 'https://i0.hdslb.example/face.jpg',
    openid: account.openid,
  }),
  '/arcopen/fn/user/account/scopes': ({ account }) => ({ openid: account.openid, scopes: account.scopes }),
  '/arcopen/fn/article/list': listArticles,
  '/arcopen/fn/article/detail': showArticle,
  '/arcopen/fn/article/categories': listCategories,
  '/arcopen/fn/archive/view': viewVideo,
  '/arcopen/fn/archive/viewlist': listVideos,
  '/arcopen/fn/data/arc/stat': videoStat,
  '/arcopen/fn/data/user/stat': userStat,
};

/** The host for files: neither signed nor with a token but that of the upload. */
const fileCalls: Record<string, (world: World, fields: Fields, bytes: Buffer) => unknown> = {
  '/video/v2/upload': uploadSingle,
  '/video/v2/part/upload': uploadPart,
};

/** These two are not signed: there is no token yet. */
const tokenCalls: Record<string, (world: World, fields: Fields) => unknown> = {
  '/x/account-oauth2/v1/token': issueTokens,
  '/x/account-oauth2/v1/refresh_token': renewTokens,
};

export function registerApi(app: FastifyInstance, world: World): void {
  const route = (
    method: 'GET' | 'POST',
    path: string,
    run: (request: FastifyRequest) => Promise<unknown>,
  ) => {
    app.route({
      method,
      url: `/${PLATFORM}${path}`,
      handler: (request, reply) => {
        const called = request.url.slice(`/sandbox/${PLATFORM}`.length);
        return answer(world, PLATFORM, called, request, reply, () => enveloped(() => run(request)));
      },
    });
  };
  const signed = (handler: Handler) => async (request: FastifyRequest) => {
    const { fields, file } = await readFields(request);
    const account = authenticate(world, request);
    const data = handler({ world, account, fields, file });
    world.changed();
    return data;
  };
  for (const [path, run] of Object.entries(tokenCalls))
    route('POST', path, async (request) => run(world, request.query as Fields));
  for (const [path, run] of Object.entries(fileCalls)) {
    route('POST', path, async ({ query, body }) => {
      if (!Buffer.isBuffer(body)) throw new Refusal(127100);
      const data = run(world, query as Fields, body);
      world.changed();
      return data;
    });
  }
  for (const [path, handler] of Object.entries(posts)) route('POST', path, signed(handler));
  for (const [path, handler] of Object.entries(gets)) route('GET', path, signed(handler));
}

async function enveloped(run: () => Promise<unknown>): Promise<Answer> {
  try {
    return { json: { code: 0, message: '0', ttl: 1, data: await run() } };
  } catch (error) {
    if (error instanceof Refusal) return { json: error.envelope() };
    throw error;
  }
}
