import type { WithdrawCapability } from '../contract.ts';
import { call, failureOf } from './client.ts';

/** Gone already, by whomever. */
const GONE: readonly string[] = ['127107', '127124'];

/** Videos are deleted for good. How articles are deleted stands in no document that could be read: by hand. */
export const withdraw: WithdrawCapability = {
  effect: 'delete',
  async withdraw(session, { resourceId }) {
    if (!resourceId) return { kind: 'by-hand', code: 'article' };
    const answer = await call(session, {
      method: 'POST',
      path: '/arcopen/fn/archive/delete',
      json: { resource_id: resourceId },
    });
    if (answer.kind === 'ok') return { kind: 'withdrawn' };
    if (answer.kind === 'refused' && GONE.includes(answer.code)) return { kind: 'withdrawn' };
    // Deleting may be repeated, so that an unclear answer is asked again.
    const failure = failureOf(answer);
    return failure.kind === 'rejected' ? { kind: 'by-hand', code: failure.code } : failure;
  },
};
