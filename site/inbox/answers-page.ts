import { type AnswerCursor, answerPath, type PublicAnswer } from '#server/modules/inbox/index.ts';
import { type CaseKind, caseKindLabels, caseOutcomeLabels } from '#shared/inbox.ts';
import { isoTime, timeElement } from '../dates.ts';
import { html, jsonForScript, shorten } from '../html.ts';
import { renderPage } from '../layout.ts';
import type { Frame, Site } from '../site-frame.ts';
import { answersPath, askPath } from './ask-page.ts';

export type AnswerList = {
  answers: readonly PublicAnswer[];
  fields: readonly { field: string | null; count: number }[];
  chosen: { field: string | undefined; kind: CaseKind | undefined; query: string };
  next: AnswerCursor | null;
  /** Of a search: which page of what was found, and whether another follows. `near`: no answer holds every word. */
  found?: { page: number; more: boolean; near: boolean };
};

export const searchPath = (site: Site, query: string, page = 1) =>
  listed(answersPath(site), { q: query, page: page > 1 ? String(page) : undefined });

const listed = (base: string, parts: Record<string, string | undefined>) => {
  const query = new URLSearchParams(
    Object.entries(parts).filter((part): part is [string, string] => Boolean(part[1])),
  ).toString();
  return query ? `${base}?${query}` : base;
};

export function renderAnswers(frame: Frame, list: AnswerList): string {
  const { site } = frame;
  const { field, kind, query } = list.chosen;
  const title = kind === 'suggestion' ? '建议采纳情况' : (field ?? '留言公开');
  return renderPage(frame, {
    title,
    description: `${site.name}公开的群众留言和答复。`,
    path: listed(answersPath(site), { field, kind }),
    indexed: query === '',
    main: html`<h1>${title}</h1>
<form class="find" role="search" action="${answersPath(site)}" method="get"><input type="search" name="q" value="${query}" maxlength="100" aria-label="搜索公开的答复" placeholder="搜索问题和答复"><button>搜索</button></form>
!${renderFilters(site, list)}
!${renderLines(site, list)}
!${list.next ? html`<p class="more"><a rel="next" href="${listed(answersPath(site), { field, kind, before: writeAnswerCursor(list.next) })}">更早的答复</a></p>` : ''}
!${list.found ? renderTurning(site, query, list.found) : ''}
<p>没有找到？<a href="${askPath(site)}">写留言</a>，由专人答复。</p>`,
  });
}

function renderTurning(site: Site, query: string, { page, more }: { page: number; more: boolean }): string {
  const links = [
    page > 1 ? html`<a rel="prev" href="${searchPath(site, query, page - 1)}">上一页</a>` : '',
    more ? html`<a rel="next" href="${searchPath(site, query, page + 1)}">下一页</a>` : '',
  ].filter(Boolean);
  return links.length > 0 ? html`<p class="more">!${links.join('　')}</p>` : '';
}

function renderFilters(site: Site, { fields, chosen }: AnswerList): string {
  const link = (label: string, parts: Record<string, string | undefined>, current: boolean) =>
    current
      ? html`<span aria-current="page">${label}</span>`
      : html`<a href="${listed(answersPath(site), parts)}">${label}</a>`;
  const all = link('全部', {}, !chosen.field && !chosen.kind && !chosen.query);
  const suggestions = link('建议采纳', { kind: 'suggestion' }, chosen.kind === 'suggestion');
  const byField = fields
    .filter(({ field }) => field !== null)
    .map(({ field, count }) =>
      link(`${field} ${String(count)}`, { field: field ?? undefined }, chosen.field === field),
    );
  return html`<nav class="filters" aria-label="按领域查看">!${[all, ...byField, suggestions].join(' ')}</nav>`;
}

function renderLines(site: Site, { answers, chosen, found }: AnswerList): string {
  if (answers.length === 0) {
    return chosen.query
      ? html`<p>没有找到与“${chosen.query}”有关的公开答复。</p>`
      : html`<p>这里还没有公开的答复。</p>`;
  }
  const near = found?.near ? html`<p>没有同时含有这些词的答复，下面是意思相近的：</p>` : '';
  return html`!${near}!${renderAnswerLines(site, answers)}`;
}

/** Also where everything is searched. */
export function renderAnswerLines(site: Site, answers: readonly PublicAnswer[]): string {
  const lines = answers.map(
    (
      answer,
    ) => html`<li><h2><a href="${answerPath(site, answer.slug)}">${shorten(answer.question, 60)}</a></h2>
<p>${shorten(answer.answer, 90)}</p><p class="quiet">!${outcomeMark(answer)}${answer.field ?? caseKindLabels[answer.kind].zh}　!${timeElement(answer.publishedAt)}</p></li>`,
  );
  return html`<ul class="list">!${lines}</ul>`;
}

/** 群众智慧: what became of a suggestion. */
function outcomeMark({ outcome }: PublicAnswer): string {
  return outcome === 'adopted' || outcome === 'not-adopted'
    ? html`<strong>${caseOutcomeLabels[outcome].zh}</strong>　`
    : '';
}

export function renderAnswer(frame: Frame, answer: PublicAnswer): string {
  const { site, publicUrl } = frame;
  const path = answerPath(site, answer.slug);
  const qa = {
    '@context': 'https://schema.org',
    '@type': 'QAPage',
    mainEntity: {
      ...{ '@type': 'Question', name: shorten(answer.question, 100), text: answer.question, answerCount: 1 },
      acceptedAnswer: {
        ...{ '@type': 'Answer', text: answer.answer, url: `${publicUrl}${path}` },
        ...{ datePublished: isoTime(answer.publishedAt) },
        author: { '@type': 'GovernmentOrganization', name: site.name },
      },
    },
  };
  return renderPage(frame, {
    title: shorten(answer.question, 50),
    description: shorten(answer.answer, 120),
    path,
    head: html`<meta property="og:type" content="article"><script type="application/ld+json">!${jsonForScript(qa)}</script>`,
    main: html`<article><h1 data-read>${shorten(answer.question, 60)}</h1>
<p class="quiet">!${outcomeMark(answer)}${[answer.field, caseKindLabels[answer.kind].zh].filter(Boolean).join('　')}　!${timeElement(answer.publishedAt)}答复</p>
<div class="tools" data-tools data-address="${publicUrl}${path}"></div>
<h2>问</h2><p class="words" data-read>${answer.question}</p>
<h2>答</h2><p class="words" data-read>${answer.answer}</p></article>
<form class="vote" action="${path}/vote" method="post"><p>这条答复对您有帮助吗？</p><button name="helpful" value="yes">有帮助</button> <button name="helpful" value="no">没有帮助</button></form>
<p><a href="${answersPath(site)}">全部公开答复</a>　<a href="${askPath(site)}">我也要问</a></p>`,
  });
}

const cursorPattern = /^([0-9a-z]{6,9})~([\w-]{8,40})$/;

export function writeAnswerCursor({ publishedAt, slug }: AnswerCursor): string {
  return `${publishedAt.getTime().toString(36)}~${slug}`;
}

export function readAnswerCursor(text: unknown): AnswerCursor | undefined {
  const found = typeof text === 'string' ? cursorPattern.exec(text) : null;
  return found ? { publishedAt: new Date(Number.parseInt(found[1]!, 36)), slug: found[2]! } : undefined;
}
