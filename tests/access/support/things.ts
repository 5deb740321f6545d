/**
 * Real things of the home bureau to ask for, each made anew on every call, so that a route that changes one can be called
 * again. Articles and reviews come about through the routes; later states of a delivery or case are written as the worker
 * would leave them.
 */
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { newId } from '#server/base/ids.ts';
import { submitArticle } from '#shared/content.ts';
import type { CorrectionState } from '#shared/corrections.ts';
import type { ReplyState } from '#shared/inbox.ts';
import { beginUpload, deleteMedia } from '#shared/media.ts';
import type { Role } from '#shared/people.ts';
import type { PublicationState } from '#shared/publication.ts';
import type { DeliveryState } from '#shared/publishing.ts';
import { registerPosts } from '#shared/registrations.ts';
import { getReview, type Stage } from '#shared/review.ts';
import {
  approve,
  approveThroughChain,
  buildDraft,
  untilDelivery,
  uploadPicture,
} from '#tests/support/build-article.ts';
import type { Client } from '#tests/support/client.ts';
import { fillCase, insertAnswer, writeEntry, writeService } from './fill-case.ts';
import { marker } from './marker.ts';
import { type AccessStage, addPerson, type Bureau, type Person, personOf } from './stage.ts';

const reviewers: readonly Role[] = ['reviewer-first', 'reviewer-second', 'reviewer-final'];

export type Things = Awaited<ReturnType<typeof makeThings>>;

