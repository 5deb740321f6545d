import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256 } from '#server/base/canonical.ts';
import {
  type ArticleContent,
  createArticle,
  getArticle,
  listArticles,
  listVariants,
  saveWorkingCopy,
  submitArticle,
  type Target,
} from '#shared/content.ts';
import { PackagePayload } from '#shared/package.ts';
import { createPerson, getMe } from '#shared/people.ts';
import { buildActor, buildInstallation, type TestInstallation } from '#tests/support/build-app.ts';
import { buildDraft, paragraph, uploadPicture } from '#tests/support/build-article.ts';
import { type Client, createClient, signInClient } from '#tests/support/client.ts';
import { combineHashes, openPackage } from './freeze.ts';
import { listPackages } from './store.ts';

let installation: TestInstallation;
let editor: Client;
let colleague: Client;
beforeAll(async () => {
  installation = await buildInstallation({ roles: ['web'] });
  editor = await installation.as('bianji');
  const administrator = await installation.as('guanli');
  const me = await administrator.call(getMe, {});
  const { firstPassword } = await administrator.call(createPerson, {
    body: { login: 'bianji2', name: '李采', unitId: me.bureau.id, role: 'editor' },
  });
  colleague = await signInClient(installation.url, 'bianji2', firstPassword);
});
afterAll(() => installation?.close());

type Draft = { articleId: string; revision: number; working: ArticleContent; targets: Target[] };

const save = (client: Client, draft: Draft, change: Partial<Draft> = {}) => {
  const { articleId, revision, working, targets } = { ...draft, ...change };
  return client.try(saveWorkingCopy, {
    params: { articleId },
    body: { baseRevision: revision, working, targets, class: 'important' },
  });
};
const submit = (draft: { articleId: string; revision: number }) =>
  editor.try(submitArticle, {
    params: { articleId: draft.articleId },
    body: { baseRevision: draft.revision },
  });

describe('who may', () => {
  test('nobody without signing in; the neighbouring county sees none of it', async () => {
    const draft = await buildDraft(installation, editor);
    const nobody = createClient(installation.url, '');
    expect((await nobody.try(listArticles, { query: {} })).status).toBe(401);
    const neighbour = await installation.as('st.bianji');
    expect((await neighbour.call(listArticles, { query: {} })).rows).toEqual([]);
    const params = { articleId: draft.articleId };
    expect((await neighbour.try(getArticle, { params })).status).toBe(404);
    expect((await neighbour.try(listVariants, { params })).status).toBe(404);
    expect((await save(neighbour, draft)).status).toBe(404);
  });

  test('a reviewer reads and does not write', async () => {
    const draft = await buildDraft(installation, editor);
    const reviewer = await installation.as('chushen');
    expect((await reviewer.try(getArticle, { params: { articleId: draft.articleId } })).status).toBe(200);
    expect((await save(reviewer, draft)).status).toBe(403);
    expect((await reviewer.try(createArticle, { body: { title: 'x' } })).status).toBe(403);
  });
});

