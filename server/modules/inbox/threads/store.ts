/** SQL on conversations and messages. */
import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';
import { newId } from '#server/base/ids.ts';
import type { CaseChannel } from '#shared/inbox.ts';

export type ConversationKey = {
  bureauId: string;
  /** Null where the words came through no platform. */
  accountId: string | null;
  kind: CaseChannel;
  threadKey: string;
};

/** What comes with words from outside the platforms. */
export type ConversationFacts = {
  receipt?: string;
  /** sha256 or the like of the code that opens the receipt; never the code. */
  receiptCodeHash?: Buffer;
  /** {name, phone, address} as JSON, sealed at the conversation's place. */
  contactSealed?: Buffer;
  /** Of the telephone in it, for finding it again; where the person's key does not come from it. */
  phoneKey?: string;
  pageUrl?: string;
  source?: string;
  sourceNumber?: string;
  mayPublish?: boolean;
};

/** Where a contact is sealed; `id` is the conversation's. */
export const contactPlace = (bureauId: string, id: string) => ({
  bureauId,
  table: 'conversations',
  row: id,
  column: 'contact_sealed',
});

/** The private conversation of a person with an account; locks nothing. */
export const findConversationOf = (
  tx: Tx,
  { bureauId, accountId, personKey }: { bureauId: string; accountId: string; personKey: string },
): Promise<string | null> =>
  findConversationAt(tx, { bureauId, accountId, kind: 'message', threadKey: personKey });

/** Locks nothing. */
export async function findConversationAt(tx: Tx, key: ConversationKey): Promise<string | null> {
  const row = await tx
    .selectFrom('conversations')
    .select('id')
    .where('bureau_id', '=', key.bureauId)
    .where('account_id', key.accountId === null ? 'is' : '=', key.accountId)
    .where('kind', '=', key.kind)
    .where('thread_key', '=', key.threadKey)
    .executeTakeFirst();
  return row?.id ?? null;
}

/**
 * Finds or makes the conversation and locks it until commit: whatever is built on it (cases, windows) happens one
 * after the other.
 */
export async function lockConversation(
  tx: Tx,
  key: ConversationKey,
  first: {
    deliveryId: string | null;
    person: { key: string; name: string | null };
    at: Date;
    facts?: ConversationFacts | undefined;
    /** Made before, where something is sealed at its place. */
    id?: string | undefined;
  },
): Promise<{ id: string }> {
  const { facts } = first;
  await tx
    .insertInto('conversations')
    .values({
      bureau_id: key.bureauId,
      id: first.id ?? newId(),
      account_id: key.accountId,
      kind: key.kind,
      delivery_id: first.deliveryId,
      receipt: facts?.receipt ?? null,
      receipt_code_hash: facts?.receiptCodeHash ?? null,
      contact_sealed: facts?.contactSealed ?? null,
      phone_key: facts?.phoneKey ?? null,
      page_url: facts?.pageUrl ?? null,
      source: facts?.source ?? null,
      source_number: facts?.sourceNumber ?? null,
      may_publish: facts?.mayPublish ?? false,
      thread_key: key.threadKey,
      person_key: first.person.key,
      person_name: first.person.name,
      last_at: first.at,
    })
    .onConflict((conflict) => conflict.columns(['bureau_id', 'account_id', 'kind', 'thread_key']).doNothing())
    .execute();
  return tx
    .selectFrom('conversations')
    .select('id')
    .where('bureau_id', '=', key.bureauId)
    .where('account_id', key.accountId === null ? 'is' : '=', key.accountId)
    .where('kind', '=', key.kind)
    .where('thread_key', '=', key.threadKey)
    .forUpdate()
    .executeTakeFirstOrThrow();
}

export type NewMessage = {
  bureauId: string;
  conversationId: string;
  accountId: string | null;
  direction: 'in' | 'out';
  /** Unique on the account; the de-duplication of what is told twice. */
  platformId: string;
  text: string;
  attachment: { type: string; mediaId: string | null; url: string | null } | null;
  at: Date;
};

/** @returns its id; null when this message is here already */
export async function insertMessage(tx: Tx, message: NewMessage): Promise<string | null> {
  const row = await tx
    .insertInto('messages')
    .values({
      bureau_id: message.bureauId,
      id: newId(),
      conversation_id: message.conversationId,
      account_id: message.accountId,
      direction: message.direction,
      platform_id: message.platformId,
      text: message.text,
      attachment: message.attachment ? JSON.stringify(message.attachment) : null,
      at: message.at,
    })
    .onConflict((conflict) => conflict.columns(['bureau_id', 'account_id', 'platform_id']).doNothing())
    .returning('id')
    .executeTakeFirst();
  return row?.id ?? null;
}

/** True when the account's own words stand in the thread already, whoever put them there. */
export async function hasOutMessage(
  tx: Tx,
  bureauId: string,
  conversationId: string,
  text: string,
): Promise<boolean> {
  const row = await tx
    .selectFrom('messages')
    .select('id')
    .where('bureau_id', '=', bureauId)
    .where('conversation_id', '=', conversationId)
    .where('direction', '=', 'out')
    .where('text', '=', text)
    .executeTakeFirst();
  return row !== undefined;
}

