/** A question, or a mistake found on a page, from the public site: no account is needed, a receipt is given. */

import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { now } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { takeProof } from '#server/base/guard/proof.ts';
import { maskAddress, spend } from '#server/base/guard/rate.ts';
import { newCode, newId } from '#server/base/ids.ts';
import { keepPicture, type ReadPicture, readPicture } from '#server/modules/content/index.ts';
import { looksLikePhone } from '#shared/phone.ts';
import { insertCaseFiles } from '../cases/note-store.ts';
import { findCaseOfConversation } from '../cases/store.ts';
import { recordInbound } from '../intake/record-inbound.ts';
import { phoneKeyOf } from '../threads/phone-key.ts';
import { contactPlace } from '../threads/store.ts';
import { demandLength } from './limits.ts';
import { codeOf, digestOf, hashCode, receiptLength } from './receipt-code.ts';
import { findAskByKey } from './store.ts';

export type Ask = {
  bureauId: string;
  /** Of the form (a UUID made when it was shown): sent twice, it is one question. */
  key: string;
  channel: 'ask' | 'error-report';
  text: string;
  place: string | null;
  /** Path of the page that has the mistake. */
  page: string | null;
  name: string | null;
  phone: string | null;
  mayPublish: boolean;
  pictures: readonly { bytes: Buffer; name: string }[];
  /** Address of the sender, for counting only; it is not kept. */
  from: string;
  proof: string | undefined;
};

export type Receipt = { receipt: string; code: string };
/** With the day by which it is answered; null where the calendar says nothing. */
export type GivenReceipt = Receipt & { dueAt: Date | null };

const hour = 3_600_000;
/** With a proof of work, and without one (no script): a family at home, an office behind one address. */
const proven = { purpose: 'ask', limit: 12, windowMs: hour };
const unproven = { purpose: 'ask-plain', limit: 3, windowMs: hour };
/** A whole bureau at once: what people could never do, a flood does. */
const wholeBureau = { purpose: 'ask-bureau', limit: 600, windowMs: hour };

/**
 * @throws {AppError} text-too-short, text-too-long, phone-odd, picture-refused, too-many-tries; what was written stays in the
 *   sender's form
 */
export async function submitAsk(app: App, given: Ask): Promise<GivenReceipt> {
  demandLength(given.text);
  // The same form sent twice is one question; other words from it are another, and lost by nobody.
  const ask = { ...given, key: `${given.key}:${digestOf(wordsOf(given))}` };
  if (ask.phone && !looksLikePhone(ask.phone)) throw new AppError('phone-odd');
  const known = await app.database.withWorker(async (tx) => {
    const found = await findAskByKey(tx, ask.bureauId, ask.key);
    // Counted apart: a question that is refused for its picture has cost a try all the same.
    if (!found) await guard(app, tx, ask);
    return found;
  });
  if (known) return app.database.withWorker((tx) => receiptOf(app, tx, ask.bureauId, known));
  // One after the other: three phones' pictures at once are a lot of memory.
  const pictures: { picture: ReadPicture; name: string }[] = [];
  for (const sent of ask.pictures) pictures.push({ picture: await readSent(sent), name: sent.name });
  return app.database.withVisitor(async (tx) => {
    const conversationId = newId();
    const receipt = newCode(receiptLength);
    const code = codeOf(app, conversationId);
    const phoneKey = ask.phone ? phoneKeyOf(app, ask.bureauId, ask.phone) : null;
    const recorded = await recordInbound(tx, {
      ...{ bureauId: ask.bureauId, accountId: null, kind: ask.channel, deliveryId: null, conversationId },
      threadKey: ask.key,
      platformId: `ask:${ask.key}`,
      person: { key: `site:${ask.key}`, name: ask.name },
      text: wordsOf(ask),
      attachment: ask.pictures.length > 0 ? { type: 'image', mediaId: null, url: null } : null,
      at: now(),
      window: null,
      facts: {
        ...{ receipt, receiptCodeHash: hashCode(app, receipt, code), mayPublish: ask.mayPublish },
        ...(ask.page ? { pageUrl: ask.page } : {}),
        ...(phoneKey ? { phoneKey } : {}),
        ...(ask.name || ask.phone ? { contactSealed: sealContact(app, ask, conversationId) } : {}),
      },
    });
    // Sent twice at once: the other was first, and both are shown the same receipt.
    if (!recorded) {
      const first = await findAskByKey(tx, ask.bureauId, ask.key);
      if (!first) throw new Error('what is recorded already is found by its key');
      return receiptOf(app, tx, ask.bureauId, first);
    }
    await keepPictures(app, tx, ask, recorded.messageId, pictures);
    app.live.changed(tx, ask.bureauId, 'cases');
    return receiptOf(app, tx, ask.bureauId, { id: conversationId, receipt });
  });
}

const wordsOf = ({ text, place }: Ask): string => (place ? `${text}\n地点：${place}` : text);

/** @throws {AppError} picture-refused, which names it: of three it may be any */
async function readSent({ bytes, name }: Ask['pictures'][number]): Promise<ReadPicture> {
  try {
    return await readPicture(bytes);
  } catch (error) {
    if (error instanceof AppError && error.code === 'file-type-refused')
      throw new AppError('picture-refused', { name }, error);
    throw error;
  }
}

async function receiptOf(
  app: App,
  tx: Tx,
  bureauId: string,
  { id, receipt }: { id: string; receipt: string },
): Promise<GivenReceipt> {
  const found = await findCaseOfConversation(tx, bureauId, id);
  return { receipt, code: codeOf(app, id), dueAt: found?.due_at ?? null };
}

/** Encoded anew, so that what the camera wrote into them is gone. */
async function keepPictures(
  app: App,
  tx: Tx,
  ask: Ask,
  messageId: string,
  pictures: readonly { picture: ReadPicture; name: string }[],
): Promise<void> {
  const fileIds: string[] = [];
  for (const { picture, name } of pictures) {
    const from = { bureauId: ask.bureauId, personId: null, name, shelf: 'inbox' } as const;
    fileIds.push((await keepPicture(app, tx, picture, from)).id);
  }
  await insertCaseFiles(tx, ask.bureauId, { messageId }, fileIds);
}

async function guard(app: App, tx: Tx, ask: Ask): Promise<void> {
  const address = maskAddress(app, ask.from);
  await spend(tx, address, (await takeProof(app, tx, ask.proof)) ? proven : unproven);
  await spend(tx, ask.bureauId, wholeBureau);
}

function sealContact(app: App, { bureauId, name, phone }: Ask, conversationId: string): Buffer {
  const contact = { name, phone, address: null };
  return app.sealer.seal(contactPlace(bureauId, conversationId), JSON.stringify(contact));
}
