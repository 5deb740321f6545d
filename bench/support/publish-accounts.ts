/** Accounts of the publishing benches and of the random kills: on our side and on the stand-ins'. */
import { systemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { newId } from '#server/base/ids.ts';
import { createAccountIn } from '#server/modules/accounts/index.ts';
import type { BenchPlatform } from './publish-platforms.ts';
import type { BenchAccount } from './publish-recipes.ts';

export type StagedAccount = { id: string; bureauId: string; platform: BenchPlatform; account: BenchAccount };

/** Bureaus with one account on each platform, known to the stand-ins too. */
export async function stageAccounts(
  app: App,
  platforms: readonly BenchPlatform[],
  count: number,
  where: {
    /** Where the API of a platform's stand-in begins. */
    platformUrl(platform: string): string;
    publicUrl: string;
    /** Settings of the stand-ins' own, by platform. */
    more?: Readonly<Record<string, Record<string, unknown>>>;
  },
): Promise<StagedAccount[]> {
  const staged: StagedAccount[] = [];
  const boundDomain = new URL(where.publicUrl).hostname;
  await app.database.withWorker(async (tx) => {
    let bureauId = '';
    for (let number = 0; number < count; number += 1) {
      const platform = platforms[number % platforms.length]!;
      if (number % platforms.length === 0) {
        bureauId = newId();
        const name = `压测${number}县人社局`;
        await tx
          .insertInto('units')
          .values({
            ...{ bureau_id: bureauId, id: bureauId, kind: 'bureau', level: 'county' },
            ...{ name, short_name: name, path: `/${bureauId}/` },
          })
          .execute();
      }
      const account = platform.recipe.account(number, boundDomain);
      const { id } = await createAccountIn(app, tx, systemActor(bureauId), {
        ...{ platform: platform.id, name: `压测账号${number}`, unitId: bureauId },
        ...{ settings: account.settings, secrets: account.secrets },
      });
      staged.push({ id, bureauId, platform, account });
    }
  });
  for (const { platform, account } of staged) {
    // `_control` stands beside the platforms.
    const control = where.platformUrl(platform.id).replace(/\/([^/]+)$/, '/_control/$1');
    const answer = await fetch(`${control}/accounts/${account.standIn.id}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...account.standIn.body, ...where.more?.[platform.id] }),
    });
    if (!answer.ok) throw new Error(`the stand-in refused the account: ${await answer.text()}`);
  }
  return staged;
}
