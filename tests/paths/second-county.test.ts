import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAccountSession } from '#server/modules/accounts/index.ts';
import { submitArticle } from '#shared/content.ts';
import { buildInstallation, type TestInstallation } from '#tests/support/build-app.ts';
import { approve, buildDraft, paragraph, untilDelivery } from '#tests/support/build-article.ts';

let installation: TestInstallation;
beforeAll(async () => {
  installation = await buildInstallation();
});
afterAll(() => installation?.close());

describe('the second county of the demonstration', () => {
  test('publishes to each of its accounts right after the start; the platform that wants a video is left out', async () => {
    const editor = await installation.as('st.bianji');
    // One of the platforms refuses articles under two hundred characters.
    const body = [
      paragraph('到龄前三个月就可以申请，社保、医保、公积金一起办，材料齐全的当场受理。'.repeat(7)),
    ];
    const draft = await buildDraft(installation, editor, { class: 'ordinary', body });
    const { reviewId } = await editor.call(submitArticle, {
      params: { articleId: draft.articleId },
      body: { baseRevision: draft.revision },
    });
    for (const login of ['st.chushen', 'st.zhongshen']) await approve(await installation.as(login), reviewId);
    for (const platform of ['mastodon', 'wordpress', 'site'])
      await untilDelivery(editor, draft.articleId, platform, ['published'], 20_000);
    // These two review what they take before anybody sees it.
    for (const platform of ['douyin', 'bilibili'])
      await untilDelivery(editor, draft.articleId, platform, ['pending', 'published'], 20_000);
    const accepted = installation.sandbox.world.ledger.list({ kind: 'publish.accepted' });
    expect(accepted.map(({ platform }) => platform).toSorted()).toEqual(['bilibili', 'douyin']);
    expect(
      installation.sandbox.world.ledger.list({ platform: 'kuaishou', kind: 'publish.accepted' }),
    ).toEqual([]);
  });

  test('is signed in to every one of them', async () => {
    const { app } = installation;
    const rows = await app.database.withWorker((tx) =>
      tx
        .selectFrom('accounts')
        .innerJoin('units', 'units.id', 'accounts.unit_id')
        .select(['accounts.id', 'accounts.bureau_id', 'accounts.platform'])
        .where('units.short_name', '=', '石塘人社')
        .where('accounts.platform', '<>', 'site')
        .execute(),
    );
    expect(rows.map(({ platform }) => platform).toSorted()).toEqual([
      ...['bilibili', 'douyin', 'kuaishou', 'mastodon', 'wordpress'],
    ]);
    for (const { id, bureau_id, platform } of rows) {
      const ids = { bureauId: bureau_id, accountId: id };
      const { session, connector } = await app.database.withWorker((tx) =>
        openAccountSession(app, tx, ids, () => undefined),
      );
      expect([platform, (await connector.probe?.probe(session))?.kind]).toEqual([platform, 'ok']);
    }
  });
});
