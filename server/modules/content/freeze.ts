import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { canonicalJson, sha256 } from '#server/base/canonical.ts';
import type { Tx } from '#server/base/database.ts';
import { newId, newToken } from '#server/base/ids.ts';
import { listAccountRows, modeOf } from '#server/modules/accounts/index.ts';
import type { Target } from '#shared/content.ts';
import { PackagePayload } from '#shared/package.ts';
import { buildMaster, composeVariant, inspectArticle } from './compose.ts';
import { listFileIds } from './file-ids.ts';
import { setFileUses } from './media/store.ts';
import { type Composed, findRepeats } from './repeats.ts';
import { type ArticleRecord, insertPackage, insertVersion, setArticleState } from './store.ts';
import { shortLinkOf } from './variants.ts';

export type FrozenVersion = {
  versionId: string;
  number: number;
  /** sha256 over the packages' hashes in account order: what the reviewers sign. */
  hash: Buffer;
  packages: { id: string; accountId: string; hash: Buffer; target: Target }[];
};

/**
 * Cuts a version from the working copy and freezes one package an account. From here on nothing renders again: the
 * payload's canonical JSON is stored as text, hashed, reviewed and sent.
 * @throws {AppError} targets-empty, article-problems
 */
export async function freezeArticle(
  app: App,
  tx: Tx,
  actor: Actor,
  article: ArticleRecord,
): Promise<FrozenVersion> {
  if (article.targets.length === 0) throw new AppError('targets-empty');
  // Two packages for one account would be two posts on it.
  if (new Set(article.targets.map((target) => target.accountId)).size < article.targets.length)
    throw new AppError('input-invalid', { problem: '同一账号被选了两次 / an account is chosen twice' });
  const master = await buildMaster(tx, actor.bureauId, article.working, article.targets);
  const accounts = new Map(
    (await listAccountRows(tx, actor.bureauId)).map((account) => [account.id, account]),
  );
  const problems = inspectArticle(article.working, master.text);
  const versionId = newId();
  const variants: Composed[] = [];
  const drafts: { id: string; target: Target; payload: string; hash: Buffer; token: string }[] = [];
  for (const target of article.targets.toSorted((a, b) => (a.accountId < b.accountId ? -1 : 1))) {
    const account = accounts.get(target.accountId);
    if (!account || account.state === 'closed') {
      throw new AppError('input-invalid', {
        problem: '所选账号已关停，请取消勾选 / a chosen account is closed, take it out',
      });
    }
    const token = newToken();
    const composed = composeVariant(master, account, target, shortLinkOf(app, token));
    problems.push(...composed.problems);
    variants.push({ account, target, composed });
    const payload = canonicalJson(
      PackagePayload.parse({
        ...composed.content,
        format: 1,
        platform: account.platform,
        accountId: account.id,
        mode: modeOf(composed.connector),
        reach: target.reach,
        shortLink: shortLinkOf(app, token),
      }),
    );
    drafts.push({ id: newId(), target, payload, hash: sha256(payload), token });
  }
  for (const found of (await findRepeats(tx, actor.bureauId, article.id, variants)).values())
    problems.push(...found);
  const blocking = problems.filter((problem) => problem.level === 'block');
  if (blocking.length > 0)
    throw new AppError('article-problems', { count: blocking.length, problems: blocking });
  const number = article.latest_version + 1;
  const content = { article: article.working, targets: article.targets, class: article.class };
  await insertVersion(tx, {
    bureau_id: actor.bureauId,
    id: versionId,
    article_id: article.id,
    number,
    content,
    content_hash: sha256(canonicalJson(content)),
    created_by: actor.personId,
  });
  const owner = { kind: 'version', id: versionId } as const;
  await setFileUses(tx, actor.bureauId, owner, listFileIds(article.working, article.targets));
  for (const draft of drafts) {
    await insertPackage(tx, {
      bureau_id: actor.bureauId,
      id: draft.id,
      article_id: article.id,
      version_id: versionId,
      account_id: draft.target.accountId,
      payload: draft.payload,
      hash: draft.hash,
      short_token: draft.token,
    });
  }
  await setArticleState(tx, actor.bureauId, article.id, 'in-review', number);
  return {
    versionId,
    number,
    hash: combineHashes(drafts.map((draft) => draft.hash)),
    packages: drafts.map((draft) => ({
      id: draft.id,
      accountId: draft.target.accountId,
      hash: draft.hash,
      target: draft.target,
    })),
  };
}

/** @param hashes in account order */
export function combineHashes(hashes: readonly Buffer[]): Buffer {
  return sha256(Buffer.concat([Buffer.from('huisheng version\n'), ...hashes]));
}

/** False when the stored package is no longer what was hashed. */
export function isIntact(row: { payload: string; hash: Buffer }): boolean {
  return sha256(row.payload).equals(row.hash);
}

/** Reads a stored package and proves that it still is what was hashed. @throws {Error} when it is not */
export function openPackage(row: { payload: string; hash: Buffer }): PackagePayload {
  if (!isIntact(row)) throw new Error('a stored package does not match its hash');
  return PackagePayload.parse(JSON.parse(row.payload));
}
