import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { getArticle, saveWorkingCopy, submitArticle } from '#shared/content.ts';
import { createPerson } from '#shared/people.ts';
import { decideReview, getReview, listReviews } from '#shared/review.ts';
import { listAudit } from '#shared/system.ts';
import { buildInstallation, type TestInstallation } from '#tests/support/build-app.ts';
import { approve, buildDraft, paragraph } from '#tests/support/build-article.ts';
import { type Client, createClient, signInClient } from '#tests/support/client.ts';

let installation: TestInstallation;
let editor: Client;
let first: Client;
let second: Client;
let final: Client;
beforeAll(async () => {
  installation = await buildInstallation({ roles: ['web'] });
  editor = await installation.as('bianji');
  first = await installation.as('chushen');
  second = await installation.as('fushen');
  final = await installation.as('zhongshen');
});
afterAll(() => installation?.close());

const body = [
  paragraph('到龄前三个月就可以申请，社保、医保、公积金一起办。'),
  paragraph('养老保俭待遇按月发放到社会保障卡。'),
  paragraph('有疑问可以留言，我们在工作日答复。'),
];

async function submitted(options: Parameters<typeof buildDraft>[2] = {}) {
  const draft = await buildDraft(installation, editor, { body, ...options });
  const { reviewId } = await editor.call(submitArticle, {
    params: { articleId: draft.articleId },
    body: { baseRevision: draft.revision },
  });
  return { ...draft, reviewId };
}

const look = (client: Client, reviewId: string) => client.call(getReview, { params: { reviewId } });

async function decideAs(
  client: Client,
  reviewId: string,
  change: Partial<{ decision: 'approve' | 'return'; note: string; subjectHash: string }> = {},
  remarks: { quote: string; note: string }[] = [],
) {
  const review = await look(client, reviewId);
  return client.try(decideReview, {
    params: { reviewId },
    body: {
      stage: review.stage,
      subjectHash: review.subjectHash,
      decision: 'approve',
      note: '',
      remarks,
      ...change,
    },
  });
}

/** Another person of the county in the given role. */
async function hire(login: string, role: 'reviewer-final'): Promise<Client> {
  const administrator = await installation.as('guanli');
  const { firstPassword } = await administrator.call(createPerson, {
    body: { login, name: '副局长', unitId: await bureauId(), role },
  });
  return signInClient(installation.url, login, firstPassword);
}

const bureauId = () =>
  installation.app.database.withWorker(async (tx) => {
    const row = await tx
      .selectFrom('bureau_settings')
      .select('bureau_id')
      .where('slug', '=', 'yunxi')
      .executeTakeFirstOrThrow();
    return row.bureau_id;
  });

describe('who may', () => {
  test('nobody without signing in', async () => {
    const { reviewId } = await submitted();
    const nobody = createClient(installation.url, '');
    expect((await nobody.try(listReviews, { query: {} })).status).toBe(401);
    expect((await nobody.try(getReview, { params: { reviewId } })).status).toBe(401);
  });

  test('the neighbouring county finds none of our reviews', async () => {
    const { reviewId } = await submitted();
    const neighbour = await installation.as('st.bianji');
    expect(await neighbour.call(listReviews, { query: {} })).toEqual([]);
    expect((await neighbour.try(getReview, { params: { reviewId } })).status).toBe(404);
  });

  test('an editor reads a review and cannot decide it', async () => {
    const { reviewId } = await submitted();
    const answer = await decideAs(editor, reviewId);
    expect([answer.status, answer.error?.code]).toEqual([403, 'forbidden']);
  });

  test('"mine" is only what waits for me at its present stage', async () => {
    const { reviewId } = await submitted();
    const mine = async (client: Client) =>
      (await client.call(listReviews, { query: { mine: '1' } })).some((row) => row.id === reviewId);
    expect([await mine(first), await mine(second), await mine(final)]).toEqual([true, false, false]);
    await approve(first, reviewId);
    expect([await mine(first), await mine(second), await mine(final)]).toEqual([false, true, false]);
  });
});

