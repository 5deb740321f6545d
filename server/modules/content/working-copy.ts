import { getConnector } from '#connectors/registry.ts';
import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import { newId } from '#server/base/ids.ts';
import { listAccountViews } from '#server/modules/accounts/index.ts';
import { record } from '#server/modules/audit/index.ts';
import { findPeopleNames } from '#server/modules/people/index.ts';
import type { ArticleContent, Target } from '#shared/content.ts';
import { type Block, type Document, emptyDocument } from '#shared/document.ts';
import { listFileIds } from './file-ids.ts';
import { setFileUses } from './media/store.ts';
import { readPicture, storePicture } from './pictures.ts';
import { insertArticle, lockArticle, setArticleState, updateWorkingCopy } from './store.ts';

/**
 * Begins an article with every active account as a target: publishing everywhere is the default, leaving out a choice. Only
 * accounts that take nothing but videos are chosen by hand.
 */
export async function beginArticle(
  app: App,
  tx: Tx,
  actor: Actor,
  title: string,
  body: Document = emptyDocument,
): Promise<{ id: string }> {
  const accounts = await listAccountViews(app, tx, actor.bureauId);
  const targets: Target[] = accounts
    .filter(({ state, platform }) => state === 'active' && !getConnector(platform).publish.needsVideo)
    .map((account) => ({
      accountId: account.id,
      reach: account.reaches[0]!,
      plannedWall: null,
      evenIfLate: false,
      override: {},
    }));
  const id = newId();
  const working: ArticleContent = { title, digest: '', author: '', body, coverFileId: null };
  await insertArticle(tx, {
    bureau_id: actor.bureauId,
    id,
    unit_id: actor.unitId,
    person: actor.personId,
    working,
    targets,
  });
  await record(tx, actor, 'article.begun', { kind: 'article', id });
  app.live.changed(tx, actor.bureauId, 'articles');
  return { id };
}

/**
 * Autosave. The caller says which revision it began from; another person's save in between is refused, never merged or
 * overwritten. Every save is a state change, so it is in the audit log: who, which revision, no text.
 * @throws {AppError} not-found, article-locked, edit-conflict
 */
export async function saveWorkingCopyOf(
  app: App,
  tx: Tx,
  actor: Actor,
  articleId: string,
  input: { baseRevision: number; working: ArticleContent; targets: Target[]; class: string },
): Promise<{ revision: number; savedAt: string }> {
  const article = await lockArticle(tx, actor.bureauId, articleId);
  if (!article) throw new AppError('not-found');
  if (!['draft', 'returned'].includes(article.state)) throw new AppError('article-locked');
  if (article.working_revision !== input.baseRevision) {
    const names = await findPeopleNames(tx, [article.updated_by]);
    throw new AppError('edit-conflict', {
      name: names.get(article.updated_by) ?? '',
      revision: article.working_revision,
    });
  }
  const revision = article.working_revision + 1;
  const savedAt = await updateWorkingCopy(tx, actor.bureauId, articleId, {
    working: input.working,
    targets: input.targets,
    class: input.class,
    person: actor.personId,
    revision,
  });
  const owner = { kind: 'article', id: articleId } as const;
  await setFileUses(tx, actor.bureauId, owner, listFileIds(input.working, input.targets));
  await record(tx, actor, 'article.saved', { kind: 'article', id: articleId }, { revision });
  app.live.changed(tx, actor.bureauId, 'articles');
  return { revision, savedAt: savedAt.toISOString() };
}

/** An article that begins with notes for its writer: a line of what they are, and the questions that it should answer. */
export function beginNotedArticle(
  app: App,
  tx: Tx,
  actor: Actor,
  given: { title: string; lead: string; notes: readonly string[] },
): Promise<{ id: string }> {
  const said = (text: string): Block => ({ type: 'paragraph', content: [{ type: 'text', text }] });
  const content = [given.lead, ...given.notes].filter((line) => line !== '').map(said);
  return beginArticle(app, tx, actor, given.title, {
    type: 'doc',
    content: [{ type: 'blockquote', content }],
  });
}

/** A returned article becomes editable again; the review module says when. */
export async function reopenArticle(
  app: App,
  tx: Tx,
  bureauId: string,
  articleId: string,
  state: 'returned' | 'draft',
): Promise<void> {
  await setArticleState(tx, bureauId, articleId, state);
  app.live.changed(tx, bureauId, 'articles');
}

/** A first draft made by the demonstration, owned by its editor; the picture is its cover and stands below the first paragraph. */
export async function beginSampleArticle(
  app: App,
  tx: Tx,
  author: Pick<Actor, 'bureauId' | 'unitId' | 'personId' | 'name'>,
  content: ArticleContent,
  picture: { bytes: Buffer; name: string; alt: string },
): Promise<void> {
  const actor: Actor = { ...author, unitPath: '', roles: ['editor'] };
  const { id } = await beginArticle(app, tx, actor, content.title);
  const file = await storePicture(app, tx, actor, await readPicture(picture.bytes), picture.name);
  const [first, ...rest] = content.body.content;
  const image: Block = { type: 'image', attrs: { fileId: file.id, src: file.url, alt: picture.alt } };
  const working: ArticleContent = {
    ...content,
    coverFileId: file.id,
    body: { type: 'doc', content: [...(first ? [first] : []), image, ...rest] },
  };
  await tx
    .updateTable('articles')
    .set({ working: JSON.stringify(working) })
    .where('bureau_id', '=', author.bureauId)
    .where('id', '=', id)
    .execute();
  await setFileUses(tx, author.bureauId, { kind: 'article', id }, listFileIds(working, []));
}
