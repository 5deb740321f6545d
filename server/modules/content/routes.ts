import type { FastifyRequest } from 'fastify';
// For `request.file()`.
import '@fastify/multipart';
import { AppError } from '#server/base/app-error.ts';
import { type RouteSet, serve } from '#server/base/http/serve.ts';
import {
  createArticle,
  getArticle,
  importWord,
  listArticles,
  listVariants,
  saveWorkingCopy,
  uploadFile,
} from '#shared/content.ts';
import { importWordDocument } from './import-word.ts';
import { mediaRoutes } from './media/routes.ts';
import { storePicture } from './pictures.ts';
import { listVariantViews } from './variants.ts';
import { getArticleView, listArticleViews, type ReviewLookup } from './view.ts';
import { beginArticle, saveWorkingCopyOf } from './working-copy.ts';

export async function readUpload(request: FastifyRequest): Promise<{ bytes: Buffer; name: string }> {
  const part = await request.file();
  if (!part) throw new AppError('input-invalid', { problem: '没有收到文件 / no file was received' });
  return { bytes: await part.toBuffer(), name: part.filename };
}

export function contentRoutes(reviewOf: ReviewLookup): RouteSet {
  return [
    ...mediaRoutes,
    serve(listArticles, ({ tx, actor, query }) => listArticleViews(tx, actor, query)),
    serve(createArticle, ({ app, tx, actor, body }) => beginArticle(app, tx, actor, body.title)),
    serve(getArticle, ({ tx, actor, params }) => getArticleView(tx, actor, params.articleId, reviewOf)),
    serve(saveWorkingCopy, ({ app, tx, actor, params, body }) =>
      saveWorkingCopyOf(app, tx, actor, params.articleId, body),
    ),
    serve(listVariants, ({ app, tx, actor, params }) =>
      listVariantViews(app, tx, actor.bureauId, params.articleId),
    ),
    serve(uploadFile, async ({ app, tx, actor, request }) => {
      const { bytes, name } = await readUpload(request);
      return storePicture(app, tx, actor, bytes, name);
    }),
    serve(importWord, async ({ app, tx, actor, request }) => {
      const { bytes } = await readUpload(request);
      return importWordDocument(app, tx, actor, bytes);
    }),
  ];
}
