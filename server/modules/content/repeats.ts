import { fromWallTime } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import type { Target } from '#shared/content.ts';
import { PackagePayload } from '#shared/package.ts';
import { findAlike, type Post } from './alike.ts';
import type { ComposedVariant } from './compose.ts';
import { listRecentPackages } from './store.ts';

const days = 3;

export type Composed = {
  account: { id: string; name: string; platform: string };
  target: Target;
  composed: Pick<ComposedVariant, 'connector' | 'content'>;
};

/** Nearly the same words on several accounts of one platform, by account. The own site is one page and no account. */
export async function findRepeats(
  tx: Tx,
  bureauId: string,
  articleId: string,
  variants: readonly Composed[],
) {
  const outside = variants.filter(({ composed }) => composed.connector.publish.kind !== 'local');
  if (outside.length === 0) return new Map<string, never[]>();
  const posts = outside.map(
    ({ account, target, composed: { content } }): Post => ({
      ...{ accountId: account.id, accountName: account.name, platform: account.platform, article: null },
      text: `${content.title ?? ''}${content.body.value}`,
      at: target.plannedWall ? fromWallTime(target.plannedWall).getTime() : null,
    }),
  );
  const recent = (await listRecentPackages(tx, bureauId, articleId, days)).map((row): Post => {
    const payload = PackagePayload.parse(JSON.parse(row.payload));
    return {
      ...{ accountId: row.account_id, accountName: row.account_name, platform: row.platform },
      ...{ article: row.title, text: `${payload.title ?? ''}${payload.body.value}`, at: null },
    };
  });
  return findAlike(posts, recent);
}
