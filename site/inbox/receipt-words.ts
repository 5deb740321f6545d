/** How a receipt says where a question stands: for whoever wrote it, not for the office. */
import type { ReceiptView } from '#server/modules/inbox/index.ts';
import type { SpamKind } from '#shared/case-steps.ts';
import { type Text, text } from '#shared/lang.ts';

export function stateWords(view: ReceiptView): string {
  if (view.spam) return '未受理';
  if (view.outcome === 'withdrawn') return '已撤回';
  if (view.waitsForPerson) return '等您补充';
  if (view.state === 'open') return '办理中';
  return view.state === 'answered' ? '已答复' : '已办结';
}

/** Why nothing more happens, and what can be done; null while something may. */
export function endWords(view: ReceiptView): Text | null {
  if (view.spam) return unfit[view.spam];
  return view.outcome === 'withdrawn' ? withdrawn : null;
}

const withdrawn = text(
  '您已撤回这件留言，我们不再办理。如果还需要帮助，请重新留言。',
  'You withdrew this question, and nothing more is done about it. If you still need help, please ask anew.',
);

const unfitFor = (why: Text): Text =>
  text(
    `这条内容没有作为留言受理，因为${why.zh}。如果我们看错了，请拨打 12333 说明，或者重新留言，写清您要办的事。`,
    `This was not taken up as a question to this office, because ${why.en}. If that is wrong, call 12333, or ask anew and say what you need.`,
  );

const unfit: Readonly<Record<SpamKind, Text>> = {
  advert: unfitFor(text('它看起来是广告或推广', 'it looks like advertising')),
  abuse: unfitFor(
    text('其中主要是指责的话，看不出要办什么事', 'it blames somebody and does not say what is needed'),
  ),
  flood: unfitFor(text('同样的内容已经收到过多次', 'the same words came several times')),
  fraud: unfitFor(text('它看起来像诈骗信息', 'it looks like an attempt at fraud')),
};
