import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wallTime } from '#server/base/clock.ts';
import { getArticle, saveWorkingCopy, submitArticle, takeBackArticle } from '#shared/content.ts';
import { decideReview, getReview } from '#shared/review.ts';
import { approve, buildDraft, listDeliveriesOf } from '#tests/support/build-article.ts';
import { createClient } from '#tests/support/client.ts';
import { buildDesk, type Desk } from './test-support.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await buildDesk();
});
afterAll(() => desk?.close());

const submission = (draft: { articleId: string; revision: number }) => ({
  params: { articleId: draft.articleId },
  body: { baseRevision: draft.revision },
});
const takeBack = (articleId: string) => ({ params: { articleId }, body: { reason: '有一处数字要核' } });
const read = (articleId: string) => desk.editor.call(getArticle, { params: { articleId } });

describe('submitting', () => {
  test('needs signing in, the permission and an article of the own bureau', async () => {
    const draft = await buildDraft(desk.installation, desk.editor);
    const nobody = createClient(desk.installation.url, '');
    expect((await nobody.try(submitArticle, submission(draft))).status).toBe(401);
    const neighbour = await desk.installation.as('st.bianji');
    expect((await neighbour.try(submitArticle, submission(draft))).status).toBe(404);
    const leader = await desk.installation.as('lingdao');
    expect((await leader.try(submitArticle, submission(draft))).status).toBe(403);
    expect((await read(draft.articleId)).state).toBe('draft');
  });

  test('freezes one package an account and opens one review; a second submission is refused', async () => {
    const draft = await buildDraft(desk.installation, desk.editor);
    const { reviewId, version } = await desk.editor.call(submitArticle, submission(draft));
    expect(version).toBe(1);
    const review = await desk.editor.call(getReview, { params: { reviewId } });
    expect(review.sections).toHaveLength(draft.targets.length);
    const again = await desk.editor.try(submitArticle, submission(draft));
    expect([again.status, again.error?.code]).toEqual([409, 'article-locked']);
  });

  test('two clicks at the same moment open one review', async () => {
    const draft = await buildDraft(desk.installation, desk.editor);
    const answers = await Promise.all([1, 2, 3].map(() => desk.editor.try(submitArticle, submission(draft))));
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([200, 409, 409]);
  });

  test('of an older revision is refused: somebody saved in between', async () => {
    const draft = await buildDraft(desk.installation, desk.editor);
    const stale = await desk.editor.try(submitArticle, submission({ ...draft, revision: 1 }));
    expect([stale.status, stale.error?.code]).toEqual([409, 'edit-conflict']);
  });

  test('with a time in the past is refused', async () => {
    const draft = await buildDraft(desk.installation, desk.editor, {
      target: { plannedWall: '2024-05-01 09:00' },
    });
    const answer = await desk.editor.try(submitArticle, submission(draft));
    expect([answer.status, answer.error?.code]).toEqual([422, 'schedule-in-past']);
  });

  test('without accounts, and with one account twice, is refused', async () => {
    const draft = await buildDraft(desk.installation, desk.editor);
    const save = async (targets: typeof draft.targets, baseRevision: number) =>
      (
        await desk.editor.call(saveWorkingCopy, {
          params: { articleId: draft.articleId },
          body: { baseRevision, working: draft.working, targets, class: 'important' },
        })
      ).revision;
    const none = await save([], draft.revision);
    const empty = await desk.editor.try(submitArticle, submission({ ...draft, revision: none }));
    expect(empty.error?.code).toBe('targets-empty');
    const twice = await save([draft.targets[0]!, draft.targets[0]!], none);
    const doubled = await desk.editor.try(submitArticle, submission({ ...draft, revision: twice }));
    expect([doubled.status, doubled.error?.code]).toEqual([400, 'input-invalid']);
  });

  test('forty at once all come through: nobody waits for a second connection', async () => {
    const drafts = [];
    for (let count = 0; count < 40; count += 1)
      drafts.push(await buildDraft(desk.installation, desk.editor, { platforms: ['site'] }));
    const answers = await Promise.all(
      drafts.map((draft) => desk.editor.try(submitArticle, submission(draft))),
    );
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
  });
});

describe('approval', () => {
  test('plans one delivery an account at its time, and says so in the log', async () => {
    const plannedWall = wallTime(new Date(Date.now() + 2 * 3_600_000));
    const { deliveries, reviewId } = await desk.approve({ target: { plannedWall } });
    expect(deliveries.map((one) => one.platform).toSorted()).toEqual([
      'site',
      'wechat-official',
      'weibo',
      'xiaohongshu',
    ]);
    for (const delivery of deliveries) {
      expect([delivery.state, delivery.plannedWall]).toEqual(['planned', plannedWall]);
      const record = await desk.find(delivery.id);
      const ahead = record.due_at.getTime() - record.wake_at!.getTime();
      expect(ahead).toBe(['weibo', 'wechat-official'].includes(delivery.platform) ? 600_000 : 0);
      expect(record.review_id).toBe(reviewId);
      expect((await desk.auditOf(delivery.id))[0]?.action).toBe('delivery.planned');
    }
  });

  test('of an article that goes out partly at once has no "not before"', async () => {
    const plannedWall = wallTime(new Date(Date.now() + 86_400_000));
    const draft = await buildDraft(desk.installation, desk.editor, { platforms: ['site', 'weibo'] });
    const targets = draft.targets.map((target, index) => (index === 0 ? { ...target, plannedWall } : target));
    const { revision } = await desk.editor.call(saveWorkingCopy, {
      params: { articleId: draft.articleId },
      body: { baseRevision: draft.revision, working: draft.working, targets, class: 'ordinary' },
    });
    const { reviewId } = await desk.editor.call(submitArticle, submission({ ...draft, revision }));
    for (const login of ['chushen', 'zhongshen']) await approve(await desk.installation.as(login), reviewId);
    const atOnce = (await listDeliveriesOf(desk.editor, draft.articleId)).find(
      (row) => row.plannedWall !== plannedWall,
    )!;
    expect((await desk.step(atOnce.id)).reason).toBeNull();
    expect(['published', 'prepared']).toContain((await desk.find(atOnce.id)).state);
  });
});

