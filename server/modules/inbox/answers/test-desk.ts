/** The clerk's side of the tests of answers: receive, answer, look, on one stage. */
import { expect } from 'vitest';
import { planPolls, pollComments } from '#server/modules/inbox/intake/poll-comments.ts';
import { processPushes } from '#server/modules/inbox/intake/process-pushes.ts';
import type { CaseView } from '#shared/inbox.ts';
import { until } from '#tests/support/wait.ts';
import type { InboxStage } from '../test-support.ts';
import { sendReply } from './send-reply.ts';

export const me = 'process-of-this-test';
export type Open = { caseId: string; conversationId: string };
export type ReplyRef = { bureauId: string; id: string };

export async function openDesk(stage: InboxStage) {
  const post = await stage.publish();
  let people = 0;

  async function findCase(text: string): Promise<Open | undefined> {
    const [row] = await stage.query<{ case_id: string; conversation_id: string }>(
      `select l.case_id, l.conversation_id from messages m
       join case_conversations l on l.conversation_id = m.conversation_id where m.text = '${text}'`,
    );
    return row && { caseId: row.case_id, conversationId: row.conversation_id };
  }

  async function poll(): Promise<void> {
    await stage.query('update comment_polls set next_at = now()');
    await planPolls(stage.app);
    await pollComments(stage.app);
  }

  async function look({ caseId }: Open): Promise<CaseView> {
    const { status, body } = await stage.call(stage.bureau.agent, 'GET', `/api/cases/${caseId}`);
    expect(status).toBe(200);
    return body as CaseView;
  }

  return {
    poll,
    look,
    replyOf: async (open: Open) => (await look(open)).conversations[0]!.replies.at(-1)!,
    /** A private message that was pushed and has become a case. */
    async receiveMessage(): Promise<Open> {
      people += 1;
      const text = `第 ${people} 位群众问：养老金怎么领`;
      stage.write(`群众${people}`, text);
      const arrived = async () => {
        await processPushes(stage.app);
        return findCase(text);
      };
      return until(arrived, { what: 'the message becomes a case' });
    },
    /** A comment that was polled and has become a case. */
    async receiveComment(): Promise<Open> {
      people += 1;
      const text = `第 ${people} 条留言：社保卡在哪办`;
      post.comment(`读者${people}`, text);
      await poll();
      return (await findCase(text))!;
    },
    async answer({ caseId, conversationId }: Open, text = `第 ${people} 次答复：带身份证到社保窗口办理`) {
      const body = { conversationId, text };
      const answered = await stage.call(stage.bureau.agent, 'POST', `/api/cases/${caseId}/answers`, body);
      expect(answered.status).toBe(200);
      return { bureauId: stage.bureau.id, id: (answered.body as { replyId: string }).replyId };
    },
    decide: (ref: ReplyRef, verdict: string) =>
      stage.call(stage.bureau.agent, 'POST', `/api/replies/${ref.id}/decision`, {
        verdict,
        evidence: '看过平台后台',
      }),
    wake: (ref: ReplyRef) => stage.query(`update replies set wake_at = now() where id = '${ref.id}'`),
    send: (ref: ReplyRef) => sendReply(stage.app, me, ref),
    /** How often the platform really took a text. */
    taken: (kind: 'message.sent' | 'reply.sent', text: string) =>
      stage.accepted(kind).filter((detail) => detail.text === text || detail.content === text).length,
  };
}
export type Desk = Awaited<ReturnType<typeof openDesk>>;
