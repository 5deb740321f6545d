import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import { listAccountRows, modeOf } from '#server/modules/accounts/index.ts';
import type { VariantOverride, VariantView } from '#shared/content.ts';
import type { VariantContent } from '#shared/package.ts';
import { buildMaster, composeVariant, inspectArticle } from './compose.ts';
import { findRepeats } from './repeats.ts';
import { findArticle, findFilesByHash } from './store.ts';

/** As long as a real token, so that counts don't change when the real one is made. */
const exampleToken = 'x'.repeat(22);

export const shortLinkOf = (app: App, token: string) => `${app.config.publicUrl}/s/${token}`;

async function addressesOf(
  tx: Tx,
  bureauId: string,
  media: readonly { sha256: string }[],
): Promise<ReadonlyMap<string, string>> {
  const hashes = [...new Set(media.map(({ sha256 }) => sha256))];
  const files = await findFilesByHash(tx, bureauId, hashes);
  return new Map(files.map((file) => [file.sha256, `/files/${file.token}`]));
}

/** What a person changed and where it shows; a change that makes no difference is none. */
function listDiffers(
  content: VariantContent,
  automatic: VariantContent,
  override: VariantOverride,
  urls: ReadonlyMap<string, string>,
): VariantView['differs'] {
  const cover = (of: VariantContent) =>
    urls.get(of.media.find(({ role }) => role !== 'video')?.sha256 ?? '') ?? '';
  const fields: VariantView['differs'] = [
    { field: 'title', automatic: automatic.title ?? '', own: content.title ?? '' },
    { field: 'digest', automatic: automatic.digest ?? '', own: content.digest ?? '' },
    { field: 'body', automatic: automatic.body.value, own: content.body.value },
    ...(override.coverFileId
      ? [{ field: 'media' as const, automatic: cover(automatic), own: cover(content) }]
      : []),
  ];
  return fields.filter((one) => one.automatic !== one.own);
}

/** Swaps `media:<sha256>` for addresses this program serves, for previews. */
export async function servePictures(
  tx: Tx,
  bureauId: string,
  content: Pick<VariantContent, 'body' | 'media'>,
): Promise<string> {
  const urls = await addressesOf(tx, bureauId, content.media);
  if (content.body.kind === 'text') {
    const paragraphs = content.body.value
      .split('\n')
      .map((line) => `<p>${line.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</p>`);
    const pictures = content.media.map(({ sha256, role }) =>
      role === 'video'
        ? `<video controls preload="metadata" src="${urls.get(sha256) ?? ''}"></video>`
        : `<img src="${urls.get(sha256) ?? ''}" alt="">`,
    );
    return [...paragraphs, ...pictures].join('');
  }
  return content.body.value.replace(/media:([0-9a-f]{64})/g, (_, sha256: string) => urls.get(sha256) ?? '');
}

export async function listVariantViews(
  app: App,
  tx: Tx,
  bureauId: string,
  articleId: string,
): Promise<VariantView[]> {
  const article = await findArticle(tx, bureauId, articleId);
  if (!article) throw new AppError('not-found');
  const master = await buildMaster(tx, bureauId, article.working, article.targets);
  const accounts = new Map((await listAccountRows(tx, bureauId)).map((account) => [account.id, account]));
  const shared = inspectArticle(article.working, master.text);
  const views: VariantView[] = [];
  const shortLink = shortLinkOf(app, exampleToken);
  const variants = article.targets.flatMap((target) => {
    const account = accounts.get(target.accountId);
    return account ? [{ target, account, composed: composeVariant(master, account, target, shortLink) }] : [];
  });
  const repeats = await findRepeats(tx, bureauId, articleId, variants);
  for (const { target, account, composed } of variants) {
    const { connector, content, automatic, problems, counts } = composed;
    const urls = await addressesOf(tx, bureauId, [...content.media, ...(automatic?.media ?? [])]);
    views.push({
      accountId: account.id,
      accountName: account.name,
      platform: account.platform,
      platformName: connector.label,
      mode: modeOf(connector),
      reach: target.reach,
      reaches: [...connector.publish.reaches],
      content,
      previewHtml: await servePictures(tx, bureauId, content),
      shortLink,
      media: content.media.map(({ sha256, role, alt }) => ({ url: urls.get(sha256) ?? '', role, alt })),
      topicsMost: content.body.kind === 'text' ? (connector.publish.topics?.most ?? 0) : 0,
      topics: composed.topics,
      differs: automatic ? listDiffers(content, automatic, target.override, urls) : [],
      counts,
      problems: [
        ...shared.map((problem) => ({ ...problem, accountId: null })),
        ...[...problems, ...(repeats.get(account.id) ?? [])].map((problem) => ({
          ...problem,
          accountId: account.id,
        })),
      ],
    });
  }
  return views;
}
