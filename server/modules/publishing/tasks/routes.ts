import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { type RouteSet, serve, servePublic } from '#server/base/http/serve.ts';
import { readPicture } from '#server/modules/content/index.ts';
import { findActor } from '#server/modules/people/index.ts';
import {
  askAppLink,
  assignTask,
  checkTask,
  claimHandOff,
  getHandOff,
  listTasks,
  openHandOff,
  proveHandOff,
} from '#shared/tasks.ts';
import { findPackedPicture, packMedia } from '../media-pack/pack-media.ts';
import {
  askAppLinkFor,
  claimHandOffTask,
  demandClaimable,
  getHandOffTask,
  getPack,
  openHandOffTask,
  proveHandOffTask,
} from './hand-off.ts';
import type { TaskKindOwners } from './kind.ts';
import { assignTaskBy, checkTaskBy, listTaskViews } from './manage-task.ts';

const done = { ok: true } as const;

/** A note beside the screenshot is short: both are read whole. */
async function readClaim(request: FastifyRequest): Promise<{ picture: Buffer | null; note: string }> {
  if (!request.isMultipart()) return { picture: null, note: '' };
  const part = await request.file();
  const field = part?.fields.note;
  const note = field && 'value' in field ? String(field.value).trim().slice(0, 300) : '';
  return { picture: part ? await part.toBuffer() : null, note };
}

export function taskRoutes(owners: TaskKindOwners): RouteSet {
  return [
    // The token is the key; the rows it leads to are one task's.
    servePublic(getHandOff, ({ app, params }) =>
      app.database.withWorker((tx) => getHandOffTask(app, tx, owners, params.token)),
    ),
    servePublic(openHandOff, async ({ app, params }) => {
      await app.database.withWorker((tx) => openHandOffTask(app, tx, owners, params.token));
      return done;
    }),
    servePublic(askAppLink, async ({ app, params }) => {
      await app.database.withWorker((tx) => askAppLinkFor(app, tx, owners, params.token));
      return done;
    }),
    servePublic(proveHandOff, ({ app, params, body }) =>
      app.database.withWorker((tx) => proveHandOffTask(app, tx, owners, params.token, body.pasted)),
    ),
    servePublic(claimHandOff, async ({ app, params, request }) => {
      const actor = await findActor(app, request);
      const { picture: bytes, note } = await readClaim(request);
      await app.database.withWorker((tx) => demandClaimable(tx, owners, params.token));
      const picture = bytes && (await readPicture(bytes));
      await app.database.withWorker((tx) =>
        claimHandOffTask(app, tx, owners, params.token, { actor, picture, note }),
      );
      return done;
    }),
    serve(listTasks, async ({ app, tx, actor, query }) => ({
      rows: await listTaskViews(app, tx, actor, query.subjectId),
    })),
    serve(assignTask, async ({ app, tx, actor, params, body }) => {
      await assignTaskBy(app, tx, actor, params.taskId, body.personId);
      return done;
    }),
    serve(checkTask, async ({ app, tx, actor, params, body }) => {
      await checkTaskBy(app, tx, actor, owners, params.taskId, body);
      return done;
    }),
  ];
}

const PackParams = z.object({
  token: z.string().regex(/^[\w-]{22}$/),
  key: z.string().max(60).optional(),
});

/** Bytes, not JSON, so they are plain routes. What takes long is done after the transaction. */
export function registerMediaPack(server: FastifyInstance, app: App, owners: TaskKindOwners): void {
  const packOf = (params: unknown) => {
    const read = PackParams.safeParse(params);
    if (!read.success) throw new AppError('not-found');
    return app.database.withWorker((tx) => getPack(app, tx, owners, read.data.token));
  };
  server.get<{ Querystring: { lang?: string } }>('/hand-off/:token/media.zip', async (request, reply) => {
    const { task, pictures } = await packOf(request.params);
    const zip = await packMedia(app, task, pictures, request.query.lang === 'en' ? 'en' : 'zh');
    return reply
      .header('content-type', 'application/zip')
      .header('content-disposition', "attachment; filename*=UTF-8''%E7%B4%A0%E6%9D%90%E5%8C%85.zip")
      .header('x-content-type-options', 'nosniff')
      .header('cache-control', 'no-store')
      .send(Buffer.from(zip));
  });
  server.get<{ Params: { key: string } }>('/hand-off/:token/pictures/:key', async (request, reply) => {
    const { pictures } = await packOf(request.params);
    const picture = await findPackedPicture(app, pictures, request.params.key);
    if (!picture) throw new AppError('not-found');
    return reply
      .header('content-type', picture.mime)
      .header('x-content-type-options', 'nosniff')
      .header('cache-control', 'private, max-age=600')
      .send(picture.bytes);
  });
}
