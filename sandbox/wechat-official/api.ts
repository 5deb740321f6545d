/** The platform's API: every path it knows, and the one way each call goes. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Answer, answer, answerOf } from '../core/answer.ts';
import type { World } from '../core/world.ts';
import { type Handler, isJson, type Json, originOf } from './call.ts';
import {
  deleteComment,
  deleteReply,
  electComment,
  listComments,
  replyToComment,
  setCommenting,
} from './comments.ts';
import { addDraft, countDrafts, deleteDraft, getDraft, listDrafts, updateDraft } from './drafts.ts';
import {
  accountSummary,
  articleRead,
  articleShare,
  articleTotals,
  discontinued,
  followersChange,
  followersTotal,
} from './figures.ts';
import { deleteMassSend, getMassSend, sendAll } from './mass.ts';
import { addMaterial, getSentMedia, uploadPicture } from './media.ts';
import { createMenu, deleteMenu, getMenu } from './menu.ts';
import { sendCustomMessage, userInfo } from './messages.ts';
import {
  deletePublication,
  getArticle,
  getPublication,
  listPublications,
  submitPublication,
} from './publishing.ts';
import { countCall, getQuota } from './quota.ts';
import { Refusal } from './refusal.ts';
import { PLATFORM } from './state.ts';
import { accountOfToken, plainToken, stableToken } from './tokens.ts';

const posts: Record<string, Handler> = {
  '/cgi-bin/media/uploadimg': uploadPicture,
  '/cgi-bin/material/add_material': addMaterial,
  '/cgi-bin/draft/add': addDraft,
  '/cgi-bin/draft/get': getDraft,
  '/cgi-bin/draft/update': updateDraft,
  '/cgi-bin/draft/batchget': listDrafts,
  '/cgi-bin/draft/delete': deleteDraft,
  '/cgi-bin/freepublish/submit': submitPublication,
  '/cgi-bin/freepublish/get': getPublication,
  '/cgi-bin/freepublish/batchget': listPublications,
  '/cgi-bin/freepublish/getarticle': getArticle,
  '/cgi-bin/freepublish/delete': deletePublication,
  '/cgi-bin/message/mass/sendall': sendAll,
  '/cgi-bin/message/mass/get': getMassSend,
  '/cgi-bin/message/mass/delete': deleteMassSend,
  '/cgi-bin/comment/list': listComments,
  '/cgi-bin/comment/open': (call) => setCommenting(call, true),
  '/cgi-bin/comment/close': (call) => setCommenting(call, false),
  '/cgi-bin/comment/markelect': (call) => electComment(call, true),
  '/cgi-bin/comment/unmarkelect': (call) => electComment(call, false),
  '/cgi-bin/comment/delete': deleteComment,
  '/cgi-bin/comment/reply/add': replyToComment,
  '/cgi-bin/comment/reply/delete': deleteReply,
  '/cgi-bin/message/custom/send': sendCustomMessage,
  '/cgi-bin/menu/create': createMenu,
  '/datacube/getarticleread': articleRead,
  '/datacube/getarticleshare': articleShare,
  '/datacube/getbizsummary': accountSummary,
  '/datacube/getarticletotaldetail': articleTotals,
  '/datacube/getusersummary': followersChange,
  '/datacube/getusercumulate': followersTotal,
  '/datacube/getarticlesummary': discontinued,
  '/datacube/getarticletotal': discontinued,
  '/datacube/getuserread': discontinued,
  '/datacube/getusershare': discontinued,
  '/cgi-bin/openapi/quota/get': (call) => getQuota(call, knownPaths),
};

const gets: Record<string, Handler> = {
  '/cgi-bin/draft/count': countDrafts,
  '/cgi-bin/media/get': getSentMedia,
  '/cgi-bin/user/info': userInfo,
  '/cgi-bin/menu/get': getMenu,
  '/cgi-bin/menu/delete': deleteMenu,
  '/cgi-bin/getcallbackip': () => ({ ip_list: ['127.0.0.1', '::1'] }),
};

const knownPaths: ReadonlySet<string> = new Set([...Object.keys(posts), ...Object.keys(gets)]);

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
        return answer(world, PLATFORM, called, request, reply, () => refusing(() => run(request)));
      },
    });
  };
  route('POST', '/cgi-bin/stable_token', async (request) => stableToken(world, request.body));
  route('GET', '/cgi-bin/token', async (request) => plainToken(world, request.query as Json));
  for (const [path, handler] of Object.entries(posts)) {
    route('POST', path, (request) => authorised(world, path, request, handler));
  }
  for (const [path, handler] of Object.entries(gets)) {
    route('GET', path, (request) => authorised(world, path, request, handler));
  }
}

async function authorised(
  world: World,
  path: string,
  request: FastifyRequest,
  handler: Handler,
): Promise<ReturnType<Handler>> {
  const query = request.query as Record<string, string>;
  const file = request.isMultipart() ? await uploaded(request) : null;
  const account = accountOfToken(world, query.access_token);
  countCall(account, path, world.clock.now());
  if (request.method === 'POST' && file === null && !isJson(request.body)) throw new Refusal(47001);
  const body = isJson(request.body) ? request.body : {};
  const result = handler({ world, account, query, body, file, origin: originOf(request) });
  world.changed();
  return result;
}

async function uploaded(request: FastifyRequest): Promise<Buffer> {
  for await (const piece of request.parts()) {
    if (piece.type === 'file' && piece.fieldname === 'media') return piece.toBuffer();
    if (piece.type === 'file') await piece.toBuffer();
  }
  return Buffer.alloc(0);
}

async function refusing(run: () => Promise<unknown>): Promise<Answer> {
  try {
    return answerOf(await run());
  } catch (error) {
    if (error instanceof Refusal) return { json: error.envelope() };
    throw error;
  }
}
