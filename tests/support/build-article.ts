import sharp from 'sharp';
import { listAccounts } from '#shared/accounts.ts';
import {
  type ArticleContent,
  createArticle,
  getArticle,
  saveWorkingCopy,
  submitArticle,
  type Target,
} from '#shared/content.ts';
import type { Block } from '#shared/document.ts';
import { type Delivery, listDeliveries } from '#shared/publishing.ts';
import { decideReview, getReview } from '#shared/review.ts';
import type { TestInstallation } from './build-app.ts';
import type { Client } from './client.ts';
import { until } from './wait.ts';

export const paragraph = (text: string): Block => ({ type: 'paragraph', content: [{ type: 'text', text }] });

export async function uploadPicture(
  installation: Pick<TestInstallation, 'url'>,
  client: Client,
  seed = 1,
): Promise<{ id: string; url: string }> {
  const bytes = await sharp({
    create: { width: 900, height: 383, channels: 3, background: { r: (seed * 40) % 256, g: 120, b: 200 } },
  })
    .jpeg()
    .toBuffer();
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(bytes)], { type: 'image/jpeg' }), '封面.jpg');
  const response = await fetch(`${installation.url}/api/files`, {
    method: 'POST',
    headers: { cookie: client.cookie, 'idempotency-key': `picture-${seed}-${Date.now()}` },
    body: form,
  });
  if (!response.ok) throw new Error(`upload failed: ${await response.text()}`);
  return (await response.json()) as { id: string; url: string };
}

export type DraftOptions = {
  title?: string;
  body?: Block[];
  /** Keeps only targets on these platforms; default all. */
  platforms?: readonly string[];
  target?: Partial<Target>;
  class?: 'ordinary' | 'important';
};

/** An article ready for submission, with a real picture. */
export async function buildDraft(
  installation: Pick<TestInstallation, 'url'>,
  editor: Client,
  options: DraftOptions = {},
): Promise<{ articleId: string; revision: number; working: ArticleContent; targets: Target[] }> {
  const { id } = await editor.call(createArticle, { body: { title: '' } });
  const article = await editor.call(getArticle, { params: { articleId: id } });
  const picture = await uploadPicture(installation, editor);
  const title = options.title ?? '职工退休一件事怎么办';
  const working: ArticleContent = {
    title,
    digest: '一张表、一个窗口、一次提交。',
    author: '云溪人社',
    coverFileId: picture.id,
    body: {
      type: 'doc',
      content: options.body ?? [
        paragraph('到龄前三个月就可以申请，社保、医保、公积金一起办。'),
        { type: 'image', attrs: { fileId: picture.id, src: picture.url, alt: '办事大厅' } },
        paragraph('有疑问可以留言。'),
      ],
    },
  };
  const accounts = await editor.call(listAccounts, {});
  const platformOf = new Map(accounts.map((account) => [account.id, account.platform]));
  const targets = article.targets
    .filter(
      (target) => !options.platforms || options.platforms.includes(platformOf.get(target.accountId) ?? ''),
    )
    .map((target) => ({ ...target, ...options.target }));
  const saved = await editor.call(saveWorkingCopy, {
    params: { articleId: id },
    body: { baseRevision: article.workingRevision, working, targets, class: options.class ?? 'important' },
  });
  return { articleId: id, revision: saved.revision, working, targets };
}

export async function approve(client: Client, reviewId: string): Promise<string> {
  const review = await client.call(getReview, { params: { reviewId } });
  const { state } = await client.call(decideReview, {
    params: { reviewId },
    body: { stage: review.stage, subjectHash: review.subjectHash, decision: 'approve' },
  });
  return state;
}

/** Submits and lets the three reviewers approve. */
export async function approveThroughChain(
  installation: TestInstallation,
  editor: Client,
  draft: { articleId: string; revision: number },
): Promise<string> {
  const { reviewId } = await editor.call(submitArticle, {
    params: { articleId: draft.articleId },
    body: { baseRevision: draft.revision },
  });
  for (const login of ['chushen', 'fushen', 'zhongshen'])
    await approve(await installation.as(login), reviewId);
  return reviewId;
}

export async function listDeliveriesOf(client: Client, articleId: string): Promise<Delivery[]> {
  return (await client.call(listDeliveries, { query: { articleId } })).rows;
}

export async function untilDelivery(
  client: Client,
  articleId: string,
  platform: string,
  states: readonly Delivery['state'][],
  timeoutMs = 20_000,
): Promise<Delivery> {
  return until(
    async () =>
      (await listDeliveriesOf(client, articleId)).find(
        (row) => row.platform === platform && states.includes(row.state),
      ),
    {
      what: `${platform} delivery becomes ${states.join(' or ')}`,
      timeoutMs,
      describe: async () =>
        (await listDeliveriesOf(client, articleId)).map((row) => [row.platform, row.state, row.reason]),
    },
  );
}
