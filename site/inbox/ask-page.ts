import type { Challenge } from '#server/base/guard/proof.ts';
import { askLimits, type Receipt } from '#server/modules/inbox/index.ts';
import { caseKindLabels } from '#shared/inbox.ts';
import type { InboxSettings } from '#shared/inbox-settings.ts';
import type { ServiceContent } from '#shared/services.ts';
import { html } from '../html.ts';
import { renderPage } from '../layout.ts';
import type { Frame, Site } from '../site-frame.ts';

export type Typed = {
  text: string;
  place: string;
  name: string;
  phone: string;
  mayPublish: boolean;
  /** Path of the page a mistake was found on; empty for a question. */
  page: string;
};
export const nothingTyped: Typed = { text: '', place: '', name: '', phone: '', mayPublish: false, page: '' };

export type Match = { url: string; title: string; text: string };
/** Words that may answer it, and what can be done at once. */
export type Matches = { words: readonly Match[]; services: readonly ServiceContent[] };
/** What went wrong, above the form that keeps what was typed. */
export type Problem = { zh: string; en: string };

export const askPath = (site: Site) => `${site.base}/ask`;
export const receiptPath = (site: Site) => `${site.base}/receipt`;
export const answersPath = (site: Site) => `${site.base}/answers`;

function page(frame: Frame, title: string, main: string): string {
  return renderPage(frame, {
    title,
    description: `向${frame.site.name}咨询、求助、投诉或提建议，不用注册，凭回执查看答复。`,
    path: askPath(frame.site),
    forms: true,
    main,
  });
}

/** First step: only the words themselves, so that what is answered already can be shown before anything else is asked. */
export function renderAsk(frame: Frame, typed: Typed, levels: Levels, problem?: Problem): string {
  const { site } = frame;
  const mistake = typed.page !== '';
  const title = mistake ? '网页找错' : '留言咨询';
  return page(
    frame,
    title,
    html`<h1>${title}</h1>
<p>${mistake ? '请写明这个页面哪里有错。' : '咨询、求助、投诉、举报、建议，都可以写在这里，不用注册。'}</p>
!${problemLine(problem)}
<form class="sheet" action="${askPath(site)}/check" method="post">
!${mistake ? html`<input type="hidden" name="page" value="${typed.page}"><p class="quiet">有错的页面：${typed.page}</p>` : ''}
<label for="text">${mistake ? '错在哪里' : '您要问什么、说什么'}</label>
<p class="quiet" id="text-help">写清时间、地点、单位和经过，答复会更快。请不要写身份证号、银行卡号。</p>
<textarea id="text" name="text" rows="7" required minlength="2" data-most="${String(askLimits.text)}" aria-describedby="text-help">${typed.text}</textarea>
<button class="main">下一步</button>
</form>
!${urgentLine()}
<h2>提交以后</h2>
!${whatFollows(site, levels)}`,
  );
}

function problemLine(problem: Problem | undefined): string {
  return problem
    ? html`<div class="problem" role="alert"><p>${problem.zh}</p><p lang="en">${problem.en}</p></div>`
    : '';
}

const urgentLine = (): string =>
  html`<p class="note">有人身危险请先拨打 <a href="tel:110">110</a>、<a href="tel:120">120</a>；急事也可拨打 <a href="tel:12333">12333</a>。</p>`;

/** Working days by kind, as the bureau set them. */
type Levels = InboxSettings['levels'];

function whatFollows(site: Site, levels: Levels): string {
  return html`<ol>
<li>马上给您一个回执号和查询码。</li>
<li>由专人办理：${sayLevels(levels)}；节假日不计。</li>
<li>凭回执号和查询码<a href="${receiptPath(site)}">查看答复</a>，可以补充、评价，也可以撤回。</li>
</ol>`;
}

const promised = ['consult', 'help', 'suggestion', 'complaint', 'report'] as const;

/** Kinds of one length together: 咨询、求助 3 个工作日内答复，建议 5 个 … */
function sayLevels(levels: Levels): string {
  const byDays = Map.groupBy(promised, (kind) => levels[kind]);
  return [...byDays]
    .map(
      ([days, kinds], at) =>
        `${kinds.map((kind) => caseKindLabels[kind].zh).join('、')} ${days} 个${at === 0 ? '工作日内答复' : ''}`,
    )
    .join('，');
}

/** Second step: what is answered already, then the rest of the form. */
export function renderDetails(
  frame: Frame,
  typed: Typed,
  form: {
    key: string;
    proof: Challenge;
    matches: Matches;
    problem?: Problem | undefined;
    /** Numbers stand in the words that nobody needs to answer them. */
    risky: boolean;
  },
): string {
  const { words, services } = form.matches;
  const found = words.length + services.length > 0;
  return page(
    frame,
    found ? '先看看这些' : '核对并提交',
    html`<h1>${found ? '先看看这些，也许已有答案' : '核对并提交'}</h1>
!${words.length > 0 ? renderWords(words) : ''}
!${services.length > 0 ? renderServices(services) : ''}
!${found ? html`<h2>没有解决？请提交留言</h2>` : ''}
!${problemLine(form.problem)}
!${form.risky ? html`<p class="note" role="status">内容里像有身份证号或银行卡号。不写也能办理，建议删去后再提交。</p>` : ''}
!${renderForm(frame.site, typed, form)}`,
  );
}

