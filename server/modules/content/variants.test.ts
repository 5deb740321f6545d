/** What one account says differently, from the card to the frozen package, and the same words on too many accounts. */
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAccount, listAccounts } from '#shared/accounts.ts';
import {
  listVariants,
  saveWorkingCopy,
  submitArticle,
  type Target,
  takeBackArticle,
  type VariantOverride,
} from '#shared/content.ts';
import { getReview } from '#shared/review.ts';
import { buildInstallation, type TestInstallation } from '#tests/support/build-app.ts';
import { buildDraft } from '#tests/support/build-article.ts';
import type { Client } from '#tests/support/client.ts';
import { uploadWhole } from '#tests/support/upload.ts';

let stage: TestInstallation;
let editor: Client;
let coverFileId: string;
beforeAll(async () => {
  stage = await buildInstallation();
  editor = await stage.as('bianji');
  const bytes = await sharp({ create: { width: 600, height: 800, channels: 3, background: '#a33' } })
    .jpeg()
    .toBuffer();
  coverFileId = (await uploadWhole(stage.url, editor, bytes, '竖版.jpg')).fileId!;
});
afterAll(() => stage?.close());

type Draft = Awaited<ReturnType<typeof buildDraft>>;

async function save(draft: Draft, targets: Target[]): Promise<Draft> {
  const { revision } = await editor.call(saveWorkingCopy, {
    params: { articleId: draft.articleId },
    body: { baseRevision: draft.revision, working: draft.working, targets, class: 'ordinary' },
  });
  return { ...draft, revision, targets };
}

const changeAll = (draft: Draft, override: VariantOverride) =>
  save(
    draft,
    draft.targets.map((target) => ({ ...target, override })),
  );
const variantsOf = async ({ articleId }: Draft) =>
  new Map((await editor.call(listVariants, { params: { articleId } })).map((one) => [one.platform, one]));
const submit = (draft: Draft) =>
  editor.try(submitArticle, {
    params: { articleId: draft.articleId },
    body: { baseRevision: draft.revision },
  });

describe('one account’s own version', () => {
  test('changes title, cover and text there alone, says what differs, and follows again when reset', async () => {
    const plain = await buildDraft(stage, editor, { title: '退休办理', platforms: ['xiaohongshu', 'site'] });
    const before = await variantsOf(plain);
    expect(before.get('xiaohongshu')!.differs).toEqual([]);
    const own = { title: '退休三步走', text: '三样东西带齐。', coverFileId };
    const changed = await changeAll(plain, own);
    const after = await variantsOf(changed);
    const post = after.get('xiaohongshu')!;
    expect(post.content).toMatchObject({
      title: '退休三步走',
      body: { kind: 'text', value: '三样东西带齐。' },
    });
    expect(post.content.media[0]).toMatchObject({ width: 600, height: 800, role: 'cover' });
    expect(post.differs.map((one) => [one.field, one.automatic.slice(0, 4)])).toEqual([
      ['title', '退休办理'],
      ['body', '到龄前三'],
      ['media', '/fil'],
    ]);
    // A page keeps its text: own words are of posts.
    expect(after.get('site')!.content.body).toEqual(before.get('site')!.content.body);
    expect(after.get('site')!.topicsMost).toBe(0);
    const reset = await variantsOf(await changeAll(changed, {}));
    expect(reset.get('xiaohongshu')!.content).toEqual(before.get('xiaohongshu')!.content);
  });

  test('is what is frozen, and reviewers see the change of it', async () => {
    const draft = await buildDraft(stage, editor, {
      title: '窗口搬迁公告',
      platforms: ['xiaohongshu', 'site'],
      class: 'ordinary',
    });
    const first = await changeAll(draft, { title: '窗口搬了', coverFileId });
    const { body } = await submit(first);
    const reviewer = await stage.as('chushen');
    const seen = await reviewer.call(getReview, { params: { reviewId: body.reviewId } });
    expect(seen.sections.map((section) => section.html).join()).toContain('<h1>窗口搬了</h1>');
    const payload = await stage.app.database.withWorker(async (tx) => {
      const row = await tx
        .selectFrom('packages')
        .innerJoin('accounts', 'accounts.id', 'packages.account_id')
        .select('payload')
        .where('article_id', '=', draft.articleId)
        .where('platform', '=', 'site')
        .executeTakeFirstOrThrow();
      return JSON.parse(row.payload) as { title: string; media: { width: number }[] };
    });
    expect([payload.title, payload.media[0]!.width]).toEqual(['窗口搬了', 600]);
    await editor.call(takeBackArticle, {
      params: { articleId: draft.articleId },
      body: { reason: '改标题' },
    });
    const again = await submit(await changeAll(first, { title: '窗口搬到新楼', coverFileId }));
    const now = await reviewer.call(getReview, { params: { reviewId: again.body.reviewId } });
    expect(now.subjectHash).not.toBe(seen.subjectHash);
  });

  test('with a topic that is none is refused', async () => {
    const draft = await buildDraft(stage, editor, { platforms: ['xiaohongshu'] });
    for (const topic of ['', '#话题', '两个 词', '长'.repeat(21)]) {
      const targets = draft.targets.map((target) => ({ ...target, override: { topics: [topic] } }));
      const answer = await editor.try(saveWorkingCopy, {
        params: { articleId: draft.articleId },
        body: { baseRevision: draft.revision, working: draft.working, targets, class: 'ordinary' },
      });
      expect(answer.status, topic).toBe(400);
    }
  });
});

test('nearly the same words on several accounts of one platform are warned of, and refused beyond three', async () => {
  const administrator = await stage.as('guanli');
  const { unitId } = (await administrator.call(listAccounts, {}))[0]!;
  for (const name of ['二号', '三号', '四号']) {
    const body = { platform: 'xiaohongshu', name, unitId, settings: {}, secrets: {} };
    await administrator.call(createAccount, { body });
  }
  const problemsOf = async (draft: Draft) =>
    (await editor.call(listVariants, { params: { articleId: draft.articleId } }))
      .flatMap((variant) => variant.problems)
      .filter((problem) => problem.zh.includes('几乎相同'))
      .map((problem) => problem.level);
  const draft = await buildDraft(stage, editor, { title: '高温津贴怎么发', platforms: ['xiaohongshu'] });
  expect(draft.targets.length).toBe(4);
  expect(new Set(await problemsOf(draft))).toContain('block');
  expect((await submit(draft)).error?.code).toBe('article-problems');
  const fewer = await save(draft, draft.targets.slice(0, 2));
  expect(new Set(await problemsOf(fewer))).toEqual(new Set(['warn']));
  expect((await submit(fewer)).status).toBe(200);
});
