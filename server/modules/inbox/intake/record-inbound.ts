import type { InboundAttachment } from '#connectors/contract.ts';
import { now } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { withoutNul } from '#server/base/text/without-nul.ts';
import type { CaseChannel, CaseKind } from '#shared/inbox.ts';
import { takeIntoCases } from '../cases/take-in.ts';
import {
  type ConversationFacts,
  type ConversationKey,
  insertMessage,
  lockConversation,
  noteInbound,
} from '../threads/store.ts';

export type Inbound = ConversationKey & {
  kind: CaseChannel;
  deliveryId: string | null;
  /** Unique on the account; on the bureau where there is none. */
  platformId: string;
  person: { key: string; name: string | null };
  text: string;
  attachment: InboundAttachment | null;
  /** Platform time. */
  at: Date;
  /** How long and how often the platform takes an answer; null where it sets no limit. */
  window: { ms: number; messages: number } | null;
  /** What came with it outside the platforms: contact, page, receipt, the sender's number. */
  facts?: ConversationFacts | undefined;
  /** Made by the caller, where something is sealed at the conversation's place. */
  conversationId?: string | undefined;
  /** Set by whoever took it in; absent: by the words. */
  caseKind?: CaseKind | null;
};

export type Recorded = {
  conversationId: string;
  messageId: string;
  caseId: string;
  /** It said 不满意 of an answer, and the case is open again. */
  unsatisfied: boolean;
};

/**
 * Writes one word of a person into its conversation and its case, in the caller's transaction.
 * @returns null when it was here already; then nothing changed
 */
export async function recordInbound(tx: Tx, given: Inbound): Promise<Recorded | null> {
  const inbound = withoutNul(given);
  const { bureauId, accountId, window, text } = inbound;
  // A platform whose clock runs ahead must not give the office a later deadline.
  const at = new Date(Math.min(inbound.at.getTime(), now().getTime()));
  const conversation = await lockConversation(tx, inbound, { ...inbound, id: inbound.conversationId, at });
  const messageId = await insertMessage(tx, {
    bureauId,
    accountId,
    conversationId: conversation.id,
    direction: 'in',
    platformId: inbound.platformId,
    text,
    attachment: inbound.attachment,
    at,
  });
  if (messageId === null) return null;
  await noteInbound(tx, bureauId, conversation.id, {
    at,
    personName: inbound.person.name,
    window: window && { endsAt: new Date(at.getTime() + window.ms), left: window.messages },
  });
  const { caseId, unsatisfied = false } = await takeIntoCases(tx, {
    ...{ bureauId, accountId, channel: inbound.kind, conversationId: conversation.id, text, at },
    names: [inbound.person.name, inbound.facts?.sourceNumber, inbound.facts?.receipt]
      .filter(Boolean)
      .join('\n'),
    kind: inbound.caseKind ?? null,
    attachmentType: inbound.attachment?.type ?? null,
  });
  return { conversationId: conversation.id, messageId, caseId, unsatisfied };
}
