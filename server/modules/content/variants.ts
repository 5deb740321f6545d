import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import { listAccountRows, modeOf } from '#server/modules/accounts/index.ts';
import type { VariantView } from '#shared/content.ts';
import type { VariantContent } from '#shared/package.ts';
import { buildMaster, composeVariant, inspectArticle } from './compose.ts';
import { findArticle, findFilesByHash } from './store.ts';

/** As long as a real token, so that counts don't change when the real one is made. */
const exampleToken = 'x'.repeat(22);

export const shortLinkOf = (app: App, token: string) => `${app.config.publicUrl}/s/${token}`;

/** Swaps `media:<sha256>` for addresses this program serves, for previews. */
export async function servePictures(
  tx: Tx,
  bureauId: string,
  content: Pick<VariantContent, 'body' | 'media'>,
): Promise<string> {
  const files = await findFilesByHash(
    tx,
    bureauId,
    content.media.map((media) => media.sha256),
  );
  const urls = new Map(files.map((file) => [file.sha256, `/files/${file.token}`]));
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
  const master = await buildMaster(tx, bureauId, article.working);
  const accounts = new Map((await listAccountRows(tx, bureauId)).map((account) => [account.id, account]));
  const shared = inspectArticle(article.working, master.text);
  const views: VariantView[] = [];
  for (const target of article.targets) {
    const account = accounts.get(target.accountId);
    if (!account) continue;
    const shortLink = shortLinkOf(app, exampleToken);
    const { connector, content, problems, counts } = composeVariant(master, account, target, shortLink);
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
      counts,
      problems: [
        ...shared.map((problem) => ({ ...problem, accountId: null })),
        ...problems.map((problem) => ({ ...problem, accountId: account.id })),
      ],
    });
  }
  return views;
}
