import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildInstallation, type TestInstallation } from '#tests/support/build-app.ts';
import { approveThroughChain, buildDraft, untilDelivery } from '#tests/support/build-article.ts';

let installation: TestInstallation;
beforeAll(async () => {
  installation = await buildInstallation();
});
afterAll(() => installation?.close());

describe('an approved article', () => {
  test('goes out once to every account, by API, on the own site and as a hand-off', async () => {
    const editor = await installation.as('bianji');
    const draft = await buildDraft(installation, editor);
    await approveThroughChain(installation, editor, draft);
    const wechat = await untilDelivery(editor, draft.articleId, 'wechat-official', ['published']);
    const weibo = await untilDelivery(editor, draft.articleId, 'weibo', ['published']);
    const site = await untilDelivery(editor, draft.articleId, 'site', ['published']);
    const handOff = await untilDelivery(editor, draft.articleId, 'xiaohongshu', ['handed-off']);
    expect([wechat.url, weibo.url, site.url].every((url) => url?.startsWith('http'))).toBe(true);
    expect(handOff.handoffUrl).toContain('/desk/hand-off/');
    const ledger = installation.sandbox.world.ledger.list({ kind: 'post.published' });
    expect(ledger.map((entry) => entry.platform).sort()).toEqual(['wechat-official', 'weibo']);
  });
});
