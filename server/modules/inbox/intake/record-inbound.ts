import { now } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { takeIntoCases } from '../cases/take-in.ts';
import { type ConversationKey, insertMessage, lockConversation, noteInbound } from '../threads/store.ts';

export type Inbound = ConversationKey & {
  deliveryId: string | null;
  /** Unique on the account. */
  platformId: string;
  person: { key: string; name: string | null };
  text: string;
  attachment: { type: string; mediaId: string | null; url: string | null } | null;
  /** Platform time. */
  at: Date;
  /** How long and how often the platform takes an answer; null where it sets no limit. */
  window: { ms: number; messages: number } | null;
};

/**
 * Writes one word of a person into its conversation and its case, in the caller's transaction.
 * @returns false when it was here already; then nothing changed
 */
export async function recordInbound(tx: Tx, inbound: Inbound): Promise<boolean> {
  const { bureauId, accountId, window } = inbound;
  // PostgreSQL's text holds no NUL, and no person types one.
  const text = inbound.text.replaceAll('\u0000', '');
  // A platform whose clock runs ahead must not give the office a later deadline.
  const at = new Date(Math.min(inbound.at.getTime(), now().getTime()));
  const conversation = await lockConversation(tx, inbound, { ...inbound, at });
  const isNew = await insertMessage(tx, {
    bureauId,
    accountId,
    conversationId: conversation.id,
    direction: 'in',
    platformId: inbound.platformId,
    text,
    attachment: inbound.attachment,
    at,
  });
  if (!isNew) return false;
  await noteInbound(tx, bureauId, conversation.id, {
    at,
    personName: inbound.person.name,
    window: window && { endsAt: new Date(at.getTime() + window.ms), left: window.messages },
  });
  await takeIntoCases(tx, {
    bureauId,
    conversationId: conversation.id,
    text,
    attachmentType: inbound.attachment?.type ?? null,
    at,
  });
  return true;
}
