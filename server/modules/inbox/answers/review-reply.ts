import { createHash } from 'node:crypto';
import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import type { Tx } from '#server/base/database.ts';
import { openReview } from '#server/modules/review/index.ts';

export const replyKind = 'reply';

type Signed = {
  id: string;
  caseId: string;
  conversationId: string;
  toPlatformId: string | null;
  text: string;
};

/** What a reviewer signs: the very words, and to whom they go. */
export function hashReply(reply: Signed): Buffer {
  const { id, caseId, conversationId, toPlatformId, text } = reply;
  return createHash('sha256')
    .update(JSON.stringify([id, caseId, conversationId, toPlatformId, text]))
    .digest();
}

/** @returns the review that the reply waits for */
export async function openReplyReview(
  app: App,
  tx: Tx,
  actor: Actor,
  reply: Signed & { number: string },
): Promise<string> {
  return openReview(app, tx, actor, {
    ...{ subjectKind: replyKind, subjectId: reply.id, revisionId: reply.id, hash: hashReply(reply) },
    // The number alone: titles of reviews reach robots and mails, and the person's words must not.
    ...{ title: `答复 ${reply.number}`, class: 'answer', notBefore: null, notAfter: null },
  });
}
