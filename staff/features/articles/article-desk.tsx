import type { Editor } from '@tiptap/core';
import { Alert, App, Button } from 'antd';
import { useCallback, useRef, useState } from 'react';
import { type Article, listVariants, submitArticle, type Target } from '#shared/content.ts';
import { NotSavedError } from '../../lib/autosave.ts';
import { call, isCallError } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { useAction, useRead } from '../../lib/query.ts';
import { sayMoment } from '../../lib/time.ts';
import { Page } from '../../ui/page.tsx';
import { useSayError } from '../../ui/say-error.ts';
import { ArticleStateMark } from './article-state-mark.tsx';
import { ChecksPanel, checksPlace } from './checks-panel.tsx';
import { ConflictDialog } from './conflict-dialog.tsx';
import { plainText } from './editor/document-json.ts';
import { selectQuote } from './editor/find-quote.ts';
import { hasUnstoredPictures } from './editor/pictures.ts';
import { RichEditor } from './editor/rich-editor.tsx';
import { KeptCopiesLine } from './kept-copies-line.tsx';
import { MediaFields } from './media-fields.tsx';
import { ReturnedNote } from './returned-note.tsx';
import { SaveLine } from './save-line.tsx';
import { TargetsPanel } from './targets-panel.tsx';
import { DetailFields, TitleField } from './text-fields.tsx';
import { articleTexts, saveTexts } from './texts.ts';
import { type ArticleDraft, useArticleDraft } from './use-article-draft.ts';
import { VariantsPanel } from './variants-panel.tsx';

function useSubmit(article: Article, edited: ArticleDraft) {
  const w = useWords(articleTexts);
  const sayError = useSayError();
  const { message } = App.useApp();
  return useAction(
    async () => {
      const baseRevision = await edited.saver.flush();
      return call(submitArticle, { params: { articleId: article.id }, body: { baseRevision } });
    },
    {
      topics: ['articles', 'reviews'],
      onDone: () => void message.success(w.submitted),
      onFailed: (error) => {
        if (isCallError(error, 'article-problems'))
          document.getElementById(checksPlace)?.scrollIntoView({ block: 'center' });
        // Where saving failed the line beside the title says so already; the words of a refusal are worth repeating.
        const saving = error instanceof NotSavedError ? error.state : null;
        if (saving === null) sayError(error);
        else if (saving.kind === 'refused') sayError(saving.error);
        else void message.warning(saving.kind === 'conflict' ? w.submitConflict : w.submitOffline);
      },
    },
  );
}

/** The page where an article is written. */
export function ArticleDesk({ article }: { article: Article }) {
  const w = useWords(articleTexts);
  const { message } = App.useApp();
  const edited = useArticleDraft(article);
  const { draft, state, saver } = edited;
  const editor = useRef<Editor | null>(null);
  const onReady = useCallback((ready: Editor | null) => {
    editor.current = ready;
  }, []);
  const maySubmit = useMay('article.submit');
  const submit = useSubmit(article, edited);
  const variants = useRead(
    listVariants,
    ['none'],
    { params: { articleId: article.id } },
    { revision: saver.revision(), keepPrevious: true },
  );

  const blank = draft.working.title.trim() === '' && plainText(draft.working.body).trim() === '';
  const trySubmit = () => {
    if (editor.current !== null && hasUnstoredPictures(editor.current))
      return void message.warning(w.submitPictures);
    submit.mutate(undefined);
  };
  const setTargets = (targets: Target[]) => edited.change((before) => ({ ...before, targets }));
  const setTarget = (target: Target) =>
    setTargets(
      saver.content().targets.map((other) => (other.accountId === target.accountId ? target : other)),
    );
  const findQuote = (quote: string) => {
    const here = editor.current !== null && selectQuote(editor.current, quote);
    if (!here && !draft.working.title.includes(quote)) void message.info(w.remarkGone);
  };

  return (
    <Page
      title={w.edit}
      documentTitle={draft.working.title || w.untitled}
      testId="article-desk"
      aside={
        <>
          <ArticleStateMark state={article.state} />
          <SaveLine state={state} />
        </>
      }
      actions={
        maySubmit ? (
          <Button type="primary" loading={submit.isPending} onClick={trySubmit} data-testid="submit-article">
            {w.submit}
          </Button>
        ) : null
      }
    >
      {article.state === 'returned' && article.review ? (
        <ReturnedNote review={article.review} onQuote={findQuote} />
      ) : null}
      <RestoredLine edited={edited} />
      <KeptCopiesLine articleId={article.id} />
      <div className="columns">
        <div className="writing section">
          <TitleField draft={draft} onText={edited.changeText} onBlur={saver.nudge} />
          <RichEditor
            content={draft.working.body}
            edition={edited.edition}
            editable
            onChange={(body) => edited.changeText({ body })}
            onBlur={saver.nudge}
            onTitle={(title) => {
              const free = saver.content().working.title.trim() === '';
              if (free) edited.changeText({ title: title.slice(0, 120) });
              return free;
            }}
            onReady={onReady}
          />
          <MediaFields working={draft.working} onText={edited.changeText} />
          <DetailFields
            draft={draft}
            onText={edited.changeText}
            onClass={(level) => edited.change((before) => ({ ...before, class: level }))}
            onBlur={saver.nudge}
          />
        </div>
        <div>
          <TargetsPanel targets={draft.targets} editable onChange={setTargets} />
          <ChecksPanel variants={variants.data} blank={blank && !submit.isError} />
        </div>
      </div>
      <VariantsPanel
        variants={variants.data}
        refreshing={variants.isFetching}
        targets={draft.targets}
        editable
        onTarget={setTarget}
      />
      {state.kind === 'conflict' ? (
        <ConflictDialog
          mine={state.mine}
          theirs={state.theirs}
          cause={state.whoChanged}
          onChoose={edited.resolve}
        />
      ) : null}
    </Page>
  );
}

function RestoredLine({ edited }: { edited: ArticleDraft }) {
  const w = useWords(saveTexts);
  const lang = useLang();
  const [closed, setClosed] = useState(false);
  if (closed || edited.restoredAt === null) return null;
  return (
    <Alert
      type="info"
      showIcon
      title={fill(w.restored, { time: sayMoment(edited.restoredAt, lang) })}
      closable={{ onClose: () => setClosed(true) }}
      data-testid="restored"
    />
  );
}
