import { askLimits, type ReceiptView } from '#server/modules/inbox/index.ts';
import { caseKindLabels, caseOutcomeLabels } from '#shared/inbox.ts';
import { dayWords, timeElement } from '../dates.ts';
import { html } from '../html.ts';
import { renderPage } from '../layout.ts';
import type { Frame } from '../site-frame.ts';
import { askPath, grouped, type Problem, receiptPath } from './ask-page.ts';
import { endWords, stateWords } from './receipt-words.ts';

export type ReceiptExtras = {
  formKey: string;
  done?: string | undefined;
  problem?: Problem | undefined;
  /** What was refused, to go on from. */
  typed?: { text?: string; note?: string; satisfaction?: number } | undefined;
};
export type TypedKey = { receipt: string; code: string };

export function renderReceiptForm(frame: Frame, typed: TypedKey, problem?: Problem): string {
  const { site } = frame;
  return renderPage(frame, {
    title: '查看答复',
    description: '凭回执号和查询码查看办理情况和答复。',
    path: receiptPath(site),
    main: html`<h1>查看答复</h1>
!${problem ? html`<div class="problem" role="alert"><p>${problem.zh}</p><p lang="en">${problem.en}</p></div>` : ''}
<form class="sheet" action="${receiptPath(site)}" method="post">
<label for="receipt">回执号 <span class="quiet">10 位</span></label>
<input id="receipt" name="receipt" value="${typed.receipt}" required maxlength="20" autocomplete="off" autocapitalize="characters" spellcheck="false">
<label for="code">查询码 <span class="quiet">8 位</span></label>
<input id="code" name="code" value="${typed.code}" required maxlength="16" autocomplete="off" autocapitalize="characters" spellcheck="false">
<button class="main">查看</button>
</form>
<p>还没有留言？<a href="${askPath(site)}">写留言</a>。回执丢了，可拨打 <a href="tel:12333">12333</a> 查询。</p>`,
  });
}

export function renderReceipt(frame: Frame, view: ReceiptView, key: TypedKey, more: ReceiptExtras): string {
  return renderPage(frame, {
    title: `办理情况 ${view.number}`,
    description: '办理情况和答复。',
    path: receiptPath(frame.site),
    indexed: false,
    forms: true,
    main: html`<h1>办理情况</h1>
!${more.done ? html`<p class="done" role="status">${more.done}</p>` : ''}
!${more.problem ? html`<div class="problem" role="alert"><p>${more.problem.zh}</p><p lang="en">${more.problem.en}</p></div>` : ''}
<dl class="facts"><dt>回执号</dt><dd>${grouped(view.receipt)}</dd><dt>办理编号</dt><dd>${view.number}</dd><dt>类别</dt><dd>${caseKindLabels[view.kind].zh}</dd>
<dt>收到</dt><dd>!${timeElement(view.receivedAt, { withClock: true })}</dd>
<dt>状态</dt><dd><strong>${stateWords(view)}</strong></dd>
!${view.unitName ? html`<dt>办理</dt><dd>${view.unitName}</dd>` : ''}
!${view.dueAt ? html`<dt>答复期限</dt><dd>${dayWords(view.dueAt)}前</dd>` : ''}
!${view.outcome && view.state === 'closed' && !endWords(view) ? html`<dt>结果</dt><dd>${caseOutcomeLabels[view.outcome].zh}</dd>` : ''}</dl>
!${view.outcome === 'adopted' || view.outcome === 'not-adopted' ? html`<p>${view.outcomeNote ?? ''}</p>` : ''}
!${renderEnd(frame, view)}
<h2>往来</h2>
!${renderSaid(view)}
!${renderActions(frame, view, key, more)}
<form class="leave" action="${receiptPath(frame.site)}/leave" method="post"><button>看完了，离开</button> <span class="quiet">用的是别人的手机或公用电脑，请点这里，不留下记录。</span></form>`,
  });
}

function renderEnd(frame: Frame, view: ReceiptView): string {
  const words = endWords(view);
  if (!words) return '';
  return html`<div class="note"><p>${words.zh}</p><p lang="en">${words.en}</p></div>
<p><a href="${askPath(frame.site)}">重新留言</a>　<a href="tel:12333">拨打 12333</a></p>`;
}

function renderSaid({ said }: ReceiptView): string {
  const lines = said.map(
    ({
      by,
      text,
      at,
      pictures,
    }) => html`<li class="${by}"><p class="quiet">${by === 'person' ? '您' : '答复'}　!${timeElement(at, { withClock: true })}</p>
<p class="words">${text}</p>!${pictures > 0 ? html`<p class="quiet">附图片 ${String(pictures)} 张</p>` : ''}</li>`,
  );
  return html`<ol class="said">!${lines}</ol>`;
}

function renderActions(
  frame: Frame,
  view: ReceiptView,
  key: TypedKey,
  { formKey, typed }: ReceiptExtras,
): string {
  const stars = typed?.satisfaction ?? view.satisfaction;
  const path = receiptPath(frame.site);
  const keys = html`<input type="hidden" name="receipt" value="${key.receipt}"><input type="hidden" name="code" value="${key.code}"><input type="hidden" name="key" value="${formKey}">`;
  const rate = html`<h2>您满意吗</h2>
<form class="sheet" action="${path}/rate" method="post">!${keys}
<fieldset><legend>对这次答复</legend>
<p class="check"><input type="radio" id="yes" name="satisfaction" value="5" required !${stars === 5 ? 'checked' : ''}><label for="yes">满意</label></p>
<p class="check"><input type="radio" id="fair" name="satisfaction" value="3" !${stars === 3 ? 'checked' : ''}><label for="fair">基本满意</label></p>
<p class="check"><input type="radio" id="no" name="satisfaction" value="1" !${stars === 1 ? 'checked' : ''}><label for="no">不满意</label></p></fieldset>
<label for="note">哪里没有解决 <span class="quiet">不满意时填写，会重新办理</span></label>
<textarea id="note" name="note" rows="3" data-most="${String(askLimits.ratingNote)}">${typed?.note ?? ''}</textarea>
<button>提交评价</button></form>`;
  const add = html`<h2>${view.waitsForPerson ? '请补充' : '补充'}</h2>
<form class="sheet" action="${path}/add" method="post">!${keys}
<label for="more">要补充的内容</label>
<textarea id="more" name="text" rows="4" required minlength="2" data-most="${String(askLimits.text)}">${typed?.text ?? ''}</textarea>
<button class="!${view.waitsForPerson ? 'main' : ''}">提交补充</button></form>`;
  const withdraw = html`<details><summary>撤回这件留言</summary>
<form class="sheet" action="${path}/withdraw" method="post">!${keys}<p>撤回以后不再办理，编号和回执保留。</p><button>撤回</button></form></details>`;
  return [view.may.rate ? rate : '', view.may.add ? add : '', view.may.withdraw ? withdraw : ''].join('\n');
}