export async function makeThings(stage: AccessStage) {
  const { installation, home } = stage;
  const { database } = installation.app;
  const editor = personOf(home, 'editor').client;
  const administrator = personOf(home, 'administrator').client;
  const accounts = await listAccountIds(stage, home);
  const out = await publishOnce(stage, editor);

  const draft = (client: Client = editor) =>
    buildDraft(installation, client, { title: `${marker}草稿`, platforms: ['site'] });

  return {
    accounts,
    published: out,
    draft,
    administrator,

    /** Under review, with the stage that the role decides as the current one. */
    async review(
      role: Role,
    ): Promise<{ articleId: string; reviewId: string; stage: Stage; subjectHash: string }> {
      const { articleId, revision } = await draft();
      const input = { params: { articleId }, body: { baseRevision: revision } };
      const { reviewId } = await editor.call(submitArticle, input);
      for (const earlier of reviewers.slice(0, Math.max(0, reviewers.indexOf(role))))
        await approve(personOf(home, earlier).client, reviewId);
      const { stage: current, subjectHash } = await editor.call(getReview, { params: { reviewId } });
      return { articleId, reviewId, stage: current, subjectHash };
    },

    /** A copy of the delivery that went out, in another state; the worker has no reason to wake for it. */
    async delivery(state: DeliveryState): Promise<string> {
      const id = newId();
      await database.withWorker((tx) =>
        sql`insert into deliveries (bureau_id, id, package_id, article_id, account_id, platform, mode, reach, review_id,
                                    state, due_at, planned_wall)
            select bureau_id, ${id}, package_id, article_id, account_id, platform, mode, reach, review_id,
                   ${state}, due_at, planned_wall
            from deliveries where id = ${out.siteDeliveryId}`.execute(tx),
      );
      return id;
    },

    /** A post that is out, on an account whose comments can be opened and closed. */
    async commented(): Promise<string> {
      const id = newId();
      await database.withWorker((tx) =>
        sql`insert into deliveries (bureau_id, id, package_id, article_id, account_id, platform, mode, reach, review_id,
                                    state, due_at, planned_wall, published_at)
            select bureau_id, ${id}, package_id, article_id, ${accounts.get('wechat-official')!}, 'wechat-official',
                   'api', 'publish', review_id, 'published', due_at, planned_wall, now()
            from deliveries where id = ${out.siteDeliveryId}`.execute(tx),
      );
      return id;
    },

    /** Token of a task that waits for its link. */
    async handOff(state = 'pending'): Promise<{ taskId: string; token: string }> {
      const [deliveryId, taskId, token] = [newId(), newId(), randomBytes(16).toString('base64url')];
      const { id: executorId } = personOf(home, 'editor');
      await database.withWorker(async (tx) => {
        await sql`insert into deliveries (bureau_id, id, package_id, article_id, account_id, platform, mode, reach,
                                          review_id, state, due_at, planned_wall)
                  select bureau_id, ${deliveryId}, package_id, article_id, account_id, platform, mode, reach, review_id,
                         'handed-off', due_at, planned_wall
                  from deliveries where id = ${out.handOffDeliveryId}`.execute(tx);
        await sql`insert into assisted_tasks (bureau_id, id, kind, subject_id, account_id, title, state, token, deadline,
                                              executor_id)
                  values (${home.id}, ${taskId}, 'publish', ${deliveryId}, ${accounts.get('xiaohongshu')!}, ${marker},
                          ${state}, ${token}, now() + interval '1 day', ${executorId})`.execute(tx);
      });
      return { taskId, token };
    },

    postLink,

    /** An article whose posts are planned, and lie far ahead. */
    async approved(): Promise<{ articleId: string }> {
      const article = await buildDraft(installation, editor, {
        title: `${marker}待发`,
        platforms: ['site'],
        target: { plannedWall: '2099-01-01 10:00' },
      });
      await approveThroughChain(installation, editor, article);
      return article;
    },

    /** A post that was published elsewhere. */
    async registered(): Promise<string> {
      const row = {
        accountId: accounts.get('xiaohongshu')!,
        pasted: postLink(),
        title: `${marker}登记`,
        publishedWall: '2026-01-02 10:00',
      };
      return (await editor.call(registerPosts, { body: { rows: [row] } })).ids[0]!;
    },

    question: () => writeQuestion(stage, home, accounts.get('wechat-official')!),
    /** In another bureau, on one of its own accounts. */
    questionOf: async (bureau: Bureau) =>
      writeQuestion(stage, bureau, (await listAccountIds(stage, bureau)).get('site')!),
    /** An upload that was begun, and a file that was deleted a moment ago. */
    async leftovers(): Promise<void> {
      const body = { name: `${marker}.mp4`, size: 9, fingerprint: newId() };
      await editor.call(beginUpload, { body });
      const { id: fileId } = await uploadPicture(installation, editor, 21);
      await editor.call(deleteMedia, { params: { fileId } });
    },
    /** Of the article that is out; one that waited is withdrawn, so that the next may be written. */
    async correction(state: CorrectionState): Promise<string> {
      const id = newId();
      await database.withWorker(async (tx) => {
        await sql`update corrections set state = 'withdrawn' where state = 'reviewing'`.execute(tx);
        const own = { bureau_id: home.id, id, article_id: out.articleId, text: marker, reason: marker };
        const created_by = personOf(home, 'editor').id;
        await tx
          .insertInto('corrections')
          .values({ ...own, state, hash: Buffer.alloc(32), created_by })
          .execute();
      });
      return id;
    },
    issue: () => writeIssue(stage),
    digest: () => writeDigest(stage),
    reply: (state: ReplyState = 'unknown') => writeReply(stage, accounts.get('wechat-official')!, state),
    /** A case that has its answer. */
    async answered() {
      const made = await writeQuestion(stage, home, accounts.get('wechat-official')!);
      await database.withWorker((tx) =>
        sql`update cases set state = 'answered', answered_at = now() where id = ${made.caseId}`.execute(tx),
      );
      return made;
    },
    async service(): Promise<string> {
      const id = newId();
      await database.withWorker((tx) => writeService(tx, home, id));
      return id;
    },
    /** A draft of the knowledge base. */
    async entry(): Promise<string> {
      const id = newId();
      await database.withWorker((tx) => writeEntry(tx, home, id));
      return id;
    },
    /** Its question and answer on the way to the public. */
    async publication(state: PublicationState): Promise<string> {
      const { caseId } = await writeQuestion(stage, home, accounts.get('wechat-official')!);
      const id = newId();
      await database.withWorker((tx) => insertAnswer(tx, home, { id, caseId, state }));
      return id;
    },
    comment: () => writeComment(stage, accounts.get('wechat-official')!, out.siteDeliveryId),
    fillCase: (caseId: string, conversationId: string) => fillCase(stage, caseId, conversationId, accounts),
    person: (role: Role = 'section'): Promise<Person> =>
      addPerson(installation, administrator, home.id, role),
  };
}

/** Another post each time. */
const postLink = () => `https://www.xiaohongshu.com/explore/${randomBytes(12).toString('hex')}`;

async function listAccountIds({ installation }: AccessStage, bureau: Bureau): Promise<Map<string, string>> {
  const rows = await installation.app.database.withWorker((tx) =>
    tx.selectFrom('accounts').select(['id', 'platform']).where('bureau_id', '=', bureau.id).execute(),
  );
  return new Map(rows.map((row) => [row.platform, row.id]));
}

async function publishOnce({ installation, home }: AccessStage, editor: Client) {
  const article = await buildDraft(installation, editor, {
    title: `${marker}已发布`,
    platforms: ['site', 'xiaohongshu'],
  });
  await approveThroughChain(installation, editor, article);
  const reader = personOf(home, 'administrator').client;
  const site = await untilDelivery(reader, article.articleId, 'site', ['published']);
  const handOff = await untilDelivery(reader, article.articleId, 'xiaohongshu', ['handed-off']);
  return { articleId: article.articleId, siteDeliveryId: site.id, handOffDeliveryId: handOff.id };
}