describe('deciding', () => {
  test('three stages approve in order, and each decision is in the log with the hash it signed', async () => {
    const { reviewId, articleId } = await submitted();
    const { subjectHash } = await look(first, reviewId);
    expect(await approve(first, reviewId)).toBe('open');
    expect(await approve(second, reviewId)).toBe('open');
    expect(await approve(final, reviewId)).toBe('approved');
    const administrator = await installation.as('guanli');
    const { rows } = await administrator.call(listAudit, {
      query: { subjectKind: 'article', subjectId: articleId },
    });
    const signed = rows.filter((row) => row.action === 'review.approved');
    expect(signed.map((row) => [row.actorName, row.detail.hash])).toEqual([
      ['赵立新', subjectHash],
      ['周明', subjectHash],
      ['陈静', subjectHash],
    ]);
  });

  test('what was seen must be what is there: another hash decides nothing', async () => {
    const { reviewId } = await submitted();
    const answer = await decideAs(first, reviewId, { subjectHash: '0'.repeat(64) });
    expect([answer.status, answer.error?.code]).toEqual([409, 'review-hash-stale']);
    expect((await look(first, reviewId)).chain[0]?.decision).toBeNull();
  });

  test('two final reviewers at the same moment leave one decision and one set of deliveries', async () => {
    const deputy = await hire('fuju', 'reviewer-final');
    const { reviewId } = await submitted({ class: 'ordinary' });
    await approve(first, reviewId);
    const answers = await Promise.all([decideAs(final, reviewId), decideAs(deputy, reviewId)]);
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([200, 409]);
    const count = await installation.app.database.withWorker((tx) =>
      tx.selectFrom('deliveries').select('id').where('review_id', '=', reviewId).execute(),
    );
    expect(count).toHaveLength(4);
  });

  test('the same click twice, with the same key, is one decision and one answer', async () => {
    const { reviewId } = await submitted();
    const review = await look(first, reviewId);
    const input = {
      params: { reviewId },
      body: { stage: review.stage, subjectHash: review.subjectHash, decision: 'approve' as const },
    };
    const key = 'review-click-0001';
    const answers = await Promise.all([1, 2, 3].map(() => first.try(decideReview, input, key)));
    expect(answers.map((answer) => [answer.status, answer.body])).toEqual(
      answers.map(() => [200, { state: 'open' }]),
    );
  });

  test('a return needs a note or a remark', async () => {
    const { reviewId } = await submitted();
    const answer = await decideAs(first, reviewId, { decision: 'return' });
    expect([answer.status, answer.error?.code]).toEqual([422, 'review-note-needed']);
    expect((await look(first, reviewId)).state).toBe('open');
  });
});

describe('after a return', () => {
  test('the author sees note and remarks, mends a typo, and the next review shows the difference only', async () => {
    const { reviewId, articleId, working, targets, revision } = await submitted();
    const remark = { quote: '养老保俭待遇', note: '错别字：保险' };
    const returned = await decideAs(first, reviewId, { decision: 'return', note: '改一个字' }, [remark]);
    expect(returned.body).toEqual({ state: 'returned' });

    const article = await editor.call(getArticle, { params: { articleId } });
    expect(article.state).toBe('returned');
    expect(article.review).toMatchObject({
      state: 'returned',
      returnNote: '改一个字',
      returnedByName: '陈静',
      remarks: [remark],
    });

    const mended = JSON.parse(JSON.stringify(working).replace('保俭', '保险')) as typeof working;
    const saved = await editor.call(saveWorkingCopy, {
      params: { articleId },
      body: { baseRevision: revision, working: mended, targets, class: 'important' },
    });
    const again = await editor.call(submitArticle, {
      params: { articleId },
      body: { baseRevision: saved.revision },
    });
    const review = await look(first, again.reviewId);
    expect(review.earlierRemarks).toEqual([{ ...remark, personName: '陈静' }]);
    expect(review.changes?.since).toMatchObject({ personName: '陈静', stage: 'first' });
    const changed = review.changes!.parts.flatMap((part) =>
      part.diff.filter((piece) => piece.kind !== 'same').map((piece) => `${piece.kind} ${piece.text}`),
    );
    expect(review.changes!.parts.map((part) => part.heading)).toContain('正文');
    expect(new Set(changed)).toEqual(new Set(['removed 俭', 'added 险']));
    // The hash is another one: what was signed before does not count for these bytes.
    expect(review.subjectHash).not.toBe((await look(first, reviewId)).subjectHash);
    expect(review.chain.every((stage) => stage.decision === null)).toBe(true);
  });

  test('a review that nobody decided has nothing to compare with', async () => {
    const { reviewId } = await submitted();
    const review = await look(first, reviewId);
    expect([review.changes, review.earlierRemarks]).toEqual([null, []]);
  });

  test('the chain starts anew: an approval of the earlier version counts for nothing', async () => {
    const { reviewId, articleId, revision } = await submitted();
    await approve(first, reviewId);
    await decideAs(second, reviewId, { decision: 'return', note: '标题再斟酌' });
    const again = await editor.call(submitArticle, {
      params: { articleId },
      body: { baseRevision: revision },
    });
    const refused = await second.try(decideReview, {
      params: { reviewId: again.reviewId },
      body: {
        stage: 'second',
        subjectHash: (await look(second, again.reviewId)).subjectHash,
        decision: 'approve',
      },
    });
    expect([refused.status, refused.error?.code]).toEqual([409, 'state-conflict']);
    expect(await approve(first, again.reviewId)).toBe('open');
  });
});
