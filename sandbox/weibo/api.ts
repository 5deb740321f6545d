/** The platform's API: every path it knows, and the one way each call goes. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Answer, answer, answerOf } from '../core/answer.ts';
import type { World } from '../core/world.ts';
import { businessGets, businessPosts } from './business.ts';
import { accountOfToken, countCall, type Fields, type Handler, readFields } from './call.ts';
import { createComment, replyToComment, showComments } from './comments.ts';
import { commentMentions, postMentions, toMe } from './mentions.ts';
import { getSentFile, replyToMessage } from './messages.ts';
import { issueToken, tokenInfo } from './oauth.ts';
import { Refusal } from './refusal.ts';
import { PLATFORM } from './state.ts';
import { countStatuses, destroy, expandLinks, share, showUser, userTimeline } from './statuses.ts';

const posts: Record<string, Handler> = {
  '/2/statuses/share.json': share,
  '/2/statuses/destroy.json': destroy,
  '/2/comments/create.json': createComment,
  '/2/comments/reply.json': replyToComment,
  '/2/messages/reply.json': replyToMessage,
};

const gets: Record<string, Handler> = {
  '/2/statuses/user_timeline.json': userTimeline,
  '/2/statuses/count.json': countStatuses,
  '/2/statuses/mentions.json': postMentions,
  '/2/comments/show.json': showComments,
  '/2/comments/to_me.json': toMe,
  '/2/comments/mentions.json': commentMentions,
  '/2/mss/msget': getSentFile,
  '/2/users/show.json': showUser,
  '/2/short_url/expand.json': expandLinks,
};

/** Calls about tokens carry no user's limit. */
const tokenCalls: Record<string, (world: World, fields: Fields) => unknown> = {
  '/oauth2/access_token': issueToken,
  '/oauth2/get_token_info': tokenInfo,
};

export function registerApi(app: FastifyInstance, world: World): void {
  const route = (method: 'GET' | 'POST', path: string, run: (request: FastifyRequest) => Promise<Answer>) => {
    app.route({
      method,
      url: `/${PLATFORM}${path}`,
      handler: (request, reply) => {
        const called = request.url.slice(`/sandbox/${PLATFORM}`.length);
        return answer(world, PLATFORM, called, request, reply, () => run(request));
      },
    });
  };
  for (const [path, handler] of Object.entries(tokenCalls)) {
    route('POST', path, async (request) => {
      const { fields } = await readFields(request);
      return refusing(path, 'number', () => handler(world, fields));
    });
  }
  for (const [path, handler] of Object.entries(posts))
    route('POST', path, (request) => call(path, request, handler));
  for (const [path, handler] of Object.entries(gets))
    route('GET', path, (request) => call(path, request, handler));
  // Their limit is 50,000 an hour and address, which no test reaches.
  for (const [path, handler] of Object.entries(businessPosts))
    route('POST', path, (request) => call(path, request, handler, true));
  for (const [path, handler] of Object.entries(businessGets))
    route('GET', path, (request) => call(path, request, handler, true));

  async function call(
    path: string,
    request: FastifyRequest,
    handler: Handler,
    business = false,
  ): Promise<Answer> {
    const { fields, file } = await readFields(request);
    return refusing(path, codeStyle(world, fields.access_token), () => {
      const account = accountOfToken(world, fields.access_token);
      if (!business) countCall(world, account);
      else if (!account.business) throw new Refusal(10014);
      const result = handler({ world, account, fields, file });
      world.changed();
      return result;
    });
  }
}

function codeStyle(world: World, token: string | undefined): 'number' | 'string' {
  try {
    return accountOfToken(world, token).errorCodeAs;
  } catch {
    return 'number';
  }
}

function refusing(path: string, codeAs: 'number' | 'string', run: () => unknown): Answer {
  try {
    return answerOf(run());
  } catch (error) {
    if (error instanceof Refusal) return { status: error.status, json: error.envelope(path, codeAs) };
    throw error;
  }
}
