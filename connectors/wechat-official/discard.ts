/** Clearing up after a delivery that was cancelled or replaced: its draft must not lie about to be sent by mistake. */
import type { RemotePublish } from '#connectors/contract.ts';
import { doneOrFailure } from './client.ts';
import { deleteDraft, isMissing } from './prepare.ts';

export const discard: NonNullable<RemotePublish['discard']> = async (session, { draftId }) => {
  if (!draftId) return { kind: 'done' };
  const answer = await deleteDraft(session, draftId);
  return isMissing(answer) ? { kind: 'done' } : doneOrFailure(answer);
};
