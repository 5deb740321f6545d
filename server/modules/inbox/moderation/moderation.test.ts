import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CommentCheck } from '#shared/comment-checks.ts';
import { openDesk } from '../answers/test-desk.ts';
import { type InboxStage, stageInbox } from '../test-support.ts';
import { actOnComments } from './act.ts';
import { findBadWords } from './moderate.ts';

let stage: InboxStage;
let post: Awaited<ReturnType<InboxStage['publish']>>;
let poll: () => Promise<void>;
beforeAll(async () => {
  stage = await stageInbox();
  post = await stage.publish();
  poll = (await openDesk(stage)).poll;
}, 60_000);
afterAll(() => stage.stop());

type Page = { rows: CommentCheck[]; open: number };
const list = async (query = '') =>
  (await stage.call(stage.bureau.agent, 'GET', `/api/comment-checks${query}`)).body as Page;
const decide = (id: string, verdict: object) =>
  stage.call(stage.bureau.agent, 'POST', `/api/comment-checks/${id}/decision`, {
    verdict,
    reason: '违规广告',
  });

async function flagged(text: string): Promise<CommentCheck> {
  post.comment('某网友', text);
  await poll();
  return (await list()).rows.find((row) => row.text === text)!;
}

describe('a comment with a bad word', () => {
  test('waits to be looked at, with the words that were found', async () => {
    const check = await flagged('刷单日赚三百');
    expect(check).toMatchObject({ state: 'open', foundBy: 'words', words: ['刷单'] });
    expect(check.caseId).not.toBeNull();
    expect(check.actions).toContain('delete');
  });

  test('is deleted on the platform once a person decides so', async () => {
    const check = await flagged('兼职日结 加我');
    expect((await decide(check.id, { kind: 'act', action: 'delete' })).status).toBe(200);
    expect((await list('?state=acting')).rows.map(({ id }) => id)).toContain(check.id);
    while ((await actOnComments(stage.app)) > 0);
    const [done] = (await list('?state=done')).rows;
    expect(done).toMatchObject({
      id: check.id,
      action: 'delete',
      reason: '违规广告',
      decidedByName: 'A-agent',
    });
    expect((await decide(check.id, { kind: 'keep' })).status).toBe(409);
  });

  test('is kept when it was harmless, and the list forgets it', async () => {
    const check = await flagged('请问代开发票是不是骗子');
    await decide(check.id, { kind: 'keep' });
    expect((await list('?state=open')).rows.map(({ id }) => id)).not.toContain(check.id);
  });

  test('stays with the action under way while the platform is busy, and is done later', async () => {
    const check = await flagged('套现找我');
    await decide(check.id, { kind: 'act', action: 'delete' });
    stage.arm('/cgi-bin/comment/delete', { kind: 'lose-answer', accept: true });
    await actOnComments(stage.app);
    await stage.query('delete from call_holds');
    await stage.query(
      `update comment_checks set wake_at = now() where id = '${check.id}' and state = 'acting'`,
    );
    while ((await actOnComments(stage.app)) > 0);
    expect((await list('?state=done')).rows.map(({ id }) => id)).toContain(check.id);
  });
});

test('a comment without one is put on the list by hand, and only a comment is', async () => {
  post.comment('老李', '这条很好，想精选');
  await poll();
  const [comment] = await stage.query<{ id: string }>(
    `select v.id from conversations v join messages m on m.conversation_id = v.id where m.text = '这条很好，想精选'`,
  );
  const path = (id: string) => `/api/conversations/${id}/comment-checks`;
  const body = { action: 'elect', reason: '有代表性' };
  expect((await stage.call(stage.bureau.agent, 'POST', path(comment!.id), body)).status).toBe(200);
  while ((await actOnComments(stage.app)) > 0);
  expect((await list('?state=done')).rows[0]).toMatchObject({ action: 'elect', foundBy: 'hand' });
});

test.each([
  ['加 好 友 返 利', ['加好友返利']],
  ['ＷＸ刷*单', ['刷单']],
  ['请问社保怎么交', []],
])('bad words in “%s”: %j', (text, expected) => {
  expect(findBadWords(text, ['加好友返利', '刷单'])).toEqual(expected);
});

describe('what is offered', () => {
  const offered = async (id: string) => (await list()).rows.find((row) => row.id === id)!.actions;

  test('for a new comment is neither to take back what was not done', async () => {
    expect((await flagged('刷单办社保')).actions.toSorted()).toEqual(['delete', 'elect']);
  });

  test('is to end the featuring of what was featured, and to feature it again after', async () => {
    const first = await flagged('套现退休金');
    const next = async (id: string, action: string) => {
      await decide(id, { kind: 'act', action });
      while ((await actOnComments(stage.app)) > 0);
      const body = { action: null, reason: '再看一次' };
      const path = `/api/conversations/${first.conversationId}/comment-checks`;
      return (await stage.call(stage.bureau.agent, 'POST', path, body)).body as { checkId: string };
    };
    const { checkId } = await next(first.id, 'elect');
    expect((await offered(checkId)).toSorted()).toEqual(['delete', 'unelect']);
    const { checkId: third } = await next(checkId, 'unelect');
    expect((await offered(third)).toSorted()).toEqual(['delete', 'elect']);
  });

  test('is to delete our answer while one stands there', async () => {
    const check = await flagged('刷单返现加群');
    await stage.query(
      `insert into messages (bureau_id, id, conversation_id, account_id, direction, platform_id, text, at)
       select bureau_id, gen_random_uuid(), conversation_id, account_id, 'out', 'reply:' || id, '请勿上当', now()
       from comment_checks where id = '${check.id}'`,
    );
    expect(await offered(check.id)).toContain('delete-reply');
    await stage.query(
      `insert into comment_checks (bureau_id, id, conversation_id, account_id, delivery_id, comment_id, text, found_by, words, state, action, decided_at)
       select bureau_id, gen_random_uuid(), conversation_id, account_id, delivery_id, comment_id, text, 'hand', '{}', 'done', 'delete-reply', clock_timestamp()
       from comment_checks where id = '${check.id}'`,
    );
    expect(await offered(check.id)).not.toContain('delete-reply');
  });
});
