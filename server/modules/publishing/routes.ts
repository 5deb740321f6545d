import type { FastifyInstance } from 'fastify';
import type { App } from '#server/base/app.ts';
import { type RouteSet, serve, servePublic } from '#server/base/http/serve.ts';
import { submitArticle, takeBackArticle } from '#shared/content.ts';
import {
  cancelDelivery,
  checkDeliveryNow,
  decideDelivery,
  getDelivery,
  getHandOff,
  holdDelivery,
  listDeliveries,
  proveHandOff,
  releaseDelivery,
  retryDelivery,
} from '#shared/publishing.ts';
import { getHandOffTask, packMedia, proveHandOffTask } from './hand-off.ts';
import {
  cancelDeliveryBy,
  checkDeliveryBy,
  decideDeliveryBy,
  holdDeliveryBy,
  releaseDeliveryBy,
  retryDeliveryBy,
} from './manage-delivery.ts';
import { submitArticleFor, takeBackArticleFor } from './submit-article.ts';
import { getDeliveryView, listDeliveryViews } from './view.ts';

const done = { ok: true } as const;

export function publishingRoutes(): RouteSet {
  return [
    serve(submitArticle, ({ app, tx, actor, params, body }) =>
      submitArticleFor(app, tx, actor, params.articleId, body.baseRevision),
    ),
    serve(takeBackArticle, async ({ app, tx, actor, params, body }) => {
      await takeBackArticleFor(app, tx, actor, params.articleId, body.reason);
      return done;
    }),
    serve(listDeliveries, ({ app, tx, actor, query }) => listDeliveryViews(app, tx, actor, query)),
    serve(getDelivery, ({ app, tx, actor, params }) => getDeliveryView(app, tx, actor, params.deliveryId)),
    serve(holdDelivery, async ({ app, tx, actor, params, body }) => {
      await holdDeliveryBy(app, tx, actor, params.deliveryId, body.reason);
      return done;
    }),
    serve(releaseDelivery, async ({ app, tx, actor, params, body }) => {
      await releaseDeliveryBy(app, tx, actor, params.deliveryId, body.plannedWall);
      return done;
    }),
    serve(cancelDelivery, async ({ app, tx, actor, params, body }) => {
      await cancelDeliveryBy(app, tx, actor, params.deliveryId, body.reason);
      return done;
    }),
    serve(retryDelivery, async ({ app, tx, actor, params }) => {
      await retryDeliveryBy(app, tx, actor, params.deliveryId);
      return done;
    }),
    serve(checkDeliveryNow, async ({ app, tx, actor, params }) => {
      await checkDeliveryBy(app, tx, actor, params.deliveryId);
      return done;
    }),
    serve(decideDelivery, async ({ app, tx, actor, params, body }) => {
      await decideDeliveryBy(app, tx, actor, params.deliveryId, body);
      return done;
    }),
    // The token is the key; the rows it leads to are one delivery's.
    servePublic(getHandOff, ({ app, params }) =>
      app.database.withWorker((tx) => getHandOffTask(tx, params.token)),
    ),
    servePublic(proveHandOff, ({ app, params, body }) =>
      app.database.withWorker((tx) => proveHandOffTask(app, tx, params.token, body.pasted)),
    ),
  ];
}

/** The media pack is bytes, not JSON, so it is a plain route. */
export function registerMediaPack(server: FastifyInstance, app: App): void {
  server.get<{ Params: { token: string } }>('/hand-off/:token/media.zip', async (request, reply) => {
    const zip = await app.database.withWorker((tx) => packMedia(app, tx, request.params.token));
    return reply
      .header('content-type', 'application/zip')
      .header('content-disposition', "attachment; filename*=UTF-8''%E7%B4%A0%E6%9D%90%E5%8C%85.zip")
      .header('x-content-type-options', 'nosniff')
      .header('cache-control', 'no-store')
      .send(Buffer.from(zip));
  });
}
