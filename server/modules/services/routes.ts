import type { Actor } from '#server/base/actor.ts';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import { type RouteSet, serve } from '#server/base/http/serve.ts';
import { newId } from '#server/base/ids.ts';
import { record } from '#server/modules/audit/index.ts';
import {
  createService,
  listServices,
  moveService,
  type Service,
  saveService,
  serviceStateLabels,
} from '#shared/services.ts';
import { findService, insertService, listServiceRows, updateService } from './store.ts';

export function serviceRoutes(): RouteSet {
  return [
    serve(listServices, async ({ tx, actor }) => ({ rows: await listServiceRows(tx, actor.bureauId) })),
    serve(createService, async ({ app, tx, actor, body: content }) => {
      const { bureauId, personId } = actor;
      const id = newId();
      await insertService(tx, { bureauId, id, content, personId });
      await record(tx, actor, 'service.created', { kind: 'service', id }, { name: content.name });
      app.live.changed(tx, bureauId, 'cases');
      return { serviceId: id };
    }),
    serve(saveService, async ({ app, tx, actor, params: { serviceId }, body }) => {
      const found = await demand(tx, actor, serviceId);
      if (found.revision !== body.baseRevision)
        throw new AppError('edit-conflict', { name: '', revision: found.revision });
      const revision = await updateService(tx, actor.bureauId, serviceId, { content: body.content });
      await record(tx, actor, 'service.changed', { kind: 'service', id: serviceId }, { revision });
      app.live.changed(tx, actor.bureauId, 'cases');
      return { revision };
    }),
    serve(moveService, async ({ app, tx, actor, params: { serviceId }, body: { state } }) => {
      const found = await demand(tx, actor, serviceId);
      if (found.state === state) {
        throw new AppError('state-conflict', { state: serviceStateLabels[state].zh });
      }
      await updateService(tx, actor.bureauId, serviceId, { state });
      const action = state === 'retired' ? 'service.retired' : 'service.offered';
      await record(tx, actor, action, { kind: 'service', id: serviceId }, {});
      app.live.changed(tx, actor.bureauId, 'cases');
      return { ok: true } as const;
    }),
  ];
}

/** Locked until commit. @throws {AppError} not-found */
async function demand(tx: Tx, actor: Actor, id: string): Promise<Service> {
  const found = await findService(tx, actor.bureauId, id);
  if (!found) throw new AppError('not-found');
  return found;
}
