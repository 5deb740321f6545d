/** One decision takes a post away everywhere: by interface where there is one, by a person where there is none. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { getHandOff, listTasks, proveHandOff } from '#shared/tasks.ts';
import { listWithdrawals, withdrawArticle } from '#shared/withdrawals.ts';
import { buildInstallation, type TestInstallation } from '#tests/support/build-app.ts';
import { approveThroughChain, buildDraft, untilDelivery } from '#tests/support/build-article.ts';
import { type Client, createClient } from '#tests/support/client.ts';
import { until } from '#tests/support/wait.ts';

let installation: TestInstallation;
let editor: Client;
beforeAll(async () => {
  installation = await buildInstallation();
  editor = await installation.as('bianji');
});
afterAll(() => installation?.close());

const deletedOn = (platform: string) =>
  installation.sandbox.world.ledger.list({ platform, kind: 'post.deleted' }).length;
const order = { reason: '政策表述有误', withinHours: 2 };

async function publish(...platforms: string[]): Promise<string> {
  const draft = await buildDraft(installation, editor, { platforms });
  await approveThroughChain(installation, editor, draft);
  return draft.articleId;
}

describe('the withdrawal of a published article', () => {
  test('deletes it on both platforms that have an interface and asks a person for the third', async () => {
    const articleId = await publish('wechat-official', 'weibo', 'xiaohongshu');
    for (const platform of ['wechat-official', 'weibo'])
      await untilDelivery(editor, articleId, platform, ['published']);
    const { id, handoffUrl } = await untilDelivery(editor, articleId, 'xiaohongshu', ['handed-off']);
    const phone = createClient(installation.url, '');
    await phone.call(proveHandOff, {
      params: { token: handoffUrl!.slice(-22) },
      body: { pasted: 'https://www.xiaohongshu.com/explore/66f1a2b3000000001e03c4d5' },
    });
    await editor.call(withdrawArticle, { params: { articleId }, body: order });
    for (const platform of ['wechat-official', 'weibo']) {
      await untilDelivery(editor, articleId, platform, ['withdrawn']);
      expect(deletedOn(platform), platform).toBe(1);
    }
    const { rows } = await editor.call(listTasks, { query: { subjectId: id } });
    const task = rows.find(({ kind }) => kind === 'withdraw')!;
    expect(task.state).toBe('pending');
    const page = await phone.call(getHandOff, { params: { token: task.url.slice(-22) } });
    expect([page.kind, page.appLink]).toEqual(['withdraw', null]);
    const { rows: ordered } = await editor.call(listWithdrawals, { query: { articleId } });
    expect(ordered[0]!.targets.map(({ state }) => state).toSorted()).toEqual(['by-hand', 'gone', 'gone']);
  });

  test('that the platform does not allow becomes a task by hand, not an end', async () => {
    const articleId = await publish('weibo');
    const { id } = await untilDelivery(editor, articleId, 'weibo', ['published']);
    const before = deletedOn('weibo');
    installation.sandbox.world.faults.arm({
      ...{ platform: 'weibo', path: '/2/statuses/destroy.json', times: 1 },
      fault: {
        ...{ kind: 'status', status: 403, accept: false },
        body: {
          error: 'Insufficient app permissions!',
          error_code: 10014,
          request: '/2/statuses/destroy.json',
        },
      },
    });
    await editor.call(withdrawArticle, { params: { articleId }, body: order });
    await until(
      async () => {
        const { rows } = await editor.call(listTasks, { query: { subjectId: id } });
        return rows.some(({ kind }) => kind === 'withdraw');
      },
      { what: 'a task to take it away by hand' },
    );
    expect(deletedOn('weibo')).toBe(before);
  });
});