/** A private message in a case of its own. */
async function writeQuestion({ installation }: AccessStage, bureau: Bureau, accountId: string) {
  const [caseId, conversationId] = [newId(), newId()];
  await installation.app.database.withWorker(async (tx) => {
    const own = { bureau_id: bureau.id };
    const at = sql<Date>`now()`;
    await tx
      .insertInto('conversations')
      .values({
        ...{ ...own, id: conversationId, account_id: accountId, kind: 'message', thread_key: conversationId },
        ...{ person_key: conversationId, person_name: `${marker}市民`, last_at: at },
        ...{ window_ends_at: sql<Date>`now() + interval '1 day'`, window_left: 5 },
      })
      .execute();
    await tx
      .insertInto('messages')
      .values({
        ...{ ...own, id: newId(), conversation_id: conversationId, account_id: accountId, direction: 'in' },
        ...{ platform_id: newId(), text: `${marker}退休怎么办？`, at },
      })
      .execute();
    await tx
      .insertInto('cases')
      .values({
        ...{ ...own, id: caseId, number: caseId, kind: 'consult', title: `${marker}退休怎么办？` },
        ...{ unit_id: bureau.id, received_at: at, due_at: sql<Date>`now() + interval '3 days'` },
      })
      .execute();
    await tx
      .insertInto('case_conversations')
      .values({ ...own, case_id: caseId, conversation_id: conversationId })
      .execute();
    await tx
      .insertInto('case_events')
      .values({ ...own, id: newId(), case_id: caseId, event: 'received', at, detail: '{}' })
      .execute();
  });
  return { caseId, conversationId };
}

/** Found by a run of long ago, so that no list shows it beside another. */
async function writeIssue({ installation, home }: AccessStage): Promise<string> {
  const [runId, issueId] = [newId(), newId()];
  await installation.app.database.withWorker(async (tx) => {
    await sql`
      insert into issue_runs (bureau_id, id, state, days, window_from, window_to, messages, heat_version, finished_at)
      values (${home.id}, ${runId}, 'done', 30, now() - interval '30 days', now(), 2, 1, now())`.execute(tx);
    await sql`
      insert into issues (bureau_id, id, run_id, title, messages, people, before, heat, names, sentences, first_at, last_at)
      values (${home.id}, ${issueId}, ${runId}, ${marker}, 2, 2, 0, 2, '{}', array[${marker}], now(), now())`.execute(
      tx,
    );
    await sql`
      insert into issue_members (bureau_id, issue_id, message_id, at, present)
      select ${home.id}, ${issueId}, id, at, true from messages where bureau_id = ${home.id} limit 1`.execute(
      tx,
    );
  });
  return issueId;
}

let weeks = 0;

/** Each of another week. */
async function writeDigest({ installation, home }: AccessStage): Promise<string> {
  const id = newId();
  const sections = JSON.stringify([{ key: 'watch', title: marker, text: marker }]);
  await installation.app.database.withWorker((tx) =>
    sql`
      insert into digests (bureau_id, id, week, title, sections, figures)
      values (${home.id}, ${id}, date '2001-01-01' + 7 * ${++weeks}::int, ${marker}, ${sections}, '{}')`.execute(
      tx,
    ),
  );
  return id;
}

/** An answer; of unknown outcome where nothing is said. */
async function writeReply(stage: AccessStage, accountId: string, state: ReplyState): Promise<string> {
  const { caseId, conversationId } = await writeQuestion(stage, stage.home, accountId);
  const { home, installation } = stage;
  const id = newId();
  await installation.app.database.withWorker((tx) =>
    tx
      .insertInto('replies')
      .values({
        ...{
          bureau_id: home.id,
          id,
          case_id: caseId,
          conversation_id: conversationId,
          account_id: accountId,
        },
        ...{ text: `${marker}答复`, state, created_by: personOf(home, 'agent').id },
      })
      .execute(),
  );
  return id;
}

/** A comment under a post, and an open check of another one. */
async function writeComment({ home, installation }: AccessStage, accountId: string, deliveryId: string) {
  const [conversationId, checkId] = [newId(), newId()];
  const own = { bureau_id: home.id, account_id: accountId };
  await installation.app.database.withWorker(async (tx) => {
    await tx
      .insertInto('conversations')
      .values({
        ...{
          ...own,
          id: conversationId,
          kind: 'comment',
          thread_key: conversationId,
          delivery_id: deliveryId,
        },
        ...{ person_key: conversationId, person_name: `${marker}网友`, last_at: sql<Date>`now()` },
      })
      .execute();
    await tx
      .insertInto('messages')
      .values({
        ...{ ...own, id: newId(), conversation_id: conversationId, direction: 'in' },
        ...{ platform_id: `comment:${conversationId}`, text: `${marker}评论`, at: sql<Date>`now()` },
      })
      .execute();
    await tx
      .insertInto('comment_checks')
      .values({
        ...{ ...own, id: checkId, conversation_id: conversationId, comment_id: checkId, text: marker },
        ...{ found_by: 'words', words: ['广告'] },
      })
      .execute();
  });
  return { conversationId, checkId };
}