describe('the working copy', () => {
  test('begins with every active account of the bureau as a target', async () => {
    const { id } = await editor.call(createArticle, { body: { title: '新文' } });
    const article = await editor.call(getArticle, { params: { articleId: id } });
    expect([article.state, article.workingRevision, article.targets.length]).toEqual(['draft', 1, 4]);
  });

  test('of an older revision is refused with the name of who saved meanwhile, and nothing is overwritten', async () => {
    const draft = await buildDraft(installation, editor);
    const theirs = await save(colleague, draft, { working: { ...draft.working, title: '同事的标题' } });
    expect(theirs.status).toBe(200);
    const mine = await save(editor, draft, { working: { ...draft.working, title: '我的标题' } });
    expect([mine.status, mine.error?.code]).toEqual([409, 'edit-conflict']);
    expect(mine.error?.message.zh).toContain('李采');
    expect(mine.error?.details.revision).toBe(draft.revision + 1);
    const article = await editor.call(getArticle, { params: { articleId: draft.articleId } });
    expect([article.working.title, article.updatedByName]).toEqual(['同事的标题', '李采']);
  });

  test('saved by two people at the same moment takes one of them', async () => {
    const draft = await buildDraft(installation, editor);
    const answers = await Promise.all([save(editor, draft), save(colleague, draft)]);
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([200, 409]);
  });

  test('is locked while in review', async () => {
    const draft = await buildDraft(installation, editor);
    expect((await submit(draft)).status).toBe(200);
    const answer = await save(editor, draft);
    expect([answer.status, answer.error?.code]).toEqual([409, 'article-locked']);
  });

  test('is found in the list by its title, percent signs meaning themselves', async () => {
    await buildDraft(installation, editor, { title: '失业补助100%到账' });
    const search = async (text: string) =>
      (await editor.call(listArticles, { query: { search: text } })).rows.map((row) => row.title);
    expect(await search('100%')).toEqual(['失业补助100%到账']);
    expect(await search('1__%')).toEqual([]);
  });

  test('pages through long lists without losing or repeating a line', async () => {
    for (let count = 0; count < 60; count += 1)
      await colleague.call(createArticle, { body: { title: `翻页${count}` } });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await editor.call(listArticles, { query: { search: '翻页', cursor } });
      seen.push(...page.rows.map((row) => row.title));
      cursor = page.next ?? undefined;
    } while (cursor);
    expect(seen).toEqual(Array.from({ length: 60 }, (_, at) => `翻页${59 - at}`));
  });
});

describe('the variants', () => {
  test('show what each account would get, with counts as the platform counts', async () => {
    const draft = await buildDraft(installation, editor, { body: [paragraph('人社'.repeat(100))] });
    const variants = await editor.call(listVariants, { params: { articleId: draft.articleId } });
    expect(variants.map((variant) => variant.platform).toSorted()).toEqual([
      'site',
      'wechat-official',
      'weibo',
      'xiaohongshu',
    ]);
    const weibo = variants.find((variant) => variant.platform === 'weibo')!;
    const count = weibo.counts.find((one) => one.field === 'body')!;
    expect(count.used).toBeGreaterThan(0);
    expect(count.used).toBeLessThanOrEqual(count.limit);
    expect(weibo.content.body.value).toContain(weibo.shortLink);
    const wechat = variants.find((variant) => variant.platform === 'wechat-official')!;
    expect(wechat.content.body.kind).toBe('html');
  });

  test('of a Weibo wording of one’s own use it, and say when it is too long', async () => {
    const draft = await buildDraft(installation, editor, { platforms: ['weibo'] });
    const targets = draft.targets.map((target) => ({ ...target, override: { text: '长'.repeat(2_500) } }));
    expect((await save(editor, draft, { targets })).status).toBe(200);
    const [weibo] = await editor.call(listVariants, { params: { articleId: draft.articleId } });
    expect(weibo?.content.body.value).toContain('长'.repeat(100));
    expect(weibo?.problems.some((problem) => problem.level === 'block')).toBe(true);
    const count = weibo?.counts.find((one) => one.field === 'body');
    expect(count!.used).toBeGreaterThan(count!.limit);
  });

  test('show pictures at addresses that are served, and no inner names', async () => {
    const draft = await buildDraft(installation, editor);
    for (const variant of await editor.call(listVariants, { params: { articleId: draft.articleId } })) {
      expect(variant.previewHtml).not.toContain('media:');
      for (const [, url] of variant.previewHtml.matchAll(/src="(\/files\/[^"]+)"/g))
        expect((await fetch(`${installation.url}${url}`)).status).toBe(200);
    }
  });
});

