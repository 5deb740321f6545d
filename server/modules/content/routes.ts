import { type RouteSet, serve, servePrepared } from '#server/base/http/serve.ts';
import { readUpload } from '#server/base/http/upload.ts';
import {
  createArticle,
  getArticle,
  importWord,
  listArticles,
  listVariants,
  saveWorkingCopy,
  uploadFile,
} from '#shared/content.ts';
import { readWordDocument, storeWordDocument } from './import-word.ts';
import { mediaRoutes } from './media/routes.ts';
import { readPicture, storePicture } from './pictures.ts';
import { listVariantViews } from './variants.ts';
import { getArticleView, listArticleViews, type ReviewLookup } from './view.ts';
import { beginArticle, saveWorkingCopyOf } from './working-copy.ts';

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
    servePrepared(
      uploadFile,
      async ({ request }) => {
        const { bytes, name } = await readUpload(request);
        return { picture: await readPicture(bytes), name };
      },
      ({ app, tx, actor, prepared: { picture, name } }) => storePicture(app, tx, actor, picture, name),
    ),
    servePrepared(
      importWord,
      async ({ request }) => readWordDocument((await readUpload(request)).bytes),
      ({ app, tx, actor, prepared }) => storeWordDocument(app, tx, actor, prepared),
    ),
  ];
}
