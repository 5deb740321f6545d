/** `DELETE /api/v1/statuses/:id`; the instance answers with the status that it deleted. */
import type { WithdrawCapability } from '../contract.ts';
import { asksAgain, call, failureOf } from './client.ts';
import { Deleted } from './shapes.ts';

export const withdraw: WithdrawCapability = {
  effect: 'delete',
  async withdraw(session, { postId }) {
    if (!postId) return { kind: 'by-hand', code: 'no-post-id' };
    const path = `/api/v1/statuses/${encodeURIComponent(postId)}`;
    const answer = await call(session, { method: 'DELETE', path });
    // Gone already: by an earlier call, or by hand.
    const gone = answer.kind === 'refused' && (answer.status === 404 || answer.status === 410);
    if (gone) return { kind: 'withdrawn' };
    if (answer.kind === 'ok') {
      const deleted = Deleted.safeParse(answer.json);
      const ours = deleted.success && deleted.data.id === postId;
      return ours ? { kind: 'withdrawn' } : asksAgain('unreadable-deletion');
    }
    const failure = failureOf(answer);
    return failure.kind === 'rejected' ? { kind: 'by-hand', code: failure.code } : failure;
  },
};
