import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CommentAction, PlatformIds } from '#connectors/contract.ts';
import { writeComment } from '#sandbox/wechat-official/comments.ts';
import { knownIds, stageWechat, WECHAT_APP_ID, type WechatStage } from '#tests/support/wechat-stage.ts';
import { actionFor } from './actions.ts';
import { documentedCodes, explain, meaningOf } from './codes.ts';
import { wechatOfficial } from './connector.ts';

const { comments, moderation } = wechatOfficial;
if (!comments?.setOpen || !moderation) throw new Error('capabilities');
const { setOpen } = comments;

let stage: WechatStage;
beforeEach(async () => {
  stage = await stageWechat();
});
afterEach(() => stage.stop());

async function commented(): Promise<{ ids: PlatformIds; commentId: string; page: string }> {
  const payload = stage.build({ openComments: true });
  const prepared = await stage.prepare(payload);
  const ids = knownIds(prepared, await stage.submit(payload, prepared));
  stage.advance(60_000);
  const { msgDataId = '' } = ids;
  const given = { msgDataId, index: 0, openid: 'oReader', nickname: '老李', content: '材料要原件吗？' };
  const { id } = writeComment(stage.sandbox.world, stage.account(), given);
  const page = `${stage.sandbox.url}/sandbox/wechat-official/a/${WECHAT_APP_ID}/posts/${msgDataId}-0`;
  return { ids, commentId: `${msgDataId}_0_${id}`, page };
}

const show = async (page: string): Promise<string> => (await fetch(page)).text();

describe('a comment', () => {
  test('is elected and not elected again, and readers see it', async () => {
    const { ids, commentId, page } = await commented();
    for (const action of ['elect', 'elect'] as const) {
      expect(await moderation.act(stage.session, ids, commentId, action)).toEqual({ kind: 'done' });
    }
    expect(await show(page)).toContain('data-testid="elected"');
    for (const action of ['unelect', 'unelect'] as const) {
      expect(await moderation.act(stage.session, ids, commentId, action)).toEqual({ kind: 'done' });
    }
    expect(await show(page)).not.toContain('data-testid="elected"');
  });

  test('loses its reply, then itself; what is gone already is done', async () => {
    const { ids, commentId, page } = await commented();
    expect((await comments.reply(stage.session, ids, commentId, '要原件。')).kind).toBe('sent');
    expect(await show(page)).toContain('要原件。');
    for (const action of [
      'delete-reply',
      'delete-reply',
      'delete',
      'delete',
      'delete-reply',
      'unelect',
    ] as const) {
      expect(await moderation.act(stage.session, ids, commentId, action), action).toEqual({ kind: 'done' });
    }
    expect(await show(page)).not.toContain('材料要原件吗？');
    expect(stage.ledger('comment.deleted')).toHaveLength(1);
    expect(await moderation.act(stage.session, ids, commentId, 'elect')).toMatchObject({ kind: 'rejected' });
  });

  test.each<CommentAction>(['elect', 'unelect', 'delete', 'delete-reply'])(
    'survives a lost answer of %s: it is asked again',
    async (action) => {
      const { ids, commentId } = await commented();
      stage.arm('/cgi-bin/comment/', { kind: 'lose-answer', accept: true });
      expect((await moderation.act(stage.session, ids, commentId, action)).kind).toBe('retry-later');
      expect(await moderation.act(stage.session, ids, commentId, action)).toEqual({ kind: 'done' });
    },
  );

  test('cannot be elected beyond the platform’s figure, in words', async () => {
    const { ids, commentId } = await commented();
    stage.arm('/cgi-bin/comment/markelect', { kind: 'answer', body: { errcode: 88003, errmsg: 'limit' } });
    expect(await moderation.act(stage.session, ids, commentId, 'elect')).toMatchObject({
      ...{ kind: 'rejected', code: '88003', reason: expect.stringContaining('请先取消几条精选') },
    });
  });

  test('of another article is not touched', async () => {
    const { ids } = await commented();
    expect(await moderation.act(stage.session, ids, '1_0_2', 'delete')).toMatchObject({
      ...{ kind: 'rejected', code: 'comment-id' },
    });
  });
});

test('commenting is closed and opened', async () => {
  const { ids, page } = await commented();
  for (const open of [false, false])
    expect(await setOpen(stage.session, ids, open)).toEqual({ kind: 'done' });
  expect(await show(page)).toContain('没有开放留言');
  expect(await setOpen(stage.session, ids, true)).toEqual({ kind: 'done' });
  expect(await show(page)).toContain('材料要原件吗？');
});

test('every documented code says what happened and what to do, in both languages', () => {
  const documented = [
    ...[
      -1, 268487001, 268487002, 40001, 40014, 42001, 40013, 40125, 41002, 41004, 40164, 89503, 89506, 89507,
    ],
    ...[40243, 50004, 50007, 45009, 45011, 48001, 48004, 40007, 44003, 45166, 47001, 41039, 40114],
    ...[53404, 53405, 53406, 53503, 53504, 53505, 53600, 45015, 45047, 45028, 45065, 45066, 45067],
    ...[
      89504, 89505, 40130, 48021, 48022, 45113, 88000, 88001, 88002, 88003, 88004, 88005, 88007, 88008, 88010,
    ],
    ...[61500, 61501, 61503, 47009, 48006, 40033],
  ];
  expect(documented.filter((code) => !meaningOf(code))).toEqual([]);
  for (const code of documentedCodes) {
    const action = actionFor(code, meaningOf(code)!.kind);
    expect(action.zh, String(code)).toMatch(/请|系统|不用|可以/);
    expect(action.en.length, String(code)).toBeGreaterThan(5);
    expect(explain(code, 'rid: 1')).toContain(action.zh);
  }
});
