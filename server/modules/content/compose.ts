/** From a working copy or version to the variant of each chosen account. */
import type { Connector, FieldCount, Master, VariantProblem } from '#connectors/contract.ts';
import { getConnector } from '#connectors/registry.ts';
import type { Tx } from '#server/base/database.ts';
import type { ArticleContent, Target, VariantOverride } from '#shared/content.ts';
import type { PackageMedia, VariantContent } from '#shared/package.ts';
import { documentText, listPictures, renderDocument } from './render.ts';
import { findFiles } from './store.ts';

export type ComposedVariant = {
  connector: Connector;
  content: VariantContent;
  problems: VariantProblem[];
  counts: FieldCount[];
};

type FileRow = Awaited<ReturnType<typeof findFiles>>[number];

/** The master that connectors adapt; pictures whose files are gone are left out. */
export async function buildMaster(tx: Tx, bureauId: string, content: ArticleContent): Promise<Master> {
  const pictures = listPictures(content.body);
  const files = await findWithCover(tx, bureauId, content, pictures);
  const text = documentText(content.body);
  return {
    title: content.title.trim(),
    digest: content.digest.trim(),
    author: content.author.trim(),
    html: renderDocument(content.body, (fileId) => {
      const file = files.get(fileId);
      return file?.kind === 'picture' && file.width && file.height
        ? { sha256: file.sha256, width: file.width, height: file.height }
        : null;
    }),
    text,
    media: listMedia(content, pictures, files),
    ...(content.video?.transcript.trim() ? { transcript: content.video.transcript.trim() } : {}),
  };
}

/** All files of the article, and the first frame of its video. */
async function findWithCover(
  tx: Tx,
  bureauId: string,
  content: ArticleContent,
  pictures: readonly { fileId: string }[],
): Promise<Map<string, FileRow>> {
  const ids = [content.coverFileId, content.video?.fileId, ...pictures.map((picture) => picture.fileId)];
  const found = await findFiles(tx, bureauId, [...new Set(ids.filter((id) => typeof id === 'string'))]);
  const frames = found.flatMap((file) => (file.cover_id ? [file.cover_id] : []));
  return new Map([...found, ...(await findFiles(tx, bureauId, frames))].map((file) => [file.id, file]));
}

function listMedia(
  content: ArticleContent,
  pictures: readonly { fileId: string; alt: string }[],
  files: ReadonlyMap<string, FileRow>,
): PackageMedia[] {
  const media = (file: FileRow, role: PackageMedia['role'], alt: string): PackageMedia => ({
    sha256: file.sha256,
    mime: file.mime,
    width: file.width ?? 1,
    height: file.height ?? 1,
    size: file.size,
    role,
    alt,
    ...(file.duration_ms ? { durationMs: file.duration_ms } : {}),
  });
  const list: PackageMedia[] = [];
  const video = content.video ? files.get(content.video.fileId) : undefined;
  const coverId = content.coverFileId ?? video?.cover_id;
  const cover = coverId ? files.get(coverId) : undefined;
  if (cover?.kind === 'picture') list.push(media(cover, 'cover', content.title));
  if (video?.kind === 'video') list.push(media(video, 'video', video.alt || content.title));
  for (const picture of pictures) {
    const file = files.get(picture.fileId);
    if (file?.kind === 'picture') list.push(media(file, 'body', picture.alt));
  }
  return list;
}

export function composeVariant(
  master: Master,
  account: { platform: string; settings: unknown },
  target: Pick<Target, 'reach' | 'override'>,
  shortLink: string,
): ComposedVariant {
  const connector = getConnector(account.platform);
  const video = master.media.find(({ role }) => role === 'video');
  const left = connector.publish.picturesOnly ? video : undefined;
  const offered = left ? { ...master, media: master.media.filter((one) => one !== left) } : master;
  const settings = account.settings as Record<string, string>;
  const content = applyOverride(
    connector.publish.compose(offered, { shortLink, settings }),
    target.override,
    shortLink,
  );
  const { problems, counts } = connector.publish.inspect(content, { shortLink, reach: target.reach });
  if (left) {
    problems.push({
      level: 'warn',
      field: 'media',
      zh: '这个账号不带视频发布，只发文字和图片。',
      en: 'This account takes no video; text and pictures go out alone.',
    });
  }
  if (!connector.publish.reaches.includes(target.reach)) {
    problems.push({
      level: 'block',
      field: 'reach',
      zh: '该账号不支持所选的发布方式。',
      en: 'This account does not offer the chosen reach.',
    });
  }
  return { connector, content, problems, counts };
}

function applyOverride(
  content: VariantContent,
  override: VariantOverride,
  shortLink: string,
): VariantContent {
  return {
    ...content,
    title: override.title !== undefined && content.title !== null ? override.title : content.title,
    digest: override.digest !== undefined && content.digest !== null ? override.digest : content.digest,
    body:
      override.text !== undefined && content.body.kind === 'text'
        ? { kind: 'text', value: withShortLink(override.text, content.body.value, shortLink) }
        : content.body,
  };
}

/**
 * Nobody can write the short link into their own wording, because each delivery gets its own when it is frozen. Where the
 * account's text carries one, it takes the place of the link that a preview showed, else it ends the text.
 */
export function withShortLink(wording: string, composed: string, shortLink: string): string {
  if (!composed.includes(shortLink) || wording.trim() === '') return wording;
  const start = shortLink.slice(0, shortLink.lastIndexOf('/') + 1);
  const [before, ...after] = wording.split(start);
  if (after.length === 0) return `${wording.trimEnd()} ${shortLink}`;
  return `${before}${shortLink}${after.map((rest) => rest.replace(/^[\w-]*/, '')).join('')}`;
}

/** What every article needs, whatever the account. */
export function inspectArticle(content: ArticleContent, text: string): VariantProblem[] {
  const problems: VariantProblem[] = [];
  if (!content.title.trim())
    problems.push({ level: 'block', field: 'title', zh: '还没有标题。', en: 'There is no title.' });
  if (!text.trim())
    problems.push({ level: 'block', field: 'body', zh: '还没有正文。', en: 'There is no text.' });
  if (content.video && !content.video.transcript.trim()) {
    problems.push({
      level: 'warn',
      field: 'media',
      zh: '视频没有文字稿，听不清的群众看不懂，也搜不到。',
      en: 'The video has no transcript for those who cannot hear it, nor for search.',
    });
  }
  const mute = listPictures(content.body).filter((picture) => !picture.alt.trim()).length;
  if (mute > 0) {
    problems.push({
      level: 'warn',
      field: 'media',
      zh: `${mute} 张图片没有文字说明，读屏的群众听不到内容。`,
      en: `${mute} pictures have no description for screen readers.`,
    });
  }
  return problems;
}