export async function listKnownMessages(
  tx: Tx,
  bureauId: string,
  accountId: string,
  platformIds: readonly string[],
): Promise<Set<string>> {
  if (platformIds.length === 0) return new Set();
  const rows = await tx
    .selectFrom('messages')
    .select('platform_id')
    .where('bureau_id', '=', bureauId)
    .where('account_id', '=', accountId)
    .where('platform_id', '=', sql<string>`any(${[...platformIds]}::text[])`)
    .execute();
  return new Set(rows.map((row) => row.platform_id));
}

/**
 * The person wrote: the thread moves up, and the platform's reply window starts over if this is their newest word.
 * @param window null where the platform sets no limit
 */
export async function noteInbound(
  tx: Tx,
  bureauId: string,
  conversationId: string,
  word: { at: Date; personName: string | null; window: { endsAt: Date; left: number } | null },
): Promise<void> {
  const newest = sql<boolean>`${word.at}::timestamptz >= last_at`;
  await tx
    .updateTable('conversations')
    .set({
      person_name: sql<string | null>`coalesce(${word.personName}::text, person_name)`,
      window_ends_at: sql<Date | null>`case when ${newest} then ${word.window?.endsAt ?? null}::timestamptz else window_ends_at end`,
      window_left: sql<
        number | null
      >`case when ${newest} then ${word.window?.left ?? null}::integer else window_left end`,
      last_at: sql<Date>`greatest(last_at, ${word.at}::timestamptz)`,
    })
    .where('bureau_id', '=', bureauId)
    .where('id', '=', conversationId)
    .execute();
}

/** What the platform tells now of comments under one post; unchanged ones are not written. */
export async function noteLikes(
  tx: Tx,
  account: { bureauId: string; accountId: string },
  told: readonly { threadKey: string; likes: number }[],
): Promise<void> {
  if (told.length === 0) return;
  await sql`
    update conversations v set likes = told.likes
    from unnest(
      ${told.map(({ threadKey }) => threadKey)}::text[], ${told.map(({ likes }) => likes)}::integer[]
    ) as told (thread_key, likes)
    where v.bureau_id = ${account.bureauId} and v.account_id = ${account.accountId} and v.kind = 'comment'
      and v.thread_key = told.thread_key and v.likes is distinct from told.likes`.execute(tx);
}

/** The platform takes nothing more for this person: they left, or it said so. */
export async function closeWindows(
  tx: Tx,
  bureauId: string,
  accountId: string,
  personKey: string,
): Promise<void> {
  await tx
    .updateTable('conversations')
    .set({ window_left: 0 })
    .where('bureau_id', '=', bureauId)
    .where('account_id', '=', accountId)
    .where('kind', '=', 'message')
    .where('thread_key', '=', personKey)
    .execute();
}

export async function closeWindow(tx: Tx, bureauId: string, conversationId: string): Promise<void> {
  await tx
    .updateTable('conversations')
    .set({ window_left: 0 })
    .where('bureau_id', '=', bureauId)
    .where('id', '=', conversationId)
    .execute();
}

/** One answer of the window is used, where the platform counts them. */
export async function spendAnswer(tx: Tx, bureauId: string, conversationId: string): Promise<void> {
  await tx
    .updateTable('conversations')
    .set({ window_left: sql<number | null>`greatest(window_left - 1, 0)` })
    .where('bureau_id', '=', bureauId)
    .where('id', '=', conversationId)
    .where('window_left', 'is not', null)
    .execute();
}

/** By the database's clock. */
const windowOpen = sql<boolean>`
  coalesce(window_ends_at > clock_timestamp(), true) and coalesce(window_left > 0, true)`;

export async function findConversation(tx: Tx, bureauId: string, conversationId: string) {
  return tx
    .selectFrom('conversations')
    .selectAll()
    .select(windowOpen.as('window_open'))
    .where('bureau_id', '=', bureauId)
    .where('id', '=', conversationId)
    .executeTakeFirst();
}

export async function listConversations(tx: Tx, bureauId: string, ids: readonly string[]) {
  if (ids.length === 0) return [];
  return tx
    .selectFrom('conversations')
    .selectAll()
    .select(windowOpen.as('window_open'))
    .where('bureau_id', '=', bureauId)
    .where('id', 'in', [...ids])
    .orderBy('created_at')
    .orderBy('id')
    .execute();
}

export async function listMessages(tx: Tx, bureauId: string, conversationIds: readonly string[]) {
  if (conversationIds.length === 0) return [];
  return tx
    .selectFrom('messages')
    .select(['id', 'conversation_id', 'direction', 'text', 'attachment', 'at', 'received_at'])
    .where('bureau_id', '=', bureauId)
    .where('conversation_id', 'in', [...conversationIds])
    .orderBy('at')
    .orderBy('id')
    .execute();
}

/** The newest word of the person in a comment thread: what an answer is addressed to. */
export async function findLastInbound(tx: Tx, bureauId: string, conversationId: string) {
  return tx
    .selectFrom('messages')
    .select(['platform_id', 'text', 'at'])
    .where('bureau_id', '=', bureauId)
    .where('conversation_id', '=', conversationId)
    .where('direction', '=', 'in')
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}