/** What the directory knows of it, as it stands in an answer too. */
function renderServices(services: readonly ServiceContent[]): string {
  const lines = services.map(({ name, forWhom, place, url, phone, materials }) => {
    const facts = [
      ['办理对象', forWhom],
      ['办理地点', place],
      ['咨询电话', phone],
      ['所需材料', materials],
    ].filter(([, value]) => value !== '');
    const heading = url
      ? html`<a href="${url}" rel="noopener noreferrer">${name}（网上办理）</a>`
      : html`${name}`;
    return html`<li><h3>!${heading}</h3>!${facts.map(([label, value]) => html`<p class="words">${label}：${value}</p>`).join('')}</li>`;
  });
  return html`<h2>可以直接办的事</h2><ul class="list">!${lines}</ul>`;
}

function renderWords(words: readonly Match[]): string {
  const lines = words.map(
    ({ url, title, text }) => html`<li><h2><a href="${url}">${title}</a></h2><p>${text}</p></li>`,
  );
  return html`<ul class="list">!${lines}</ul>`;
}

function renderForm(site: Site, typed: Typed, form: { key: string; proof: Challenge }): string {
  return html`<form class="sheet" action="${askPath(site)}/send" method="post" enctype="multipart/form-data" data-proof="${JSON.stringify(form.proof)}">
<input type="hidden" name="key" value="${form.key}"><input type="hidden" name="proof" value=""><input type="hidden" name="page" value="${typed.page}">
<label for="text">留言内容</label>
<textarea id="text" name="text" rows="7" required minlength="2" data-most="${String(askLimits.text)}">${typed.text}</textarea>
<label for="place">地点或单位 <span class="quiet">选填</span></label>
<input id="place" name="place" maxlength="${askLimits.place}" value="${typed.place}" autocomplete="off">
<label for="pictures">图片 <span class="quiet">选填，最多 ${String(askLimits.pictures)} 张，每张 10 MB 以内</span></label>
<input id="pictures" name="pictures" type="file" accept="image/jpeg,image/png,image/webp,image/gif" multiple data-most="${String(askLimits.pictures)}" data-bytes="${String(askLimits.pictureBytes)}">
<fieldset><legend>联系方式 <span class="quiet">选填，只供办理人员联系您</span></legend>
<label for="name">称呼</label>
<input id="name" name="name" maxlength="${askLimits.name}" value="${typed.name}" autocomplete="name">
<label for="phone">电话</label>
<input id="phone" name="phone" type="tel" maxlength="${askLimits.phone}" value="${typed.phone}" autocomplete="tel">
</fieldset>
<p class="check"><input id="publish" name="publish" type="checkbox" value="yes" !${typed.mayPublish ? 'checked' : ''}>
<label for="publish">同意隐去个人信息后公开问题和答复，让更多人少跑一趟</label></p>
<button class="main">提交留言</button>
</form>
!${privacyNotice(site)}`;
}

/** 个人信息保护法 第十七条 */
function privacyNotice(site: Site): string {
  return html`<details><summary>您的信息怎样使用</summary>
<p>${site.name}收到的留言和联系方式只用于办理和答复这件事，由办理人员查看；联系方式加密保存。图片中的拍摄地点等信息会被去除。未经您同意，不公开您的留言；公开时隐去可以认出个人的内容。您可以凭回执撤回留言，也可以拨打 <a href="tel:12333">12333</a> 要求查阅、更正或删除。</p></details>`;
}

export function renderReceived(frame: Frame, given: Receipt, dueDay: string | null): string {
  const { site } = frame;
  return renderPage(frame, {
    title: '已收到您的留言',
    description: '回执',
    path: askPath(site),
    indexed: false,
    forms: true,
    main: html`<h1>已收到您的留言</h1>
<p>请截图、打印，或抄下这两项，查看答复要用。离开以后，我们不会再次显示查询码。</p>
<dl class="receipt"><dt>回执号</dt><dd>${grouped(given.receipt)}</dd><dt>查询码</dt><dd>${grouped(given.code)}</dd></dl>
!${dueDay ? html`<p>预计 <strong>${dueDay}</strong> 前答复（节假日不计）。</p>` : ''}
<div class="tools" data-copy="回执号 ${given.receipt}，查询码 ${given.code}"></div>
<form action="${receiptPath(site)}" method="post"><input type="hidden" name="receipt" value="${given.receipt}"><input type="hidden" name="code" value="${given.code}"><button>查看办理情况</button></form>`,
  });
}

/** Read aloud and written down in groups. */
export function grouped(code: string): string {
  return code.replace(/(.{4,5})(?=.{4})/g, '$1 ');
}
