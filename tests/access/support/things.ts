/**
 * Real things of the home bureau to ask for, each made anew on every call, so that a route that changes one can be called
 * again. Articles and reviews come about through the routes; later states of a delivery or case are written as the worker
 * would leave them.
 */
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';
import { newId } from '#server/base/ids.ts';
import { submitArticle } from '#shared/content.ts';
import type { ReplyState } from '#shared/inbox.ts';
import { beginUpload, deleteMedia } from '#shared/media.ts';
import type { Role } from '#shared/people.ts';
import type { PublicationState } from '#shared/publication.ts';
import type { DeliveryState } from '#shared/publishing.ts';
import { getReview, type Stage } from '#shared/review.ts';
import {
  approve,
  approveThroughChain,
  buildDraft,
  untilDelivery,
  uploadPicture,
} from '#tests/support/build-article.ts';
import type { Client } from '#tests/support/client.ts';
import { type AccessStage, addPerson, type Bureau, type Person, personOf } from './stage.ts';

/** Stands in every text of the home bureau that another could see by mistake. */
export const marker = '云溪独有';

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

    /** Token of a task that waits for its link. */
    async handOff(): Promise<string> {
      const token = randomBytes(16).toString('base64url');
      await database.withWorker((tx) =>
        sql`insert into deliveries (bureau_id, id, package_id, article_id, account_id, platform, mode, reach, review_id,
                                    state, due_at, planned_wall, handoff_token, handoff_deadline)
            select bureau_id, ${newId()}, package_id, article_id, account_id, platform, mode, reach, review_id,
                   'handed-off', due_at, planned_wall, ${token}, now() + interval '1 day'
            from deliveries where id = ${out.handOffDeliveryId}`.execute(tx),
      );
      return token;
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

async function insertAnswer(
  tx: Tx,
  home: Bureau,
  { id, caseId, state }: { id: string; caseId: string; state: PublicationState },
): Promise<void> {
  await sql`
    insert into published_answers (bureau_id, id, case_id, slug, question, answer, kind, state, bigrams, created_by)
    values (${home.id}, ${id}, ${caseId}, ${id}, ${marker}, ${marker}, 'consult', ${state},
            array_to_tsvector(array[${marker}]), ${personOf(home, 'agent').id})`.execute(tx);
}

async function writeEntry(tx: Tx, home: Bureau, id: string): Promise<void> {
  const content = JSON.stringify({ question: `${marker}怎么办`, answer: `${marker}这样办` });
  const person = personOf(home, 'agent').id;
  await sql`
    insert into knowledge_entries (bureau_id, id, content, bigrams, created_by)
    values (${home.id}, ${id}, ${content}, array_to_tsvector(array[${marker}]), ${person})`.execute(tx);
  await sql`
    insert into knowledge_versions (bureau_id, entry_id, version, content, saved_by)
    values (${home.id}, ${id}, 1, ${content}, ${person})`.execute(tx);
}

/** A row of everything that may stand beside a case. */
async function fillCase(
  { home, installation }: AccessStage,
  caseId: string,
  conversationId: string,
  accounts: ReadonlyMap<string, string>,
): Promise<void> {
  const own = { bureau_id: home.id, case_id: caseId };
  const person = personOf(home, 'agent').id;
  await installation.app.database.withWorker(async (tx) => {
    const noteId = newId();
    await tx
      .insertInto('case_notes')
      .values({ ...own, id: noteId, text: marker, created_by: person })
      .execute();
    await sql`
      insert into case_files (bureau_id, id, note_id, file_id)
      select bureau_id, ${newId()}, ${noteId}, id from files where bureau_id = ${home.id} limit 1`.execute(
      tx,
    );
    await sql`insert into case_texts values (${home.id}, ${caseId}, array_to_tsvector(array[${marker}]))`.execute(
      tx,
    );
    await tx
      .insertInto('case_helpers')
      .values({ ...own, unit_id: home.id, added_by: person })
      .execute();
    await tx
      .insertInto('case_reminders')
      .values({ ...own, clock: sql<Date>`now()`, step: 'warn' })
      .execute();
    const answerId = newId();
    await insertAnswer(tx, home, { id: answerId, caseId, state: 'draft' });
    await tx
      .insertInto('published_answer_versions')
      .values({
        ...{ bureau_id: home.id, id: newId(), answer_id: answerId, question: marker, answer: marker },
        ...{ consent: false, hash: Buffer.alloc(32), created_by: person },
      })
      .execute();
    const entryId = newId();
    await writeEntry(tx, home, entryId);
    await sql`
      insert into reply_citations (bureau_id, reply_id, entry_id, version)
      select bureau_id, id, ${entryId}, 1 from replies where bureau_id = ${home.id} limit 1`.execute(tx);
    await tx
      .insertInto('comment_checks')
      .values({
        ...{ bureau_id: home.id, id: newId(), conversation_id: conversationId },
        ...{
          account_id: accounts.get('wechat-official')!,
          comment_id: caseId,
          text: marker,
          found_by: 'hand',
        },
      })
      .execute();
    await sql`
      insert into answer_marks values (${home.id}, ${caseId}, ${home.id}, now(), 1, 1, 1, 1, 1, 1)`.execute(
      tx,
    );
    await sql`
      insert into sorting_models (bureau_id, corrections, field_model, kind_model, report)
      values (${home.id}, 0, '', '', '{}')`.execute(tx);
    await tx.insertInto('inbox_settings').values({ bureau_id: home.id, settings: '{}' }).execute();
  });
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
