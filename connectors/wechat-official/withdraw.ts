/** Taking a post away again: by its article id where it was published, by its message id where it was mass-sent. */
import type {
  AccountSession,
  PlatformIds,
  WithdrawCapability,
  WithdrawOutcome,
} from '#connectors/contract.ts';
import { type Answer, call, doneOrFailure } from './client.ts';
import { publicationOutcome } from './publish.ts';

/**
 * Counted from 1. A delivery is a draft of exactly one article, so 1 is that article and nothing else; the platform
 * takes a missing or zero index as "all of them", which is why it is never computed.
 */
const FIRST_ARTICLE = 1;
const NO_SUCH_ARTICLE = 53600;

export const withdraw: WithdrawCapability = {
  effect: 'delete',
  async withdraw(session, ids) {
    if (ids.msgId) return withdrawMassSend(session, ids.msgId);
    if (ids.articleId) return withdrawArticle(session, ids.articleId);
    return ids.publishId ? withdrawByJob(session, ids) : { kind: 'by-hand', code: 'no-article-id' };
  },
};

async function withdrawArticle(session: AccountSession, articleId: string): Promise<WithdrawOutcome> {
  const answer = await call(session, {
    method: 'POST',
    path: '/cgi-bin/freepublish/delete',
    json: { article_id: articleId, index: FIRST_ARTICLE },
  });
  // Gone already: by an earlier call whose answer was lost, or by hand.
  if (answer.kind === 'refused' && answer.code === NO_SUCH_ARTICLE) return { kind: 'withdrawn' };
  return withdrawn(answer);
}

/** The job of the publication knows the article's id, or that everything was deleted already. */
async function withdrawByJob(session: AccountSession, ids: PlatformIds): Promise<WithdrawOutcome> {
  const job = await call(session, {
    method: 'POST',
    path: '/cgi-bin/freepublish/get',
    json: { publish_id: ids.publishId },
  });
  if (job.kind !== 'ok') return withdrawn(job);
  const outcome = publicationOutcome(job.body, ids);
  if (outcome.kind === 'published' && outcome.ids.articleId) {
    return withdrawArticle(session, outcome.ids.articleId);
  }
  // 2 to 4 never went out, 5 was deleted by the account, 6 by the platform: nobody can read it.
  return outcome.kind === 'rejected' ? { kind: 'withdrawn' } : { kind: 'by-hand', code: 'no-article-id' };
}

/** Followers keep the card of a mass send; what it leads to is gone. */
async function withdrawMassSend(session: AccountSession, msgId: string): Promise<WithdrawOutcome> {
  const answer = await call(session, {
    method: 'POST',
    path: '/cgi-bin/message/mass/delete',
    json: { msg_id: msgId, article_idx: FIRST_ARTICLE },
  });
  if (answer.kind !== 'refused') return withdrawn(answer);
  const outcome = withdrawn(answer);
  if (outcome.kind !== 'by-hand') return outcome;
  // No document names a code for "deleted already"; the state of the send does.
  const state = await call(session, {
    method: 'POST',
    path: '/cgi-bin/message/mass/get',
    json: { msg_id: msgId },
  });
  const deleted = state.kind === 'ok' && /^DELETED?$/i.test(String(state.body.msg_status ?? '').trim());
  return deleted ? { kind: 'withdrawn' } : outcome;
}

/** Deleting twice harms nothing, so what is not known is simply done again. */
function withdrawn(answer: Answer): WithdrawOutcome {
  const failure = doneOrFailure(answer);
  if (failure.kind === 'done') return { kind: 'withdrawn' };
  return failure.kind === 'rejected' ? { kind: 'by-hand', code: failure.code } : failure;
}
