import { getConnector } from '#connectors/registry.ts';
import type { App } from '#server/base/app.ts';
import type { Tx } from '#server/base/database.ts';
import { findAccount } from '#server/modules/accounts/index.ts';
import {
  documentText,
  escapeHtml,
  findVersion,
  listPackages,
  openPackage,
  reopenArticle,
  servePictures,
} from '#server/modules/content/index.ts';
import type { RenderedSubject, ReviewSubject } from '#server/modules/review/index.ts';
import { reachLabels } from '#shared/publishing.ts';
import { planDeliveries } from './plan-deliveries.ts';

/** An article under review: reviewers see the frozen packages, not the working copy. */
export const articleSubject: ReviewSubject = {
  kind: 'article',
  render: renderVersion,
  onApproved: planDeliveries,
  onReturned: (app, tx, _actor, review) =>
    reopenArticle(app, tx, review.bureauId, review.subjectId, 'returned'),
};

async function renderVersion(
  _app: App,
  tx: Tx,
  bureauId: string,
  versionId: string,
): Promise<RenderedSubject> {
  const version = await findVersion(tx, bureauId, versionId);
  if (!version) throw new Error('a reviewed version is missing');
  const { article, targets } = version.content;
  const sections: RenderedSubject['sections'] = [];
  const problems: RenderedSubject['problems'] = [];
  const texts = [
    { heading: '标题', text: article.title },
    { heading: '摘要', text: article.digest },
    { heading: '正文', text: documentText(article.body) },
  ];
  for (const row of await listPackages(tx, bureauId, versionId)) {
    const payload = openPackage(row);
    const connector = getConnector(row.platform);
    const reach = reachLabels[payload.reach];
    const when = targets.find((target) => target.accountId === row.account_id)?.plannedWall ?? null;
    sections.push({
      key: row.id,
      heading: {
        zh: `${connector.label.zh} · ${row.account_name}`,
        en: `${connector.label.en} · ${row.account_name}`,
      },
      note: {
        zh: `${reach.zh}，${when ?? '通过后立即发布'}`,
        en: `${reach.en}, ${when ?? 'as soon as approved'}`,
      },
      html: `${payload.title === null ? '' : `<h1>${escapeHtml(payload.title)}</h1>`}${await servePictures(tx, bureauId, payload)}`,
    });
    const account = await findAccount(tx, bureauId, row.account_id);
    const { problems: found } = connector.publish.inspect(payload, {
      shortLink: payload.shortLink,
      reach: payload.reach,
      settings: (account?.settings ?? {}) as Record<string, string>,
    });
    problems.push(
      ...found.map(({ level, zh, en }) => ({
        level,
        zh: `${row.account_name}：${zh}`,
        en: `${row.account_name}: ${en}`,
      })),
    );
    const override = targets.find((target) => target.accountId === row.account_id)?.override ?? {};
    const cover = override.coverFileId ? payload.media.find(({ role }) => role !== 'video') : undefined;
    const own = [
      override.title === undefined ? null : `标题：${payload.title ?? ''}`,
      override.digest === undefined ? null : `摘要：${payload.digest ?? ''}`,
      cover ? `封面：${cover.sha256.slice(0, 12)}` : null,
    ].filter(Boolean);
    // What was changed for one account alone shows in no text of the article.
    if (own.length > 0) texts.push({ heading: `${row.account_name}（单独修改）`, text: own.join('\n') });
    // The wording of text platforms is written apart from the article, so it is compared apart.
    if (payload.body.kind === 'text') {
      texts.push({
        heading: row.account_name,
        text: payload.body.value.replaceAll(payload.shortLink, '').trim(),
      });
    }
  }
  const walls = targets.flatMap((target) => (target.plannedWall ? [target.plannedWall] : []));
  // One account at once makes the whole "at once".
  const plannedWall = walls.length === targets.length ? (walls.toSorted()[0] ?? null) : null;
  return { sections, problems, texts, plannedWall };
}
