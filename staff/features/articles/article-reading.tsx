import { Alert, App } from 'antd';
import { type Article, listVariants, takeBackArticle } from '#shared/content.ts';
import { call } from '../../lib/call.ts';
import { useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { useRead } from '../../lib/query.ts';
import { Page } from '../../ui/page.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { ToButton } from '../../ui/to.tsx';
import { ArticleStateMark } from './article-state-mark.tsx';
import { RichEditor } from './editor/rich-editor.tsx';
import { TargetsPanel } from './targets-panel.tsx';
import { articleTexts } from './texts.ts';
import { VariantsPanel } from './variants-panel.tsx';

const nothing = () => {};

function lockedWord(article: Article): 'lockedReview' | 'lockedApproved' | 'lockedClosed' | 'readOnly' {
  if (article.state === 'in-review') return 'lockedReview';
  if (article.state === 'approved') return 'lockedApproved';
  return article.state === 'closed' ? 'lockedClosed' : 'readOnly';
}

/** An article that is under review, approved, or not this person's to edit. */
export function ArticleReading({ article }: { article: Article }) {
  const w = useWords(articleTexts);
  const maySubmit = useMay('article.submit');
  const seesDeliveries = useMay('delivery.read');
  const variants = useRead(listVariants, ['articles'], { params: { articleId: article.id } });
  const locked = article.state === 'in-review' || article.state === 'approved';
  return (
    <Page
      title={article.working.title || w.untitled}
      testId="article-reading"
      aside={<ArticleStateMark state={article.state} />}
      actions={
        <>
          {article.review && article.state === 'in-review' ? (
            <ToButton to={`/reviews/${article.review.id}`}>{w.seeReview}</ToButton>
          ) : null}
          {seesDeliveries && article.state !== 'in-review' ? (
            <ToButton to={`/articles/${article.id}/deliveries`} type="primary" data-testid="see-deliveries">
              {w.seeDeliveries}
            </ToButton>
          ) : null}
          {maySubmit && locked ? <TakeBack article={article} /> : null}
        </>
      }
    >
      <Alert type="info" showIcon title={w[lockedWord(article)]} />
      <div className="columns">
        <div className="writing section">
          <RichEditor
            content={article.working.body}
            edition={article.workingRevision}
            editable={false}
            onChange={nothing}
            onBlur={nothing}
            onTitle={() => false}
            onReady={nothing}
          />
        </div>
        <TargetsPanel targets={article.targets} editable={false} onChange={nothing} />
      </div>
      <VariantsPanel
        variants={variants.data}
        refreshing={false}
        targets={article.targets}
        editable={false}
        onTarget={nothing}
      />
    </Page>
  );
}

function TakeBack({ article }: { article: Article }) {
  const w = useWords(articleTexts);
  const { message } = App.useApp();
  return (
    <ReasonButton
      label={w.takeBack}
      title={w.takeBackTitle}
      explain={w.takeBackHelp}
      danger
      run={(reason) => call(takeBackArticle, { params: { articleId: article.id }, body: { reason } })}
      topics={['articles', 'reviews', 'deliveries']}
      onDone={() => void message.success(w.takenBack)}
      testId="take-back"
    />
  );
}
