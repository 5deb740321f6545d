export { combineHashes, freezeArticle, isIntact, openPackage } from './freeze.ts';
export { cutPicture, type PictureCut } from './media/cuts.ts';
export { listOwnCrops, setFileUses } from './media/store.ts';
export { startMediaWorker } from './media/worker.ts';
export { keepPicture, type ReadPicture, readPicture, storePicture } from './pictures.ts';
export { documentText, escapeHtml } from './render.ts';
export { contentRoutes } from './routes.ts';
export { findHeldFile, type HeldParams, listHeldFiles } from './sent/held-address.ts';
export { type KeepSent, readSentFile } from './sent/sent-file.ts';
export {
  findArticle,
  findFilesByHash,
  findPackage,
  findVersion,
  listFrozen,
  listPackages,
  lockArticle,
  setArticleState,
} from './store.ts';
export { listArticleTodo } from './todo.ts';
export { servePictures, shortLinkOf } from './variants.ts';
export type { ReviewLookup } from './view.ts';
export { beginNotedArticle, beginSampleArticle, reopenArticle } from './working-copy.ts';