describe('freezing', () => {
  const read = async (reviewId: string) => {
    const actor = await buildActor(installation.app, 'bianji');
    return installation.app.database.withScope(actor, async (tx) => {
      const review = await tx
        .selectFrom('reviews')
        .select(['subject_hash', 'revision_id'])
        .where('id', '=', reviewId)
        .executeTakeFirstOrThrow();
      return { review, packages: await listPackages(tx, actor.bureauId, review.revision_id) };
    });
  };

  test('makes one package an account whose hash is that of its very text, and one hash over all', async () => {
    const draft = await buildDraft(installation, editor);
    const { body } = await submit(draft);
    const { review, packages } = await read(body.reviewId);
    expect(packages).toHaveLength(4);
    for (const one of packages) {
      expect(sha256(one.payload)).toEqual(one.hash);
      expect(PackagePayload.parse(JSON.parse(one.payload)).accountId).toBe(one.account_id);
    }
    expect(combineHashes(packages.map((one) => one.hash))).toEqual(review.subject_hash);
  });

  test('gives every account a short link of its own, inside what is hashed', async () => {
    const draft = await buildDraft(installation, editor);
    const { packages } = await read((await submit(draft)).body.reviewId);
    const links = packages.map((one) => openPackage(one).shortLink);
    expect(new Set(links).size).toBe(4);
    for (const link of links) expect(link).toMatch(/^http:\/\/127\.0\.0\.1:3000\/s\/[\w-]{22}$/);
  });

  test('refers to pictures by their hash only: swapping ids at the platform changes no byte of ours', async () => {
    const draft = await buildDraft(installation, editor);
    const { packages } = await read((await submit(draft)).body.reviewId);
    const wechat = packages.map(openPackage).find((payload) => payload.platform === 'wechat-official')!;
    const used = [...wechat.body.value.matchAll(/src="([^"]+)"/g)].map(([, source]) => source!);
    expect(used.length).toBeGreaterThan(0);
    for (const source of used) {
      expect(source).toMatch(/^media:[0-9a-f]{64}$/);
      expect(wechat.media.map((media) => `media:${media.sha256}`)).toContain(source);
    }
  });

  test('of one changed character gives another hash', async () => {
    const draft = await buildDraft(installation, editor);
    const first = await read((await submit(draft)).body.reviewId);
    const other = await buildDraft(installation, editor, {
      body: [paragraph('到龄前三个月就可以申请。')],
    });
    const second = await read((await submit(other)).body.reviewId);
    expect(second.review.subject_hash.equals(first.review.subject_hash)).toBe(false);
  });

  test('a package with one byte changed does not open', () => {
    const payload = JSON.stringify({ format: 1 });
    const row = { payload: `${payload} `, hash: sha256(payload) };
    expect(() => openPackage(row)).toThrow('does not match its hash');
  });

  test('is refused with every problem while something must be mended', async () => {
    const draft = await buildDraft(installation, editor);
    const empty = { ...draft.working, title: ' ', body: { type: 'doc' as const, content: [paragraph('')] } };
    const saved = await save(editor, draft, { working: empty });
    const answer = await submit({ ...draft, revision: saved.body.revision });
    expect([answer.status, answer.error?.code]).toEqual([422, 'article-problems']);
    const problems = answer.error?.details.problems as { field: string; zh: string; en: string }[];
    expect(answer.error?.details.count).toBe(problems.length);
    expect(problems.map((problem) => problem.field)).toEqual(expect.arrayContaining(['title', 'body']));
    for (const problem of problems) expect([problem.zh, problem.en]).not.toContain('');
    const article = await editor.call(getArticle, { params: { articleId: draft.articleId } });
    expect([article.state, article.latestVersion]).toEqual(['draft', 0]);
  });

  test('is refused for an account that is closed, or of another bureau', async () => {
    const draft = await buildDraft(installation, editor);
    const elsewhere = await installation.app.database.withWorker((tx) =>
      tx.selectFrom('accounts').select('id').where('name', '=', '石塘人社网站').executeTakeFirstOrThrow(),
    );
    const targets = [{ ...draft.targets[0]!, accountId: elsewhere.id }];
    const saved = await save(editor, draft, { targets });
    const answer = await submit({ ...draft, revision: saved.body.revision });
    expect([answer.status, answer.error?.code]).toEqual([400, 'input-invalid']);
  });
});

describe('files', () => {
  test('the same picture uploaded twice is one file', async () => {
    const first = await uploadPicture(installation, editor, 7);
    const second = await uploadPicture(installation, editor, 7);
    expect(second).toEqual(first);
  });

  test('are reached by their unguessable address alone, never sniffed', async () => {
    const { url, id } = await uploadPicture(installation, editor, 8);
    const answer = await fetch(`${installation.url}${url}`);
    expect([answer.status, answer.headers.get('x-content-type-options')]).toEqual([200, 'nosniff']);
    expect(url).toMatch(/^\/files\/[\w-]{22}$/);
    expect((await fetch(`${installation.url}/files/${id}`)).status).toBe(404);
  });
});
