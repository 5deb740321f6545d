/**
 * Words that come through no platform: from the public site, from a hotline's list, from the counter. They become a
 * conversation and a case like any other; how the person is reached is sealed.
 */
import type { App } from '#server/base/app.ts';
import type { Tx } from '#server/base/database.ts';
import { newId } from '#server/base/ids.ts';
import type { CaseChannel, CaseKind } from '#shared/inbox.ts';
import { insertCaseFiles } from '../cases/note-store.ts';
import { phoneKeyOf } from '../threads/phone-key.ts';
import { type ConversationFacts, contactPlace } from '../threads/store.ts';
import { type Recorded, recordInbound } from './record-inbound.ts';

export type OwnChannel = Exclude<CaseChannel, 'message' | 'comment' | 'mention'>;
export type Contact = { name: string; phone: string; address: string };

export type OwnWords = {
  bureauId: string;
  channel: OwnChannel;
  text: string;
  /** Null: by the words. */
  kind: CaseKind | null;
  contact: Contact;
  at: Date;
  /** The same thing told twice has the same key (`12345:GD2026…`); null: every word is a new one. */
  key: string | null;
  facts?: Omit<ConversationFacts, 'contactSealed'>;
  /** Files stored before, shown beside the words. */
  fileIds?: readonly string[];
};

/** @returns null when the key was here already; then nothing changed */
export async function takeOwnWords(app: App, tx: Tx, words: OwnWords): Promise<Recorded | null> {
  const { bureauId, contact, text, at } = words;
  const conversationId = newId();
  const key = words.key ?? conversationId;
  const known = Object.values(contact).some((value) => value !== '');
  const recorded = await recordInbound(tx, {
    ...{ bureauId, text, at, conversationId, accountId: null, deliveryId: null },
    kind: words.channel,
    threadKey: key,
    platformId: `${words.channel}:${key}`,
    // The same telephone is the same person, on whatever way.
    person: { key: phoneKeyOf(app, bureauId, contact.phone) ?? conversationId, name: contact.name || null },
    attachment: null,
    window: null,
    caseKind: words.kind,
    facts: {
      ...words.facts,
      ...(known
        ? { contactSealed: app.sealer.seal(contactPlace(bureauId, conversationId), JSON.stringify(contact)) }
        : {}),
    },
  });
  if (!recorded) return null;
  await insertCaseFiles(tx, bureauId, { messageId: recorded.messageId }, words.fileIds ?? []);
  app.live.changed(tx, bureauId, 'cases');
  return recorded;
}
