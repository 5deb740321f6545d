import type { ArticleContent, Target } from '#shared/content.ts';
import { listPictures } from './render.ts';

/** Every file that an article and its accounts' own covers refer to; kept as uses, so that none of them is deleted. */
export function listFileIds(content: ArticleContent, targets: readonly Target[]): string[] {
  const ids = [
    content.coverFileId,
    content.video?.fileId,
    ...listPictures(content.body).map((picture) => picture.fileId),
    ...targets.map((target) => target.override.coverFileId),
  ];
  return [...new Set(ids.filter((id) => typeof id === 'string'))];
}
