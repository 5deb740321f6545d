import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#server/base/ids.ts';
import type { CaseChannel, CaseRow, CaseView } from '#shared/inbox.ts';
import { recordInbound } from '../intake/record-inbound.ts';
import { readWeek } from '../talk/week-store.ts';
import { type InboxStage, stageInbox } from '../test-support.ts';
import { isCourtesy } from './classify.ts';
import { isPraise } from './praise.ts';

describe('praise', () => {
  test.each([
    ...[
      '写得好',
      '写得好！',
      '写得真好👍',
      '赞',
      '点赞',
      '赞赞赞',
      '支持',
      '支持支持！',
      '学习了',
      '收到',
      '转发',
      '已转发',
    ],
    ...[
      '👍👍',
      '[赞][赞][赞][玫瑰][玫瑰]',
      '/:rose',
      '谢谢',
      '谢谢小编，辛苦了',
      '太给力了',
      '很实用，收藏了',
      '不错不错',
    ],
    ...['为人社局点赞', '政策真好'],
  ])('is %s', (text) => {
    expect([isPraise(text), isCourtesy(text)]).toEqual([true, true]);
  });

  test.each([
    ...[
      '',
      '。。。',
      '？',
      '写得好？',
      '收到吗',
      '没收到',
      '收到工资了',
      '支持创业',
      '不支持',
      '好的，几号',
      '666',
      '12333',
    ],
    ...[
      '你好',
      '大家好',
      '在吗',
      '写得好，建议多写',
      '写得好，就是没人管',
      '赞，请问电话',
      '谢谢，工资没发',
      '不好',
      '学习班',
    ],
    ...[
      '😡',
      '[怒]',
      '😭😭',
      '[流泪]',
      '/:cry',
      '🆘',
      '[拖欠工资]',
      '点赞点赞点赞点赞点赞点赞点赞',
      '李梅真好',
    ],
  ])('is not %j', (text) => {
    expect(isPraise(text)).toBe(false);
  });
});

describe('what praises and wants nothing', () => {
  let stage: InboxStage;
  beforeAll(async () => {
    stage = await stageInbox();
  }, 60_000);
  afterAll(() => stage.stop());

  async function receive(
    text: string,
    { threadKey = newId(), kind = 'comment' as CaseChannel, picture = false } = {},
  ) {
    const bureauId = stage.bureau.id;
    const accountId = kind === 'ask' ? null : stage.bureau.accountId;
    const recorded = await stage.app.database.withWorker((tx) =>
      recordInbound(tx, {
        ...{
          bureauId,
          accountId,
          kind,
          threadKey,
          deliveryId: null,
          platformId: newId(),
          text,
          at: new Date(),
        },
        ...{ person: { key: threadKey, name: '读者' }, window: null },
        attachment: picture ? { type: 'image', mediaId: null, url: null } : null,
      }),
    );
    return recorded!.caseId;
  }
  const look = async (caseId: string) =>
    (await stage.call(stage.bureau.agent, 'GET', `/api/cases/${caseId}`)).body as CaseView;
  const open = async () =>
    ((await stage.call(stage.bureau.agent, 'GET', '/api/cases?state=open')).body as { rows: CaseRow[] }).rows;

  test('stands in its thread and in the numbers, and waits for nobody', async () => {
    const week = () =>
      stage.app.database.withWorker((tx) =>
        readWeek(tx, stage.bureau.id, new Date(Date.now() - 86_400_000), new Date(Date.now() + 60_000)),
      );
    const before = await week();
    const caseId = await receive('写得好！');
    const view = await look(caseId);
    expect(view).toMatchObject({ state: 'closed', kind: 'thanks', outcome: 'no-answer', ownerId: null });
    expect(view).toMatchObject({ unitId: null, overdue: false, workingDaysLeft: null });
    expect(view.conversations[0]!.messages).toMatchObject([{ direction: 'in', text: '写得好！' }]);
    expect(view.events.map(({ event }) => event)).toEqual(['received', 'classified', 'closed']);
    expect((await open()).map(({ id }) => id)).not.toContain(caseId);
    const after = await week();
    expect(after.received - before.received).toBe(1);
    expect([after.overdue, after.answered]).toEqual([before.overdue, before.answered]);
    expect(after.byKind).toContainEqual({ kind: 'thanks', count: 1 });
  });

  test('said twice it is one case, and a question after it is a case of its own', async () => {
    const threadKey = newId();
    const first = await receive('学习了', { threadKey });
    expect(await receive('支持', { threadKey })).toBe(first);
    expect((await look(first)).events.map(({ event }) => event)).toContain('thanked');
    const asked = await receive('失业金怎么领', { threadKey });
    expect(asked).not.toBe(first);
    expect(await look(asked)).toMatchObject({ state: 'open', kind: 'consult' });
  });

  test('joins the question that was asked before it', async () => {
    const threadKey = newId();
    const asked = await receive('失业金怎么领', { threadKey });
    expect(await receive('谢谢', { threadKey })).toBe(asked);
    expect((await look(asked)).state).toBe('open');
  });

  test('after an answer opens nothing again', async () => {
    const threadKey = newId();
    const asked = await receive('养老金怎么领', { threadKey });
    await stage.query(`update cases set state = 'answered', answered_at = now() where id = '${asked}'`);
    expect(await receive('写得好', { threadKey })).toBe(asked);
    expect((await look(asked)).state).toBe('answered');
  });

  test.each([
    ['with a picture, which may be a question', '赞', { picture: true }],
    ['with another word', '支持创业', {}],
    ['with a question mark', '写得好？', {}],
    ['on the site, where people write to be answered', '支持', { kind: 'ask' as CaseChannel }],
  ])('%s is a case that runs', async (_, text, how) => {
    const view = await look(await receive(text, how));
    expect(view.state).toBe('open');
    expect(view.dueAt).not.toBeNull();
  });
});
