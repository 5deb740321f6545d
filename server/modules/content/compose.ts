/** From a working copy or version to the variant of each chosen account. */
import type { Connector, FieldCount, Master, VariantProblem } from '#connectors/contract.ts';
import { getConnector } from '#connectors/registry.ts';
import type { Tx } from '#server/base/database.ts';
import type { ArticleContent, Target, VariantOverride } from '#shared/content.ts';
import type { PackageMedia, VariantContent } from '#shared/package.ts';
import { chosenTopics, topicLine } from '#shared/topics.ts';
import { documentText, listPictures, renderDocument } from './render.ts';
import { findFiles } from './store.ts';

export type ComposedVariant = {
  connector: Connector;
  content: VariantContent;
  /** Without what a person changed for this account; null when nothing was. */
  automatic: VariantContent | null;
  problems: VariantProblem[];
  counts: FieldCount[];
  /** What its plain text is to carry: chosen for this post, else the account's own. */
  topics: string[];
};

type FileRow = Awaited<ReturnType<typeof findFiles>>[number];

/** The master with the covers that single accounts have of their own, by file id. */
type BuiltMaster = Master & { covers: ReadonlyMap<string, PackageMedia> };

/** The master that connectors adapt; pictures whose files are gone are left out. */
export async function buildMaster(
  tx: Tx,
  bureauId: string,
  content: ArticleContent,
  targets: readonly Pick<Target, 'override'>[],
): Promise<BuiltMaster> {
  const pictures = listPictures(content.body);
  const own = targets.flatMap(({ override }) => (override.coverFileId ? [override.coverFileId] : []));
  const files = await findWithCover(tx, bureauId, content, [...own, ...pictures.map(({ fileId }) => fileId)]);
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
    covers: new Map(
      own.flatMap((id) => {
        const file = files.get(id);
        return file?.kind === 'picture' ? [[id, mediaOf(file, 'cover', content.title)]] : [];
      }),
    ),
    ...(content.video?.transcript.trim() ? { transcript: content.video.transcript.trim() } : {}),
  };
}

/** All files of the article, and the first frame of its video. */
async function findWithCover(
  tx: Tx,
  bureauId: string,
  content: ArticleContent,
  pictureIds: readonly string[],
): Promise<Map<string, FileRow>> {
  const ids = [content.coverFileId, content.video?.fileId, ...pictureIds];
  const found = await findFiles(tx, bureauId, [...new Set(ids.filter((id) => typeof id === 'string'))]);
  const frames = found.flatMap((file) => (file.cover_id ? [file.cover_id] : []));
  return new Map([...found, ...(await findFiles(tx, bureauId, frames))].map((file) => [file.id, file]));
}

const mediaOf = (file: FileRow, role: PackageMedia['role'], alt: string): PackageMedia => ({
  sha256: file.sha256,
  mime: file.mime,
  width: file.width ?? 1,
  height: file.height ?? 1,
  size: file.size,
  role,
  alt,
  ...(file.duration_ms ? { durationMs: file.duration_ms } : {}),
});

function listMedia(
  content: ArticleContent,
  pictures: readonly { fileId: string; alt: string }[],
  files: ReadonlyMap<string, FileRow>,
): PackageMedia[] {
  const list: PackageMedia[] = [];
  const video = content.video ? files.get(content.video.fileId) : undefined;
  const coverId = content.coverFileId ?? video?.cover_id;
  const cover = coverId ? files.get(coverId) : undefined;
  if (cover?.kind === 'picture') list.push(mediaOf(cover, 'cover', content.title));
  if (video?.kind === 'video') list.push(mediaOf(video, 'video', video.alt || content.title));
  for (const picture of pictures) {
    const file = files.get(picture.fileId);
    if (file?.kind === 'picture') list.push(mediaOf(file, 'body', picture.alt));
  }
  return list;
}

export function composeVariant(
  { covers, ...master }: BuiltMaster,
  account: { platform: string; settings: unknown },
  target: Pick<Target, 'reach' | 'override'>,
  shortLink: string,
): ComposedVariant {
  const connector = getConnector(account.platform);
  const { override } = target;
  const video = master.media.find(({ role }) => role === 'video');
  const left = connector.publish.picturesOnly ? video : undefined;
  const offered = left ? { ...master, media: master.media.filter((one) => one !== left) } : master;
  const cover = override.coverFileId ? covers.get(override.coverFileId) : undefined;
  const settings = account.settings as Record<string, string>;
  const context = { shortLink, settings };
  const chosen = override.topics ? { ...context, topics: override.topics } : context;
  const topics = chosenTopics(chosen, connector.publish.topics?.most ?? 0);
  const content = applyOverride(
    connector.publish.compose(cover ? withCover(offered, cover) : offered, { ...context, topics }),
    override,
    shortLink,
    override.topics ? topics : [],
  );
  const { problems, counts } = connector.publish.inspect(content, { ...context, reach: target.reach });
  const automatic = Object.keys(override).length > 0 ? connector.publish.compose(offered, context) : null;
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
  return {
    connector,
    content,
    automatic,
    problems,
    counts,
    topics: content.body.kind === 'text' ? topics : [],
  };
}

const withCover = (master: Master, cover: PackageMedia): Master => ({
  ...master,
  media: [cover, ...master.media.filter(({ role }) => role !== 'cover')],
});

function applyOverride(
  content: VariantContent,
  override: VariantOverride,
  shortLink: string,
  topics: readonly string[],
): VariantContent {
  const { title, digest, text } = override;
  const value =
    text !== undefined && content.body.kind === 'text'
      ? withTopics(withShortLink(text, content.body.value, shortLink), topics)
      : content.body.value;
  return {
    ...content,
    title: title !== undefined && content.title !== null ? title : content.title,
    digest: digest !== undefined && content.digest !== null ? digest : content.digest,
    body: { ...content.body, value },
  };
}

/** An own wording gets what was chosen for it; what stands in it already is not written again. */
function withTopics(wording: string, topics: readonly string[]): string {
  const line = topicLine(topics, wording);
  return line ? `${wording}\n${line}` : wording;
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
