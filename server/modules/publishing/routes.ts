import { type RouteSet, serve } from '#server/base/http/serve.ts';
import { submitArticle, takeBackArticle } from '#shared/content.ts';
import {
  cancelDelivery,
  checkDeliveryNow,
  decideDelivery,
  getDelivery,
  holdDelivery,
  listDeliveries,
  releaseDelivery,
  retryDelivery,
} from '#shared/publishing.ts';
import { listQuotas } from '#shared/quotas.ts';
import { correctionRoutes } from './corrections/routes.ts';
import { figureRoutes } from './figures/routes.ts';
import {
  cancelDeliveryBy,
  checkDeliveryBy,
  decideDeliveryBy,
  holdDeliveryBy,
  releaseDeliveryBy,
  retryDeliveryBy,
} from './manage-delivery.ts';
import { listQuotaViews } from './quotas/list-quotas.ts';
import { registrationRoutes } from './registrations/routes.ts';
import { submitArticleFor, takeBackArticleFor } from './submit-article.ts';
import type { TaskKindOwners } from './tasks/kind.ts';
import { taskRoutes } from './tasks/routes.ts';
import { getDeliveryView, listDeliveryViews } from './view.ts';
import { withdrawalRoutes } from './withdrawals/routes.ts';

const done = { ok: true } as const;

/** @param taskKinds what is done by hand, by its kind; higher modules add theirs */
export function publishingRoutes(taskKinds: TaskKindOwners): RouteSet {
  return [
    ...registrationRoutes(),
    ...figureRoutes(),
    ...taskRoutes(taskKinds),
    ...withdrawalRoutes(),
    ...correctionRoutes(),
    serve(listQuotas, async ({ tx, actor }) => ({ rows: await listQuotaViews(tx, actor.bureauId) })),
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
  ];
}
