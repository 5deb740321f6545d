import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';
import { newId } from '#server/base/ids.ts';
import type { PublicationState } from '#shared/publication.ts';
import { marker } from './marker.ts';
import { type AccessStage, type Bureau, personOf } from './stage.ts';

/** A row of everything that may stand beside a case. */
export async function fillCase(
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
    await sql`
      insert into automatic_answers (bureau_id, account_id, person_key, day, dedup_key, rule_id, text)
      values (${home.id}, ${accounts.get('wechat-official')!}, ${conversationId}, now(), ${caseId}, ${newId()},
              ${marker})`.execute(tx);
    await writeService(tx, home, newId());
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
    await sql`
      insert into comment_switches (bureau_id, delivery_id, account_id, open, state, reason, asked_by)
      select bureau_id, id, account_id, false, 'done', ${marker}, ${person} from deliveries
      where bureau_id = ${home.id} limit 1`.execute(tx);
    await sql`
      insert into inbound_files (bureau_id, message_id, account_id, state, failure)
      select bureau_id, id, account_id, 'lost', ${marker} from messages
      where bureau_id = ${home.id} and account_id is not null limit 1`.execute(tx);
    await tx.insertInto('inbox_settings').values({ bureau_id: home.id, settings: '{}' }).execute();
  });
}

export async function insertAnswer(
  tx: Tx,
  home: Bureau,
  { id, caseId, state }: { id: string; caseId: string; state: PublicationState },
): Promise<void> {
  await sql`
    insert into published_answers (bureau_id, id, case_id, slug, question, answer, kind, state, bigrams, created_by)
    values (${home.id}, ${id}, ${caseId}, ${id}, ${marker}, ${marker}, 'consult', ${state},
            array_to_tsvector(array[${marker}]), ${personOf(home, 'agent').id})`.execute(tx);
}

export async function writeService(tx: Tx, home: Bureau, id: string): Promise<void> {
  const content = JSON.stringify({ name: marker });
  await tx
    .insertInto('services')
    .values({ bureau_id: home.id, id, name: marker, content, created_by: personOf(home, 'agent').id })
    .execute();
}

export async function writeEntry(tx: Tx, home: Bureau, id: string): Promise<void> {
  const content = JSON.stringify({ question: `${marker}怎么办`, answer: `${marker}这样办` });
  const person = personOf(home, 'agent').id;
  await sql`
    insert into knowledge_entries (bureau_id, id, content, bigrams, created_by)
    values (${home.id}, ${id}, ${content}, array_to_tsvector(array[${marker}]), ${person})`.execute(tx);
  await sql`
    insert into knowledge_versions (bureau_id, entry_id, version, content, saved_by)
    values (${home.id}, ${id}, 1, ${content}, ${person})`.execute(tx);
}
