/** `statuses/destroy`. The platform answers with the post that it deleted; anything else says nothing. */
import type { WithdrawCapability } from '../contract.ts';
import { asksAgain, callAs, failureOf } from './client.ts';
import { apiPath } from './credential.ts';
import { Deleted } from './shapes.ts';

const NO_SUCH_POST = '20101';

export const withdraw: WithdrawCapability = {
  effect: 'delete',
  async withdraw(session, { postId }) {
    if (!postId) return { kind: 'by-hand', code: 'no-post-id' };
    const answer = await callAs(session, {
      method: 'POST',
      path: apiPath(session, 'statuses/destroy'),
      form: { id: postId, rip: session.account.settings.operatorIp ?? '' },
    });
    if (answer.kind === 'refused' && answer.code === NO_SUCH_POST) return { kind: 'withdrawn' };
    if (answer.kind === 'ok') {
      const deleted = Deleted.safeParse(answer.json);
      return deleted.success && deleted.data === postId
        ? { kind: 'withdrawn' }
        : asksAgain('unreadable-deletion');
    }
    // Deleting twice harms nothing. Applications that may only share are told 10014: a person must.
    const failure = failureOf(answer);
    return failure.kind === 'rejected' ? { kind: 'by-hand', code: failure.code } : failure;
  },
};
