/**
 * The public site (群众端): server-rendered, works without JavaScript, reads as the database role that sees published
 * pages only. `server.register(siteRoutes(app))`; it has a scope, an error page and a form parser of its own.
 */
import type { FastifyError, FastifyInstance, FastifyPluginAsync } from 'fastify';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { newCode } from '#server/base/ids.ts';
import { log } from '#server/base/log.ts';
import { errorBody } from '#shared/errors.ts';
import { accessibilityRoutes } from './accessibility/accessibility-routes.ts';
import { articleRoutes } from './article/article-routes.ts';
import { crawlerRoutes } from './crawlers/crawler-routes.ts';
import { displayRoutes } from './display/display-routes.ts';
import { notFound } from './errors/error-page.ts';
import { feedRoutes } from './feeds/feed-routes.ts';
import { fileRoutes } from './files/file-routes.ts';
import { homeRoutes } from './home/home-routes.ts';
import { answersRoutes } from './inbox/answers-routes.ts';
import { askRoutes } from './inbox/ask-routes.ts';
import { receiptRoutes } from './inbox/receipt-routes.ts';
import { searchRoutes } from './search/search-routes.ts';
import { shortLinkRoutes } from './short-link/short-link-routes.ts';
import { answerTrouble, createSiteContext, type SiteContext } from './site-context.ts';

export function siteRoutes(app: App): FastifyPluginAsync {
  return async (server) => {
    const context = createSiteContext(app);
    server.addHook('onClose', async () => context.sites.close());
    handleTrouble(server, context);
    homeRoutes(server, context);
    articleRoutes(server, context);
    searchRoutes(server, context);
    shortLinkRoutes(server, context);
    feedRoutes(server, context);
    fileRoutes(server, context);
    accessibilityRoutes(server, context);
    displayRoutes(server, context);
    await askRoutes(server, context);
    receiptRoutes(server, context);
    answersRoutes(server, context);
    crawlerRoutes(server, context);
    answerTheRest(server, context);
  };
}

function handleTrouble(server: FastifyInstance, context: SiteContext): void {
  server.setErrorHandler(async (error: FastifyError | AppError, request, reply) => {
    const status = error instanceof AppError ? error.status : (error.statusCode ?? 500);
    if (error instanceof AppError && status < 500) {
      const { message } = errorBody(error.code, error.details);
      return answerTrouble(context, request, reply, status, { title: '没有办成', ...message });
    }
    if (status < 500) {
      const { message } = errorBody('input-invalid', { problem: `${status}` });
      return answerTrouble(context, request, reply, status, { title: '请求有误', ...message });
    }
    const id = newCode(8);
    log.error(
      { id, error: error.message, stack: error.stack, url: request.routeOptions.url },
      'a public page failed',
    );
    reply.header('retry-after', '10');
    return answerTrouble(context, request, reply, status, {
      title: '页面暂时打不开',
      zh: `系统出错，已记录（编号 ${id}）。请稍后再试。`,
      en: `Something went wrong and was recorded (${id}). Please try again later.`,
    });
  });
}

/** Programs' addresses keep the JSON answer of the server when they lead nowhere. */
const programs = /^\/(api|hooks|sandbox|desk|healthz|readyz|metrics)(\/|\?|$)/;

/** Everything else a person may have typed. The lowest of all routes: any other, of any module, goes first. */
function answerTheRest(server: FastifyInstance, context: SiteContext): void {
  server.get('/*', async (request, reply) => {
    if (programs.test(request.url)) return reply.callNotFound();
    return answerTrouble(context, request, reply, 404, notFound);
  });
}