describe('taking back', () => {
  test('from review voids it, and the article can be edited and submitted again', async () => {
    const draft = await buildDraft(desk.installation, desk.editor);
    const { reviewId } = await desk.editor.call(submitArticle, submission(draft));
    await desk.editor.call(takeBackArticle, takeBack(draft.articleId));
    expect((await read(draft.articleId)).state).toBe('draft');
    const review = await desk.editor.call(getReview, { params: { reviewId } });
    expect(review.state).toBe('voided');
    const again = await desk.editor.call(submitArticle, submission(draft));
    expect(again.version).toBe(2);
  });

  test('after approval cancels everything that is not out, hand-off tasks too', async () => {
    const { articleId, deliveries } = await desk.approve();
    const handOff = deliveries.find((one) => one.platform === 'xiaohongshu')!;
    const weibo = deliveries.find((one) => one.platform === 'weibo')!;
    expect((await desk.step(handOff.id)).state).toBe('handed-off');
    expect((await desk.step(weibo.id)).state).toBe('prepared');
    await desk.editor.call(takeBackArticle, takeBack(articleId));
    for (const row of await listDeliveriesOf(desk.editor, articleId))
      expect([row.platform, row.state]).toEqual([row.platform, 'cancelled']);
    expect((await desk.auditOf(weibo.id)).at(-1)).toMatchObject({
      action: 'delivery.cancelled',
      detail: { reason: '有一处数字要核' },
    });
  });

  test.each(['submitting', 'pending', 'unknown', 'published'])(
    'is refused when one delivery is %s, and then nothing at all is changed',
    async (state) => {
      const { articleId, reviewId, deliveries } = await desk.approve();
      const weibo = deliveries.find((one) => one.platform === 'weibo')!;
      await desk.set(weibo.id, `state = '${state}', submitted_at = clock_timestamp(), wake_at = null`);
      const answer = await desk.editor.try(takeBackArticle, takeBack(articleId));
      expect([answer.status, answer.error?.code]).toEqual([409, 'state-conflict']);
      const rows = await listDeliveriesOf(desk.editor, articleId);
      expect(rows.filter((row) => row.state === 'planned')).toHaveLength(deliveries.length - 1);
      expect((await desk.editor.call(getReview, { params: { reviewId } })).state).toBe('approved');
      expect((await read(articleId)).state).toBe('approved');
      await desk.set(weibo.id, "state = 'published'");
    },
  );

  test('and the final approval at the same moment: one wins, the other is told, nothing hangs', async () => {
    const final = await desk.installation.as('zhongshen');
    for (let round = 0; round < 8; round += 1) {
      const draft = await buildDraft(desk.installation, desk.editor, { class: 'ordinary' });
      const { reviewId } = await desk.editor.call(submitArticle, submission(draft));
      await approve(await desk.installation.as('chushen'), reviewId);
      const review = await final.call(getReview, { params: { reviewId } });
      const [decision, taken] = await Promise.all([
        final.try(decideReview, {
          params: { reviewId },
          body: { stage: 'final', subjectHash: review.subjectHash, decision: 'approve' },
        }),
        desk.editor.try(takeBackArticle, takeBack(draft.articleId)),
      ]);
      // Taken back before the approval, or after it: then what was planned is cancelled.
      expect([decision.status, taken.status]).toEqual([expect.toSatisfy(isDecided), 200]);
      const states = (await listDeliveriesOf(desk.editor, draft.articleId)).map((row) => row.state);
      expect(states.every((state) => state === 'cancelled')).toBe(true);
      expect((await read(draft.articleId)).state).toBe('draft');
    }
  });

  test('and a sending worker at the same moment: it went out and the take-back is refused, or neither', async () => {
    for (let round = 0; round < 8; round += 1) {
      const { articleId, deliveries } = await desk.approve({ platforms: ['weibo'] });
      const { id } = deliveries[0]!;
      expect((await desk.step(id)).state).toBe('prepared');
      const [sent, taken] = await Promise.allSettled([
        desk.step(id),
        desk.editor.try(takeBackArticle, takeBack(articleId)),
      ]);
      const { state } = await desk.find(id);
      const status = taken.status === 'fulfilled' ? taken.value.status : 0;
      expect([`${state} ${status}`, sent.status]).toEqual([
        expect.toSatisfy((seen: string) => ['published 409', 'cancelled 200'].includes(seen)),
        expect.any(String),
      ]);
    }
  });
});

const isDecided = (status: number) => status === 200 || status === 409;
