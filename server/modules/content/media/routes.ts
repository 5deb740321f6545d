import type { FastifyRequest } from 'fastify';
// For `request.file()`.
import '@fastify/multipart';
import { AppError } from '#server/base/app-error.ts';
import { type RouteSet, serve, servePrepared } from '#server/base/http/serve.ts';
import {
  beginUpload,
  cancelUpload,
  cropMedia,
  deleteMedia,
  describeMedia,
  finishUpload,
  getMedia,
  getUpload,
  listMedia,
  listUploads,
  partLimit,
  putUploadPart,
} from '#shared/media.ts';
import { cropMediaFile, cutMediaFile } from './crop.ts';
import { deleteMediaFile, describeMediaFile, getMediaDetail, listMediaViews } from './library.ts';
import {
  beginUploadFor,
  cancelUploadFor,
  finishUploadFor,
  getUploadView,
  listUploadViews,
  putPart,
} from './uploads.ts';

/** Read before the transaction: a slow sender must hold no connection of the database. */
async function readPart(request: FastifyRequest): Promise<Buffer> {
  const part = await request.file({ limits: { fileSize: partLimit } });
  if (!part) throw new AppError('input-invalid', { problem: '没有收到文件 / no file was received' });
  return part.toBuffer();
}

export const mediaRoutes: RouteSet = [
  serve(listMedia, ({ tx, actor, query }) => listMediaViews(tx, actor, query)),
  serve(getMedia, ({ tx, actor, params }) => getMediaDetail(tx, actor, params.fileId)),
  serve(describeMedia, ({ app, tx, actor, params, body }) =>
    describeMediaFile(app, tx, actor, params.fileId, body),
  ),
  servePrepared(
    cropMedia,
    ({ app, actor, params, body }) => cutMediaFile(app, actor, params.fileId, body.crop),
    ({ app, tx, actor, body, prepared }) => cropMediaFile(app, tx, actor, prepared, body),
  ),
  serve(deleteMedia, async ({ app, tx, actor, params }) => {
    await deleteMediaFile(app, tx, actor, params.fileId);
    return { ok: true as const };
  }),
  serve(beginUpload, ({ app, tx, actor, body }) => beginUploadFor(app, tx, actor, body)),
  servePrepared(
    putUploadPart,
    ({ request }) => readPart(request),
    ({ app, tx, actor, params, query, prepared }) =>
      putPart(app, tx, actor, params.uploadId, query.offset, prepared),
  ),
  serve(listUploads, ({ tx, actor }) => listUploadViews(tx, actor)),
  serve(getUpload, ({ app, tx, actor, params }) => getUploadView(app, tx, actor, params.uploadId)),
  serve(finishUpload, ({ app, tx, actor, params }) => finishUploadFor(app, tx, actor, params.uploadId)),
  serve(cancelUpload, async ({ app, tx, actor, params }) => {
    await cancelUploadFor(app, tx, actor, params.uploadId);
    return { ok: true as const };
  }),
];
