import type { App } from '#server/base/app.ts';
import type { Tx } from '#server/base/database.ts';
import { escapeHtml } from '#server/modules/content/index.ts';
import type { RenderedSubject, ReviewSubject } from '#server/modules/review/index.ts';
import { caseOutcomeLabels } from '#shared/inbox.ts';
import { text } from '#shared/lang.ts';
import { type Found, loadOurs, maskForPublic } from '../personal-findings.ts';
import { publicationKind, publishApproved, reopenReturned } from './change.ts';
import { shownOutcome } from './outcome-rules.ts';
import { findPublicationVersion } from './store.ts';

/** A question and answer on its way to the public: reviewers see the frozen words, and these alone are shown. */
export const publishedAnswerSubject: ReviewSubject = {
  kind: publicationKind,
  render,
  async onApproved(app, tx, actor, review) {
    const version = await findPublicationVersion(tx, review.bureauId, review.revisionId);
    if (!version) throw new Error('a reviewed version is missing');
    await publishApproved(app, tx, actor, review.subjectId, version);
  },
  onReturned: (app, tx, actor, review) => reopenReturned(app, tx, actor, review.subjectId),
};

async function render(_app: App, tx: Tx, bureauId: string, versionId: string): Promise<RenderedSubject> {
  const version = await findPublicationVersion(tx, bureauId, versionId);
  if (!version) throw new Error('a reviewed version is missing');
  const words = `${version.question}\n${version.answer}`;
  const { found } = maskForPublic(words, await loadOurs(tx, bureauId));
  // Also what only the person's own letter told: the frozen words alone may not look like a name.
  const marked = version.nobodys.filter(
    (one) => words.includes(one) && !found.some((other) => other.words === one),
  );
  const consent = version.consent
    ? text(
        '本人同意隐去个人信息后公开：文中不得出现能认出本人的内容',
        'The person agreed to publishing without what names them: nothing may tell who it was',
      )
    : text(
        '本人未表示同意：文中不得出现能认出本人的内容',
        'No consent was given: nothing may tell who it was',
      );
  return {
    // One section: on a phone the question must not hide the answer.
    sections: [
      {
        ...{ key: 'answer', heading: text('将要公开的问答', 'To be public'), note: consent },
        html: `<h3>群众提问</h3>${paragraphs(version.question)}<h3>单位答复</h3>${paragraphs(version.answer)}${ended(version.outcome)}`,
      },
    ],
    problems: [...found.map((one) => sayFound(one, version.nobodys)), ...marked.map(sayMarked)],
    texts: [
      { heading: '提问', text: version.question },
      { heading: '答复', text: version.answer },
    ],
    plannedWall: null,
  };
}

function sayFound(
  { kind, words, doubtful }: Found,
  nobodys: readonly string[],
): RenderedSubject['problems'][number] {
  const said = doubtful && nobodys.includes(words);
  return {
    level: 'warn',
    zh: `疑似${kind.zh}：${words}${said ? '（经办人认为不是个人信息，请核对）' : ''}`,
    en: `Looks like a ${kind.en}: ${words}${said ? ' (not personal, says who wrote it: please check)' : ''}`,
  };
}

const sayMarked = (words: string): RenderedSubject['problems'][number] => ({
  level: 'warn',
  zh: `来信中疑似姓名或住址：${words}（经办人认为不是个人信息，请核对）`,
  en: `Looks like a name or an address in the letter: ${words} (not personal, says who wrote it: please check)`,
});

/** The page says it in a place of its own, so that it is approved too. */
function ended(given: string | null): string {
  const outcome = shownOutcome(given);
  return outcome ? `<h3>办理结果</h3><p>${caseOutcomeLabels[outcome].zh}</p>` : '';
}

const paragraphs = (words: string) =>
  words
    .split(/\n+/)
    .map((line) => `<p>${escapeHtml(line)}</p>`)
    .join('');
