import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import { record } from '#server/modules/audit/index.ts';
import { escapeHtml } from '#server/modules/content/index.ts';
import {
  findLatestReview,
  listDecisions,
  type RenderedSubject,
  type ReviewRecord,
  type ReviewSubject,
} from '#server/modules/review/index.ts';
import { text } from '#shared/lang.ts';
import { findShownTitle, touchSitePage } from '../site-pages.ts';
import { correctionKind, hashCorrection, subjectOf } from './change-correction.ts';
import { findCorrection, moveCorrection } from './store.ts';

/** A correction under review: the words as they will stand above the article, and why. */
export const correctionSubject: ReviewSubject = {
  kind: correctionKind,
  render,
  onApproved: publish,
  onReturned: giveBack,
};

async function render(_app: App, tx: Tx, bureauId: string, id: string): Promise<RenderedSubject> {
  const row = await findCorrection(tx, bureauId, id);
  if (!row) throw new Error('a reviewed correction is missing');
  const title = await findShownTitle(tx, bureauId, row.article_id);
  return {
    sections: [
      {
        ...{ key: 'correction', heading: text('更正说明', 'Correction') },
        note: text(
          `通过后显示在《${title ?? '已撤下的文章'}》正文之前。原因：${row.reason}`,
          `Shown above the text of “${title ?? 'an article that is gone'}”. Reason: ${row.reason}`,
        ),
        html: row.text
          .split(/\n+/)
          .map((line) => `<p>${escapeHtml(line)}</p>`)
          .join(''),
      },
    ],
    problems: title
      ? []
      : [{ level: 'warn', zh: '文章已不在网站上', en: 'The article is no longer on the site' }],
    texts: [{ heading: '更正', text: row.text }],
    plannedWall: null,
  };
}

async function lockReviewed(tx: Tx, { bureauId, subjectId }: ReviewRecord) {
  const row = await findCorrection(tx, bureauId, subjectId, true);
  if (row?.state !== 'reviewing') throw new Error('a correction under review is there and waits');
  return row;
}

/** Runs in the transaction of the approval: the approved words stand on the page from then on. */
async function publish(app: App, tx: Tx, actor: Actor, review: ReviewRecord): Promise<void> {
  const row = await lockReviewed(tx, review);
  const signed = await findLatestReview(tx, row.bureau_id, correctionKind, row.id);
  // Nothing changes the words meanwhile; this keeps a mistake of ours from showing others.
  if (!signed?.subject_hash.equals(hashCorrection(row))) throw new AppError('review-hash-stale');
  await moveCorrection(tx, row, { state: 'published' });
  await touchSitePage(tx, row.bureau_id, row.article_id);
  const detail = { articleId: row.article_id, reason: row.reason, hash: row.hash.toString('hex') };
  await record(tx, actor, 'correction.published', subjectOf(row.id), detail);
  app.live.changed(tx, row.bureau_id, 'deliveries');
}

async function giveBack(app: App, tx: Tx, actor: Actor, review: ReviewRecord): Promise<void> {
  const row = await lockReviewed(tx, review);
  const reason = await readReturnNote(tx, row.bureau_id, review.id);
  await moveCorrection(tx, row, { state: 'returned' });
  await record(tx, actor, 'correction.returned', subjectOf(row.id), { articleId: row.article_id, reason });
  app.live.changed(tx, row.bureau_id, 'deliveries');
}

export async function readReturnNote(tx: Tx, bureauId: string, reviewId: string): Promise<string> {
  const decisions = await listDecisions(tx, bureauId, reviewId);
  const said = decisions.find(({ decision }) => decision === 'return');
  return [said?.note ?? '', ...(said?.remarks ?? []).map((remark) => remark.note)].filter(Boolean).join('；');
}
