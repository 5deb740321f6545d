import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { type Article, type ArticleContent, getArticle, saveWorkingCopy } from '#shared/content.ts';
import { type Autosave, createAutosave, decideOnOpening, type LocalCopy } from '../../lib/autosave.ts';
import { call } from '../../lib/call.ts';
import { CallError } from '../../lib/call-error.ts';
import { readLocal, removeLocal, writeLocal } from '../../lib/local-store.ts';
import { useMe } from '../../lib/me.ts';
import { type Draft, draftOf, readDraft, sameDraft } from './draft.ts';
import { keepCopy } from './kept-copies.ts';

function readCopy(key: string): LocalCopy<Draft> | null {
  const { baseRevision, content, changedAt } = (readLocal(key) ?? {}) as Record<string, unknown>;
  const draft = readDraft(content);
  if (draft === null || typeof baseRevision !== 'number' || typeof changedAt !== 'string') return null;
  return { baseRevision, content: draft, changedAt };
}

/** A busy or lost server means "later"; a refusal means that sending the same again is useless. */
function meaningOf(error: unknown): 'conflict' | 'offline' | 'refused' {
  if (!(error instanceof CallError)) return 'refused';
  if (error.code === 'edit-conflict') return 'conflict';
  return error.status === 0 || error.status >= 500 || error.status === 429 || error.code === 'unreadable'
    ? 'offline'
    : 'refused';
}

function createSaver(article: Article, key: string): Autosave<Draft> {
  const params = { articleId: article.id };
  return createAutosave<Draft>(
    { content: draftOf(article), revision: article.workingRevision, savedAt: article.updatedAt },
    {
      keep: (copy) => writeLocal(key, copy),
      forget: () => removeLocal(key),
      send: (draft, baseRevision) => call(saveWorkingCopy, { params, body: { ...draft, baseRevision } }),
      readTheirs: async () => {
        const now = await call(getArticle, { params });
        return { content: draftOf(now), revision: now.workingRevision };
      },
      same: sameDraft,
      meaning: meaningOf,
      now: () => new Date(),
    },
  );
}

export type ArticleDraft = ReturnType<typeof useArticleDraft>;

/** The text being written, kept on this computer and on the server (`lib/autosave.ts` has the rules). */
export function useArticleDraft(article: Article) {
  const { personId } = useMe();
  const key = `draft:${personId}:${article.id}`;
  const [saver] = useState(() => createSaver(article, key));
  const [opening] = useState(() => {
    const local = readCopy(key);
    const server = { revision: article.workingRevision, content: draftOf(article) };
    return { local, decision: decideOnOpening(local, server, sameDraft) };
  });
  const state = useSyncExternalStore(saver.subscribe, saver.state);
  const [draft, setDraft] = useState<Draft>(
    opening.decision === 'restore-local' && opening.local ? opening.local.content : draftOf(article),
  );
  const [edition, setEdition] = useState(0);

  useEffect(() => {
    saver.start();
    if (opening.local && opening.decision === 'restore-local' && saver.state().kind === 'saved')
      saver.change(opening.local.content);
    if (opening.local && opening.decision === 'compare' && saver.state().kind === 'saved')
      saver.compare(opening.local.content);
    const hidden = () => document.visibilityState === 'hidden' && saver.nudge();
    window.addEventListener('online', saver.nudge);
    document.addEventListener('visibilitychange', hidden);
    return () => {
      window.removeEventListener('online', saver.nudge);
      document.removeEventListener('visibilitychange', hidden);
      saver.stop();
    };
  }, [saver, opening]);

  // Somebody else saved while nothing was being written here: show theirs instead of meeting a conflict later.
  useEffect(() => {
    if (!saver.adopt({ revision: article.workingRevision, content: draftOf(article) })) return;
    setDraft(saver.content());
    setEdition((before) => before + 1);
  }, [saver, article]);

  const change = useCallback(
    (patch: (before: Draft) => Draft) => {
      const next = patch(saver.content());
      saver.change(next);
      setDraft(next);
    },
    [saver],
  );
  const changeText = useCallback(
    (fields: Partial<ArticleContent>) =>
      change((before) => ({ ...before, working: { ...before.working, ...fields } })),
    [change],
  );
  const resolve = useCallback(
    (choice: 'mine' | 'theirs') => {
      const conflict = saver.state();
      if (conflict.kind !== 'conflict') return;
      keepCopy(personId, article.id, choice === 'mine' ? conflict.theirs : conflict.mine);
      saver.resolve(choice);
      setDraft(saver.content());
      setEdition((before) => before + 1);
    },
    [saver, personId, article.id],
  );
  const restoredAt = opening.decision === 'restore-local' ? (opening.local?.changedAt ?? null) : null;
  return { draft, state, edition, restoredAt, change, changeText, resolve, saver };
}
